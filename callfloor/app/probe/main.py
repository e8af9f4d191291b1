"""
The probe's process: `python -m callfloor.app.probe.main --data DIR --sip HOST:PORT …`.

It waits for the floor, calls every so often, writes DATA/probe.json for the engine room and calls
an alarm through the link when something was wrong.
"""

import argparse
import asyncio
import contextlib
import json
import logging
import random
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from callfloor.app.demo.phone import Phone
from callfloor.app.folder import write_whole
from callfloor.app.logs import LineFormatter
from callfloor.app.probe import caller, hearing, verdict
from callfloor.app.probe.route import Route, route
from callfloor.app.prompts import sound
from callfloor.core import codec
from callfloor.core.plan import FloorPlan
from callfloor.kernel import link

FIRST_SECONDS = 10.0  # A start is over by then, and whoever looks sees a first result soon.
FAULTS = frozenset({"silence", "one_way", "late", "step", "recording", "no_answer"})

log = logging.getLogger("callfloor.probe")


class Probe:
    """Everything that the process holds."""

    def __init__(
        self,
        *,
        data: Path,
        sip: tuple[str, int],
        address: str,
        number: str,
        key: str | None,
        every_seconds: float,
        first_seconds: float = FIRST_SECONDS,
    ) -> None:
        self._data = data
        self._address = address
        self._number = number
        self._key = key
        self._every_seconds = every_seconds
        self._first_seconds = first_seconds
        self.make_leg: Callable[[int, Callable[[], float]], caller.Leg] = caller.Leg
        """Makes the audio of a test call from a number for its stream and a clock."""
        self._draw = random.Random()
        self._phone = Phone(server=sip, draw=self._draw)
        self._watch = caller.Watch()
        self._plan: FloorPlan | None = None
        self._calls = self._failed = 0
        self._client = link.LinkClient(
            path=data / "floor.sock",
            role="probe",
            handlers=link.Handlers(
                welcome=self._welcome, facts=self._facts, health=self._watch.health
            ),
        )

    async def run(self) -> None:
        """Call until cancelled."""
        await self._phone.open(self._address)
        linked = asyncio.create_task(self._client.run())
        try:
            await asyncio.sleep(self._first_seconds)
            while True:
                if self._client.connected:  # Without the floor others are red already.
                    await self.once()
                await asyncio.sleep(self._every_seconds)
        finally:
            linked.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await linked
            self._phone.close()

    async def linked(self) -> None:
        """Wait until the floor has welcomed us."""
        while self._plan is None:
            with contextlib.suppress(link.FloorAway):
                await self._client.wait_connected(5.0)

    async def once(self) -> verdict.Verdict:
        """Make one test call, tell what came out."""
        assert self._plan is not None, "the floor's welcome brings the plan"
        way = route(self._plan, number=self._number, key=self._key)
        leg = self.make_leg(self._draw.getrandbits(32), asyncio.get_running_loop().time)
        seen = await caller.call(self._around(way), leg)
        found = verdict.judge(seen, like_min=hearing.LIKE_MIN, said_seconds=caller.SAYS_SECONDS)
        self._note(seen, found)
        if found.outcome in FAULTS:
            fault = {"type": "fault", "name": f"probe_{found.outcome}", "detail": found.detail}
            with contextlib.suppress(link.FloorAway):
                self._client.send(fault)
        return found

    def _around(self, way: Route) -> caller.Surroundings:
        samples, _rate = sound.read(self._data / "prompts" / f"{way.prompt}.wav")
        return caller.Surroundings(
            number=self._number,
            route=way,
            prompt=(samples * np.float32(32_768)).astype(np.float32),
            phone=self._phone,
            host=self._address,
            watch=self._watch,
            data=self._data,
        )

    def _note(self, seen: verdict.Seen, found: verdict.Verdict) -> None:
        self._calls += 1
        self._failed += found.outcome != verdict.OK
        level = logging.INFO if found.outcome == verdict.OK else logging.WARNING
        log.log(level, "probe.%s", found.outcome, extra={"detail": found.detail or "-"})
        delay = seen.delay_seconds
        noted = {
            "at": datetime.now(UTC).isoformat(),
            "outcome": found.outcome,
            "delay_ms": None if delay is None else round(delay * 1000, 1),
            "every_seconds": self._every_seconds,
            "calls": self._calls,
            "failed": self._failed,
        }
        write_whole(self._data / "probe.json", json.dumps(noted))

    def _welcome(self, message: dict[str, Any]) -> None:
        plan = codec.from_plain(message["plan"])
        assert isinstance(plan, FloorPlan), "the floor sends its plan"
        self._plan = plan

    def _facts(self, message: dict[str, Any]) -> None:
        for row in message["rows"]:
            self._watch.take(codec.from_plain(row["fact"]))


async def _serve(asked: argparse.Namespace) -> None:
    host, _, port = asked.sip.rpartition(":")
    probe = Probe(
        data=asked.data,
        sip=(host, int(port)),
        address=asked.address,
        number=asked.number,
        key=asked.key,
        every_seconds=asked.every,
    )
    running = asyncio.create_task(probe.run())
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, running.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await running


def main(arguments: list[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT; return the exit status."""
    parser = argparse.ArgumentParser(prog="callfloor.app.probe", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--sip", required=True, help="HOST:PORT of the centre's SIP")
    parser.add_argument("--address", required=True, help="the probe's own address")
    parser.add_argument("--number", required=True)
    parser.add_argument("--key")
    parser.add_argument("--every", type=float, required=True, help="seconds between two calls")
    handler = logging.StreamHandler()
    handler.setFormatter(LineFormatter())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    asyncio.run(_serve(parser.parse_args(arguments)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
