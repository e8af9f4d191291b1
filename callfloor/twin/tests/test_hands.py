"""Several texts at once lengthen each, as theory says, and one alone takes what it takes."""

import collections
import dataclasses
import datetime
import statistics

import pytest

from callfloor.core import codec, facts
from callfloor.core import plan as plans
from callfloor.twin import experiment, intervals, people, report, run, theory

pytestmark = pytest.mark.twin

SEEDS = range(1, 9)
CHATS = 1_500
SHARED = (
    theory.Shared(load=0.6, at_once=40, slowing=1.0),
    theory.Shared(load=0.6, at_once=40, slowing=1.0, spread=0.6),
    theory.Shared(load=1.0, at_once=3, slowing=0.25),
    theory.Shared(load=0.8, at_once=2, slowing=0.5),
)


@pytest.mark.parametrize("shared", SHARED)
def test_chats_stay_as_long_as_theory_says(shared):
    """Eight runs: the interval covers the formula, and the mean is within 6 % of it."""
    found = intervals.estimate(
        [theory.stays(shared, many=CHATS, seed=f"hands/{seed}") for seed in SEEDS]
    )
    assert found.low <= shared.mean_stay <= found.high
    assert found.mean == pytest.approx(shared.mean_stay, rel=0.06)


def test_theory_is_what_is_known():
    """Processor sharing takes 1 / (1 - load), and a chat without slowing is one more head."""
    sharing = theory.Shared(load=0.5, at_once=2_000, slowing=1.0)
    assert sharing.mean_stay == pytest.approx(2 * theory.HANDLING_SECONDS)
    two = theory.Shared(load=1.2, at_once=2, slowing=0.0)
    erlang = theory.Case(load=1.2, heads=2).mean_wait + theory.HANDLING_SECONDS
    assert two.mean_stay == pytest.approx(erlang)


# --- an agent's hands -----------------------------------------------------------------------------

ALONE_SECONDS = 100.0
CALL_SECONDS = 150.0


def floor_plan(*, heads=1, **capacity):
    """Make one queue for each channel, and agents who take so much of each."""
    channels = sorted(capacity)
    base = theory.floor_plan(heads=heads)
    return dataclasses.replace(
        base,
        agents=tuple(
            dataclasses.replace(agent, capacity=tuple(sorted(capacity.items())), beside_call=9)
            for agent in base.agents
        ),
        queues=tuple(
            dataclasses.replace(base.queues[0], key=each, channel=each) for each in channels
        ),
        flows=tuple(
            plans.FlowPlan(
                key=each, version=1, first="w", steps=(plans.Enqueue(key="w", queue=each),)
            )
            for each in channels
        ),
        numbers=tuple(
            plans.NumberPlan(number=each, client="c", flow=each, language="en") for each in channels
        ),
    )


def demand(*channels, per_hour=60.0, **changes):
    """Make contacts of equal length, and people who answer at once."""
    lengths = {"call": CALL_SECONDS, "chat": ALONE_SECONDS}
    numbers = tuple(
        people.NumberDemand(
            number=each,
            channel=each,
            per_hour=(per_hour,),
            patience_seconds=1e9,
            handling_seconds=lengths[each],
            handling_spread=0.0,
            wrap_seconds=30.0,
        )
        for each in channels
    )
    return people.Demand(numbers=numbers, answer_seconds=theory.AT_ONCE_SECONDS, **changes)


def rows_of(plan, demand):
    """Give what was put in and what was told in two hours."""
    return run.day(plan=plan, demand=demand, seed=3, start_at=0.0, seconds=7_200.0).rows


def written(rows):
    """Give rows as the journal holds them."""
    return [(at, kind, codec.dumps(body)) for _, at, kind, body in rows]


def alone(rows, *, slowing):
    """Give what each chat would have taken alone, from who had how much in hand when."""
    in_hand = collections.defaultdict(dict)
    ended = []
    for _, at, _, body in rows:
        if not isinstance(body, facts.Bridged | facts.TalkEnded | facts.Finished):
            continue
        works = in_hand[body.agent]
        for work in works.values():
            work["spent"] += (at - work["since"]) / (1 + slowing * (len(works) - 1))
            work["since"] = at
        if isinstance(body, facts.Bridged):
            works[body.item] = {"spent": 0.0, "since": at}
        elif isinstance(body, facts.TalkEnded):
            if body.queue == "chat":
                ended.append(works[body.item]["spent"])
        else:
            del works[body.item]
    return ended


