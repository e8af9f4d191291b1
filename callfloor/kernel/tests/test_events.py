"""The outbox: in order per subject, at least once, a failure stops nobody else."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from callfloor.kernel import events
from callfloor.kernel.models import OutboxEvent
from callfloor.kernel.testing import own_reactions

pytestmark = [pytest.mark.db, pytest.mark.django_db]

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Opened:
    name: str
    at: datetime
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Shut:
    name: str


@pytest.fixture(autouse=True)
def reactions():
    """Put back what the process reacts to: the next file's tests need it."""
    with own_reactions():
        yield


@pytest.fixture
def seen():
    """Give what a reaction has been told; whatever starts with `bad` fails."""
    heard: list[object] = []
    events.join([events.on(Opened, _fail_if_bad), events.on(Opened, heard.append)])
    return heard


def _fail_if_bad(event: Opened) -> None:
    if event.name.startswith("bad"):
        raise ValueError(event.name)


def publish(*names: str, subject: str = "s") -> None:
    with transaction.atomic():
        for name in names:
            events.publish(Opened(name=name, at=NOW), subject=subject, now=NOW)


class TestDelivery:
    def test_events_come_as_they_were_in_order(self, seen):
        publish("one", "two")
        assert events.deliver(now=NOW) == events.Delivery(delivered=2, failed=0)
        assert seen == [Opened(name="one", at=NOW), Opened(name="two", at=NOW)]
        assert events.waiting() == 0

    def test_nothing_is_delivered_twice_when_all_went_well(self, seen):
        publish("one")
        events.deliver(now=NOW)
        assert events.deliver(now=NOW) == events.Delivery(delivered=0, failed=0)
        assert len(seen) == 1

    def test_what_another_worker_has_done_meanwhile_is_not_done_again(self):
        """R34, R35: one sleeps in the middle of its batch and wakes when all of it is done."""
        heard: list[str] = []

        def overtaken(event: Opened) -> None:
            heard.append(event.name)
            if event.name == "one":
                events.deliver(now=NOW)

        events.join([events.on(Opened, overtaken)])
        publish("one", "two")
        events.deliver(now=NOW)
        assert heard == ["one", "two"]

    def test_a_failure_keeps_its_subject_waiting_and_nobody_else(self, seen):
        publish("bad", "after", subject="one")
        publish("fine", subject="two")
        assert events.deliver(now=NOW) == events.Delivery(delivered=1, failed=1)
        assert [event.name for event in seen] == ["fine"]
        assert events.waiting() == 2

    def test_a_failed_event_is_tried_again_later_and_only_then(self, seen):
        publish("bad", "after")
        events.deliver(now=NOW)
        row = OutboxEvent.objects.order_by("id").first()
        assert (row.tries, row.fault) == (1, "ValueError")
        assert events.deliver(now=NOW) == events.Delivery(delivered=0, failed=0)
        OutboxEvent.objects.filter(id=row.id).update(body={**row.body, "name": "mended"})
        later = NOW + timedelta(seconds=2)
        assert events.deliver(now=later) == events.Delivery(delivered=2, failed=0)
        assert [event.name for event in seen] == ["mended", "after"]

    def test_the_rest_grows_with_each_failure(self, seen):
        publish("bad")
        for number in range(12):
            events.deliver(now=NOW + timedelta(hours=number))
        row = OutboxEvent.objects.get()
        assert row.tries == 12
        assert row.try_after == NOW + timedelta(hours=11, seconds=300)

    def test_what_nobody_waits_for_is_done_at_once(self, seen):
        with transaction.atomic():
            events.publish(Shut(name="x"), subject="s", now=NOW)
        assert events.deliver(now=NOW) == events.Delivery(delivered=1, failed=0)

    def test_an_event_that_was_rolled_back_never_was(self, seen):
        with transaction.atomic():
            events.publish(Opened(name="one", at=NOW), subject="s", now=NOW)
            transaction.set_rollback(True)
        assert events.deliver(now=NOW).delivered == 0
        assert seen == []


class TestForgetting:
    def test_old_delivered_events_leave_and_waiting_ones_stay(self, seen):
        publish("one")
        events.deliver(now=NOW)
        publish("two")
        assert events.forget_delivered(now=NOW + timedelta(days=8)) == 1
        assert events.waiting() == 1


@pytest.mark.django_db(transaction=True)
class TestPublishing:
    def test_it_is_refused_outside_of_a_transaction(self):
        with pytest.raises(AssertionError):
            events.publish(Opened(name="one", at=NOW), subject="s", now=NOW)
