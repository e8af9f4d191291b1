"""A customer asks for a call himself: once, at his own number, and only what can be kept."""

from datetime import UTC, datetime, timedelta

import pytest

from callfloor.kernel import access, fields
from callfloor.kernel.keys import ring
from callfloor.kernel.models import AuditEntry
from callfloor.records.cases.models import CaseEvent
from callfloor.records.customers import rules as numbers
from callfloor.records.outreach import queries
from callfloor.records.outreach.models import Appointment
from callfloor.records.outreach.queries import asked, slots
from callfloor.records.outreach.services import asking, booking, handing
from callfloor.records.outreach.tests import test_booking
from tests.records import cases, scenes

pytestmark = [pytest.mark.db, pytest.mark.django_db(databases=["default", "keys"])]

NOW = scenes.NOW  # Monday, 13 o'clock in Budapest; the queue is open from 9 to 17.
HOUR = timedelta(hours=1)
NINE = test_booking.NINE
NUMBER = "+36 30 123 4567"
E164 = "+36301234567"


@pytest.fixture
def matter(scene):
    test_booking.apply()
    return cases.opened(cases.customer(language="en"), language="en")


def wish(**changes):
    values = {
        "kind": "soon", "queue": "billing", "begins_at": None,
        "number": NUMBER, "about": "", "agrees": True,
    }  # fmt: skip
    return asking.Wish(**(values | changes))


def ask(row, *, now=NOW, chance=b"a", **changes):
    return asking.for_case(
        reference=row.reference, wish=wish(**changes), now=now, chance=chance * 20
    )


def visit(*, now=NOW, chance=b"v", **changes):
    return asking.for_visitor(
        client="acme", key="acme", name="Nora Q.", wish=wish(**changes), language="fa", now=now,
        chance=chance * 20,
    )  # fmt: skip


def number_of(row):
    key = ring.get(subjects=[row.customer.subject])[row.customer.subject]
    return fields.decrypt(row, "number", key=key)


class TestOfCase:
    def test_soon_goes_to_the_floor_at_once_with_its_promise(self, matter):
        ask(matter, about="the purple teapot")
        row = Appointment.objects.get()
        assert (row.kind, row.begins_at, row.ends_at) == ("soon", NOW, NOW + 4 * HOUR)
        assert (number_of(row), row.booked_by_id, row.customer_id) == (E164, None, "nora")
        [handed] = handing.due(now=NOW)
        assert (handed.number, handed.queue, handed.due) == (E164, "billing", NOW + 4 * HOUR)
        person = scenes.Someone(key="anna", may=("promises.read",))
        [shown] = queries.appointments(person=person)
        assert shown.about == f"{matter.reference} · the purple teapot"
        [entry] = AuditEntry.objects.filter(action="appointment.booked")
        assert (entry.by, entry.about) == ("customer", "customer:nora")

    def test_a_window_and_a_time_take_their_own_places(self, matter):
        [first, *_] = slots.times_of(kind="window", queue="billing", now=NOW + 19 * HOUR)
        assert (first.begins_at, first.ends_at, first.free) == (NINE, NINE + 2 * HOUR, 4)
        ask(matter, kind="window", begins_at=NINE, now=NOW)
        other = cases.opened(cases.customer("vera"), language="en")
        ask(other, kind="time", begins_at=NINE, chance=b"b")
        third = cases.opened(cases.customer("zita"), language="en")
        with pytest.raises(booking.SlotTaken):
            ask(third, kind="time", begins_at=NINE, chance=b"c")
        ask(third, kind="window", begins_at=NINE, chance=b"c")
        kept = Appointment.objects.order_by("kind", "place").values_list("kind", "place")
        assert list(kept) == [("time", 0), ("window", 0), ("window", 1)]

    def test_he_is_told_and_colleagues_read_it_in_the_case(self, matter):
        cases.services.attach(
            case_id=matter.id, by=None, now=NOW,
            interaction_id=cases.contact(cases.Customer.objects.get(), channel="mail"),
        )  # fmt: skip
        ask(matter, kind="time", begins_at=NINE)
        [told] = CaseEvent.objects.filter(kind="told")
        assert told.data == {"template": "call_promised"}
        key = ring.get(subjects=["customer:nora"])["customer:nora"]
        words = fields.decrypt(told, "text", key=key)
        assert matter.reference in words
        assert "09:00–09:30" in words

    def test_without_a_number_he_is_called_at_his_own(self, scene):
        test_booking.apply()
        known = cases.Customer.objects.get(id=test_booking.customer("+36307654321"))
        ask(cases.opened(known), number=" ")
        assert number_of(Appointment.objects.get()) == "+36307654321"

    def test_a_second_one_waits_until_the_first_is_called_off_and_a_fourth_for_tomorrow(
        self, matter
    ):
        for chance in (b"a", b"b", b"c"):
            made = ask(matter, chance=chance)
            with pytest.raises(asking.AskedAlready):
                ask(matter, chance=b"x")
            asking.call_off(reference=matter.reference, appointment_id=made.id, now=NOW)
        with pytest.raises(asking.AskedTooOften):
            ask(matter, chance=b"d")
        ask(matter, now=NOW + timedelta(days=1, seconds=1), chance=b"d")
        assert Appointment.objects.filter(state="booked").count() == 1

    def test_another_cases_call_is_not_called_off(self, matter):
        made = ask(matter)
        other = cases.opened(cases.customer("vera"))
        with pytest.raises(access.NotFound):
            asking.call_off(reference=other.reference, appointment_id=made.id, now=NOW)
        Appointment.objects.update(state="handed")
        with pytest.raises(booking.NotOpen):
            asking.call_off(reference=matter.reference, appointment_id=made.id, now=NOW)
        assert Appointment.objects.get().state == "handed"

    @pytest.mark.parametrize(
        ("changes", "refusal"),
        [
            ({"agrees": False}, asking.NotAgreed),
            ({"number": "112"}, booking.NoNumber),
            ({"number": "0630 123 4567"}, booking.NoNumber),
            ({"number": "nora"}, booking.NoNumber),
            ({"number": ""}, booking.NoNumber),
            ({"kind": "now"}, booking.NoSuchSlot),
            ({"kind": "time"}, booking.NoSuchSlot),
            ({"kind": "time", "begins_at": NINE + timedelta(minutes=1)}, booking.NoSuchSlot),
            ({"kind": "window", "begins_at": NINE + HOUR}, booking.NoSuchSlot),
            ({"queue": "orders"}, booking.NoSuchSlot),
            ({"queue": "zeta_help"}, booking.NoSuchSlot),
        ],
    )
    def test_what_cannot_be_promised_is_refused_and_nothing_is_kept(self, matter, changes, refusal):
        events = CaseEvent.objects.count()
        with pytest.raises(refusal):
            ask(matter, **changes)
        assert (Appointment.objects.count(), CaseEvent.objects.count()) == (0, events)

    def test_no_more_are_called_soon_than_can_be(self, matter):
        places = slots.times_of(kind="soon", queue="billing", now=NOW)[0].places
        for count in range(places):
            who = cases.opened(cases.customer(f"c{count}"))
            ask(who, chance=bytes([count]))
        with pytest.raises(booking.SlotTaken):
            ask(matter, chance=b"z")
        assert Appointment.objects.count() == places == 8
        assert asked.offer(client="acme", queue="billing", now=NOW).soon_by is None