class TestHands:
    def test_one_at_a_time_is_what_it_was_to_the_last_byte(self):
        plan = floor_plan(heads=4, chat=1)
        found = [
            written(rows_of(plan, demand("chat", slowing=slowing))) for slowing in (0.0, 0.25, 1.0)
        ]
        assert len(found[0]) > 500
        assert found[0] == found[1] == found[2]

    def test_equal_arguments_give_equal_rows(self):
        plan = floor_plan(heads=2, chat=3)
        first, again = (written(rows_of(plan, demand("chat"))) for _ in range(2))
        assert first == again
        assert first != written(rows_of(plan, demand("chat", slowing=0.0)))

    @pytest.mark.parametrize("slowing", [0.25, 1.0, 1.5])
    def test_each_chat_gets_its_work_whatever_is_beside_it(self, slowing):
        """Chats of one length alone differ by what was in hand meanwhile, and by nothing else."""
        rows = rows_of(floor_plan(heads=3, call=1, chat=3), demand("call", "chat", slowing=slowing))
        found = alone(rows, slowing=slowing)
        assert len(found) > 80
        assert found == pytest.approx([ALONE_SECONDS] * len(found))

    def test_a_call_takes_as_long_as_its_caller_talks(self):
        """Chats are lengthened by a call beside them; the call is not lengthened by them."""
        rows = rows_of(floor_plan(heads=3, call=1, chat=3), demand("call", "chat", slowing=1.0))
        ends = [body for *_, body in rows if isinstance(body, facts.TalkEnded)]
        calls = [each.talk_seconds for each in ends if each.queue == "call"]
        chats = [each.talk_seconds for each in ends if each.queue == "chat"]
        assert calls == pytest.approx([CALL_SECONDS] * len(calls))
        assert min(chats) == pytest.approx(ALONE_SECONDS)
        assert statistics.fmean(chats) > 1.3 * ALONE_SECONDS


def differences(*variants):
    """Give what changes from one (chats at once, slowing) to another, on the same chats."""

    def people_of(slowing):
        chats = people.NumberDemand(
            number="chat",
            channel="chat",
            per_hour=(*(80.0,) * 4, *(0.0,) * 20),
            handling_seconds=300.0,
            patience_seconds=300.0,
            repeat_share=0.0,
        )
        shifts = tuple(people.Shift(agent=f"a{n:03}", begins=0.0, ends=14_400.0) for n in range(4))
        return lambda day, seed: people.Demand(numbers=(chats,), shifts=shifts, slowing=slowing)

    tried = [
        experiment.Variant(plan=floor_plan(heads=4, chat=many), people=people_of(slowing))
        for many, slowing in variants
    ]
    days = [datetime.date(2026, 11, 23)] * 6
    before, after = experiment.run_days(variants=tried, days=days, seed="capacity")
    told = report.differences(before=report.Told(days=before), after=report.Told(days=after))
    return told["differences"]["centre"]


def is_less(measure):
    """Say whether a difference is clear, and down."""
    return measure["clear"] and measure["mean"] < 0


class TestCapacity:
    """What if an agent takes three chats instead of two?"""

    def test_helps_those_who_wait_and_lengthens_every_chat(self):
        found = differences((2, people.SLOWING), (3, people.SLOWING))
        assert is_less(found["wait_seconds"])
        assert is_less(found["abandon_rate"])
        assert found["load_hours"]["clear"]
        assert found["load_hours"]["mean"] > 0

    def test_helps_nobody_if_chats_lengthen_one_another_by_all_that_they_take(self):
        """With a slowing of 1 three at once get as much done as two; only the chats are longer."""
        found = differences((2, 1.0), (3, 1.0))
        assert not found["answered"]["clear"]
        assert found["load_hours"]["clear"]
        assert found["load_hours"]["mean"] > 0

    def test_is_not_the_time_of_a_chat_divided_by_three(self):
        found = differences((3, people.SLOWING), (3, 0.0))
        assert is_less(found["load_hours"])
        assert found["abandoned"]["high"] < 0
