"""What an applied organisation says is what each person may do, to the last permission."""

import dataclasses

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from callfloor.kernel import access, department
from callfloor.kernel.organisation import Organisation, Part, Place, moved, standard_parts
from callfloor.records.people import queries, services
from callfloor.records.people.models import Department, Role, RoleDuty
from tests.records import scenes

pytestmark = [
    pytest.mark.db,
    pytest.mark.django_db(databases=["default", "keys"]),
    pytest.mark.usefixtures("scene"),
]

HELPER = Part(
    key="helper",
    names={"en": "Helper", "hu": "Segítő"},
    department="care",
    duties=("inbound.take_calls", "quality.listen_to_contacts"),
    environment="hybrid",
)
CARE = Place(
    key="care",
    names={"en": "Care"},
    host="management",
    merges=("quality",),
    duties=("inbound.take_calls",),
    head="mara",
)
BOARD = Place(key="management", supervised_by="care")


def applied(*, parts: tuple[Part, ...] = (), places: tuple[Place, ...] = ()) -> Organisation:
    services.apply_organisation(Organisation(places=places, parts=(*standard_parts(), *parts)))
    return queries.organisation()


class TestOrganisation:
    def test_is_what_was_applied(self):
        found = applied(parts=(HELPER,), places=(CARE, BOARD))
        assert found.places == (CARE, BOARD)
        assert found.parts == (*standard_parts(), HELPER)
        assert found.holders["anna"] == ("agent",)

    def test_is_the_standard_one_where_a_centre_says_nothing(self):
        found = queries.organisation()
        assert (found.places, found.parts) == ((), standard_parts())

    def test_a_second_time_nothing_changes(self):
        applied(parts=(HELPER,), places=(CARE,))
        before = [list(model.objects.order_by("pk").values()) for model in ALL]
        applied(parts=(HELPER,), places=(CARE,))
        assert [list(model.objects.order_by("pk").values()) for model in ALL] == before

    def test_what_is_gone_is_gone(self):
        applied(parts=(HELPER,), places=(CARE,))
        found = applied()
        assert (found.places, found.parts) == ((), standard_parts())
        assert not RoleDuty.objects.filter(role_id="helper").exists()

    def test_leaves_out_whoever_no_longer_works_here(self):
        scenes.Person.objects.filter(key="anna").update(is_active=False)
        assert "anna" not in queries.organisation().holders


ALL = (Department, Role, RoleDuty)


def enforced() -> set[tuple[str, str]]:
    """Give what everybody may do, as a request asks it."""
    return {
        (person.key, permission)
        for person in scenes.Person.objects.all()
        for permission in person.rights.permissions
    }


def printed() -> set[tuple[str, str]]:
    """Give what the organisation says that everybody may do."""
    return {(person, permission) for person, _, permission in queries.organisation().rights()}


class TestWhatIsEnforced:
    def test_is_what_is_printed(self):
        assert enforced() == printed()
        assert ("anna", "calls.take") in printed()
        assert ("anna", "audit.read") not in printed()

    def test_moves_with_a_duty_and_by_nothing_else(self):
        before, old = queries.organisation(), enforced()
        parts = tuple(_without(part, "management.protect_data") for part in standard_parts())
        services.apply_organisation(Organisation(parts=parts))
        lost, won = moved(before, queries.organisation())
        assert won == []
        assert {duty for _, duty, _ in lost} == {"management.protect_data"}
        assert enforced() == printed()
        # The rest of what that duty opens they have by others as well.
        customers = {f"customers.{act}" for act in ("answer", "erase", "export", "import")}
        gone = {"audit.read", *customers}
        assert old - enforced() == {(who, may) for who in ("adam", "mara", "zoe") for may in gone}

    def test_a_duty_that_this_version_does_not_know_opens_nothing(self):
        RoleDuty.objects.create(role_id="agent", duty="choir.sing")
        assert enforced() == printed()
        assert not any(permission.startswith("choir") for _, permission in enforced())

    def test_a_role_that_nobody_defines_opens_nothing(self):
        Role.objects.filter(key="agent").delete()
        assert scenes.person("anna").rights.permissions == frozenset()

    def test_is_read_in_one_statement(self):
        anna = scenes.person("anna")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert anna.rights.may("calls.take")
        assert len(asked) == 1


def _without(part: Part, duty: str) -> Part:
    duties = tuple(each for each in part.duties if each != duty)
    return dataclasses.replace(part, duties=duties)


class TestMatrix:
    def test_is_what_is_enforced(self):
        rows = queries.matrix(person=scenes.person("mara"))
        assert {(row.person, row.permission) for row in rows} == enforced()
        row = next(row for row in rows if row.permission == "calls.take")
        assert (row.duty.key, row.permission_name) == ("inbound.take_calls", "Take calls")

    def test_can_be_of_one_person_and_in_the_readers_language(self):
        with translation.override("hu"):
            rows = queries.matrix(person=scenes.person("mara"), of="ivan")
        assert {row.person for row in rows} == {"ivan"}
        assert "Informatikai támogatás" in {row.duty.department_name for row in rows}

    def test_whoever_shares_no_client_does_not_stand_in_it(self):
        assert {row.person for row in queries.matrix(person=scenes.person("zoe"))} == {
            *("anna", "cili", "ivan", "mara", "zoe")
        }
        assert queries.matrix(person=scenes.person("zoe"), of="bela") == []

    def test_is_forbidden_without_the_duty(self):
        stranger = scenes.Someone(may=("calls.take",))
        with pytest.raises(access.Forbidden):
            queries.matrix(person=stranger)


class TestRoleNames:
    def test_are_the_centres_own_else_the_standard_ones(self):
        applied(parts=(HELPER,))
        with translation.override("hu"):
            found = queries.role_names()
        assert (found["helper"], found["agent"]) == ("Segítő", "Ügyintéző")

    def test_a_centre_may_rename_a_standard_role(self):
        parts = [_renamed(part) if part.key == "agent" else part for part in standard_parts()]
        services.apply_organisation(Organisation(parts=tuple(parts)))
        assert queries.role_names()["agent"] == "Listener"
        assert queries.people(person=scenes.person("mara"))[1].role_names == ("Listener",)


def _renamed(part: Part) -> Part:
    return dataclasses.replace(part, names={"en": "Listener"})


class TestDutiesOf:
    def test_are_each_once_in_the_order_of_the_manifests(self):
        found = [row.key for row in queries.duties_of(roles=["agent", "team_leader"])]
        order = list(department.duties())
        assert len(found) == len(set(found))
        assert found == sorted(found, key=order.index)
        assert {"inbound.take_calls", "inbound.lead_team"} <= set(found)
