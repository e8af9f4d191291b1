"""
Many callers through the whole centre: nobody fails, nobody hears a gap, and all sums agree.

CI runs 10 callers a second for 20 s; --long runs 50 for 60 s, about 400 at once. Each spends 8 s in
announcement and queue; one in ten is answered. Some more callers of ours listen and measure.
"""

import asyncio
import collections
import dataclasses
import json
import time
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from tests import phones
from tests.journeys import caller
from tests.journeys.answerers import seated
from tests.journeys.stack import LOAD_AGENTS, Stack, Visitor, until
from tests.small_centre import free_ports

pytestmark = pytest.mark.journey

SCENARIO = phones.RTP_MEDIA_SCENARIO / "caller_waits.xml"
SERVED, WAITING = "906", "907"
CALL_SECONDS = 8.0
ANSWERED_SHARE = 10  # One in so many.
AGENTS_PER_CALL = 8  # A second of ringing, four of talk, one of wrap-up, and some to spare.
GAP_SHARE_MAX = 0.005
RECORDS_SECONDS = 60.0
SECONDS_BETWEEN_EARS = 1.0
HALF_HOUR = 1800.0
SUMS = (
    "offered", "answered", "abandoned", "callback_asked", "message_left", "diverted", "lost",
    "waiting",
)  # fmt: skip
OUTCOMES = {"abandoned_in_queue": "abandoned", "lost_by_system": "lost"}

Sums = dict[tuple[str, float], dict[str, int]]


@pytest.fixture
def size(pytestconfig) -> tuple[int, int]:
    """Return callers a second, and seconds."""
    return (50, 60) if pytestconfig.getoption("--long") else (10, 20)


async def test_nobody_fails_and_all_sums_agree(
    floor: Stack, manager: Visitor, program, tmp_path, size
):
    """sipp calls; journal, records and wallboard count the same by queue and half hour."""
    program("sipp")
    per_second, seconds = size
    began, seq = datetime.now(UTC), floor.seq()
    before, sipp_before = floor.cpu_seconds(), phones.child_seconds()
    served = per_second // ANSWERED_SHARE
    agents = min(LOAD_AGENTS, max(6, served * AGENTS_PER_CALL))
    async with seated(floor, agents) as team:
        ears, _, _ = await asyncio.gather(
            listen(floor.sip, seconds=seconds),
            sipp(floor, SERVED, served, served * seconds, tmp_path / "served"),
            sipp(floor, WAITING, per_second - served, (per_second - served) * seconds,
                 tmp_path / "waiting"),
        )  # fmt: skip
        ended = time.monotonic()
        await until(lambda: not floor.query("SELECT 1 FROM open_items"))
    count = per_second * seconds
    sipp_seconds = phones.child_seconds() - sipp_before
    spent = {name: now - before[name] for name, now in floor.cpu_seconds().items()}
    gaps = [caller.gap_share(ear.packets) for ear in ears]
    assert count <= len(floor.facts("Arrived", after=seq)) <= count + 2 * len(ears)
    await until(lambda: in_records(manager, began) >= count + len(ears), RECORDS_SECONDS)
    complete = time.monotonic() - ended
    print(json.dumps({
        "calls": count, "answered": team.answered, "ears": len(ears),
        "gap_share": {"mean": sum(gaps) / len(gaps), "worst": max(gaps)},
        "records_complete_seconds": round(complete, 2),
        "cpu_seconds": {name: round(used, 2) for name, used in spent.items()},
        "cpu_seconds_sipp": round(sipp_seconds, 2),
    }))  # fmt: skip
    assert team.answered == served * seconds
    assert min(len(ear.packets) for ear in ears) > 0.95 * CALL_SECONDS / caller.FRAME_SECONDS
    assert sum(gaps) / len(gaps) < GAP_SHARE_MAX
    in_journal = of_journal(floor)
    assert in_journal == of_board(await floor.board())
    assert in_journal == of_records(floor)
    assert floor.query("SELECT count(*) FROM recordings WHERE ended_at IS NULL") == [(0,)]


def test_gaps_are_seen_where_they_are():
    """A lost packet is 20 ms of silence; a stall counts for what the buffer did not cover."""
    packets = [
        caller.Heard(at=n * 0.02, ssrc=1, sequence=n, timestamp=n * 160, payload=b"")
        for n in range(101)
    ]
    stalled = [dataclasses.replace(each, at=each.at + 0.1) for each in packets[50:]]
    assert caller.gap_share(packets) == 0
    assert caller.gap_share(packets[:30] + packets[31:]) == pytest.approx(0.01)
    assert caller.gap_share(packets[:50] + stalled) == pytest.approx(0.04 / 2.1)


async def sipp(floor: Stack, number: str, per_second: int, count: int, folder) -> None:
    """Let sipp call a number; raises SippFailed if one call fails."""
    folder.mkdir()
    own_sip, own_media = free_ports(2)
    await phones.run_sipp(
        SimpleNamespace(sip=floor.sip, data=folder),
        "-s", number, "-m", str(count), "-r", str(per_second), "-l", str(count),
        "-p", str(own_sip), "-mp", str(own_media), "-rtp_echo",
        scenario=SCENARIO, seconds_max=count / per_second + 60.0,
    )  # fmt: skip


async def listen(sip: int, *, seconds: int) -> list[caller.Ear]:
    """Let a caller of ours in each second, and return what they heard."""
    tasks = []
    for number in range(seconds):
        tasks.append(asyncio.create_task(one_ear(sip, number)))
        await asyncio.sleep(SECONDS_BETWEEN_EARS)
    return list(await asyncio.gather(*tasks))


async def one_ear(sip: int, number: int) -> caller.Ear:
    """Listen as long as the others do."""
    async with caller.calling(sip, WAITING, caller=f"+3630111{number:04}") as one:
        await asyncio.wait_for(one.answered.wait(), 60)
        await asyncio.sleep(CALL_SECONDS)
        assert not one.ended.is_set(), one.reason
        return one.ear


def in_records(manager: Visitor, began: datetime) -> int:
    """Count the calls since an instant that the records have with their end."""
    when = began.isoformat().replace("+", "%2B")
    return sum(
        manager.json(f"/api/interactions?size=1&outcome={outcome}&arrived_from={when}")["total"]
        for outcome in ("answered", "abandoned_in_queue", "left_in_flow")
    )


def of_journal(floor: Stack) -> Sums:
    """Sum the day by queue and half hour, from the facts alone."""
    sums: Sums = collections.defaultdict(lambda: dict.fromkeys(SUMS, 0))
    for fact in floor.facts("Dequeued"):
        half = sums[fact["queue"], fact["queued_at"] // HALF_HOUR * HALF_HOUR]
        half["offered"] += 1
        half[OUTCOMES.get(fact["outcome"], fact["outcome"])] += 1
    return dict(sums)


def of_board(board: dict) -> Sums:
    """Read the wallboard's counters."""
    return {
        (queue, float(half)): {name: counters[name] for name in SUMS}
        for queue, row in board["queues"].items()
        for half, counters in row["halves"].items()
    }


def of_records(floor: Stack) -> Sums:
    """Read the counters of the records."""
    return {
        (row["queue"], datetime.fromisoformat(half["starts_at"]).timestamp()): {
            name: half["counters"][name] for name in SUMS
        }
        for row in floor.day_numbers()["queues"]
        for half in row["halves"]
    }