class TestOfChat:
    def test_he_is_met_by_his_number_as_if_he_had_called(self, scene):
        test_booking.apply()
        known = test_booking.customer(E164)
        visit()
        row = Appointment.objects.get()
        assert (row.customer_id, row.origin, number_of(row)) == (known, "chat:acme", E164)

    def test_one_number_has_one_call_whoever_gives_it(self, scene):
        test_booking.apply()
        visit()
        with pytest.raises(asking.AskedAlready):
            visit(number=E164, chance=b"w")
        assert Appointment.objects.count() == 1

    def test_what_he_asked_for_in_his_case_is_not_told_to_who_knows_his_number(self, scene):
        test_booking.apply()
        known = cases.Customer.objects.get(id=test_booking.customer(E164))
        ask(cases.opened(known))
        assert visit().is_open

    @pytest.mark.parametrize(
        ("changes", "refusal"),
        [
            ({"agrees": False}, asking.NotAgreed),
            ({"number": ""}, booking.NoNumber),
            ({"number": "+36 90 123456"}, booking.NoNumber),
            ({"queue": "nowhere"}, booking.NoSuchSlot),
        ],
    )
    def test_what_is_refused_leaves_nobody_behind(self, scene, changes, refusal):
        test_booking.apply()
        with pytest.raises(refusal):
            visit(**changes)
        assert Appointment.objects.count() == 0
        assert not cases.Customer.objects.exists()


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("+36 30 123 4567", E164),
        ("0036 (30) 123-4567", E164),
        ("+۳۶ ۳۰ ۱۲۳ ۴۵۶۷", E164),
        ("06 30 123 4567", None),
        ("112", None),
        ("+36 90 123456", None),
        ("+999 1234567", None),
        ("+36 30", None),
        ("", None),
        ("9" * 500, None),
    ],
)
def test_only_numbers_that_some_country_has_are_called(typed, found):
    assert numbers.dialable(typed) == found


def test_an_evening_promises_the_morning(scene):
    test_booking.apply()
    evening = datetime(2026, 3, 2, 19, 0, tzinfo=UTC)
    assert asked.offer(client="acme", queue="", now=evening).soon_by == NINE + 4 * HOUR
    late = datetime(2026, 3, 2, 15, 40, tzinfo=UTC)  # Twenty minutes before closing.
    assert asked.offer(client="acme", queue="", now=late).soon_by == NINE + 4 * HOUR
    assert asked.offer(client="zeta", queue="", now=late) is None
