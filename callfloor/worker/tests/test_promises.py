"""Appointments on their way to the floor, and what comes of them."""

from datetime import timedelta

import pytest

from callfloor.kernel.keys import ring
from callfloor.kernel.link import FloorAway, FloorRefused
from callfloor.records.outreach.models import Appointment
from callfloor.records.outreach.tests import test_booking
from callfloor.worker.promises import Promises
from tests.records import scenes

pytestmark = [pytest.mark.db, pytest.mark.django_db(databases=["default", "keys"])]

NINE = test_booking.NINE


class Floor:
    """The link's other end: takes, refuses, or is away."""

    def __init__(self, scene):
        self.got: list = []
        self.fault: Exception | None = None
        self.alarms: list = []
        self.promises = Promises(
            journal_path=scene.path, send=self._send, alarm=lambda *told: self.alarms.append(told)
        )

    def _send(self, message):
        if self.fault is not None:
            raise self.fault
        self.got.append(message)
        return {"type": "done", "item": message["item"]}


@pytest.fixture
def floor(scene):
    test_booking.apply()
    return Floor(scene)


def booked():
    return Appointment.objects.get(id=test_booking.book(test_booking.customer(), preferred="bela"))


class TestHandOver:
    def test_at_its_time_and_once(self, floor):
        """F09.4: it becomes a callback with its time, for who was promised."""
        row = booked()
        floor.promises.run(NINE - timedelta(seconds=1))
        assert floor.got == []
        floor.promises.run(NINE)
        floor.promises.run(NINE + timedelta(seconds=1))
        [told] = floor.got
        assert (told["queue"], told["number"], told["preferred"]) == (
            "billing", "+36301234567", "bela",
        )  # fmt: skip
        assert told["due"] == (NINE + timedelta(minutes=30)).timestamp()
        assert told["of"] == f"appointment:{row.id}"
        row.refresh_from_db()
        assert (row.state, row.item) == ("handed", told["item"])

    def test_while_the_floor_is_away_it_waits_with_the_same_item(self, floor):
        row = booked()
        floor.fault = FloorAway()
        floor.promises.run(NINE)
        row.refresh_from_db()
        assert (row.state, bool(row.item)) == ("booked", True)
        floor.fault = None
        floor.promises.run(NINE + timedelta(minutes=1))
        assert [told["item"] for told in floor.got] == [row.item]

    def test_what_the_journal_knows_is_not_told_again(self, floor, scene):
        """The answer was lost: the worker died behind it."""
        row = booked()
        floor.fault = FloorAway()
        floor.promises.run(NINE)
        row.refresh_from_db()
        scene.raw(at=1.0, name="CallbackArrived", body="{}", item=row.item)
        floor.fault = None
        floor.promises.run(NINE)
        row.refresh_from_db()
        assert (floor.got, row.state) == ([], "handed")

    def test_what_the_floor_refuses_is_broken_and_a_person_is_told(self, floor):
        row = booked()
        floor.fault = FloorRefused("bad_number")
        floor.promises.run(NINE)
        row.refresh_from_db()
        assert (row.state, row.reason) == ("broken", "bad_number")
        assert floor.alarms == [("no_callback", f"{row.id}: bad_number")]

    def test_who_was_erased_is_not_called(self, floor):
        row = booked()
        ring.destroy(subject=row.customer.subject, now=scenes.NOW)
        floor.promises.run(NINE)
        row.refresh_from_db()
        assert (floor.got, row.state, row.reason) == ([], "broken", "erased")


class TestSettle:
    def of_call(self, floor, scene, *, wait, outcome="answered"):
        """Let the call of an appointment be over; give the appointment."""
        row = booked()
        floor.promises.run(NINE)
        row.refresh_from_db()
        call = scene.call(at=NINE.timestamp())
        Appointment.objects.update(item=call.item)
        scenes.in_queue(call)
        if outcome == "answered":
            scenes.answered(call, "anna", wait=wait)
        else:
            scenes.add(call, wait, scenes.facts.Closed, outcome=outcome, queue="billing")
        scene.write(call)
        scenes.project(scene)
        floor.promises.run(NINE + timedelta(hours=1))
        row.refresh_from_db()
        return row.state, row.reason

    def test_reached_in_time_is_kept(self, floor, scene):
        assert self.of_call(floor, scene, wait=60.0) == ("kept", "")

    def test_reached_after_its_slot_is_late(self, floor, scene):
        assert self.of_call(floor, scene, wait=1900.0) == ("late", "")

    def test_not_reached_is_broken(self, floor, scene):
        told = self.of_call(floor, scene, wait=60.0, outcome="not_reached")
        assert told == ("broken", "not_reached")

    def test_that_nobody_has_heard_of_for_half_a_day_is_lost(self, floor):
        row = booked()
        floor.promises.run(NINE)
        floor.promises.run(NINE + timedelta(hours=13))
        row.refresh_from_db()
        assert (row.state, row.reason) == ("broken", "lost")
