"""Appointments: booked once, called off, and only where they can be kept."""

import dataclasses
import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from callfloor.core import codec
from callfloor.core.plan import CalendarPlan
from callfloor.kernel import access, fields
from callfloor.kernel.keys import ring
from callfloor.records.customers import services as customers
from callfloor.records.outreach import queries
from callfloor.records.outreach.models import Appointment
from callfloor.records.outreach.services import booking
from callfloor.records.routing import services as routing
from tests.records import scenes

pytestmark = [pytest.mark.db, pytest.mark.django_db(databases=["default", "keys"])]

NOW = scenes.NOW
NINE = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)  # Tuesday, nine o'clock in Budapest.
ANNA = scenes.Someone(key="anna", may=("promises.read", "promises.write"))


def plan(at_once=1):
    """Give the scene's plan with appointments in its first queue."""
    first, *others = scenes.plan().queues
    weekly = tuple((day, 540, 1020) for day in range(5))
    calendar = CalendarPlan(key="work", timezone="Europe/Budapest", weekly=weekly)
    queue = dataclasses.replace(first, hours="work", appointments_max=at_once)
    return dataclasses.replace(scenes.plan(), queues=(queue, *others), calendars=(calendar,))


def apply(at_once=1, **changes):
    """Let a plan hold, by a version of its own: an opened plan is kept by its version."""
    changed = dataclasses.replace(plan(at_once), **changes)
    version = hashlib.sha256(codec.dumps(changed).encode()).hexdigest()
    routing.apply_centre(
        plan=dataclasses.replace(changed, version=version[:12]),
        people=scenes.people(), names=scenes.NAMES,
        dispositions=scenes.DISPOSITIONS, now=NOW + timedelta(seconds=at_once),
    )  # fmt: skip


def customer(number="+36301234567", client="acme", chance=b"c"):
    return customers.meet(
        client=client, kind="number", value=number, evidence="call:x", language="hu", now=NOW,
        chance=chance * 20, name="Csilla",
    ).customer_id  # fmt: skip


def book(customer_id, *, begins_at=NINE, chance=b"b", person=ANNA, **fields):
    values = {"queue": "billing", "now": NOW, "chance": chance * 20} | fields
    return booking.book(person=person, customer_id=customer_id, begins_at=begins_at, **values)


class TestBook:
    def test_keeps_number_time_and_who_promised_it(self, scene):
        apply()
        id_ = book(customer(), preferred="bela", about="the purple teapot")
        row = Appointment.objects.get(id=id_)
        key = ring.get(subjects=[row.customer.subject])[row.customer.subject]
        assert fields.decrypt(row, "number", key=key) == "+36301234567"
        assert (row.begins_at, row.ends_at) == (NINE, NINE + timedelta(minutes=30))
        [shown] = queries.appointments(person=ANNA)
        assert (shown.about, shown.preferred_name) == ("the purple teapot", "Béla Barta")

    def test_two_in_the_same_slot_with_one_agent_are_refused_at_booking_time(self, scene):
        """F09.4."""
        apply()
        book(customer())
        with pytest.raises(booking.SlotTaken):
            book(customer("+36307654321", chance=b"d"), chance=b"e")
        assert Appointment.objects.count() == 1
        free = {each.begins_at: each.free for each in queries.slots_of(queue="billing", now=NOW)}
        assert (free[NINE], free[NINE + timedelta(minutes=30)]) == (0, 1)

    def test_as_many_as_it_has_places(self, scene):
        apply(2)
        book(customer())
        book(customer("+36307654321", chance=b"d"), chance=b"e")
        with pytest.raises(booking.SlotTaken):
            book(customer("+36307654322", chance=b"f"), chance=b"g")
        slots = {each.begins_at: each.free for each in queries.slots_of(queue="billing", now=NOW)}
        assert (slots[NINE], slots[NINE + timedelta(minutes=30)]) == (0, 2)

    def test_a_place_that_was_given_back_can_be_taken(self, scene):
        apply()
        id_ = book(customer())
        booking.cancel(person=ANNA, appointment_id=id_, now=NOW)
        with pytest.raises(booking.NotOpen):
            booking.cancel(person=ANNA, appointment_id=id_, now=NOW)
        assert book(customer("+36307654321", chance=b"d"), chance=b"e")
        assert len(queries.appointments(person=ANNA)) == 1

    @pytest.mark.parametrize(
        ("changes", "refusal"),
        [
            ({"begins_at": NINE + timedelta(minutes=10)}, booking.NoSuchSlot),
            ({"begins_at": NINE + timedelta(hours=9)}, booking.NoSuchSlot),
            ({"begins_at": NINE - timedelta(days=1)}, booking.NoSuchSlot),
            ({"queue": "orders"}, booking.NoSuchSlot),
            ({"queue": "nowhere"}, booking.NoSuchSlot),
            ({"number": "nora"}, booking.NoNumber),
            ({"preferred": "zoe"}, booking.NoSuchAgent),
            ({"about": "x" * 501}, booking.TooLong),
            ({"person": scenes.Someone(key="anna", may=("promises.read",))}, access.Forbidden),
            ({"person": scenes.Someone(clients=("zeta",), may=("promises.write",))},
             access.NotFound),
        ],
    )  # fmt: skip
    def test_what_cannot_be_promised_is_refused_and_nothing_is_kept(self, scene, changes, refusal):
        apply()
        who = customer()
        with pytest.raises(refusal):
            book(who, **changes)
        assert Appointment.objects.count() == 0

    def test_another_clients_customer_has_no_time_in_this_queue(self, scene):
        apply()
        both = scenes.Someone(key="cili", clients=("acme", "zeta"), may=("promises.write",))
        with pytest.raises(booking.NoSuchSlot):
            book(customer(client="zeta"), person=both)

    def test_a_foreign_appointment_cannot_be_called_off(self, scene):
        apply()
        id_ = book(customer())
        foreign = scenes.Someone(clients=("zeta",), may=("promises.write",))
        with pytest.raises(access.NotFound):
            booking.cancel(person=foreign, appointment_id=id_, now=NOW)
        assert Appointment.objects.get().state == "booked"


class Rival:
    """Somebody who takes the place between our look and our booking, on the same database."""

    def __init__(self, row):
        self._row = row
        self._has_looked = False

    def __call__(self, execute, sql, params, many, context):
        if self._has_looked and sql.startswith("SAVEPOINT") and self._row is not None:
            row, self._row = self._row, None
            row.save(force_insert=True)
        self._has_looked |= sql.startswith("SELECT") and '"place"' in sql
        return execute(sql, params, many, context)


@pytest.mark.parametrize("at_once", [1, 2])
def test_two_at_once_are_one(scene, at_once):
    """F09.4: both have seen the place free; the database gives it to one, the next to the other."""
    apply(at_once)
    first = Appointment.objects.get(id=book(customer()))
    first.delete()
    mine = customer("+36307654321", chance=b"d")
    with connection.execute_wrapper(Rival(first)):
        if at_once == 1:  # Nothing stands then: the refusal undoes the rival's row as well.
            with pytest.raises(booking.SlotTaken):
                book(mine, chance=b"e")
        else:
            book(mine, chance=b"e")
            places = Appointment.objects.order_by("place").values_list("place", "customer_id")
            assert list(places) == [(0, first.customer_id), (1, mine)]
