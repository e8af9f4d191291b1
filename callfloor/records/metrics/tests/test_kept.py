"""Figures of a closed day are kept once, and stand beside what a late event makes of them."""

import dataclasses
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError

from callfloor.kernel.testing import FakePerson
from callfloor.records.customers import services as customers
from callfloor.records.interactions.models import Interaction, QueueEntry
from callfloor.records.metrics import queries, services
from callfloor.records.metrics.models import Kept, KeptWork
from callfloor.records.routing.models import PlanVersion
from tests.records import scenes

pytestmark = [pytest.mark.db, pytest.mark.django_db(databases=["default", "keys"])]

DAY = date(2026, 3, 2)
CLOSES = datetime.fromisoformat("2026-03-03T00:00Z")
"""An hour after midnight in Budapest."""
LATER = CLOSES + timedelta(hours=9)
OVERNIGHT = 80_000.0
"""Seconds from the morning of the day to after its close."""
ZETA = {"called": "901", "queue": "zeta_help"}
SEES = FakePerson(clients=frozenset({"acme"}), permissions=frozenset({"reports.see"}))


def report(person=SEES, *, step="half", day=DAY, days=1, **about):
    end = day + timedelta(days=days)
    return queries.report(
        queries.scope(person=person, day_from=day, day_to=end, **about), step=step
    )


def waiting(scene, *, channel="mail", direction="in"):
    """Let one more wait begin on the day and go on."""
    call = scene.call()
    at, arrived = call.facts[0]
    call.facts[0] = (at, dataclasses.replace(arrived, channel=channel, direction=direction))
    scenes.in_queue(call)
    scene.write(call)
    scenes.project(scene)
    return call


def reply(scene, call, **about):
    scenes.answered(call, "bela", **({"wait": OVERNIGHT} | about))
    scene.write(call)
    scenes.project(scene, now=LATER)


def finish_late(scene, call, *, wrap=7_200.0):
    """Let anna's wrap-up end after the day of the call has closed."""
    scenes.in_queue(call)
    scenes.answered(call, "anna", wrap=wrap)
    finish = call.facts.pop()
    scene.write(call)
    scenes.project(scene)
    services.close_days(now=CLOSES)
    call.facts.append(finish)
    scene.write(call)
    scenes.project(scene, now=LATER)


def agents(person="mara", *, day=DAY, days=1, **about):
    """Give the sums of agents now, and of those that have changed as their days closed."""
    scope = queries.scope_of_agents(
        person=scenes.person(person), day_from=day, day_to=day + timedelta(days=days), **about
    )
    found = queries.of_agents(scope, now=LATER)
    return found, queries.closed_of_agents(scope, found)


@pytest.fixture
def day(scene):
    """Give a day with an answered call, one that was given up, and a mail without a reply."""
    made = [scene.call(), scene.call(queue="orders")]
    for call in made:
        scenes.in_queue(call)
    scenes.answered(made[0], "anna")
    scenes.abandoned(made[1])
    scene.write(*made)
    scenes.project(scene)
    return waiting(scene)


