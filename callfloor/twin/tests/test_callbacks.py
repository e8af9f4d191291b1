"""Who asks to be called back in the twin's day is called, as the floor would do it."""

import dataclasses
import datetime

import pytest

from callfloor.core import codec, events, facts
from callfloor.core import plan as plans
from callfloor.twin import calibrate, people, replay, run
from callfloor.twin.tests import centre

pytestmark = pytest.mark.twin

SECONDS = 4 * 3600.0


def floor_plan(*, zones=("near",), agents=12):
    """Make the centre with a line out."""
    made = centre.floor_plan(agents=agents, calls_out=True)
    (client,) = made.clients
    return dataclasses.replace(
        made,
        clients=(
            dataclasses.replace(
                client, zones=zones, trunks=("trunk",), calls_out_max=50, cost_day_max=None
            ),
        ),
        trunks=(plans.TrunkPlan(key="trunk", calls_max=200, uri="sip:trunk"),),
    )


def rows_of(*, plan=None, seed=2, **changes):
    """Simulate two busy hours, and two more in which nobody calls."""
    number = people.NumberDemand(
        number="900",
        per_hour=(*(0.0,) * 8, 110.0, 110.0, *(0.0,) * 14),  # From 8 to 10 in Budapest.
        patience_seconds=200.0,
        handling_seconds=240.0,
        leave_share=0.4,
        trunk="trunk",
    )
    return run.day(
        plan=plan or floor_plan(),
        demand=people.Demand(numbers=(number,), **changes),
        seed=seed,
        start_at=centre.START_AT,
        seconds=SECONDS,
    ).rows


def told(rows, kind):
    """Give the facts of a kind."""
    return [body for *_, body in rows if isinstance(body, kind)]


def final(rows):
    """Give how each item ended."""
    return {fact.item: fact.outcome for fact in told(rows, facts.Closed)}


class TestCallbacks:
    def test_everybody_who_asks_is_called_and_most_are_reached(self):
        rows = rows_of()
        ends = final(rows)
        asked = [item for item, outcome in ends.items() if outcome == "callback_asked"]
        assert len(asked) > 10
        called = {fact.of: fact.item for fact in told(rows, facts.Arrived) if fact.of}
        joined = {fact.of for fact in told(rows, facts.CallbackJoined)}
        assert set(called) | joined == set(asked)
        outcomes = [ends[item] for item in called.values()]
        assert set(outcomes) <= {"answered", "not_reached", "diverted"}
        assert outcomes.count("answered") > 0.8 * len(outcomes)

    def test_who_does_not_pick_up_is_tried_as_often_as_the_queue_says(self):
        rows = rows_of(reached_share=0.0)
        dialed = {}
        for fact in told(rows, facts.Dialing):
            dialed[fact.item] = dialed.get(fact.item, 0) + 1
        queue = floor_plan().queues[0]
        given_up = {fact.item: fact.calls for fact in told(rows, facts.CallbackGivenUp)}
        assert len(given_up) > 5
        assert set(given_up.values()) == {queue.callback_tries}
        assert all(dialed[item] == queue.callback_tries for item in given_up)
        assert all(final(rows)[item] == "not_reached" for item in given_up)

    def test_a_client_who_may_call_no_zone_calls_nobody_back(self):
        """As on the floor: it is alarmed and given up, and nothing is dialed."""
        rows = rows_of(plan=floor_plan(zones=()))
        reasons = {fact.reason for fact in told(rows, facts.CallbackGivenUp)}
        assert reasons == {"zone_not_allowed"}
        assert not told(rows, facts.Dialing)

    def test_the_same_callers_are_as_lucky_with_other_people_in_the_house(self):
        """Common random numbers: who picks up at his first try does so whoever calls him."""
        few, many = (rows_of(plan=floor_plan(agents=agents)) for agents in (12, 16))
        first = []
        for rows in (few, many):
            found = {}
            callers = {fact.item: fact.caller for fact in told(rows, facts.Arrived)}
            for fact in told(rows, facts.DialEnded):
                found.setdefault(callers[fact.item], fact.outcome)
            first.append(found)
        both = set(first[0]) & set(first[1])
        assert len(both) > 5
        assert all(first[0][caller] == first[1][caller] for caller in both)

    def test_a_replay_decides_the_same(self):
        rows = rows_of()
        inputs = [(seq, at, body) for seq, at, kind, body in rows if kind == run.INPUT]
        stored = [(seq, at, body) for seq, at, kind, body in rows if kind == run.FACT]
        assert any(isinstance(body, events.CallbackArrived) for *_, body in inputs)
        assert replay.differences(inputs=inputs, stored=stored) == []

    def test_equal_arguments_give_equal_rows(self):
        first, second = ([codec.dumps(row[3]) for row in rows_of()] for _ in range(2))
        assert first == second

    def test_calibration_measures_how_many_pick_up(self):
        rows = [(at, body) for _, at, kind, body in rows_of(reached_share=0.6) if kind == run.FACT]
        day = datetime.date(2026, 11, 23)
        found = calibrate.fit(rows=rows, days=[day], zone=centre.ZONE)
        assert found.reached_share == pytest.approx(0.6, abs=0.12)
        assert found.numbers.keys() == {"900"}
