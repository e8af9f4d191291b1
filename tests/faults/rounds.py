"""
Killing a centre at its failpoints, one round after the other, while calls go on.

Each round starts one process with a trap, waits until it has died in it, and looks at the journal.
The same centre lives through all rounds; at the end everything comes to rest, and journal,
records and files are compared. Used by `test_kills_at_points.py` and by `bench/kills.py`.
"""

import asyncio
import contextlib
import json
import os
import random
import sys
import time
from collections.abc import AsyncIterator, Coroutine, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from callfloor.floor.commits import LOG_BYTES_QUIET
from callfloor.wire import fail
from tests import small_centre
from tests.faults import ledger, load
from tests.faults.points import LOAD, PLAN, POINTS, QUIET, START, STOP, Point
from tests.journeys import waiting

AGENTS, CALLERS = 4, 6
DEATH_SECONDS = 30.0  # Much more than any point needs; longer means that nobody passes there.
REST_SECONDS = 25.0  # A worker drops unclaimed legs after 10 s, the floor gives up after 15 s.
TRY_SECONDS = 1.0  # A call that is not answered within this is tried again.
PROCESSES = ("floor", "media", "worker")
"""In this order: what a floor gives up after 15 s, it gives up while the others are killed."""


@dataclass(slots=True)
class Outcome:
    """What came of all rounds."""

    kills: dict[str, int] = field(default_factory=dict)
    """How often a process has died at each point."""
    back_seconds: list[float] = field(default_factory=list)
    """From each start of the floor to the first call that is answered."""
    faults: list[str] = field(default_factory=list)
    """What did not hold."""
    rows: int = 0
    calls: int = 0
    recordings: int = 0
    partial: int = 0
    missing: int = 0


