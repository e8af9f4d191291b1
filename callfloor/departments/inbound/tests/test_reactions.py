"""What follows for customers from how their calls went: refusals remembered, the last message."""

import pytest

from callfloor.kernel import events
from callfloor.kernel.keys import ring
from callfloor.records.customers import queries as customers
from callfloor.records.customers.models import Consent, Customer
from callfloor.records.customers.services import consents, identities
from callfloor.records.interactions.models import Interaction, Message
from callfloor.records.interactions.queries import messages
from tests.records import scenes

pytestmark = [pytest.mark.db, pytest.mark.django_db(databases=["default", "keys"])]

ANSWER = "csilla@example.org"


def happened(scene, call):
    """Project a call and deliver what it has published, twice as a worker may."""
    scene.write(call)
    scenes.project(scene)
    for _ in range(2):
        events.deliver(now=scenes.NOW)
    return Interaction.objects.get(id=call.item)


class TestDeclined:
    """F40: who does not want to be recorded says so once."""

    def test_a_key_pressed_is_remembered_and_the_next_call_obeys(self, scene):
        call = scene.call()
        scenes.add(call, 1, scenes.facts.NoticeGiven, refused=True, source="key")
        interaction = happened(scene, call)
        [word] = Consent.objects.filter(customer_id=interaction.customer_id)
        assert (word.purpose, word.channel, word.given) == ("recording", "call", False)
        assert (word.evidence, word.kept_by_id) == (f"call:{call.item}", None)
        assert word.at.timestamp() == call.at + 1
        token = scene.seals.token(call.number)
        assert customers.known_caller(client="acme", token=token).do_not_record

    def test_what_an_agent_was_told_stands_under_her_name(self, scene):
        call = scene.call()
        told = {"refused": True, "source": "agent", "agent": "anna"}
        scenes.add(call, 9, scenes.facts.NoticeGiven, **told)
        interaction = happened(scene, call)
        [row] = customers.consents_of(customer_ids=[interaction.customer_id])
        assert (row.kept_by, row.evidence) == ("anna", f"call:{call.item}")

    @pytest.mark.parametrize("fields", [{"refused": True, "source": "known"}, {"refused": False}])
    def test_what_was_known_before_or_not_said_is_no_news(self, scene, fields):
        call = scene.call()
        scenes.add(call, 1, scenes.facts.NoticeGiven, **fields)
        happened(scene, call)
        assert Consent.objects.count() == 0

    def test_who_allows_it_later_is_recorded_again(self, scene):
        call = scene.call()
        scenes.add(call, 1, scenes.facts.NoticeGiven, refused=True, source="key")
        interaction = happened(scene, call)
        consents.keep_consent(
            customer_id=interaction.customer_id, purpose="recording", channel="call", given=True,
            at=scenes.NOW, evidence="person:anna", now=scenes.NOW, by="anna",
        )  # fmt: skip
        token = scene.seals.token(call.number)
        assert not customers.known_caller(client="acme", token=token).do_not_record


class TestGivenUp:
    """F09.2: after the last try a message, and the contact is closed with a reason."""

    def given_up(self, scene, *, address=ANSWER, words=(), reason="no_answer"):
        """Let a callback have been tried for the last time, of a customer with an address."""
        first = scene.call()
        interaction = happened(scene, first)
        customer = Customer.objects.get(id=interaction.customer_id)
        if address:
            identities.add_identity(
                person=scenes.Someone(key="anna", may=("customers.write",)),
                customer_id=customer.id, kind="address", value=address, now=scenes.NOW,
            )  # fmt: skip
        for purpose, channel, given in words:
            consents.keep_consent(
                customer_id=customer.id, purpose=purpose, channel=channel, given=given,
                at=scenes.NOW, evidence="person:anna", now=scenes.NOW, by="anna",
            )  # fmt: skip
        call = scene.call(at=scenes.START + 900.0)
        scenes.add(call, 1, scenes.facts.CallbackGivenUp, queue="billing", reason=reason, calls=3)
        scenes.add(call, 2, scenes.facts.Closed, outcome="not_reached", queue="billing")
        closed = happened(scene, call)
        assert closed.outcome == "not_reached"
        return closed, list(Message.objects.filter(interaction=closed))

    def test_the_customer_is_written_to_once(self, scene):
        closed, [letter] = self.given_up(scene)
        assert (letter.direction, letter.state) == ("out", "to_send")
        assert letter.data == {"automatic": "callback"}
        [row] = messages.of_interaction(interaction_id=closed.id)
        assert "did not reach you" in row.text
        assert "900" in row.text

    def test_without_an_address_the_contact_says_so(self, scene):
        _, [note] = self.given_up(scene, address=None)
        assert (note.direction, note.kind, note.state) == ("note", "event", "kept")

    def test_who_wants_no_letters_gets_none(self, scene):
        closed, [note] = self.given_up(scene, words=[("contact", "mail", False)])
        assert note.direction == "note"
        [row] = messages.of_interaction(interaction_id=closed.id)
        assert row.text == "not_told_not_wanted"

    def test_who_was_erased_meanwhile_is_told_nothing(self, scene):
        call = scene.call()
        scenes.add(call, 1, scenes.facts.CallbackGivenUp, queue="billing", reason="busy", calls=3)
        scene.write(call)
        scenes.project(scene)
        interaction = Interaction.objects.get(id=call.item)
        ring.destroy(subject=f"customer:{interaction.customer_id}", now=scenes.NOW)
        events.deliver(now=scenes.NOW)
        assert Message.objects.count() == 0
        assert events.waiting() == 0
