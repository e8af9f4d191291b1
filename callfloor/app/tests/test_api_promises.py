"""Promised calls over the API: the rights of the pages, booked once under one key."""

import pytest

from callfloor.app.tests.test_api_asked import Program
from callfloor.core.plan import CalendarPlan
from callfloor.kernel.models import AuditEntry
from callfloor.kernel.testing import row_counts
from callfloor.records.outreach.models import Appointment
from callfloor.records.outreach.tests import test_booking
from tests.records import api

pytestmark = [pytest.mark.page, pytest.mark.django_db(databases=["default", "keys"])]

ALWAYS = CalendarPlan(key="work", timezone="UTC", weekly=tuple((day, 0, 1440) for day in range(7)))
TIMES = "/api/promises/times"


@pytest.fixture
def program(scene, client):
    """Give the program of an agent who may promise calls."""
    test_booking.apply(calendars=(ALWAYS,))
    return Program(client, api.token("anna"))


@pytest.fixture
def customer(program):
    """Give a customer with a number."""
    return test_booking.customer()


def wanted(program, customer):
    begins_at = program.get(TIMES, queue="billing")[1][2]["begins_at"]
    return {"customer": customer, "queue": "billing", "begins_at": begins_at, "about": "teapot"}


def test_a_time_is_promised_once_under_one_key_and_called_off(program, customer):
    new = wanted(program, customer)
    first, second = (program.post("/api/appointments", new, key="a-1") for _ in range(2))
    assert first == second
    assert first[0] == 201
    [row] = program.get("/api/appointments")[1]
    assert (row["id"], row["kind"], row["about"]) == (first[1]["id"], "time", "teapot")
    assert row["begins_at"] == new["begins_at"]
    taken = [each for each in program.get(TIMES, queue="billing")[1] if each["free"] == 0]
    assert [each["begins_at"] for each in taken] == [new["begins_at"]]
    here = f"/api/appointments/{row['id']}"
    assert program.get(here) == (200, row)
    assert program.post(f"{here}/cancel", key="a-2") == (200, {"done": True})
    assert program.post(f"{here}/cancel", key="a-3")[1]["code"] == "promises.not_open"
    assert program.get("/api/appointments")[1] == []
    assert [each["state"] for each in program.get("/api/appointments", state="over")[1]] == [
        "cancelled"
    ]
    actions = AuditEntry.objects.filter(action__startswith="appointment.").order_by("number")
    assert [(each.action, each.by) for each in actions] == [
        ("appointment.booked", "anna"),
        ("appointment.cancelled", "anna"),
    ]


def test_a_call_soon_is_a_callback_without_a_time_of_its_own(program, customer):
    [offered] = program.get(TIMES, queue="billing", kind="soon")[1]
    new = {"customer": customer, "queue": "billing", "kind": "soon"}
    assert program.post("/api/appointments", new)[0] == 201
    [row] = program.get("/api/appointments")[1]
    assert (row["kind"], row["begins_at"], offered["free"]) == ("soon", row["booked_at"], 8)
    assert program.get("/api/callbacks") == (200, [])  # The floor has not taken it yet.


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"begins_at": None}, 400, "promises.no_such_slot"),
        ({"begins_at": "2026-03-03T08:00:00Z"}, 400, "promises.no_such_slot"),
        ({"number": "nora"}, 400, "promises.no_number"),
        ({"preferred": "zoe"}, 400, "promises.no_such_agent"),
        ({"customer": "nobody"}, 404, "access.not_found"),
        ({"kind": "never"}, 422, "api.invalid"),
        ({"number": "9" * 41}, 422, "api.invalid"),
    ],
)
def test_what_cannot_be_promised_is_refused_and_nothing_is_kept(
    program, customer, changes, status, code
):
    new = wanted(program, customer) | changes
    answer = program.post("/api/appointments", new)
    assert (answer[0], answer[1]["code"]) == (status, code)
    assert Appointment.objects.count() == 0


def test_another_clients_promises_are_not_there(program, customer, client):
    made = program.post("/api/appointments", wanted(program, customer))[1]["id"]
    stranger = Program(client, api.token("zoe"))
    before = row_counts(leave=("people.ApiToken",))
    new = {"customer": customer, "queue": "billing", "kind": "soon"}
    assert stranger.post("/api/appointments", new)[0] in (403, 404)
    assert stranger.get(f"/api/appointments/{made}")[0] == 404
    assert stranger.post(f"/api/appointments/{made}/cancel", "{")[0] == 404
    assert stranger.get(TIMES, queue="billing") == stranger.get(TIMES, queue="nothing")
    assert stranger.get(TIMES, queue="billing")[0] == 404
    assert row_counts(leave=("people.ApiToken",)) == before


def test_without_the_duty_nothing_is_told_and_nothing_done(program, customer, client):
    made = program.post("/api/appointments", wanted(program, customer))[1]["id"]
    other = Program(client, api.token("adam", clients=["acme"], duties=[]))
    before = row_counts(leave=("people.ApiToken",))
    for path in ("/api/appointments", "/api/callbacks", f"/api/appointments/{made}"):
        assert other.get(path)[0] == 403, path
    assert other.post(f"/api/appointments/{made}/cancel")[0] == 403
    assert row_counts(leave=("people.ApiToken",)) == before
