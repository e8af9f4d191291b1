"""A chat begins: its visitor is met, and known later by the number and address that he gave."""

import os

import pytest

from callfloor.records.customers import services as customers
from callfloor.records.customers.models import Customer, Identity
from callfloor.records.customers.queries import known_caller
from callfloor.records.interactions.models import Interaction, Message
from callfloor.records.interactions.services import chats
from tests.records import scenes

pytestmark = [pytest.mark.db, pytest.mark.django_db(databases=["default", "keys"])]

NUMBER, ADDRESS = "+36309876501", "Vera@Post.example"


def start(**fields):
    """Begin a chat."""
    given = {"visitor": "v-1", "external": "web:1", "text": "Hello", "number": NUMBER} | fields
    return chats.start(
        client="acme",
        called="chat:acme",
        language="en",
        now=scenes.NOW,
        chance=os.urandom(10),
        **given,
    )


def met(kind, value):
    """Meet whoever has this number or address."""
    return customers.meet(
        client="acme",
        kind=kind,
        value=value,
        evidence="test",
        language="en",
        now=scenes.NOW,
        chance=os.urandom(10),
    )


class TestWhatTheVisitorSays:
    def test_is_how_he_is_known_when_he_calls_and_writes(self, scene):
        begun = start(address=ADDRESS)
        [customer] = Customer.objects.all()
        for kind, value in (("number", NUMBER), ("address", ADDRESS)):
            assert met(kind, value).customer_id == customer.id
        rows = Identity.objects.exclude(kind="visitor").order_by("kind")
        said = [(row.kind, row.confidence, row.evidence) for row in rows]
        evidence = f"chat:{begun.interaction_id}"
        assert said == [("address", "said", evidence), ("number", "said", evidence)]
        token = rows.get(kind="number").index
        known = known_caller(client="acme", token=token)
        assert known is not None
        assert known.customer == customer.id

    def test_is_kept_once_however_often_it_is_sent(self, scene):
        assert start().interaction_id == start().interaction_id
        assert Identity.objects.filter(kind="number").count() == 1

    def test_that_is_anothers_stays_the_others_and_is_noted_for_who_answers(self, scene):
        """Anybody can type a number: nothing is attached, a person asks."""
        other = met("number", NUMBER).customer_id
        begun = start(name="Vera")
        row = Interaction.objects.get(id=begun.interaction_id)
        assert row.customer_id != other
        assert met("number", NUMBER).customer_id == other
        note = Message.objects.get(kind="event")
        assert (note.direction, note.data) == ("note", {"kind": "number", "may_be": [other]})

    def test_that_is_no_number_is_refused_before_anything_is_kept(self, scene):
        for wrong in ({"number": "none"}, {"address": "vera at home"}):
            with pytest.raises(customers.NoIdentity):
                start(**{"number": ""} | wrong)
        assert not Customer.objects.exists()
