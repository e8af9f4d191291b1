"""
Everybody simulated at one floor: who calls, who writes, who answers, and the made-up provider.

They do what people do, over telephone, page, mail and link. Refuses: to run without the floor; it
waits for it.
"""

import asyncio
import contextlib
import logging
import random
import sys
import time
from pathlib import Path
from typing import Any

from callfloor.app import manifests
from callfloor.app.demo import post, voice, written
from callfloor.app.demo.agents import Agents
from callfloor.app.demo.callers import Customers, Mood
from callfloor.app.demo.desks import Desks
from callfloor.app.demo.newcomers import Newcomers
from callfloor.app.demo.phone import Phone
from callfloor.app.demo.post import Post
from callfloor.app.demo.provider import Numbers, Provider
from callfloor.app.demo.writers import Pace, Writers
from callfloor.app.folder import provider_of
from callfloor.blueprint.check import check
from callfloor.blueprint.schema import Blueprint
from callfloor.core import codec, facts
from callfloor.core.plan import CALL, CHAT, FloorPlan, channel_of
from callfloor.desk.chat import tokens
from callfloor.kernel import link
from callfloor.kernel.keys import crypt

log = logging.getLogger("callfloor.demo")


class Demo:
    """Everybody simulated, at one floor."""

    def __init__(
        self, *, data: Path, file: Path, sip: tuple[str, int], page: str, seed: int
    ) -> None:
        self._host = sip[0]
        blueprint = _blueprint(file)
        probed = blueprint.probe.number if blueprint.probe else None
        floor_plan: FloorPlan = codec.loads((data / "plan.json").read_text(encoding="utf-8"))
        free = _free_seats(blueprint)
        token_key = (data / "keys" / "token.key").read_bytes()
        draw = random.Random(seed)
        self._ticker = voice.Ticker()
        self._newcomers = Newcomers(
            floor_plan=floor_plan,
            free=free,
            is_simulated=lambda token: self._customers.knows(token),
            is_ours=lambda item: self._writers.knows(item),
        )
        self._provider = _provider(
            blueprint, ticker=self._ticker, voices=data / "voices", draw=random.Random(seed)
        )
        self._provider_at = provider_of(f"{sip[0]}:{sip[1]}")
        self._phone = Phone(server=sip, draw=random.Random(draw.random()))
        handlers = link.Handlers(welcome=self._welcome, facts=self._facts, lost=self._lost)
        self._client = link.LinkClient(path=data / "floor.sock", role="demo", handlers=handlers)
        self._agents = Agents(
            keys=[a.key for a in floor_plan.agents if a.key not in free and a.skills],
            dispositions=_dispositions(blueprint),
            break_reasons=[reason.key for reason in floor_plan.away_reasons if reason.paid],
            is_left=lambda item: self._newcomers.is_left(item, now=time.monotonic()),
            is_written=lambda item: self._desks.is_written(item),
            client=self._client,
            ticker=self._ticker,
            host=self._host,
            voices=data / "voices",
            draw=random.Random(draw.random()),
        )
        self._customers = Customers(
            numbers=[
                each
                for each in floor_plan.numbers
                if each.number != probed and channel_of(each.number) == CALL
            ],
            floor_plan=floor_plan,
            phone=self._phone,
            ticker=self._ticker,
            voices=data / "voices",
            mood=_mood(blueprint),
            token_of=lambda number: crypt.blind_index(
                token_key=token_key, kind="number", value=number
            ),
            is_newcomer=free.__contains__,
            may_call=lambda client: self._newcomers.may_call(client, now=time.monotonic()),
            is_own_call_there=lambda client: self._newcomers.is_own_call_there(
                client, now=time.monotonic()
            ),
            draw=random.Random(draw.random()),
        )
        self._writers, self._desks = self._writing(blueprint, floor_plan, page=page, draw=draw)
        self._said = _told(blueprint, agents=len(self._agents.keys), free=len(free))

    def _writing(
        self, blueprint: Blueprint, floor_plan: FloorPlan, *, page: str, draw: random.Random
    ) -> tuple[Writers, Desks]:
        """Give who writes, and who answers it."""
        demo = blueprint.demo
        assert demo is not None, "a blueprint without a demo section is not simulated"
        office, words = Post(post.accounts(blueprint)), written.words()
        writers = Writers(
            places=[each for each in floor_plan.numbers if channel_of(each.number) == CHAT],
            page=page,
            office=office,
            words=words,
            pace=Pace(
                chat_seconds=demo.seconds_between_chats, mail_seconds=demo.seconds_between_mails
            ),
            item_of=tokens.read,
            draw=random.Random(draw.random()),
        )
        desks = Desks(
            agents=self._agents.keys,
            office=office,
            words=words,
            dispositions=_dispositions(blueprint, written=True),
            ask=self._agents.ask,
            draw=random.Random(draw.random()),
        )
        return writers, desks

    async def run_quiet(self) -> None:
        """Only take the centre's calls out, until cancelled."""
        if self._provider is None:
            await asyncio.Event().wait()  # Who ends is started again, and would end again.
            return
        await self._provider.open(self._provider_at)
        try:
            await self._ticker.run()
        finally:
            self._provider.close()

    async def run(self) -> None:
        """Simulate until cancelled."""
        await self._phone.open(self._host)
        if self._provider is not None:
            await self._provider.open(self._provider_at)
        connection = asyncio.create_task(self._client.run())
        ticking = asyncio.create_task(self._ticker.run())
        calling = asyncio.create_task(self._call())
        try:
            await asyncio.gather(connection, ticking, calling)
        finally:
            for task in (connection, ticking, calling):
                task.cancel()
            self._phone.close()
            if self._provider is not None:
                self._provider.close()

    async def _call(self) -> None:
        while not self._client.connected:
            with contextlib.suppress(link.FloorAway):
                await self._client.wait_connected(5.0)
        log.info("demo.begins", extra=self._said)  # Before this line nobody calls.
        await asyncio.gather(self._customers.run(), self._writers.run())

    def _welcome(self, message: dict[str, Any]) -> None:
        log.info("demo.floor_is_there", extra={"epoch": message.get("epoch")})
        board = message.get("board") or {}
        self._newcomers.see(board, now=time.monotonic())
        self._desks.see(board)
        self._agents.seat(board)

    def _facts(self, message: dict[str, Any]) -> None:
        now = time.monotonic()
        for row in message["rows"]:
            fact = codec.from_plain(row["fact"])
            for client in self._newcomers.wants_calls_of(fact):
                self._customers.call_at_once(client)
            self._newcomers.take(fact, now=now)
            if not isinstance(fact, facts.Closed):
                self._desks.take(fact)
            self._agents.take(fact)
            self._customers.take(fact)
            if isinstance(fact, facts.Closed):  # The others have asked what it was.
                self._desks.take(fact)
                self._writers.forget(fact.item)
            is_coming = isinstance(fact, facts.Arrived | facts.Queued)
            if (
                is_coming
                and not self._desks.is_written(fact.item)
                and self._newcomers.is_left(fact.item, now=now)
            ):
                self._customers.make_room(fact.client)

    def _lost(self) -> None:
        log.warning("demo.floor_is_away: everybody hangs up and comes back with it")
        self._customers.forget_all()


