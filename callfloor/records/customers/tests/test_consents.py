"""What a customer forbids counts at once, and the last word counts."""

import datetime as dt

import pytest

from callfloor.kernel import access
from callfloor.kernel.keys import ring
from callfloor.kernel.models import AuditEntry, OutboxEvent
from callfloor.records.customers import queries, services
from callfloor.records.customers.models import Consent
from callfloor.records.customers.tests.test_meeting import chance, meet
from callfloor.records.customers.tests.test_services import caller, take
from tests.records import scenes

pytestmark = [
    pytest.mark.db,
    pytest.mark.django_db(databases=["default", "keys"]),
    pytest.mark.usefixtures("scene"),
]


@pytest.fixture
def nora():
    return meet(name="Nora").customer_id


def say(customer_id, given, *, purpose="marketing", channel="mail", minutes=0, who="anna"):
    services.write_consent(
        person=scenes.person(who), customer_id=customer_id, purpose=purpose, channel=channel,
        given=given, now=scenes.NOW + dt.timedelta(minutes=minutes), words="as he said",
    )  # fmt: skip


def may(customer_id, purpose="marketing", channel="mail"):
    return queries.may(customer_id=customer_id, purpose=purpose, channel=channel)


def test_nobody_allows_what_he_never_spoke_of(nora):
    assert not may(nora)
    assert not queries.refused(customer_id=nora, purpose="marketing", channel="mail")


def test_what_is_withdrawn_is_withdrawn_at_once_and_the_story_keeps_both(nora):
    """MISSION F40.5."""
    say(nora, True)
    assert may(nora)
    assert not may(nora, channel="call")
    say(nora, False, minutes=1)
    assert not may(nora)
    said = queries.consents_of(customer_ids=[nora])
    assert [(row.given, row.counts, row.words) for row in said] == [
        (False, True, "as he said"),
        (True, False, "as he said"),
    ]


def test_a_word_on_any_channel_holds_for_each(nora):
    say(nora, True)
    say(nora, False, channel="any", minutes=1)
    assert not may(nora)


def test_whoever_was_found_to_be_him_has_spoken_for_him(nora):
    other = meet("other@example.com", seed="2").customer_id
    say(nora, True)
    say(other, False, minutes=1)
    assert may(nora)
    services.merge(
        person=scenes.person("cili"), kept_id=nora, customer_id=other, now=scenes.NOW,
        chance=chance("m"),
    )  # fmt: skip
    assert not may(nora)
    assert not may(other)


def test_who_does_not_want_to_be_recorded_is_known_so_to_the_floor():
    customer = take(caller("a")).by_item["a"]
    token = ring.blind_index(kind="number", value="+3615550100")
    assert not queries.known_caller(client="acme", token=token).do_not_record
    say(customer.id, False, purpose="recording", channel="call")
    assert queries.known_caller(client="acme", token=token).do_not_record
    say(customer.id, True, purpose="recording", channel="call", minutes=1)
    assert not queries.known_caller(client="acme", token=token).do_not_record


def test_the_same_word_is_kept_once(nora):
    for _twice in range(2):
        services.keep_consent(
            customer_id=nora, purpose="survey", channel="call", given=False, at=scenes.NOW,
            evidence="call:1", now=scenes.NOW,
        )  # fmt: skip
    assert Consent.objects.count() == 1
    assert OutboxEvent.objects.filter(name="ConsentKept").count() == 1


def test_words_are_in_no_log(nora):
    say(nora, True)
    entry = AuditEntry.objects.get(action="customer.consent")
    assert entry.detail == {"purpose": "marketing", "channel": "mail", "given": True}


@pytest.mark.parametrize(("who", "refusal"), [("zoe", access.NotFound), ("ivan", access.Forbidden)])
def test_who_may_not_writes_nothing(nora, who, refusal):
    with pytest.raises(refusal):
        say(nora, True, who=who)
    assert Consent.objects.count() == 0


def test_a_purpose_that_nobody_is_asked_about_is_refused(nora):
    with pytest.raises(services.NoConsent):
        say(nora, True, purpose="everything")
    assert Consent.objects.count() == 0
