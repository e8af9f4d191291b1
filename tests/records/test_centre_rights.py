"""A preset that is applied says the same as its file: who answers for what, and who may do what."""

from datetime import UTC, datetime

import pytest

from callfloor.blueprint import apply, check, organisation, preset
from callfloor.blueprint.compile import compile_plan
from callfloor.blueprint.schema import Blueprint
from callfloor.kernel.organisation import Organisation, moved
from callfloor.records.people import queries
from tests.records import scenes

pytestmark = [
    pytest.mark.db,
    pytest.mark.django_db(databases=["default", "keys"]),
    pytest.mark.usefixtures("data"),
]
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
APART = """\
  quality: {host: management, head: quality}
  training: {host: management, head: trainer1}
  coaching: {host: management, head: coach1}
"""
TOGETHER = """\
  growth:
    name: Growing
    host: management
    merges: [quality, training, coaching]
    head: quality
"""


def text_of(key: str) -> str:
    """Give a preset's text."""
    return (preset.PRESETS / f"{key}.yaml").read_text(encoding="utf-8")


def checked(text: str) -> Blueprint:
    """Give a text as a blueprint, which it must be."""
    found = check.check(text, file="centre.yaml", near=preset.PRESETS)
    assert found.blueprint is not None, found.findings
    return found.blueprint


def applied(text: str) -> Organisation:
    """Apply a text and give what the records say then."""
    blueprint = checked(text)
    plan = compile_plan(blueprint, years=[NOW.year])
    apply.apply(blueprint, floor_plan=plan, passwords={}, is_demo=False, now=NOW)
    found = queries.organisation()
    assert found == organisation.of(blueprint)
    assert enforced() == {(person, may) for person, _, may in found.rights()}
    return found


def enforced() -> set[tuple[str, str]]:
    """Give what everybody may do, as a request asks it."""
    return {
        (person.key, permission)
        for person in scenes.Person.objects.filter(is_active=True)
        for permission in person.rights.permissions
    }


@pytest.mark.parametrize("key", ["six_seats", "city_helpline", "outsourcer", "demo", "everything"])
def test_the_records_say_what_the_file_says(key):
    found = applied(text_of(key))
    assert found.places
    assert enforced()


class TestMergingThreeDepartmentsOfTheBank:
    def test_moves_duties_and_no_right(self):
        assert APART in text_of("bank")
        before = applied(text_of("bank"))
        after = applied(text_of("bank").replace(APART, TOGETHER))
        assert moved(before, after) == ([], [])
        (growth,) = [place for place in after.places if place.key == "growth"]
        theirs = [p for p in before.places if p.key in ("quality", "training", "coaching")]
        assert set(growth.duties) == {duty for place in theirs for duty in place.duties}
        assert growth.head == "quality"

    def test_with_one_role_for_all_three_exactly_its_rights_move(self):
        before = applied(text_of("bank"))
        roles = "\nroles:\n  trainer: {duties: [quality.listen_to_contacts]}\n"
        assert "\nroles:" not in text_of("bank")
        after = applied(text_of("bank").replace(APART, TOGETHER) + roles)
        lost, won = moved(before, after)
        trainers = [who for who, has in before.holders.items() if "trainer" in has]
        assert lost == []
        assert won == [
            (who, "quality.listen_to_contacts", permission)
            for who in sorted(trainers)
            for permission in ("interactions.listen", "interactions.read")
        ]

    def test_without_the_last_who_has_a_duty_the_file_is_refused(self):
        roles = "\nroles:\n  trainer: {without: [training.teach]}\n"
        found = check.check(text_of("bank").replace(APART, TOGETHER) + roles, file="centre.yaml")
        assert found.blueprint is None
        assert [finding for finding in found.findings if "training.teach" in finding.wrong]
