"""Who holds which duty follows from roles alone, and a change tells exactly which rights move."""

import dataclasses

import pytest

from callfloor.kernel import department
from callfloor.kernel.department import Department, Duty, Role
from callfloor.kernel.organisation import Organisation, Part, moved, standard_parts

pytestmark = pytest.mark.pure

CARE = Department(
    key="care",
    name="Care",
    duties=(
        Duty(key="help", name="Help", may=("calls.take", "queues.read")),
        Duty(key="lead", name="Lead", may=("queues.read",)),
    ),
    roles=(Role(key="helper", name="Helper", duties=("care.help",)),),
)
WHOLE = Organisation(
    parts=(
        Part(key="helper", duties=("care.help",)),
        Part(key="leader", duties=("care.lead", "care.help")),
    ),
    holders={"zoe": ("leader", "helper"), "anna": ("helper",), "ben": ("guest",)},
)


@pytest.fixture(autouse=True)
def joined():
    before = department.departments(), department.roles()
    department.join(departments=(CARE,), roles=CARE.roles)
    yield
    department.join(departments=before[0], roles=before[1])


def test_a_person_has_each_duty_once():
    assert WHOLE.duties_of("zoe") == ("care.help", "care.lead")
    assert WHOLE.duties_of("ben") == ()


def test_a_duty_knows_its_holders():
    assert WHOLE.holders_of("care.help") == ("anna", "zoe")
    assert WHOLE.holders_of("care.lead") == ("zoe",)


def test_rights_are_sorted_and_name_the_duty_they_come_from():
    assert list(WHOLE.rights()) == [
        ("anna", "care.help", "calls.take"),
        ("anna", "care.help", "queues.read"),
        ("zoe", "care.help", "calls.take"),
        ("zoe", "care.help", "queues.read"),
        ("zoe", "care.lead", "queues.read"),
    ]


def test_a_change_takes_and_gives_exactly_what_moved():
    after = dataclasses.replace(WHOLE, holders={"zoe": ("leader",), "anna": ("leader",)})
    assert moved(WHOLE, after) == ([], [("anna", "care.lead", "queues.read")])
    assert moved(after, WHOLE) == ([("anna", "care.lead", "queues.read")], [])
    assert moved(WHOLE, WHOLE) == ([], [])


def test_standard_roles_sit_where_their_manifest_is():
    assert standard_parts() == (Part(key="helper", department="care", duties=("care.help",)),)
    assert department.home_of("nobody") is None
