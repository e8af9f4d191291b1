"""The page of other systems: made with a secret that is shown once, switched, removed."""

import pytest

from callfloor.connectors.webhook.models import Hook, Source
from callfloor.kernel.testing import DutyPageBattery, row_counts

pytestmark = [pytest.mark.page, pytest.mark.django_db(databases=["default", "keys"])]

TELL = {
    "act": "tell", "name": "Shop", "client": "acme", "url": "https://shop.example.org/",
    "kind": ["case.opened"],
}  # fmt: skip
HEAR = {"act": "hear", "name": "Shop", "client": "acme"}


@pytest.fixture(autouse=True)
def stands(scene):
    """Let the scene's center stand."""


class TestSystems(DutyPageBattery):
    allowed, forbidden = "mara", "anna"

    def url(self):
        return "/systems"

    @pytest.mark.parametrize(
        ("given", "model", "way"), [(TELL, Hook, "told"), (HEAR, Source, "heard")]
    )
    def test_one_is_made_switched_and_removed(self, client, given, model, way):
        self.sign_in(client, self.allowed)
        answer = client.post(self.url(), given)
        secret = answer.context["made"].secret
        assert secret in answer.content.decode()
        assert answer["Cache-Control"] == "no-store"
        assert secret not in client.get(self.url()).content.decode()
        address = f"/systems/{way}/{model.objects.get().id}"
        for act, is_on in (("off", False), ("on", True), ("off", False)):
            assert client.post(address, {"act": act}).status_code == 302
            assert model.objects.get().is_on == is_on
            assert client.get(self.url()).status_code == 200
        assert client.post(address, {"act": "remove"}).status_code == 302
        assert not model.objects.exists()

    def test_what_is_wrong_is_said_and_what_was_typed_stays(self, client):
        self.sign_in(client, self.allowed)
        before = row_counts()
        answer = client.post(self.url(), {**TELL, "url": "http://shop.example.org/"})
        assert answer.status_code == 400
        assert 'value="http://shop.example.org/"' in answer.content.decode()
        assert row_counts() == before

    @pytest.mark.parametrize(
        ("given", "model", "way"), [(TELL, Hook, "told"), (HEAR, Source, "heard")]
    )
    def test_a_foreign_one_is_not_there(self, client, given, model, way):
        self.sign_in(client, "adam")
        client.post(self.url(), given)
        address = f"/systems/{way}/{model.objects.get().id}"
        self.sign_in(client, "zoe")
        assert address.rpartition("/")[2] not in client.get(self.url()).content.decode()
        before = row_counts()
        for act in ("on", "off", "remove", ""):
            assert client.post(address, {"act": act}).status_code == 404
        assert client.get(address).status_code == 405
        assert row_counts() == before

    def test_whoever_may_not_know_of_something_is_not_offered_it(self, client):
        self.sign_in(client, "ivan")
        answer = client.get(self.url())
        assert answer.context["kinds"] == []
        assert not answer.context["may_hear"]
