"""Sums of quarter hours hold what their rows hold, whenever and in whatever order rows come."""

import dataclasses
from datetime import UTC, datetime

import pytest
from django.db.models import Count, Max, Sum

from callfloor.core import facts
from callfloor.records.interactions.models import (
    AgentWork,
    Interaction,
    QueueEntry,
    WaitSum,
    WorkSum,
)
from tests.records import lived, scenes

pytestmark = [pytest.mark.db, pytest.mark.django_db(databases=["default", "keys"])]

ALIKE = ("queue", "quarter", "simulated", "outcome", "short", "within_goal", "entry")
OF_WORK = ("queue", "quarter", "client", "simulated")
SECONDS = ("talk_seconds", "hold_seconds", "wrap_seconds")


def kept_waits():
    sums = WaitSum.objects.order_by(*ALIKE)
    return list(sums.values_list(*ALIKE, "entries", "waited_seconds", "longest_seconds"))


def counted_waits():
    return list(
        QueueEntry.objects.values(*ALIKE)
        .annotate(n=Count("id"), waited=Sum("waited_seconds"), longest=Max("waited_seconds"))
        .order_by(*ALIKE)
        .values_list(*ALIKE, "n", "waited", "longest")
    )


def kept_work():
    sums = WorkSum.objects.order_by(*OF_WORK)
    return list(sums.values_list(*OF_WORK, "parts", *SECONDS))


def counted_work():
    return list(
        AgentWork.objects.exclude(role="asked")
        .exclude(queue=None)
        .exclude(quarter=None)
        .values(*OF_WORK)
        .annotate(n=Count("id"), **{f"of_{name}": Sum(name) for name in SECONDS})
        .order_by(*OF_WORK)
        .values_list(*OF_WORK, "n", *(f"of_{name}" for name in SECONDS))
    )


def same(kept, counted):
    """Compare to the microsecond: a database may add up in another order."""
    assert [tuple(map(rounded, row)) for row in kept] == [
        tuple(map(rounded, row)) for row in counted
    ]


def rounded(value):
    return round(value, 6) if isinstance(value, float) else value


def test_a_lived_day_has_the_sums_of_its_rows(data):
    """Transfers, questions, callbacks and whoever still waits at the end are in them."""
    start_at = datetime(2026, 11, 23, 7, tzinfo=UTC)
    lived.live(data, zone="Europe/Budapest", seed=21, start_at=start_at)
    same(kept_waits(), counted_waits())
    same(kept_work(), counted_work())
    assert sum(row[-3] for row in kept_waits()) > 60
    assert sum(row[-4] for row in kept_work()) > 30


def test_a_late_answer_moves_the_sums_of_the_quarter_in_which_the_wait_began(scene):
    call = scene.call()
    scenes.in_queue(call)
    scene.write(call)
    scenes.project(scene)
    ((*_, outcome, _short, _goal, _entry, entries, waited, _most),) = kept_waits()
    assert (outcome, entries, waited) == ("", 1, 0.0)
    scenes.answered(call, "anna", wait=80_000.0)
    scene.write(call)
    scenes.project(scene)
    ((_, quarter, *_, outcome, _short, _goal, _entry, entries, waited, most),) = kept_waits()
    assert (outcome, entries, waited, most) == ("answered", 1, 80_000.0, 80_000.0)
    assert quarter == QueueEntry.objects.get().quarter
    ((*_, parts, talk, hold, wrap),) = kept_work()
    assert (parts, talk, hold, wrap) == (1, 30.0, 2.0, 5.0)


def test_a_wait_that_turns_out_to_have_begun_earlier_leaves_nothing_behind(scene):
    """A place in line is older than the queue's own fact after a restart."""
    call = scene.call()
    scenes.in_queue(call)
    scene.write(call)
    scenes.project(scene)
    before = QueueEntry.objects.get().quarter
    scenes.abandoned(call)
    at, gone = next(each for each in call.facts if isinstance(each[1], facts.Dequeued))
    earlier = dataclasses.replace(gone, queued_at=gone.queued_at - 3_600)
    call.facts[call.facts.index((at, gone))] = (at, earlier)
    scene.write(call)
    scenes.project(scene)
    ((_, quarter, *_rest),) = kept_waits()
    assert quarter == before - 4
    same(kept_waits(), counted_waits())


def test_who_was_only_asked_is_in_no_sum_and_shares_the_contact(scene):
    call = scene.call()
    scenes.in_queue(call)
    scenes.answered(call, "anna")
    asked = [
        (20, facts.ConsultStarted, {"agent": "anna", "to_agent": "bela"}),
        (21, facts.ConsultAnswered, {"agent": "anna", "to_agent": "bela"}),
        (25, facts.ConsultOver, {"agent": "anna", "outcome": "back", "seconds": 4.0}),
        (25, facts.TalkEnded, {
            "queue": call.queue, "agent": "bela", "talk_seconds": 0.0, "hold_seconds": 0.0,
            "ended_by": "consult", "consult_seconds": 4.0,
        }),
    ]  # fmt: skip
    for after, kind, values in asked:
        scenes.add(call, after, kind, **values)
    call.facts.sort(key=lambda each: each[0])
    scene.write(call)
    scenes.project(scene)
    assert AgentWork.objects.filter(role="asked").exclude(quarter=None).count() == 1
    assert [row[4] for row in kept_work()] == [1]
    assert Interaction.objects.get().shared


@pytest.mark.parametrize("again", [False, True])
def test_a_second_wait_shares_the_contact(scene, again):
    call = scene.call()
    scenes.in_queue(call)
    if again:
        scenes.in_queue(call, entry=2, after=30.0)
    scene.write(call)
    scenes.project(scene)
    assert Interaction.objects.get().shared is again
