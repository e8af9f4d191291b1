"""A file to begin with is whole, clean, and as large and many-tongued as was asked."""

import pytest

from callfloor.blueprint import organisation, starter
from callfloor.blueprint.check import check
from callfloor.blueprint.schema import Blueprint

pytestmark = pytest.mark.pure


def made(**wishes: object) -> tuple[str, Blueprint]:
    text = starter.make(starter.Wishes(**{"business": "service", **wishes}))  # type: ignore[arg-type]
    checked = check(text, file="new.yaml")
    assert checked.findings == ()
    assert checked.blueprint is not None
    return text, checked.blueprint


def test_is_as_large_as_asked():
    """Those who are added take calls and do nothing else; demand grows with them."""
    _, small = made()
    _, large = made(size=14)
    assert (len(small.people), len(large.people)) == (starter.size_of("service"), 14)
    added = large.people.keys() - small.people.keys()
    assert added <= organisation.takers(large)
    assert not any({"manager", "team_leader"} & set(large.people[key].roles) for key in added)
    assert small.demand is not None
    assert large.demand is not None
    assert {key for shift in large.demand.shifts for key in shift.people} >= added
    calls = [demand.numbers["900"].contacts_day for demand in (small.demand, large.demand)]
    assert calls[1] == pytest.approx(calls[0] * 14 / len(small.people), abs=0.1)


def test_speaks_what_was_asked():
    """Each language has a number of its own, and everything that is said is said in all of them."""
    _, found = made(languages=("hu", "fa"))
    assert [number.language for number in found.numbers.values()] == ["hu", "fa"]
    assert all(client.languages == ["hu", "fa"] for client in found.clients.values())
    assert all(set(texts) == {"hu", "fa"} for texts in found.prompts.values())


def test_says_what_each_part_is_for():
    """The file is commented, and says first where editors find the schema."""
    text, _ = made(schema="../blueprint.schema.json")
    assert text.startswith("# yaml-language-server: $schema=../blueprint.schema.json\n")
    assert f"\n\n# {starter.COMMENTS['people']}\npeople:\n" in text


def test_names_no_preset():
    """The file belongs to its author; it does not change with Callfloor."""
    _, found = made()
    assert (found.preset, found.include, found.demo) == (None, [], None)


@pytest.mark.parametrize("business", [each for each in starter.BUSINESSES if each != "everything"])
def test_every_business_begins_clean(business: str):
    made(business=business)


@pytest.mark.parametrize(
    ("wishes", "why"),
    [
        ({"size": 5}, "service begins with 6 to 1000 people"),
        ({"size": 1001}, "service begins with 6 to 1000 people"),
        ({"business": "circus"}, "circus is none of service"),
        ({"business": "bank", "languages": ("ru",)}, "bank begins in en, es, fr"),
        ({"business": "bank", "languages": ("en",)}, "bank begins in all of en, es, fr"),
        ({"languages": ()}, "service begins in en"),
    ],
)
def test_impossible_wish_is_told(wishes: dict[str, object], why: str):
    with pytest.raises(starter.CannotBegin, match=why):
        made(**wishes)
