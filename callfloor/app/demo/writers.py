"""
Simulated customers who write: chats over the line of the widget, mails through the demo's post.

A chat's customer reads what he is answered, types for a while, and closes the chat when his matter
is settled. Refuses: to write faster than one address may.
"""

import asyncio
import json
import random
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from callfloor.app.demo import post, written
from callfloor.app.demo.callers import INITIALS, SURNAMES
from callfloor.app.demo.written import Words
from callfloor.core.plan import NumberPlan
from callfloor.records.letters.rules import Account

VISITORS = 40  # Few enough that some come back, and bring their story with them.
CHATS_MAX = 6  # At once: what two simulated agents can answer beside their calls.
TYPES_SECONDS = (4.0, 10.0)
LEAVES_AFTER_SECONDS = 240.0  # Nobody sits before a silent chat for ever.
CLOSES_SECONDS = 3.0
TAKE_OUT_SECONDS = 3.0

Line = ClientConnection


class Office(Protocol):
    """What of the demo's post is needed here."""

    accounts: list[Account]

    def bring(self, *, account: Account, raw: bytes, now: datetime) -> list[str]:
        """Bring a mail."""
        ...

    def take_out(self, *, now: datetime) -> int:
        """Take what agents have answered."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often somebody writes, in the mean."""

    chat_seconds: float
    mail_seconds: float


class Writers:
    """Everybody who writes."""

    def __init__(
        self,
        *,
        places: Sequence[NumberPlan],
        page: str,
        office: Office,
        words: Mapping[str, Words],
        pace: Pace,
        item_of: Callable[[object], str | None],
        draw: random.Random,
    ) -> None:
        self._places = places
        self._page = page.rstrip("/")
        self._office = office
        self._words = words
        self._pace = pace
        self._item_of = item_of
        self._draw = draw
        self._items: set[str] = set()
        self._chatting: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._mails = 0

    def knows(self, item: str) -> bool:
        """Say whether something written is one of ours."""
        return item in self._items

    def forget(self, item: str) -> None:
        """Forget what has ended."""
        self._items.discard(item)

    async def run(self) -> None:
        """Let somebody write every now and then, until cancelled."""
        await asyncio.gather(self._chats(), self._letters(), self._take_out())

    # --- chats ---

    async def _chats(self) -> None:
        while self._places:
            await asyncio.sleep(self._draw.expovariate(1 / self._pace.chat_seconds))
            visitor = f"demo-visitor-{self._draw.randrange(VISITORS)}"
            if visitor not in self._chatting and len(self._chatting) < CHATS_MAX:
                self._start(self._chat(self._draw.choice(self._places), visitor=visitor))

    async def _chat(self, place: NumberPlan, *, visitor: str) -> None:
        said = written.of(self._words, place.language)
        self._chatting.add(visitor)
        address = "ws" + self._page.removeprefix("http") + "/live/chat"
        try:
            async with connect(address, origin=self._page) as line:  # type: ignore[arg-type]
                matter = self._draw.choice(said.chats)
                await self._ask(line, place, visitor=visitor, text=matter[0])
                await self._talk(line, [*matter[1:], said.thanks])
        except (OSError, TimeoutError, WebSocketException):
            return  # The page is away; another customer comes later.
        finally:
            self._chatting.discard(visitor)

    async def _ask(self, line: Line, place: NumberPlan, *, visitor: str, text: str) -> None:
        message = {
            "do": "start",
            "id": 1,
            "consent": True,
            "key": place.number.partition(":")[2],
            "visitor": visitor,
            "external": self._key(),
            "name": _name(visitor),
            "language": place.language,
            "text": text,
        }
        await line.send(json.dumps(message))
        reply = await _until(line, lambda told: told.get("id") == 1)
        item = self._item_of(reply.get("token"))
        if item is not None:
            self._items.add(item)

    async def _talk(self, line: Line, follow: list[str]) -> None:
        """Say one thing after each answer; then close."""
        for text in follow:
            await _until(line, _is_answer)
            await line.send(json.dumps({"do": "typing"}))
            await asyncio.sleep(self._draw.uniform(*TYPES_SECONDS))
            message = {"do": "write", "id": 2, "external": self._key(), "text": text}
            await line.send(json.dumps(message))
        await asyncio.sleep(CLOSES_SECONDS)
        await line.send(json.dumps({"do": "end", "id": 3}))
        await _until(line, lambda told: told.get("id") == 3)

    def _key(self) -> str:
        return f"{self._draw.getrandbits(128):032x}"

    # --- mails ---

    async def _letters(self) -> None:
        while self._office.accounts:
            await asyncio.sleep(self._draw.expovariate(1 / self._pace.mail_seconds))
            account = self._draw.choice(self._office.accounts)
            self._mails += 1
            now = datetime.now(UTC)
            raw = post.letter(
                account=account,
                said=self._draw.choice(written.of(self._words, account.language).mails),
                sender=_sender(self._draw.randrange(VISITORS)),
                number=self._mails,
                now=now,
            )
            self._items.update(
                await asyncio.to_thread(self._office.bring, account=account, raw=raw, now=now)
            )

    async def _take_out(self) -> None:
        while self._office.accounts:
            await asyncio.sleep(TAKE_OUT_SECONDS)
            await asyncio.to_thread(self._office.take_out, now=datetime.now(UTC))

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _until(line: Line, is_it: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Give the first thing told of a kind; raises TimeoutError, and what the line raises."""
    async with asyncio.timeout(LEAVES_AFTER_SECONDS):
        while True:
            told: dict[str, Any] = json.loads(await line.recv())
            if told.get("done") is False:
                raise TimeoutError  # The chat takes nothing now; he gives it up.
            if is_it(told):
                return told


def _is_answer(told: dict[str, Any]) -> bool:
    return any(row["direction"] == "out" for row in told.get("messages", ()))


def _name(visitor: str) -> str:
    return _sender(int(visitor.rpartition("-")[2]))[0]


def _sender(place: int) -> tuple[str, str]:
    """Return what a customer is called, at every contact the same, and his address."""
    first = INITIALS[place % len(INITIALS)]
    surname = SURNAMES[place % len(SURNAMES)]
    plain = surname.encode("ascii", "ignore").decode().lower()
    return f"{first}. {surname}", f"{first.lower()}.{plain}{place}@customer.example"
