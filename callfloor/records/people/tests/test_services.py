"""Taking people in: idempotent, nobody deleted, passwords set once."""

import dataclasses

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from callfloor.kernel.keys import ring
from callfloor.records.people import queries, services
from callfloor.records.people.models import Client, Person, PersonSkill
from tests.records import scenes

pytestmark = [
    pytest.mark.db,
    pytest.mark.django_db(databases=["default", "keys"]),
    pytest.mark.usefixtures("data"),
]

ANNA = services.PersonData(
    key="anna", name="Anna Árvai", roles=("agent",), clients=("acme",), password="a long password"
)


@pytest.fixture(autouse=True)
def clients(data):
    services.apply_clients(
        [
            services.ClientData(key=key, names={"en": key.title()}, languages=("en",))
            for key in ("acme", "zeta")
        ]
    )
    services.apply_skills({"talk": {}, "sell": {}})


def apply(*people, skills=None):
    services.apply_people(people=people, skills=skills or {}, now=scenes.NOW)


class TestApplyPeople:
    def test_a_person_can_sign_in_and_has_what_his_role_opens(self):
        apply(ANNA)
        anna = scenes.person("anna")
        assert anna.check_password("a long password")
        assert anna.rights.clients == {"acme"}
        assert anna.rights.may("calls.take")
        assert not anna.rights.may("audit.read")

    def test_a_second_time_nothing_changes(self):
        apply(ANNA, skills={"anna": (("talk", 3),)})
        before = Person.objects.values().get()
        apply(ANNA, skills={"anna": (("talk", 3),)})
        assert Person.objects.values().get() == before
        assert PersonSkill.objects.count() == 1

    def test_a_password_is_not_set_again(self):
        apply(ANNA)
        scenes.person("anna").set_password("other")
        apply(dataclasses.replace(ANNA, password="a new password"))
        assert scenes.person("anna").check_password("a long password")

    def test_without_a_password_there_is_no_sign_in_until_one_comes(self):
        apply(dataclasses.replace(ANNA, password=None))
        assert not scenes.person("anna").has_usable_password()
        apply(ANNA)
        assert scenes.person("anna").check_password("a long password")

    def test_a_file_without_names_leaves_those_of_the_records(self):
        """Names are kept in the records: what somebody wrote there is not undone by a file."""
        nameless = dataclasses.replace(ANNA, name=None)
        apply(nameless)
        assert queries.own_name(scenes.person("anna")) == "anna"
        apply(ANNA)
        apply(nameless)
        assert queries.own_name(scenes.person("anna")) == "Anna Árvai"

    def test_roles_clients_and_skills_follow_the_data(self):
        apply(ANNA, skills={"anna": (("talk", 3), ("sell", 1))})
        changed = dataclasses.replace(ANNA, roles=("manager",), clients=("zeta",))
        apply(changed, skills={"anna": (("talk", 5),)})
        anna = scenes.person("anna")
        assert anna.role_keys == ("manager",)
        assert anna.rights.clients == {"zeta"}
        levels = PersonSkill.objects.filter(person=anna).values_list("skill_id", "level")
        assert list(levels) == [("talk", 5)]

    def test_name_and_team_follow_the_data(self):
        apply(ANNA)
        services.apply_teams({"day": {}})
        apply(dataclasses.replace(ANNA, name="Anna Árva", team="day"))
        anna = scenes.person("anna")
        assert anna.team_id == "day"
        assert queries.own_name(anna) == "Anna Árva"
        assert anna.check_password("a long password")

    def test_a_language_that_was_chosen_stays(self):
        apply(ANNA)
        services.set_language(person=scenes.person("anna"), language="fa")
        apply(ANNA)
        assert scenes.person("anna").language == "fa"

    def test_who_comes_back_may_again(self):
        apply(ANNA)
        apply()
        apply(ANNA)
        assert scenes.person("anna").rights.may("calls.take")

    def test_a_second_time_no_row_is_written(self):
        apply(ANNA, skills={"anna": (("talk", 3),)})
        with CaptureQueriesContext(connection) as asked:
            apply(ANNA, skills={"anna": (("talk", 3),)})
        written = [one["sql"] for one in asked if one["sql"].startswith(("INSERT", "DELETE"))]
        assert [sql for sql in written if "people_person" in sql] == []

    def test_who_is_gone_stays_and_may_nothing(self):
        apply(ANNA)
        apply()
        anna = scenes.person("anna")
        assert not anna.is_active
        assert anna.rights.clients == frozenset()
        assert anna.rights.permissions == frozenset()

    def test_the_name_is_not_in_the_row(self):
        apply(ANNA)
        assert "Árvai".encode() not in bytes(scenes.person("anna").name)
        assert ring.get(subjects=["person:anna"])

    def test_a_key_in_capitals_is_our_fault(self):
        with pytest.raises(AssertionError):
            apply(dataclasses.replace(ANNA, key="Anna"))


class TestEnsureKnown:
    def test_makes_inactive_rows_and_leaves_known_ones(self):
        apply(ANNA)
        services.ensure_known(clients={"acme", "new"}, people={"anna", "ghost"}, now=scenes.NOW)
        assert scenes.person("anna").is_active
        assert not scenes.person("ghost").is_active
        assert not Client.objects.get(key="new").is_active
        assert Client.objects.get(key="acme").is_active


class TestSetLanguage:
    def test_a_person_reads_in_another_language(self):
        apply(ANNA)
        services.set_language(person=scenes.person("anna"), language="fa")
        assert scenes.person("anna").language == "fa"

    def test_an_unknown_language_is_refused(self):
        apply(ANNA)
        with pytest.raises(services.UnknownLanguage):
            services.set_language(person=scenes.person("anna"), language="tlh")
        assert scenes.person("anna").language == "en"
