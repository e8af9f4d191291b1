"""Written contacts: begun once, each message kept once and in order, unreadable without its key."""

import os
from datetime import timedelta

import pytest
from django.db import connection

from callfloor.kernel.keys import ring
from callfloor.kernel.models import OutboxEvent
from callfloor.records.customers.models import Customer
from callfloor.records.interactions.models import Interaction, Message
from callfloor.records.interactions.queries import messages as queries
from callfloor.records.interactions.services import CallerErased, messages
from tests.records import scenes

pytestmark = [pytest.mark.db, pytest.mark.django_db(databases=["default", "keys"])]


@pytest.fixture
def chat(scene):
    """Begin a chat of a customer who is known."""
    customer = Customer.objects.create(
        id="somebody", client_id="acme", first_seen_at=scenes.NOW, last_seen_at=scenes.NOW
    )
    ring.create(subjects=[customer.subject], now=scenes.NOW)
    return messages.begin(
        channel="chat",
        client="acme",
        called="chat",
        customer_id=customer.id,
        language="en",
        now=scenes.NOW,
        chance=os.urandom(10),
    )


def write(item, text, **fields):
    """Keep one message."""
    given = {"direction": "in", "now": scenes.NOW, **fields}
    return messages.write(interaction_id=item, text=text, **given)


def test_a_contact_that_begins_is_told_in_the_same_transaction(chat):
    row = Interaction.objects.get(id=chat)
    assert (row.channel, row.client_id, row.outcome) == ("chat", "acme", "")
    [told] = OutboxEvent.objects.filter(name="TextArrived")
    assert (told.subject, told.body["customer"]) == (f"interaction:{chat}", "somebody")


def test_messages_are_numbered_and_read_from_where_one_was(chat):
    for place in range(1, 4):
        assert write(chat, f"line {place}").number == place
    later = queries.of_interaction(interaction_id=chat, after=1)
    assert [(row.number, row.text) for row in later] == [(2, "line 2"), (3, "line 3")]


def test_a_key_is_found_by_its_index_however_long_the_chat(chat):
    """The index leaves out the empty key: a statement that does not say so reads the whole chat."""
    if connection.vendor == "sqlite":  # The other plans by how many rows there are.
        asked = messages.keyed("web:1").filter(interaction_id=chat)
        assert "message_once" in asked.explain()


def test_a_message_that_is_given_twice_is_kept_once(chat):
    """R26: a weak line makes its writer send again."""
    first = write(chat, "hello", external="key-1")
    again = write(chat, "hello", external="key-1", now=scenes.NOW + timedelta(minutes=1))
    assert (first.is_new, again.is_new) == (True, False)
    assert (again.id, again.number, again.at) == (first.id, first.number, first.at)
    assert Message.objects.count() == OutboxEvent.objects.filter(name="MessageWritten").count() == 1


def test_a_customer_reads_no_note_of_colleagues(chat):
    write(chat, "hello")
    write(chat, "he has called twice", direction="note", author="anna")
    write(chat, "good day", direction="out", author="anna")
    seen = queries.of_interaction(interaction_id=chat, for_customer=True)
    assert [row.text for row in seen] == ["hello", "good day"]


def test_nothing_is_readable_when_the_key_is_gone(chat):
    write(chat, "my secret")
    assert b"secret" not in bytes(Message.objects.get().body)
    ring.destroy(subject="customer:somebody", now=scenes.NOW)
    [row] = queries.of_interaction(interaction_id=chat)
    assert row.text == ""
    with pytest.raises(CallerErased):
        write(chat, "one more")


def test_what_is_too_long_is_refused_whole(chat):
    with pytest.raises(messages.TextTooLong):
        write(chat, "x" * (messages.CHARACTERS_MAX + 1))
    assert Message.objects.count() == 0
