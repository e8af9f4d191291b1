"""A replay of an epoch is bit-exact, and says where it is not."""

import dataclasses

import pytest

from callfloor.core import events, exchange, facts
from callfloor.twin import replay, run
from callfloor.twin.tests import centre

pytestmark = pytest.mark.twin


@pytest.fixture(scope="module")
def rows():
    """One hour of the centre, as in the journal."""
    return run.day(
        plan=centre.floor_plan(),
        demand=centre.demand(per_hour=200.0),
        seed=9,
        start_at=centre.START_AT,
        seconds=3600.0,
    ).rows


def parts(rows):
    """Split a journal into inputs and facts."""
    inputs = [(seq, at, body) for seq, at, kind, body in rows if kind == "input"]
    stored = [(seq, at, body) for seq, at, kind, body in rows if kind == "fact"]
    return inputs, stored


class TestDifferences:
    def test_finds_none_in_an_epoch_of_the_same_code(self, rows):
        """Every fact comes again, at the same instant, without any row for the timers."""
        inputs, stored = parts(rows)
        assert not any(isinstance(event, events.TimePassed) for _, _, event in inputs)
        assert replay.differences(inputs=inputs, stored=stored) == []

    def test_names_the_first_fact_that_differs(self, rows):
        """A changed fact is found at its place, with both texts."""
        inputs, stored = parts(rows)
        place = next(n for n, row in enumerate(stored) if isinstance(row[2], facts.Ringing))
        seq, at, fact = stored[place]
        stored[place] = (seq, at, dataclasses.replace(fact, agent="somebody"))
        (found,) = replay.differences(inputs=inputs, stored=stored)
        assert (found.place, found.seq) == (place, seq)
        assert "somebody" in found.stored
        assert fact.agent in found.replayed

    def test_finds_a_fact_that_was_never_decided(self, rows):
        """A journal that says more than the replay differs at its end."""
        inputs, stored = parts(rows)
        last = (99, stored[-1][1], facts.Alarmed(name="x", detail="y"))
        (found,) = replay.differences(inputs=inputs, stored=[*stored, last])
        assert (found.seq, found.replayed) == (99, None)


class TestHappen:
    def test_parks_the_item_of_a_fault_and_goes_on(self):
        """A fault of ours costs one item; the event after a failed timer still happens."""
        plan = centre.floor_plan(agents=2)
        machine = exchange.Exchange(plan)
        arrived = {"channel": "call", "called": "900"}
        replay.happen(machine, events.ItemArrived(item="a", leg="la", **arrived), 1.0)
        machine.house.items["a"].step = None  # A fault: its prompt's lease will find no step.
        replay.happen(machine, events.ItemArrived(item="b", leg="lb", **arrived), 500.0)
        told = machine.facts()
        assert facts.Closed(item="a", client="acme", outcome="lost_by_system") in told
        assert [fact.item for fact in told if isinstance(fact, facts.Arrived)] == ["a", "b"]
        assert list(machine.house.items) == ["b"]
