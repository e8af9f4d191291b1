"""The floor's question is answered with keys of the records, for the right client only."""

import base64

import pytest

from callfloor.kernel import journal
from callfloor.kernel.keys import ring
from callfloor.records.customers import services as customers
from callfloor.records.customers.models import Customer
from callfloor.worker.recogniser import Recogniser
from tests.records import scenes

pytestmark = [
    pytest.mark.db,
    pytest.mark.django_db(transaction=True, databases=["default", "keys"]),
]


@pytest.fixture
def known(scene):
    """Give a customer of one client who has called and has a language."""
    call = scene.call(name="Éva")
    scene.write(call)
    scenes.project(scene)
    Customer.objects.update(language="hu", priority_seconds=30.0, preferred_agent="anna")
    return Customer.objects.get()


def ask(scene, message):
    made = Recogniser(journal_path=scene.path)
    try:
        return made._known(message)
    finally:
        made.close()


TOKEN = "+3615550100"


class TestKnown:
    def test_a_customer_is_told_by_keys_only(self, scene, known):
        token = ring.blind_index(kind="number", value=TOKEN)
        assert ask(scene, {"item": "i", "caller": token, "client": "acme"}) == {
            "customer": known.id,
            "language": "hu",
            "priority_seconds": 30.0,
            "preferred_agent": "anna",
        }

    def test_who_wants_no_recording_need_not_say_it_twice(self, scene, known):
        token = ring.blind_index(kind="number", value=TOKEN)
        customers.write_consent(
            person=scenes.person("anna"), customer_id=known.id, purpose="recording",
            channel="call", given=False, now=scenes.NOW, words="never record me",
        )  # fmt: skip
        assert ask(scene, {"item": "i", "caller": token, "client": "acme"})["do_not_record"] is True

    def test_the_client_is_read_from_the_journal_if_it_was_not_told(self, scene, known):
        token = ring.blind_index(kind="number", value=TOKEN)
        again = scene.call()
        scene.write(again)
        assert ask(scene, {"item": again.item, "caller": token})["customer"] == known.id

    @pytest.mark.parametrize("client", ["zeta", "nobody"])
    def test_another_client_does_not_know_him(self, scene, known, client):
        token = ring.blind_index(kind="number", value=TOKEN)
        assert ask(scene, {"item": "i", "caller": token, "client": client}) == {}

    def test_who_hides_his_number_is_nobody(self, scene, known):
        assert ask(scene, {"item": "i", "caller": None, "client": "acme"}) == {}
        assert ask(scene, {"item": "gone", "caller": "0" * 32}) == {}


class TestKey:
    def test_the_key_of_an_item_opens_what_was_sealed_under_it(self, scene):
        call = scene.call(name="Éva")
        scene.write(call)
        key = base64.b64decode(ask(scene, {"item": call.item, "want": "key"})["key"])
        with journal.opened(scene.path) as opened:
            wrapped = opened.seals(items=[call.item])[call.item]
        assert key == ring.item_key(wrapped)

    def test_an_item_that_is_not_there_has_none(self, scene):
        assert ask(scene, {"item": "gone", "want": "key"}) == {}
