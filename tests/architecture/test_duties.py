"""The manifests fit together: what a duty names exists, and nobody is his own judge by standard."""

from pathlib import Path

import pytest

from callfloor.app import manifests
from callfloor.kernel import department, duties, reference
from callfloor.kernel.competences import COMPETENCES
from callfloor.kernel.kpis import KPIS
from callfloor.kernel.learning import ARTICLES, LESSONS
from tests.architecture import sources

pytestmark = pytest.mark.pure

BEFORE_DUTIES_WERE_SPLIT = {
    "agent": {
        *("calls.take", "customers.read", "interactions.listen_own", "interactions.note"),
        *("interactions.read", "queues.read", "wallboard.see"),
    },
    "team_leader": {
        *("calls.take", "customers.read", "customers.write", "floor.lead", "floor.see"),
        *("floor.supervise", "interactions.listen", "interactions.listen_own"),
        *("interactions.note", "interactions.read", "people.read", "queues.read"),
        "wallboard.see",
    },
    "manager": {
        *("audit.read", "customers.erase", "customers.read", "customers.write", "engine.see"),
        *("floor.lead", "floor.see", "interactions.listen", "interactions.note"),
        *("interactions.read", "people.read", "queues.read", "wallboard.see"),
    },
    "it_support": {"engine.see", "people.read", "plan.apply", "queues.read", "wallboard.see"},
}
"""What people of existing centers may do, which an update must not take away."""


@pytest.fixture(autouse=True)
def joined():
    manifests.join()


def test_every_folder_is_joined():
    folders = {
        path.parent.name for path in sources.ROOT.glob("callfloor/departments/*/department.py")
    }
    assert {place.key for place in department.departments()} == folders


def test_both_lines_of_a_department_end_in_one():
    keys = {place.key for place in department.departments()}
    lines = [(place.host, place.supervised_by) for place in department.departments()]
    assert {end for line in lines for end in line if end is not None} <= keys
    sales = next(place for place in department.departments() if place.key == "sales")
    assert (sales.host, sales.supervised_by) == ("management", "marketing")


@pytest.mark.parametrize(
    ("attribute", "catalogue"),
    [
        ("may", duties.PERMISSIONS),
        ("kpis", KPIS),
        ("skills", COMPETENCES),
        ("articles", ARTICLES),
        ("lessons", LESSONS),
    ],
)
def test_what_a_duty_names_is_in_a_catalogue_and_the_other_way_round(attribute, catalogue):
    named = {each for _, duty in department.duties().values() for each in getattr(duty, attribute)}
    assert named == set(catalogue)


def test_duties_that_exclude_one_another_exist_and_no_standard_role_has_both():
    for key, (_, duty) in department.duties().items():
        for other in duty.apart_from:
            assert other in department.duties(), key
            both = [r.key for r in department.roles() if {key, other} <= set(r.duties)]
            assert both == [], f"{both} with {key} and {other}"


def test_what_is_decided_can_be_decided_by_two_roles():
    for key, (_, duty) in department.duties().items():
        if duty.decides is not None:
            assert len([role for role in department.roles() if key in role.duties]) >= 2, key


def test_everybody_who_works_here_sees_the_organisation_and_the_direction():
    everybody = {role.key for role in department.roles()} - {"client_viewer"}
    for key in everybody:
        may = department.permissions_of((key,))
        assert {"organisation.see", "direction.see", "jobs.see"} <= may, key
    assert "people.read" not in department.permissions_of(("client_viewer",))


@pytest.mark.parametrize("role", BEFORE_DUTIES_WERE_SPLIT)
def test_an_old_role_keeps_what_it_had(role):
    assert BEFORE_DUTIES_WERE_SPLIT[role] <= department.permissions_of((role,))


def test_the_reference_lists_each_role_with_exactly_its_permissions():
    page = (sources.ROOT / "docs/reference/access.md").read_text(encoding="utf-8")
    lines = [line for line in page.splitlines() if " May: " in line]
    listed = {
        (line.split("`")[1], permission)
        for line in lines
        for permission in line.partition(" May: ")[2].replace("`", "").split(", ")
    }
    enforced = {
        (role.key, permission)
        for role in department.roles()
        for permission in department.permissions_of((role.key,))
    }
    assert listed == enforced


def test_the_reference_is_what_the_manifests_say():
    for name in ("access", "kpis", "competences"):
        page = Path(sources.ROOT / f"docs/reference/{name}.md").read_text(encoding="utf-8")
        assert page == getattr(reference, name)(), "./run docs"
