"""
What simulated agents do with what is written: they read it, answer, and finish.

A chat is answered after each message until its customer has closed it or says no more; a mail is
answered once. Refuses: anything about calls (`agents` does those).
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from callfloor.app.demo import written
from callfloor.app.demo.written import Words
from callfloor.core import events, facts
from callfloor.core.plan import CALL, CHAT, MAIL

ANSWER_SECONDS = {CHAT: (4.0, 10.0), MAIL: (15.0, 40.0)}
LOOK_SECONDS = 1.0
QUIET_SECONDS = 45.0  # Then a chat's customer has no more to say.
WRAP_SECONDS = (2.0, 6.0)
SETTLES = 0.8  # The other matters stay open as cases, so that a newcomer finds some.


class Office(Protocol):
    """What of the demo's post is needed here."""

    def say(self, *, item: str, agent: str, text: str, number: int) -> None:
        """Keep an answer."""
        ...

    def settle(self, *, item: str, agent: str, said: str, now: datetime) -> None:
        """Close the case of an answered mail."""
        ...

    def heard(self, *, item: str) -> int:
        """Give the number of the last thing that the customer has said."""
        ...


@dataclass(slots=True, kw_only=True)
class Contact:
    """Something written that is open."""

    item: str
    client: str
    channel: str
    language: str
    over: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the customer has gone, or it is somebody else's."""


class Desks:
    """The written work of all simulated agents."""

    def __init__(
        self,
        *,
        agents: frozenset[str],
        office: Office,
        words: Mapping[str, Words],
        dispositions: Mapping[str, list[str]],
        ask: Callable[[events.Event], Awaitable[None]],
        draw: random.Random,
    ) -> None:
        self._agents = agents
        self._office = office
        self._words = words
        self._dispositions = dispositions
        self._ask = ask
        self._draw = draw
        self._contacts: dict[str, Contact] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def is_written(self, item: str) -> bool:
        """Say whether something open is written, and no call."""
        return item in self._contacts

    def see(self, board: Mapping[str, Any]) -> None:
        """Start from the floor's board: what is in somebody's hands goes on."""
        for item, row in board.get("items", {}).items():
            if row.get("channel", CALL) != CALL:
                self._contacts.setdefault(item, _contact(item, row))
        for agent in self._agents:
            for item, work in board.get("agents", {}).get(agent, {}).get("works", {}).items():
                if work["channel"] != CALL:
                    contact = self._contacts.setdefault(item, _contact(item, work))
                    self._start(self._work(agent, contact))

    def take(self, fact: facts.Fact) -> None:
        """Hear what was decided."""
        match fact:
            case facts.Arrived() if fact.channel != CALL:
                self._contacts[fact.item] = Contact(
                    item=fact.item,
                    client=fact.client,
                    channel=fact.channel,
                    language=fact.language,
                )
            case facts.Bridged() if fact.agent in self._agents and self.is_written(fact.item):
                contact = self._contacts[fact.item]
                contact.over.clear()
                self._start(self._work(fact.agent, contact))
            case facts.TalkEnded() if self.is_written(fact.item):
                self._contacts[fact.item].over.set()
            case facts.Closed():
                contact_ = self._contacts.pop(fact.item, None)
                if contact_ is not None:
                    contact_.over.set()

    # --- the work ---

    async def _work(self, agent: str, contact: Contact) -> None:
        if contact.channel == CHAT:
            await self._chat(agent, contact)
        elif contact.channel == MAIL:
            await self._letter(agent, contact)
        await asyncio.sleep(self._draw.uniform(*WRAP_SECONDS))
        choices = self._dispositions.get(contact.client) or []
        if choices:
            given = choices[0] if contact.channel == MAIL else self._draw.choice(choices[:2])
            done = events.WorkFinished(agent=agent, item=contact.item, disposition=given)
            await self._ask(done)

    async def _chat(self, agent: str, contact: Contact) -> None:
        """Answer whatever is new, until nothing more comes."""
        said, answered, count = written.of(self._words, contact.language), 0, 0
        while not contact.over.is_set():
            quiet = 0.0
            while (heard := await self._heard(contact)) <= answered:
                quiet += LOOK_SECONDS
                if quiet >= QUIET_SECONDS or await _either(contact.over, seconds=LOOK_SECONDS):
                    return
            seconds = self._draw.uniform(*ANSWER_SECONDS[CHAT])
            if await _either(contact.over, seconds=seconds):
                return
            text = said.answers[count] if count < len(said.answers) else said.goodbye
            await self._say(agent, contact, text=text, number=heard)
            answered, count = heard, count + 1

    async def _letter(self, agent: str, contact: Contact) -> None:
        seconds = self._draw.uniform(*ANSWER_SECONDS[MAIL])
        if not await _either(contact.over, seconds=seconds):
            text = written.of(self._words, contact.language).letter
            await self._say(agent, contact, text=text, number=0)
            if self._draw.random() < SETTLES:
                await asyncio.to_thread(
                    self._office.settle,
                    item=contact.item,
                    agent=agent,
                    said=text,
                    now=datetime.now(UTC),
                )

    async def _heard(self, contact: Contact) -> int:
        return await asyncio.to_thread(self._office.heard, item=contact.item)

    async def _say(self, agent: str, contact: Contact, *, text: str, number: int) -> None:
        await asyncio.to_thread(
            self._office.say, item=contact.item, agent=agent, text=text, number=number
        )

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _contact(item: str, row: Mapping[str, Any]) -> Contact:
    """Read something off the board."""
    return Contact(
        item=item,
        client=row["client"],
        channel=row["channel"],
        language=row.get("language") or "en",
    )


async def _either(over: asyncio.Event, *, seconds: float) -> bool:
    """Wait for a while; say whether it was over before."""
    try:
        async with asyncio.timeout(seconds):
            await over.wait()
    except TimeoutError:
        return False
    return True