class Rounds:
    """A centre, its load, and what is known of both."""

    def __init__(self, centre: small_centre.Centre, calls: load.Load, draw: random.Random) -> None:
        self.centre = centre
        self.load = calls
        self.outcome = Outcome()
        self._draw = draw
        self._looked_at = 0

    async def run(self, points: Sequence[Point]) -> Outcome:
        """Kill at each point, in the order of processes, then compare everything."""
        ordered = sorted(points, key=_turn)
        for name, group in groupby(ordered, key=lambda point: point.process):
            await self.centre.kill(name)
            for point in group:
                await self._round(point)
            await self._start(name, armed=None)
        return await self.finish()

    async def finish(self) -> Outcome:
        """Let everything come to rest, and compare journal, records and files."""
        await self._rest()
        await self._compare()
        return self.outcome

    async def _round(self, point: Point) -> None:
        began = time.monotonic()
        order = f"{point.name}:{self._draw.randint(*point.passes)}"
        await self._start(point.process, armed=order, is_back=point.needs != START)
        process = self.centre.processes[point.process]
        if point.needs != START:
            await self._provoke(point.needs)
        try:
            await asyncio.wait_for(process.wait(), DEATH_SECONDS)
        except TimeoutError:
            self._note(order, "nobody passed")
            process.kill()
            await process.wait()
        self.load.resume()
        kills = self.outcome.kills
        kills[point.name] = kills.get(point.name, 0) + 1
        self._look(order)
        if os.environ.get("CALLFLOOR_TRACE"):
            print(f"{order} after {time.monotonic() - began:.2f} s", flush=True)

    async def _start(self, name: str, *, armed: str | None, is_back: bool = True) -> None:
        self.centre.environment[name] = {fail.VARIABLE: armed} if armed else {}
        began = time.monotonic()
        if name == "worker":
            await start_worker(self.centre)
        elif name == "media":
            await self.centre.start_media()
            if is_back:
                await self._while_alive("media", self._plug_in_again())
        else:
            await self.centre.spawn_floor()
            if is_back:
                await self._while_alive("floor", self._floor_is_back(began))

    async def _floor_is_back(self, began: float) -> None:
        link = await self.centre.connect("web")
        try:
            await waiting.until(self._is_answered, DEATH_SECONDS)
        finally:  # The floor may die again meanwhile.
            await link.close()
        took = time.monotonic() - began
        self.outcome.back_seconds.append(took)
        await self.load.relink()

    async def _is_answered(self) -> bool:
        call, line = self.load.dial()
        either = [asyncio.create_task(each.wait()) for each in (call.answered, call.ended)]
        await asyncio.wait(either, timeout=TRY_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        for task in either:
            task.cancel()
        line.hang_up()
        return call.answered.is_set() or self.centre.processes["floor"].returncode is not None

    async def _plug_in_again(self) -> None:
        self.load.link.health = None
        await self.centre.media_up(self.load.link)
        await self.load.plug_in_again()

    async def _while_alive(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        """Let everybody sit down, unless the trap springs meanwhile."""
        death = asyncio.create_task(self.centre.processes[name].wait())
        doing = asyncio.create_task(work)
        await asyncio.wait({death, doing}, return_when=asyncio.FIRST_COMPLETED)
        for task in (death, doing):
            task.cancel()
        await asyncio.gather(death, doing, return_exceptions=True)

    async def _provoke(self, needs: str) -> None:
        if needs == QUIET:
            log = self.centre.data / "journal.db-wal"
            await waiting.until(lambda: log.stat().st_size > LOG_BYTES_QUIET, REST_SECONDS)
            self.load.pause()
        elif needs == PLAN:
            new = json.loads((self.centre.data / "plan.json").read_text())
            link = await self.centre.connect("worker")  # From there plans come (link.md).
            link.send("plan", plan=new)
            await link.wait_for(lambda: link.is_lost, DEATH_SECONDS)
            await link.close()
        elif needs == STOP:
            self.centre.processes["floor"].terminate()
        else:
            assert needs == LOAD

    # --- what must hold ---

    def _look(self, order: str) -> None:
        """Compare the journal with what screens were shown; what a round leaves must be sound."""
        data, shown = self.centre.data, self.load.link.rows
        for seq in ledger.not_as_shown(data, shown[self._looked_at :]):
            self._note(order, f"row {seq} was shown and is not in the journal")
        self._looked_at = len(shown)
        if ledger.missing_numbers(data):
            self._note(order, "the journal has holes")
        for name in ledger.orphans(data):
            self._note(order, f"{name} has no row")

    def _note(self, order: str | None, text: str) -> None:
        self.outcome.faults.append(f"{order or 'unarmed'}: {text}")

    async def _rest(self) -> None:
        """Let calls work once more, then let everything end."""
        talked = self.load.talked
        await waiting.until(lambda: self.load.talked >= talked + AGENTS, DEATH_SECONDS)
        self.load.pause()
        await waiting.until(lambda: not self._is_busy(), REST_SECONDS)

    def _is_busy(self) -> bool:
        data = self.centre.data
        return bool(ledger.unfinished(data) or ledger.ask(data, "SELECT 1 FROM open_items LIMIT 1"))

    async def _compare(self) -> None:
        await self.load.stop()
        await self.centre.stop()
        data, outcome = self.centre.data, self.outcome
        for item in ledger.not_ended_once(data):
            self._note("end", f"{item} has not exactly one end")
        for agent, item, seconds in ledger.stuck(data):
            self._note("end", f"{agent} was stuck in {item} for {seconds:.1f} s")
        ((outcome.rows,),) = ledger.ask(data, "SELECT count(*) FROM journal")
        outcome.calls = len(ledger.facts(data, "Arrived"))
        if len(self.load.answered) > outcome.calls:
            self._note("end", "more calls were answered than have arrived")
        for fault in compare_records(data, await read_records(data), outcome):
            self._note("end", fault)


def _turn(point: Point) -> tuple[bool, int]:
    # A checkpoint needs a log of some length: by then there is one, and nobody calls then.
    return point.needs == QUIET, PROCESSES.index(point.process)


def compare_records(data: Path, held: dict[str, Any], outcome: Outcome) -> list[str]:
    """Give what is not the same in the journal, in the records and in the folder."""
    faults = []
    ends = {fact["item"]: fact["outcome"] for *_, fact in ledger.facts(data, "Closed")}
    if held["interactions"] != ends:
        faults.append("the records' outcomes are not the journal's")
    if held["reacted"] != dict.fromkeys(ends, 1) or held["waiting"]:
        faults.append("not every end was reacted to exactly once")
    if not held["audit_ok"]:
        faults.append("the audit chain is broken")
    rows = ledger.recordings(data)
    taken = {each["id"]: each for each in held["recordings"]}
    # One that was only opened holds nothing; its row says that nothing is there.
    found = (data / "recordings").rglob("*.ccr")
    files = {path.stem for path in found if path.stat().st_size}
    outcome.recordings = len(taken)
    outcome.partial = sum(each["partial"] for each in taken.values())
    outcome.missing = sum(each["missing"] for each in taken.values())
    never_begun = {name for name in taken if name.startswith("missing-")}
    if taken.keys() - never_begun != rows.keys():
        faults.append("rows of recordings: the records' are not the journal's")
    there = {name for name, each in taken.items() if not each["missing"]}
    faults += [f"recording {name} has a row or a file, not both" for name in sorted(there ^ files)]
    faults += [
        f"recording {name} is neither whole nor marked"
        for name, each in taken.items()
        if not each["whole"] and not each["partial"]
    ]
    talked = {fact["item"] for *_, fact in ledger.facts(data, "Bridged")}
    silent = talked - {each["item"] for each in taken.values()}
    faults += [f"the talk of {item} has no recording and no mark" for item in sorted(silent)]
    return faults


async def read_records(data: Path) -> dict[str, Any]:
    """Ask a process with Django for what the records hold."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.faults.ledger", str(data),
        cwd=small_centre.ROOT, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, _ = await process.communicate()
    assert process.returncode == 0, out
    held: dict[str, Any] = json.loads(out.splitlines()[-1])
    return held


async def start_worker(centre: small_centre.Centre) -> None:
    """Start the worker that has one reaction more; the first time it makes its tables first."""
    mine = {"CALLFLOOR_DATA": str(centre.data), "CALLFLOOR_NICE": "5"}
    centre.environment["worker"] = {**centre.environment.get("worker", {}), **mine}
    if not (centre.data / "records.db").exists():
        await centre.spawn("worker", "tests.faults.worker", "--only-prepare")
        assert await centre.processes["worker"].wait() == 0
    await centre.spawn("worker", "tests.faults.worker")


@contextlib.asynccontextmanager
async def running(data: Path, *, seed: int, callers: int = CALLERS) -> AsyncIterator[Rounds]:
    """Give a centre with calls up."""
    draw = random.Random(seed)
    plan = small_centre.small_plan(agents=AGENTS)
    async with small_centre.running(data, plan, prompt_seconds=0.04) as centre:
        await start_worker(centre)
        calls = load.Load(centre, agents=AGENTS, callers=callers, draw=draw)
        await calls.start()
        try:
            yield Rounds(centre, calls, draw)
        finally:
            await calls.stop()


def chosen(count: int, *, seed: int) -> list[Point]:
    """Choose points: each once before any comes again."""
    draw, found = random.Random(seed), []
    while len(found) < count:
        found += draw.sample(POINTS, min(len(POINTS), count - len(found)))
    return found


def seed_of_day() -> int:
    """Give the seed: another one only if it is asked for, so that a failure can be repeated."""
    return int(os.environ.get("CALLFLOOR_SEED", "1"))
