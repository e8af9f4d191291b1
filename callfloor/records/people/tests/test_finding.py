"""People are found by name, team, role, skill and department; by nobody of another client."""

import pytest
from django.utils import translation

from callfloor.kernel import access
from callfloor.kernel.keys import ring
from callfloor.records.people import queries
from callfloor.records.people.queries import WantedPeople
from callfloor.records.people.services import PersonData
from tests.records import organisations, scenes

pytestmark = [pytest.mark.db, pytest.mark.django_db(databases=["default", "keys"])]


@pytest.fixture(autouse=True)
def _centre(scene):
    organisations.apply()


def keys(who="adam", *, order="name", **wanted):
    return [
        row.key
        for row in queries.found(
            person=scenes.person(who), wanted=WantedPeople(**wanted), order=order
        )
    ]


class TestFound:
    def test_gives_colleagues_by_name(self):
        assert keys() == ["adam", "anna", "bela", "cili", "gala", "ivan", "mara"]

    @pytest.mark.parametrize("words", ["arv", "ÁRV", "anna árv", "rvai ann"])
    def test_a_part_of_the_name_is_enough_without_accents_in_any_order(self, words):
        assert keys(words=words) == ["anna"]

    def test_every_word_must_be_there(self):
        assert keys(words="anna barta") == []

    def test_by_team_role_skill_and_department(self):
        assert keys(team="day") == ["anna", "bela"]
        assert keys(role="manager") == ["adam", "mara"]
        assert keys(skill="talk") == ["anna", "bela", "cili"]
        assert keys(department="inbound") == ["anna", "bela", "cili"]
        assert keys(department="marketing") == []
        assert keys(department="nowhere") == []
        assert keys(skill="talk", role="team_leader") == ["cili"]

    def test_in_the_order_that_is_asked_for_and_the_other_way_round(self):
        assert keys(order="-name") == ["mara", "ivan", "gala", "cili", "bela", "anna", "adam"]
        assert keys(order="team")[-2:] == ["anna", "bela"]
        assert keys(order="role")[:2] == ["anna", "bela"]
        assert keys(order="language") == keys(order="name")

    def test_names_stand_in_the_reader_s_alphabet(self):
        names = {"ora": "Ozsvár", "oko": "Ökrös", "pal": "Pál"}
        more = [
            PersonData(key=key, name=name, roles=("agent",), clients=("acme",), team="day")
            for key, name in names.items()
        ]
        scenes.apply(more=more)
        for language, expected in (("hu", ["ora", "oko", "pal"]), ("en", ["oko", "ora", "pal"])):
            with translation.override(language):
                assert [key for key in keys(team="day") if key in names] == expected

    def test_nobody_of_another_client_is_found_by_anything(self):
        for wanted in ({}, {"words": "bar"}, {"team": "day"}, {"skill": "talk"}):
            assert "bela" not in keys("zoe", **wanted)
        assert "bela" in keys("adam", words="bar")

    def test_whoever_left_is_not_there(self):
        scenes.Person.objects.filter(key="bela").update(is_active=False)
        assert "bela" not in keys()

    def test_a_name_whose_key_is_destroyed_is_never_shown_again(self):
        assert keys(words="barta") == ["bela"]
        ring.destroy(subject="person:bela", now=scenes.NOW)
        assert keys(words="barta") == []
        assert keys(words="bela") == ["bela"]

    def test_without_the_duty_it_is_forbidden(self):
        with pytest.raises(access.Forbidden):
            keys("anna")


class TestSearch:
    def search(self, who="adam", **asked):
        return queries.search(person=scenes.person(who), wanted=WantedPeople(), **asked)

    def test_gives_one_page_and_how_many_there_are(self):
        page = self.search(page=2, size=3)
        assert [row.key for row in page.rows] == ["cili", "gala", "ivan"]
        assert (page.page, page.pages, page.total) == (2, 3, 7)
        assert page.rows[0].name == "Cili Csonka"

    def test_a_page_too_far_is_the_last(self):
        page = self.search(page=99, size=3)
        assert ([row.key for row in page.rows], page.page) == (["mara"], 3)

    def test_by_key_whole_rows_come_too(self):
        page = self.search(order="key", size=2)
        assert [(row.key, row.name) for row in page.rows] == [
            ("adam", "Adam Acker"),
            ("anna", "Anna Árvai"),
        ]

    def test_rows_are_what_they_are_in_the_whole_list(self):
        person = scenes.person("adam")
        by_key = {row.key: row for row in queries.people(person=person)}
        assert all(by_key[row.key] == row for row in self.search(size=50).rows)

    @pytest.mark.parametrize("order", ["name", "key"])
    def test_without_the_duty_it_is_forbidden(self, order):
        with pytest.raises(access.Forbidden):
            self.search("anna", order=order)


class TestChoices:
    def test_are_what_this_centre_has_in_the_reader_s_language(self):
        with translation.override("fa"):
            choices = queries.choices(person=scenes.person("adam"))
        assert ("inbound", "خط مقدم") in choices.department
        assert choices.team == [("day", "Day")]
        assert choices.skill == [("talk", "Talking")]
        assert ("guest", "Guest") in choices.role
