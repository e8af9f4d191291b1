"""The twin's day: everybody is served by the exchange of production, and the sums agree."""

import pytest

from callfloor.core import codec, events, facts
from callfloor.twin import people, run
from callfloor.twin.summary import SUMS
from callfloor.twin.tests import centre

pytestmark = pytest.mark.twin


def hour(**changes):
    """Simulate one hour of the centre."""
    values = {"plan": centre.floor_plan(), "demand": centre.demand(per_hour=200.0), "seed": 5}
    return run.day(**(values | {"start_at": centre.START_AT, "seconds": 3600.0} | changes))


class TestDay:
    def test_gives_the_rows_of_a_journal(self):
        """Rows count from 1, never go back in time, and begin with the start of an epoch."""
        rows = hour().rows
        assert [row[0] for row in rows] == list(range(1, len(rows) + 1))
        instants = [row[1] for row in rows]
        assert instants == sorted(instants)
        assert isinstance(rows[0][3], events.FloorStarted)
        assert {row[2] for row in rows} == {"input", "fact"}

    def test_ends_with_everybody_served_or_gone(self):
        """Everybody who called is out again; offered is the sum of the outcomes."""
        result = hour()
        bodies = [row[3] for row in result.rows]
        arrived = [body.item for body in bodies if isinstance(body, facts.Arrived)]
        closed = [body.item for body in bodies if isinstance(body, facts.Closed)]
        assert sorted(arrived) == sorted(closed)
        summary = result.summary
        assert summary["contacts"] == len(arrived) > 150
        assert summary["offered"] == sum(summary[name] for name in SUMS)
        assert summary["offered"] == sum(each["offered"] for each in summary["queues"].values())
        assert sum(summary["final"].values()) == len(arrived)

    def test_gives_the_same_rows_for_the_same_seed(self):
        """Two runs are equal to the last byte; another seed is another day."""
        first, second = ([codec.dumps(row[3]) for row in hour().rows] for _ in range(2))
        assert first == second
        assert [codec.dumps(row[3]) for row in hour(seed=6).rows] != first

    def test_takes_breaks_and_shift_ends_into_account(self):
        """An agent is offered nothing in his break, nor after his shift."""
        shift = people.Shift(
            agent="a00", begins=0.0, ends=3000.0, breaks=((600.0, 1200.0, "lunch"),)
        )
        rows = hour(demand=centre.demand(per_hour=200.0, shifts=(shift,), crash_per_hour=0.0)).rows
        rung = [at - centre.START_AT for _, at, _, body in rows if isinstance(body, facts.Ringing)]
        assert rung
        assert not [at for at in rung if 600.0 <= at < 1200.0 or at >= 3000.0]

    def test_finishes_mail_without_a_call(self):
        """Deferred items are worked on and finished without legs, prompts and mixing."""
        plan = centre.floor_plan()
        mail = people.NumberDemand(
            number="mail", channel="mail", per_hour=(30.0,), patience_seconds=1e9
        )
        summary = run.day(
            plan=_with_mail(plan),
            demand=people.Demand(numbers=(mail,)),
            seed=1,
            start_at=centre.START_AT,
            seconds=3600.0,
        ).summary
        assert summary["contacts"] > 15
        assert summary["final"] == {"answered": summary["contacts"]}


def _with_mail(plan):
    """Add a mail queue that every agent may serve, two at a time."""
    import dataclasses

    from callfloor.core import plan as plans

    flow = plans.FlowPlan(
        key="mail", version=1, first="wait", steps=(plans.Enqueue(key="wait", queue="mail"),)
    )
    queue = plans.QueuePlan(
        key="mail",
        client="acme",
        channel="mail",
        tiers=(plans.TierPlan(after_seconds=0.0, requires=()),),
    )
    return dataclasses.replace(
        plan,
        queues=(*plan.queues, queue),
        flows=(*plan.flows, flow),
        numbers=(
            *plan.numbers,
            plans.NumberPlan(number="mail", client="acme", flow="mail", language="en"),
        ),
        agents=tuple(
            dataclasses.replace(agent, capacity=(("call", 1), ("mail", 2))) for agent in plan.agents
        ),
    )
