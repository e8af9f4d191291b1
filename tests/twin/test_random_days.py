"""Random days keep I1 to I5; hash seeds and repetitions change nothing."""

import hashlib
import os
import subprocess
import sys

import pytest

from callfloor.core import codec, exchange, facts, invariants
from callfloor.twin import people, replay, run
from callfloor.twin.tests import centre

pytestmark = pytest.mark.twin

HOURS = 8.0
CALLERS = 500


def scenario(seed: int, watch=None) -> run.Result:
    """Simulate 500 callers, 40 agents, 8 hours, with hang-ups, refusals and crashes."""
    shifts = tuple(
        people.Shift(
            agent=f"a{n:02}",
            begins=600.0 * (n % 6),
            ends=HOURS * 3600 - 600.0 * (n % 4),
            breaks=((7200.0 + 300 * n, 9000.0 + 300 * n, "lunch"),),
        )
        for n in range(40)
        if n % 4 == seed % 4 or n % 7 == 0  # Few enough that queues build up.
    )
    return run.day(
        plan=centre.floor_plan(agents=40, calls_out=True),
        demand=centre.demand(per_hour=CALLERS / HOURS, shifts=shifts, **centre.BESIDE),
        seed=seed,
        start_at=centre.START_AT,
        seconds=HOURS * 3600,
        watch=watch,
    )


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_invariants_hold_after_every_event_of_a_day(seed):
    """Nobody is lost, doubled, stuck, passed over or sent back in line (I1 to I5)."""
    moments = 0

    def watch(machine: exchange.Exchange) -> None:
        nonlocal moments
        moments += 1
        invariants.check(machine)

    result = scenario(seed, watch)
    assert moments > 5 * CALLERS
    assert result.summary["contacts"] > 0.8 * CALLERS
    assert result.summary["answered"] > 100
    assert result.summary["abandoned_in_queue"] > 10
    outcomes = {row[3].outcome for row in result.rows if isinstance(row[3], facts.RingEnded)}
    assert outcomes >= {"missed", "declined", "caller_left"}
    assert consulted(result) >= {"completed", "conference", "ended", "missed"}
    told = {type(row[3]).__name__ for row in result.rows}
    assert told >= {"Dialing", "Supervised", "PartyGone", "HoldReminded", "Transferred"}


def consulted(result: run.Result) -> set[str]:
    """Give the ways in which questions of a day ended."""
    return {row[3].outcome for row in result.rows if isinstance(row[3], facts.ConsultOver)}


def test_caps_hold_over_a_day_of_calls_out():
    """No more lines at once than the client may have, and no day dearer than it may be."""
    most = spent = 0
    running: set[str] = set()
    for _, _, _, body in scenario(7).rows:
        if isinstance(body, facts.Dialing):
            running.add(body.leg)
        elif isinstance(body, facts.PartyGone):
            running.discard(body.leg)
        elif isinstance(body, facts.DialEnded):
            if body.outcome != "answered":
                running.discard(body.leg)
        elif isinstance(body, facts.TalkEnded):
            running.discard(f"{body.item}-c")
        most = max(most, len(running))
        spent += isinstance(body, facts.DialEnded) and body.outcome == "answered"
    assert 1 < most <= 5
    assert 10 < spent <= 500  # Each answered line costs three at least.


def test_a_day_replays_bit_for_bit():
    """The journal's inputs alone give every fact again (I11)."""
    rows = scenario(4).rows
    inputs = [(seq, at, body) for seq, at, kind, body in rows if kind == "input"]
    stored = [(seq, at, body) for seq, at, kind, body in rows if kind == "fact"]
    assert len(stored) > 3000
    assert replay.differences(inputs=inputs, stored=stored) == []


def digest(seed: int) -> str:
    """Give a hash of every row of a day."""
    text = "\n".join(f"{at!r} {codec.dumps(body)}" for _, at, _, body in scenario(seed).rows)
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize("hash_seed", ["0", "4711"])
def test_the_order_of_sets_and_dicts_decides_nothing(hash_seed):
    """Under another hash seed, in another process, every row is the same."""
    program = "from tests.twin import test_random_days as t; print(t.digest(5))"
    answer = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"PYTHONHASHSEED": hash_seed, "PYTHONPATH": os.getcwd()},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert answer.stdout.strip() == digest(5)


def test_wrap_up_is_never_cut_short_by_a_second_call():
    """An agent gets nothing between the end of a talk and the end of its wrap-up (R10, R14)."""
    wrapping: set[str] = set()
    seen = 0
    for _, _, _, body in scenario(6).rows:
        if isinstance(body, facts.TalkEnded) and body.ended_by != "lost":
            wrapping.add(body.agent)
        elif isinstance(body, facts.Finished):
            wrapping.discard(body.agent)
            seen += 1
        elif isinstance(body, facts.Ringing):
            assert body.agent not in wrapping
    assert seen > 100
