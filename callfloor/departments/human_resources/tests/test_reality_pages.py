"""The pages of descriptions against reality: for whom, and that they say what the records say."""

import datetime as dt

import pytest

from callfloor.departments.human_resources import services
from callfloor.departments.human_resources.queries import reality as queries
from callfloor.departments.human_resources.rules import reality
from callfloor.departments.human_resources.tests import centre
from callfloor.kernel import access, department
from callfloor.kernel.organisation import Part
from callfloor.kernel.testing import DutyPageBattery, ObjectPageBattery
from tests.records import scenes

pytestmark = [pytest.mark.page, pytest.mark.django_db(databases=["default", "keys"])]

DAY = dt.date(2026, 3, 2)


@pytest.fixture(autouse=True)
def applied(scene):
    """Give a centre in which somebody was on the line."""
    centre.apply()
    made = [scene.call(at=scenes.START + 60 * number) for number in range(2)]
    for call, agent in zip(made, ("anna", "bela"), strict=True):
        scenes.in_queue(call)
        scenes.answered(call, agent, wait=5.0)
    scene.write(*made)
    scenes.project(scene)
    return scene


def compared(key, *, by="mara"):
    return queries.compared_one(
        person=scenes.person(by), key=key, today=DAY, days=30, include_simulated=False
    )


def test_what_the_records_say_is_held_against_the_roles():
    found = compared("anna").found
    (row,) = found.kinds
    assert (row.key, row.parts, row.said_by) == ("calls_in", 1, ("inbound.take_calls",))
    assert row.seconds > 0
    assert found.verdict == "too_little"


def test_a_description_that_was_issued_counts_and_not_what_the_role_is_by_now():
    services.issue(person=scenes.person("hana"), key="agent", now=scenes.NOW, chance=b"0123456789")
    parts = (Part(key="agent", department="inbound", duties=("inbound.lead_team",)),)
    centre.apply(parts=(*parts, *centre.PARTS[1:]))
    (row,) = compared("anna").found.kinds
    assert row.said_by == ("inbound.take_calls",)


def test_work_for_clients_of_others_is_not_counted():
    assert compared("anna", by="zoe").found.parts == 0
    with pytest.raises(access.NotFound):
        compared("bela", by="zoe")


def test_every_duty_that_covers_work_is_one():
    assert {duty for kind in reality.KINDS.values() for duty in kind} <= department.duties().keys()


class TestList(DutyPageBattery):
    allowed, forbidden = "mara", "gala"

    def url(self):
        return "/jobs/reality"


class TestOne(ObjectPageBattery, DutyPageBattery):
    allowed, forbidden, foreign = "mara", "gala", "zoe"

    def url(self):
        return "/jobs/reality/bela"
