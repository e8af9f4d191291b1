"""Callbacks and appointments on pages: in six languages, for whom they are, booked once."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.utils import timezone

from callfloor.core import facts
from callfloor.kernel.testing import DutyPageBattery, ObjectPageBattery, row_counts
from callfloor.records.outreach import queries
from callfloor.records.outreach.tests import test_booking
from tests.records import scenes

pytestmark = [pytest.mark.page, pytest.mark.django_db(databases=["default", "keys"])]


@pytest.fixture(autouse=True)
def customer(scene):
    """Give a customer of a client whose queue keeps appointments."""
    test_booking.apply()
    return test_booking.customer()


def appointments():
    return apps.get_model("outreach", "Appointment").objects


def first_slot():
    return queries.slots_of(queue="billing", now=timezone.now() + timedelta(hours=1))[0].begins_at


def booked(customer):
    return test_booking.book(customer, begins_at=first_slot(), now=timezone.now())


def callback(scene, *facts_, number="+3615550199"):
    """Let somebody wait to be called back."""
    call = scene.call(number=number)
    at, arrived = call.facts[0]
    plain = {name: getattr(arrived, name) for name in arrived.__dataclass_fields__}
    changed = {"direction": "callback", "born_at": at - 600.0, "of": "first"}
    call.facts[0] = (at, facts.Arrived(**(plain | changed)))
    for kind, values in facts_:
        scenes.add(call, 1, kind, queue="billing", **values)
    scene.write(call)
    scenes.project(scene)
    return call


class TestList(DutyPageBattery):
    allowed, forbidden = "anna", "ivan"

    def url(self):
        return "/promises"

    def test_shows_who_waits_first_in_line_first_and_when_the_queue_opens(self, client, scene):
        """F09: outside opening hours it waits, keeps its place and says so."""
        until = scenes.START + 86_400.0
        callback(
            scene,
            (facts.CallbackPostponed, {"reason": "closed", "calls": 0, "until": until}),
        )
        held = {"by": "his", "until": 1.0}
        callback(scene, (facts.CallbackHeld, held), number="+3615550198")
        self.sign_in(client, "anna")
        answer = client.get(self.url())
        rows = [each["row"] for each in answer.context["waiting"]]
        assert [row.state for row in rows] == ["later", "calls"]
        assert rows[0].since.timestamp() == scenes.START + 1 - 600.0
        page = answer.content.decode()
        assert "The queue opens: Tuesday" in page
        assert "calls himself just now" in page

    def test_shows_only_the_clients_of_the_reader(self, client, scene, customer):
        callback(scene)
        booked(customer)
        self.sign_in(client, "anna")
        context = client.get(self.url()).context
        assert (len(context["waiting"]), len(context["appointments"])) == (1, 1)
        self.sign_in(client, "zoe")
        assert client.get(self.url()).status_code in (200, 403)
        assert appointments().count() == 1

    def test_shows_what_became_of_those_that_are_over(self, client, customer):
        booked(customer)
        appointments().update(state="broken", reason="not_reached")
        self.sign_in(client, "anna")
        assert client.get(self.url()).context["appointments"] == []
        page = client.get(f"{self.url()}?state=over").content.decode()
        assert "nobody was reached" in page


class TestNew(ObjectPageBattery):
    allowed, foreign = "anna", "zoe"

    def url(self):
        customer = apps.get_model("customers", "Customer").objects.get()
        return f"/promises/new?customer={customer.pk}"

    def ask(self, client, customer, **fields):
        form = {"customer": customer, "queue": "billing", "begins_at": first_slot().isoformat()}
        return client.post("/promises/new", form | fields)

    def test_books_what_was_chosen_and_shows_it_at_the_customer(self, client, customer):
        self.sign_in(client, "anna")
        answer = self.ask(client, customer, about="the purple teapot", preferred="bela")
        assert answer.status_code == 302
        assert "the purple teapot" in client.get("/promises").content.decode()
        assert "Béla Barta" in client.get(f"/customers/{customer}").content.decode()

    def test_a_time_that_was_taken_is_refused_and_what_was_typed_stays(self, client, customer):
        """F09.4."""
        slot = first_slot()
        booked(customer)
        self.sign_in(client, "anna")
        other = test_booking.customer("+36307654321", chance=b"d")
        answer = self.ask(client, other, begins_at=slot.isoformat(), about="the teapot")
        assert answer.status_code == 400
        page = answer.content.decode()
        assert "This time was taken meanwhile" in page
        assert "the teapot" in page
        assert appointments().count() == 1

    @pytest.mark.parametrize("begins_at", ["", "soon", "2026-03-03T09:00:00", "9" * 40])
    def test_what_is_no_time_is_refused(self, client, customer, begins_at):
        self.sign_in(client, "anna")
        assert self.ask(client, customer, begins_at=begins_at).status_code == 400
        assert appointments().count() == 0

    def test_who_may_not_promise_has_read_nothing(self, client, customer):
        """The log of who saw whom names nobody who was shown nothing."""
        rights = scenes.person("adam").rights
        assert (rights.may("customers.read"), rights.may("promises.write")) == (True, False)
        self.sign_in(client, "adam")
        before = row_counts()
        assert client.get(self.url()).status_code == 403
        assert self.ask(client, customer).status_code == 403
        assert row_counts() == before

    def test_of_a_foreign_customer_nothing_is_booked(self, client, customer):
        self.sign_in(client, "zoe")
        before = row_counts()
        assert self.ask(client, customer).status_code == 404
        assert row_counts() == before


class TestCancel:
    def test_gives_the_place_back(self, client, customer):
        id_ = booked(customer)
        TestNew().sign_in(client, "anna")
        assert client.post(f"/promises/{id_}/cancel").status_code == 302
        assert appointments().get().state == "cancelled"

    def test_of_a_foreign_appointment_is_not_there(self, client, customer):
        id_ = booked(customer)
        TestNew().sign_in(client, "zoe")
        assert client.post(f"/promises/{id_}/cancel").status_code == 404
        assert appointments().get().state == "booked"


@pytest.mark.parametrize("address", ["/promises/{}/cancel", "/promises/new?customer={}"])
def test_a_foreign_object_answers_as_what_nobody_has(client, customer, address):
    """GET and POST, with an appointment and a customer of another client; nothing is written."""
    objects = [booked(customer), customer]
    TestNew().sign_in(client, "zoe")
    before = row_counts()
    for ask in (client.get, client.post):
        unknown = ask(address.format("nobodys")).status_code
        assert {ask(address.format(each)).status_code for each in objects} == {unknown}
        assert unknown in (404, 405)
    assert row_counts() == before