class TestKeeping:
    def test_a_day_is_kept_when_it_has_closed_and_not_before(self, scene, day):
        before = date(2026, 3, 1)
        assert services.close_days(now=CLOSES - timedelta(microseconds=1)) == [before]
        assert services.close_days(now=CLOSES) == [DAY]
        kept = Kept.objects.filter(day=DAY, queue="billing").values_list("key", "value")
        assert dict(kept) == {
            "offered": 2.0,
            "contacts": 2.0,
            "answered": 1.0,
            "within_goal": 1.0,
            "waiting": 1.0,
            "wait_seconds": 6.0,
            "answered_wait_seconds": 6.0,
            "longest_wait_seconds": 6.0,
            "handled": 1.0,
            "talk_seconds": 30.0,
            "hold_seconds": 2.0,
            "wrap_seconds": 5.0,
        }

    @pytest.mark.parametrize(
        ("zone", "day", "ends"),
        [
            ("Europe/Budapest", date(2026, 3, 29), "2026-03-29T22:00Z"),
            ("Europe/Budapest", date(2026, 10, 25), "2026-10-25T23:00Z"),
            ("Asia/Tehran", date(2026, 11, 23), "2026-11-23T20:30Z"),
        ],
    )
    def test_days_close_by_the_center_s_clock(self, scene, zone, day, ends):
        """23 hours, 25 hours, and half an hour beside the others."""
        PlanVersion.objects.update(timezone=zone)
        closes = datetime.fromisoformat(ends) + timedelta(hours=1)
        early = services.close_days(now=closes - timedelta(seconds=1))
        assert early == [day - timedelta(days=1)]
        assert services.close_days(now=closes) == [day]

    def test_two_runs_keep_once(self, scene, day):
        assert services.close_days(now=CLOSES) == [DAY]
        before = list(Kept.objects.order_by("id").values())
        reply(scene, day)
        for again in (CLOSES, CLOSES, LATER):
            assert services.close_days(now=again) == []
        assert list(Kept.objects.order_by("id").values()) == before

    def test_the_database_takes_no_second_value(self, scene, day):
        services.close_days(now=CLOSES)
        row = Kept.objects.order_by("id")[0]
        with pytest.raises(IntegrityError), scenes.atomic():
            Kept.objects.create(day=row.day, queue_id=row.queue_id, key=row.key, value=9.0)

    def test_a_worker_that_comes_late_keeps_the_day_as_it_closed(self, scene, day):
        """Whatever happened in the meantime stands in the rows already."""
        reply(scene, day)
        assert services.close_days(now=LATER) == [DAY]
        kept = Kept.objects.get(day=DAY, queue="billing", key="waiting")
        assert kept.value == 1.0
        assert report().closed.total.waiting == 1

    def test_days_that_were_missed_are_made_up_for(self, scene):
        services.close_days(now=CLOSES)
        after = CLOSES + timedelta(days=10)
        first = services.close_days(now=after)
        assert first == [DAY + timedelta(days=number) for number in range(1, 8)]
        assert services.close_days(now=after) == [
            DAY + timedelta(days=number) for number in (8, 9, 10)
        ]
        assert services.close_days(now=after) == []

    def test_without_a_center_there_is_no_day(self, data, db):
        assert services.close_days(now=CLOSES) == []

    def test_what_the_twin_made_is_not_kept(self, scene, day):
        QueueEntry.objects.update(simulated=True)
        services.close_days(now=CLOSES)
        offered = Kept.objects.filter(key="offered").values_list("queue", "value")
        assert dict(offered) == {"billing": 0.0, "orders": 0.0, "zeta_help": 0.0}