def _blueprint(file: Path) -> Blueprint:
    manifests.join()
    checked = check(file.read_text(encoding="utf-8"), file=str(file), near=file.parent)
    if checked.blueprint is None:
        sys.exit("\n".join(str(finding) for finding in checked.findings))
    return checked.blueprint


def _provider(
    blueprint: Blueprint, *, ticker: voice.Ticker, voices: Path, draw: random.Random
) -> Provider | None:
    asked = blueprint.demo.provider if blueprint.demo else None
    if asked is None:
        return None
    numbers = Numbers(
        answers=frozenset(number.lstrip("+") for number in asked.answers),
        busy=frozenset(number.lstrip("+") for number in asked.busy),
        silent=frozenset(number.lstrip("+") for number in asked.silent),
    )
    said = [voice.load(path) for path in sorted((voices / "en").glob("caller_*.wav"))]
    return Provider(numbers=numbers, ticker=ticker, said=said, draw=draw)


def _free_seats(blueprint: Blueprint) -> set[str]:
    demo = blueprint.demo.people if blueprint.demo else {}
    return {key for key, person in demo.items() if person.password is not None}


def _dispositions(blueprint: Blueprint, *, written: bool = False) -> dict[str, list[str]]:
    """Return what an agent may give after calls or writing, by client: what all its queues have."""
    found: dict[str, list[str]] = {}
    for client in blueprint.clients:
        offered = [
            set(queue.dispositions)
            for queue in blueprint.queues.values()
            if queue.client == client and (queue.channel != CALL) == written
        ]
        common = set.intersection(*offered) if offered else set()
        found[client] = [key for key in blueprint.dispositions if key in common]
    return found


def _mood(blueprint: Blueprint) -> Mood:
    demo = blueprint.demo
    assert demo is not None, "a blueprint without a demo section is not simulated"
    return Mood(
        seconds_between_calls=demo.seconds_between_calls,
        talk_seconds=demo.talk_seconds,
        patience_seconds=demo.patience_seconds,
    )


def _told(blueprint: Blueprint, *, agents: int, free: int) -> dict[str, Any]:
    """Give what the log says of a beginning: who is there, and how busy it will be."""
    demo = blueprint.demo
    assert demo is not None, "a blueprint without a demo section is not simulated"
    return {
        "simulated_agents": agents,
        "free_seats": free,
        "seconds_between_calls": demo.seconds_between_calls,
        "seconds_between_chats": demo.seconds_between_chats,
        "seconds_between_mails": demo.seconds_between_mails,
    }
