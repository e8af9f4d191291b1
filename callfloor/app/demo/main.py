"""
The demo's process: `python -m callfloor.app.demo.main --data DIR --file FILE --sip HOST:PORT`.

Joins customers, agents and the feed. Refuses: to run without the floor; it waits for it.
"""

import argparse
import asyncio
import contextlib
import logging
import random
import signal
import sys
import time
from pathlib import Path
from typing import Any

from callfloor.app import manifests
from callfloor.app.demo import voice
from callfloor.app.demo.agents import Agents
from callfloor.app.demo.callers import Customers, Mood
from callfloor.app.demo.newcomers import Newcomers
from callfloor.app.demo.phone import Phone
from callfloor.app.demo.provider import Numbers, Provider
from callfloor.app.folder import provider_of
from callfloor.blueprint.check import check
from callfloor.blueprint.schema import Blueprint
from callfloor.core import codec, facts
from callfloor.core.plan import CALL, FloorPlan, channel_of
from callfloor.kernel import link
from callfloor.kernel.keys import crypt

log = logging.getLogger("callfloor.demo")


class Demo:
    """Everybody simulated, at one floor."""

    def __init__(self, *, data: Path, file: Path, sip: tuple[str, int], seed: int) -> None:
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
        log.info("demo.calls")
        await self._customers.run()

    def _welcome(self, message: dict[str, Any]) -> None:
        log.info("demo.welcome epoch=%s", message.get("epoch"))
        board = message.get("board") or {}
        self._newcomers.see(board, now=time.monotonic())
        self._agents.seat(board)

    def _facts(self, message: dict[str, Any]) -> None:
        now = time.monotonic()
        for row in message["rows"]:
            fact = codec.from_plain(row["fact"])
            for client in self._newcomers.wants_calls_of(fact):
                self._customers.call_at_once(client)
            self._newcomers.take(fact, now=now)
            self._agents.take(fact)
            self._customers.take(fact)
            is_coming = isinstance(fact, facts.Arrived | facts.Queued)
            if is_coming and self._newcomers.is_left(fact.item, now=now):
                self._customers.make_room(fact.client)

    def _lost(self) -> None:
        log.info("demo.floor_away")
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


def _dispositions(blueprint: Blueprint) -> dict[str, list[str]]:
    """Return what an agent may give, by client: what all of its queues offer comes first."""
    found: dict[str, list[str]] = {}
    for client in blueprint.clients:
        offered = [set(q.dispositions) for q in blueprint.queues.values() if q.client == client]
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


async def _serve(options: argparse.Namespace) -> None:
    host, _, port = options.sip.rpartition(":")
    demo = Demo(data=options.data, file=options.file, sip=(host, int(port)), seed=options.seed)
    running = asyncio.create_task(demo.run_quiet() if options.quiet else demo.run())
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, running.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await running


def main(arguments: list[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT; return the exit status."""
    parser = argparse.ArgumentParser(prog="callfloor.app.demo", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--file", type=Path, required=True)
    parser.add_argument("--sip", required=True, help="HOST:PORT of the trunk")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quiet", action="store_true", help="only the provider; nobody calls")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    asyncio.run(_serve(parser.parse_args(arguments)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
