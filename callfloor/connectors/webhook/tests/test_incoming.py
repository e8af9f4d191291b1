"""What other systems say becomes contacts and cases: signed, once, for their own client."""

import json

import pytest

from callfloor.connectors.webhook import incoming, signing, sources
from callfloor.connectors.webhook.hooks import NoName
from callfloor.connectors.webhook.models import Heard, Source
from callfloor.kernel import access
from callfloor.kernel.testing import row_counts
from callfloor.records.cases.models import Case
from callfloor.records.customers.models import Customer
from callfloor.records.interactions.models import Interaction, Message
from callfloor.records.interactions.queries import messages
from callfloor.records.people.models import PersonClient
from callfloor.records.routing.models import Number
from tests.records import scenes

pytestmark = [pytest.mark.db, pytest.mark.django_db(databases=["default", "keys"])]

NOW = scenes.NOW
SECRET = bytes(range(32))
SENDER = {"kind": "external", "value": "shop-77", "name": "Vera"}
MESSAGE = {"type": "message", "sender": SENDER, "text": "Where is my parcel?"}
MATTER = {
    "type": "case", "kind": "request", "sender": SENDER, "subject": "Parcel", "text": "Find it",
}  # fmt: skip


@pytest.fixture
def source(scene):
    """Let a shop speak for Acme, whose customers may write."""
    Number.objects.create(number="chat:acme", client_id="acme", flow="main", language="en")
    return sources.make(
        person=scenes.person("mara"), client="acme", name="Shop", secret=SECRET, now=NOW,
        chance=b"0" * 10,
    ).id  # fmt: skip


def say(source, said, *, id_="m-1", secret=SECRET, at=NOW, now=NOW, number=1):
    """Let a system say something."""
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    given = signing.headers(secret=secret, id_=id_, timestamp=int(at.timestamp()), body=body)
    return incoming.receive(
        source=source, given=given, body=body, now=now, chance=number.to_bytes(10, "big")
    )


def test_r27_the_same_message_five_times_is_one_contact_with_one_message(source):
    taken = {say(source, MESSAGE, number=number) for number in range(1, 6)}
    (only,) = taken
    assert Interaction.objects.get().id == only.interaction
    assert Message.objects.get().direction == "in"
    assert Customer.objects.count() == 1
    (row,) = messages.of_interaction(interaction_id=only.interaction)
    assert row.text == "Where is my parcel?"


def test_the_next_message_of_a_customer_goes_into_his_open_contact(source):
    first = say(source, MESSAGE)
    second = say(source, {**MESSAGE, "text": "Hello?"}, id_="m-2", number=2)
    assert first == second
    assert Message.objects.count() == 2
    Interaction.objects.update(outcome="message_left", ended_at=NOW)
    third = say(source, {**MESSAGE, "text": "Once more"}, id_="m-3", number=3)
    assert third.interaction != first.interaction


def test_a_matter_becomes_one_case_in_the_line(source):
    taken = {say(source, MATTER, number=number) for number in range(1, 6)}
    (only,) = taken
    case = Case.objects.get()
    assert (case.id, case.reference, case.kind) == (only.case, only.reference, "request")
    assert case.promised_at is not None


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"secret": bytes(32)}, incoming.NotSigned),
        ({"at": NOW.replace(hour=11, minute=54)}, incoming.NotSigned),
        ({"at": NOW.replace(minute=6)}, incoming.NotSigned),
        ({"id_": ""}, incoming.NotSigned),
    ],
)
def test_what_is_not_signed_is_not_taken(source, said, fault):
    before = row_counts()
    with pytest.raises(fault):
        say(source, MESSAGE, **said)
    assert row_counts() == before


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"\xff", b'{"type":"other"}', {**MESSAGE, "text": ""},
        {**MESSAGE, "more": 1}, {**MESSAGE, "text": "a\x00b"}, {**MATTER, "kind": "incident"},
        {**MESSAGE, "sender": {"kind": "visitor", "value": "secret"}},
    ],
)  # fmt: skip
def test_what_is_not_understood_is_not_taken(source, body):
    before = row_counts()
    with pytest.raises(incoming.NotUnderstood):
        say(source, body)
    assert row_counts() == before


def test_what_is_too_large_is_not_taken(source):
    with pytest.raises(incoming.TooLarge):
        say(source, b"x" * (incoming.BODY_BYTES_MAX + 1))


def test_what_was_refused_may_be_said_again(source):
    with pytest.raises(incoming.customers.NoIdentity):
        say(source, {**MESSAGE, "sender": {"kind": "address", "value": "nobody"}})
    assert not Heard.objects.exists()
    assert say(source, MESSAGE).interaction


def test_a_client_without_an_address_takes_no_messages(source):
    Number.objects.all().delete()
    with pytest.raises(incoming.NoLine):
        say(source, MESSAGE)
    assert not Customer.objects.exists()


def test_nobody_speaks_who_was_switched_off_or_whose_owner_has_left(source):
    sources.switch(person=scenes.person("mara"), source=source, on=False, now=NOW)
    with pytest.raises(access.NotFound):
        say(source, MESSAGE)
    sources.switch(person=scenes.person("mara"), source=source, on=True, now=NOW)
    PersonClient.objects.filter(person_id="mara", client_id="acme").delete()
    with pytest.raises(access.NotFound):
        say(source, MESSAGE)
    assert not Interaction.objects.exists()


@pytest.mark.parametrize(
    ("key", "client", "name", "fault"),
    [
        ("anna", "acme", "Shop", access.Forbidden),
        ("ivan", "acme", "Shop", access.Forbidden),
        ("zoe", "acme", "Shop", access.NotFound),
        ("mara", "acme", " ", NoName),
    ],
)
def test_who_may_let_a_system_speak(scene, key, client, name, fault):
    with pytest.raises(fault):
        sources.make(
            person=scenes.person(key), client=client, name=name, secret=SECRET, now=NOW,
            chance=b"0" * 10,
        )  # fmt: skip
    assert not Source.objects.exists()


def test_removed_by_whoever_may_and_found_by_nobody_else(source):
    with pytest.raises(access.NotFound):
        sources.remove(person=scenes.person("zoe"), source=source, now=NOW)
    assert [row.id for row in sources.sources(person=scenes.person("mara"))] == [source]
    assert sources.sources(person=scenes.person("zoe")) == []
    sources.remove(person=scenes.person("mara"), source=source, now=NOW)
    assert not Source.objects.exists()
