"""Who answers for personal data sees who saw it, gives it out, holds and erases it."""

import pytest

from callfloor.kernel.testing import DutyPageBattery, ObjectPageBattery, row_counts
from callfloor.records.customers.models import Customer
from tests.records import scenes

pytestmark = [pytest.mark.page, pytest.mark.django_db(databases=["default", "keys"])]


@pytest.fixture(autouse=True)
def story(scene):
    """Give one answered call of a customer."""
    call = scene.call(name="Nora Q.")
    scenes.in_queue(call)
    scenes.answered(call, "anna")
    scene.write(call)
    scenes.project(scene)
    return scene


class TestPrivacy(ObjectPageBattery, DutyPageBattery):
    allowed, foreign, forbidden = "mara", "zoe", "anna"

    def url(self):
        return f"/customers/{Customer.objects.get().id}/privacy"

    def test_names_who_saw_the_customer_and_who_had_him_in_a_list(self, client):
        self.sign_in(client, "anna")
        client.get("/customers")
        client.get(f"/customers/{Customer.objects.get().id}")
        self.sign_in(client, "mara")
        rows = client.get(self.url()).context["rows"]
        seen = {(row.by_name, row.action) for row, _what in rows}
        assert {("Anna Árvai", "customer.read"), ("Anna Árvai", "customer.listed")} <= seen

    def test_erases_after_a_yes_and_not_before(self, client):
        self.sign_in(client, "mara")
        assert client.post(self.url(), {"act": "erase"}).status_code == 400
        assert Customer.objects.get().erased_at is None
        assert client.post(self.url(), {"act": "erase", "sure": "1"}).status_code == 302
        customer = Customer.objects.get()
        assert customer.erased_at is not None
        assert customer.emptied_at is not None

    def test_holds_with_a_reason_and_then_erases_nothing(self, client):
        self.sign_in(client, "mara")
        assert client.post(self.url(), {"act": "hold", "reason": " "}).status_code == 400
        client.post(self.url(), {"act": "hold", "reason": "a court asks"})
        assert "a court asks" in client.get(self.url()).content.decode()
        assert client.post(self.url(), {"act": "erase", "sure": "1"}).status_code == 400
        assert Customer.objects.get().erased_at is None

    def test_gives_everything_as_one_file_to_whoever_may(self, client):
        where = self.url().replace("privacy", "everything.zip")
        self.sign_in(client, "mara")
        answer = client.post(where)
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
        assert answer["Cache-Control"] == "no-store"
        for who, status in (("anna", 403), ("zoe", 404)):
            self.sign_in(client, who)
            before = row_counts()
            assert client.post(where).status_code == status
            assert row_counts() == before
