"""What is over leaves by its class, a hold wins, and nothing that is counted changes."""

import datetime as dt

import pytest
from django.db.models import Sum

from callfloor.departments.management import rules
from callfloor.departments.management.services import emptying, retention
from callfloor.kernel import fields
from callfloor.kernel.keys import ring
from callfloor.kernel.models import AuditEntry
from callfloor.records.customers import services
from callfloor.records.customers.models import Customer
from callfloor.records.interactions.models import Interaction, LineQuality, Recording
from callfloor.records.interactions.services import recordings
from callfloor.records.people.models import Notice, NoticeCopy
from callfloor.records.people.services import notices
from tests.records import scenes

pytestmark = [pytest.mark.db, pytest.mark.django_db(databases=["default", "keys"])]
KEPT = rules.Kept(recordings_days=90, messages_days=180, interactions_days=1_095, notices_days=365)
DAY = dt.timedelta(days=1)


@pytest.fixture
def call(scene, data):
    """Give a finished call with digits, a note and a recording's file."""
    made = scene.call(number="+3615550100", name="Nora")
    scenes.in_queue(made)
    scenes.typed(scene, made, "4711")
    scenes.answered(made, "anna")
    scene.write(made)
    scenes.project(scene)
    interaction = Interaction.objects.get()
    key = ring.get(subjects=[interaction.customer.subject])[interaction.customer.subject]
    fields.encrypt(interaction, "note", "wants blue", key=key)
    interaction.save(update_fields=["note"])
    (data / "recordings").mkdir()
    (data / "recordings" / "a.ccr").write_bytes(b"sound")
    Recording.objects.create(
        id="a", interaction=interaction, client_id="acme", path="a.ccr",
        started_at=scenes.NOW, ended_at=scenes.NOW, wrapped_key=b"key",
    )  # fmt: skip
    return interaction


def forget(*, days):
    now = scenes.NOW + DAY * days
    return retention.forget_old(limits=rules.limits(KEPT, now=now), now=now)


def figures():
    return Interaction.objects.aggregate(Sum("wait_seconds"), Sum("talk_seconds"))


def test_nothing_leaves_before_its_time(call, data):
    assert not forget(days=89).any
    assert (data / "recordings" / "a.ccr").exists()


def test_sound_leaves_first_and_only_the_sound(call, data):
    assert forget(days=91) == retention.Left(recordings=1)
    assert not (data / "recordings" / "a.ccr").exists()
    with pytest.raises(recordings.RecordingGone):
        recordings.sound_of(Recording.objects.get())
    call.refresh_from_db()
    assert call.note is not None


def test_a_spoken_message_has_a_period_of_its_own(call):
    Interaction.objects.update(outcome="message_left")
    assert not forget(days=91).any
    assert forget(days=181) == retention.Left(messages=1)


def test_at_the_end_the_customer_goes_and_every_count_stays(call):
    before = figures()
    left = forget(days=1_200)
    assert (left.recordings, left.customers, left.contacts > 0) == (1, 1, True)
    emptying.empty_erased(now=scenes.NOW)
    customer = Customer.objects.get()
    assert (customer.name, customer.erased_at is not None) == (None, True)
    assert not call.timeline.exclude(value=None).exists()
    assert figures() == before
    assert not forget(days=1_200).any


def test_who_is_held_stays_whole_until_the_hold_is_lifted(call, data):
    mara = scenes.person("mara")
    services.hold(person=mara, customer_id=call.customer_id, reason="a court asks", now=scenes.NOW)
    assert not forget(days=1_200).any
    with pytest.raises(services.HeldByLaw):
        services.erase(person=mara, customer_id=call.customer_id, now=scenes.NOW)
    assert (data / "recordings" / "a.ccr").exists()
    services.release(person=mara, customer_id=call.customer_id, now=scenes.NOW)
    assert forget(days=1_200).any


def test_who_came_back_since_is_kept(call):
    Customer.objects.update(last_seen_at=scenes.NOW + DAY * 1_000)
    assert forget(days=1_200).customers == 0
    assert Customer.objects.get().erased_at is None


def test_what_left_is_noted_as_counts(call):
    forget(days=91)
    entry = AuditEntry.objects.get(action="retention.round")
    nothing = {"messages": 0, "contacts": 0, "customers": 0, "notices": 0, "lines": 0}
    assert entry.detail == {"recordings": 1, **nothing}


def test_it_is_done_at_night_where_the_centre_is(call):
    local = dt.datetime(2031, 3, 2, 14, tzinfo=dt.UTC)
    assert not retention.round_of_night(local=local, now=local).any
    assert retention.round_of_night(local=local.replace(hour=2), now=local).any


def test_what_was_said_in_the_house_leaves_with_its_copies_read_or_not(call):
    for place, at in enumerate((scenes.NOW, scenes.NOW + DAY * 300)):
        notices.tell(
            people=["anna", "bela"], kind="alarm", by="cili", now=at, chance=bytes([place]) * 10
        )
    notice = Notice.objects.earliest("sent_at")
    notices.read(person=scenes.Someone(key="anna"), notice=notice.pk, now=scenes.NOW)
    assert forget(days=365).notices == 0
    assert forget(days=366).notices == 1
    assert set(Notice.objects.values_list("sent_at", flat=True)) == {scenes.NOW + DAY * 300}
    assert NoticeCopy.objects.count() == 2
    assert forget(days=366).notices == 0


def test_how_a_line_was_goes_with_what_was_heard(call):
    """Figures of lines leave in the class of recordings, a customer's who is held do not."""
    LineQuality.objects.create(
        id="1", interaction=call, client_id="acme", at=scenes.NOW, packets=1, lost=0,
        jitter_ms=1.0, mos=4.4, mos_worst=4.4, is_bad=False,
    )  # fmt: skip
    assert not forget(days=89).any
    Customer.objects.filter(id=call.customer_id).update(held_at=scenes.NOW)
    assert not forget(days=91).any
    Customer.objects.filter(id=call.customer_id).update(held_at=None)
    assert forget(days=91) == retention.Left(recordings=1, lines=1)
    assert not LineQuality.objects.exists()
