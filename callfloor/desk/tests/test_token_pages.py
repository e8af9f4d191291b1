"""The page of tokens: made and shown once, listed without their secret, revoked."""

import pytest

from callfloor.kernel.testing import DutyPageBattery, row_counts
from tests.records.scenes import ApiToken

pytestmark = [pytest.mark.page, pytest.mark.django_db(databases=["default", "keys"])]

GIVEN = {"name": "Shop", "days": "30", "client": ["acme"], "duty": ["management.run_centre"]}


@pytest.fixture(autouse=True)
def stands(scene):
    """Let the scene's center stand."""


class TestTokens(DutyPageBattery):
    allowed, forbidden = "mara", "anna"

    def url(self):
        return "/tokens"

    def test_one_is_made_and_shown_once(self, client):
        self.sign_in(client, self.allowed)
        answer = client.post(self.url(), GIVEN)
        text = answer.context["made"].text
        assert text in answer.content.decode()
        assert answer["Cache-Control"] == "no-store"
        assert text not in client.get(self.url()).content.decode()
        asked = client.get("/api/me", headers={"Authorization": f"Bearer {text}"})
        assert asked.json()["clients"] == ["acme"]
        row = ApiToken.objects.get()
        assert client.post(f"/tokens/{row.id}").status_code == 302
        again = client.get("/api/me", headers={"Authorization": f"Bearer {text}"})
        assert again.status_code == 401

    @pytest.mark.parametrize("wrong", [{"days": "x"}, {"duty": []}, {"name": ""}])
    def test_what_is_wrong_is_said_and_what_was_typed_stays(self, client, wrong):
        self.sign_in(client, self.allowed)
        before = row_counts()
        answer = client.post(self.url(), GIVEN | wrong)
        assert answer.status_code == 400
        assert answer.context["error"]
        assert answer.context["said_clients"] == ["acme"]
        assert row_counts() == before

    def test_a_foreign_one_is_not_there(self, client):
        self.sign_in(client, "adam")
        client.post(self.url(), GIVEN)
        row = ApiToken.objects.get()
        self.sign_in(client, "zoe")
        assert client.post(f"/tokens/{row.id}").status_code == 404
        assert client.get(f"/tokens/{row.id}").status_code == 405
        assert ApiToken.objects.get().revoked_at is None
