"""Colleagues are those who share a client, and of them only what is shared is shown."""

import sys

import pytest
from django.utils import translation

from callfloor.kernel import access, audit, department
from callfloor.kernel.keys import ring
from callfloor.kernel.models import AuditEntry
from callfloor.records.people import queries
from callfloor.records.people.services import PersonData
from tests.records import scenes

pytestmark = [
    pytest.mark.db,
    pytest.mark.django_db(databases=["default", "keys"]),
    pytest.mark.usefixtures("scene"),
]


class TestPeople:
    def test_shows_colleagues_with_what_is_shared(self):
        rows = {row.key: row for row in queries.people(person=scenes.person("adam"))}
        assert set(rows) == {"adam", "anna", "bela", "cili", "ivan", "mara"}
        assert rows["anna"].name == "Anna Árvai"
        assert rows["anna"].clients == ("acme",)
        assert rows["anna"].client_names == ("Acme",)
        assert rows["anna"].skills == (queries.SkillLevel(key="talk", name="Talking", level=3),)
        assert rows["anna"].team_name == "Day"
        assert rows["anna"].role_names == ("Agent",)

    def test_speaks_the_readers_language(self):
        with translation.override("hu"):
            rows = queries.people(person=scenes.person("adam"), team="day")
        assert {name for row in rows for name in row.client_names} == {"Akme"}

    def test_can_be_limited_to_a_team(self):
        rows = queries.people(person=scenes.person("mara"), team="day")
        assert [row.key for row in rows] == ["anna", "bela"]

    def test_is_forbidden_to_agents(self):
        with pytest.raises(access.Forbidden):
            queries.people(person=scenes.person("anna"))


class TestDetail:
    def test_names_the_duties_and_is_noted(self):
        detail = queries.detail(person=scenes.person("mara"), key="anna", now=scenes.NOW)
        named = {duty.key: duty.department_name for duty in detail.duties}
        assert set(named) == set(department.role("agent").duties)
        assert named["inbound.take_calls"] == "Inbound calls"
        assert named["training.keep_to_procedures"] == "Training"
        entry = AuditEntry.objects.get(action="person.read")
        assert (entry.by, entry.about) == ("mara", "person:anna")
        assert audit.verify().ok

    def test_oneself_needs_no_duty_and_no_note(self):
        detail = queries.detail(person=scenes.person("anna"), key="anna", now=scenes.NOW)
        assert detail.row.name == "Anna Árvai"
        assert not AuditEntry.objects.filter(action="person.read").exists()

    def test_whoever_shares_no_client_does_not_exist(self):
        with pytest.raises(access.NotFound):
            queries.detail(person=scenes.person("zoe"), key="bela", now=scenes.NOW)
        assert not AuditEntry.objects.filter(action="person.read").exists()


class TestNames:
    def test_are_those_of_colleagues(self):
        names = queries.names(person=scenes.person("zoe"))
        assert set(names) == {"anna", "cili", "ivan", "mara", "zoe"}
        assert names["zoe"] == "Zoe Zand"

    def test_a_name_held_by_the_process_is_the_one_that_is_written_now(self):
        person = scenes.person("zoe")
        assert queries.names(person=person)["anna"] == "Anna Árvai"
        married = PersonData(key="anna", name="Anna Barta", roles=("agent",), clients=("zeta",))
        scenes.apply(more=[married])
        assert queries.names(person=person)["anna"] == "Anna Barta"

    def test_a_name_held_by_the_process_goes_with_its_key(self):
        person = scenes.person("zoe")
        assert queries.names(person=person)["anna"] == "Anna Árvai"
        ring.destroy(subject="person:anna", now=scenes.NOW)
        assert queries.names(person=person)["anna"] == "anna"
        held = sys.modules[queries.PersonRow.__module__]._held
        assert held["anna"][0] == ""

    def test_a_name_held_for_one_reader_opens_nothing_to_another(self):
        """What is held says what somebody is called, never who may know it."""
        assert queries.names(person=scenes.person("adam"))["bela"] == "Béla Barta"
        assert "bela" not in queries.names(person=scenes.person("zoe"))
        scenes.Person.objects.get(key="bela").client_rows.all().delete()
        assert "bela" not in queries.names(person=scenes.person("adam"))

    def test_can_be_asked_by_key(self):
        assert queries.names(person=scenes.person("zoe"), keys=["anna", "bela"]) == {
            "anna": "Anna Árvai"
        }


class TestRightsOf:
    def test_gives_the_rights_of_this_moment(self):
        rights = queries.rights_of(key="bela")
        assert (rights.person, rights.clients, rights.team) == ("bela", {"acme"}, "day")

    def test_the_inactive_have_none(self):
        scenes.Person.objects.filter(key="bela").update(is_active=False)
        assert queries.rights_of(key="bela") is None
        assert queries.rights_of(key="nobody") is None


class TestClientsAndTeams:
    def test_are_the_persons_own(self):
        person = scenes.person("bela")
        assert [row.key for row in queries.clients(person=person)] == ["acme"]
        assert queries.clients(person=person)[0].languages == ("en", "hu")
        assert queries.teams(person=person) == [queries.TeamRow(key="day", name="Day")]
        assert queries.client_names(person=person) == {"acme": "Acme"}