class TestRestated:
    def test_without_a_late_event_there_is_one_value(self, scene, day):
        services.close_days(now=CLOSES)
        assert report().closed == queries.Closed()

    def test_a_day_that_was_not_kept_has_one_value(self, scene, day):
        reply(scene, day)
        assert report().closed == queries.Closed()

    @pytest.mark.parametrize(
        ("channel", "direction"), [("mail", "in"), ("chat", "in"), ("call", "callback")]
    )
    def test_a_late_reply_gives_both_values(self, scene, channel, direction):
        """F36.3: a reply, to a mail or a callback, that moves a day which had closed."""
        late = waiting(scene, channel=channel, direction=direction)
        services.close_days(now=CLOSES)
        reply(scene, late)
        found = report()
        assert (found.total.answered, found.total.waiting) == (1, 0)
        assert (found.closed.total.answered, found.closed.total.waiting) == (0, 1)
        assert found.closed.queues.keys() == {"billing"}
        assert found.closed.clients.keys() == {"acme"}
        assert found.closed.clients["acme"] == found.closed.total
        assert not found.closed.intervals

    def test_a_late_disposition_gives_both_values(self, scene):
        """Wrap-up that ends after the close makes the work of the day longer."""
        finish_late(scene, scene.call(at=CLOSES.timestamp() - 3_700))
        found = report()
        assert (found.total.wrap_seconds, found.closed.total.wrap_seconds) == (7_200.0, 0)

    def test_other_queues_and_days_are_left_alone(self, scene, day):
        services.close_days(now=CLOSES)
        reply(scene, day)
        assert report(queue="orders").closed == queries.Closed()
        assert report(day=DAY + timedelta(days=1)).closed == queries.Closed()
        assert report(queue="billing").closed.total.waiting == 1

    @pytest.mark.parametrize(("step", "at"), [("day", DAY), ("week", date(2026, 3, 2))])
    def test_a_period_is_what_it_was_when_its_days_closed(self, scene, day, step, at):
        """A day that has not changed stands in it as it is."""
        services.close_days(now=CLOSES)
        reply(scene, day)
        other = scene.call(at=scenes.START + 86_400)
        scenes.in_queue(other)
        scenes.abandoned(other)
        scene.write(other)
        scenes.project(scene, now=LATER)
        found = report(step=step, days=7)
        assert (found.total.offered, found.total.answered) == (4, 2)
        closed = found.closed
        assert (closed.total.offered, closed.total.answered, closed.total.waiting) == (4, 1, 1)
        assert closed.intervals.keys() == {at}
        assert closed.lines.keys() == {("billing", at)}
        assert closed.intervals[at].answered == 1
        assert closed.queues["billing"].abandoned == 1

    def test_with_what_the_twin_made_there_is_nothing_to_compare(self, scene, day):
        services.close_days(now=CLOSES)
        reply(scene, day)
        assert report(include_simulated=True).closed == queries.Closed()

    def test_foreign_queues_are_not_told_of(self, scene, day):
        services.close_days(now=CLOSES)
        reply(scene, day)
        foreign = FakePerson(clients=frozenset({"zeta"}), permissions=SEES.permissions)
        assert report(foreign).closed == queries.Closed()

    def test_erasing_a_customer_changes_neither_value(self, scene, day):
        services.close_days(now=CLOSES)
        reply(scene, day)
        before = report()
        for one in Interaction.objects.values_list("customer_id", flat=True).distinct():
            customers.erase(person=scenes.person("mara"), customer_id=one, now=LATER)
        assert report() == before
        assert before.closed.total.waiting == 1


class TestAgents:
    def test_work_of_agents_is_kept_with_its_day(self, scene, day):
        services.close_days(now=CLOSES)
        kept = KeptWork.objects.values_list("day", "agent", "client", "key", "value")
        assert sorted(kept) == [
            (DAY, "anna", "acme", "handled", 1.0),
            (DAY, "anna", "acme", "hold_seconds", 2.0),
            (DAY, "anna", "acme", "talk_seconds", 30.0),
            (DAY, "anna", "acme", "wrap_seconds", 5.0),
        ]
        found, closed = agents()
        assert (found["anna"].handled, closed) == (1, {})

    @pytest.mark.parametrize("days", [1, 7])
    def test_a_late_disposition_gives_an_agent_both_values(self, scene, day, days):
        finish_late(scene, scene.call(at=CLOSES.timestamp() - 3_700))
        found, closed = agents(days=days)
        assert closed.keys() == {"anna"}
        assert (found["anna"].handled, found["anna"].wrap_seconds) == (2, 7_205.0)
        assert (closed["anna"].handled, closed["anna"].wrap_seconds) == (2, 5.0)
        assert closed["anna"].states == found["anna"].states

    def test_a_worker_that_comes_late_keeps_work_as_it_closed(self, scene):
        """The wrap-up has ended in the rows already."""
        call = scene.call(at=CLOSES.timestamp() - 3_700)
        scenes.in_queue(call)
        scenes.answered(call, "anna", wrap=7_200.0)
        scene.write(call)
        scenes.project(scene, now=LATER)
        services.close_days(now=LATER)
        found, closed = agents()
        assert (found["anna"].wrap_seconds, closed["anna"].wrap_seconds) == (7_200.0, 0.0)

    def test_work_for_a_foreign_client_is_not_told(self, scene, day):
        """adam sees acme alone; what came late was zeta's."""
        finish_late(scene, scene.call(at=CLOSES.timestamp() - 3_700, client="zeta", **ZETA))
        found, closed = agents("adam")
        assert (found["anna"].handled, closed) == (1, {})
        assert agents()[1]["anna"].wrap_seconds == 5.0

    def test_other_days_and_what_the_twin_made_have_one_value(self, scene):
        finish_late(scene, scene.call(at=CLOSES.timestamp() - 3_700))
        assert agents(day=DAY + timedelta(days=1))[1] == {}
        assert agents(include_simulated=True)[1] == {}
