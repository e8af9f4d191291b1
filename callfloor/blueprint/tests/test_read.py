"""Values keep their text and their place."""

import pytest

from callfloor.blueprint import read
from callfloor.blueprint.findings import Problem

pytestmark = pytest.mark.pure


def test_scalars_stay_as_written():
    """What YAML would make a number, a date or a truth value stays text; nothing is None."""
    source = read.read("a: 012\nb: no\nc: 2026-12-24\nd:\ne: ~\nf: '7'\n", file="x.yaml")
    assert source.values == {
        "a": "012",
        "b": "no",
        "c": "2026-12-24",
        "d": None,
        "e": None,
        "f": "7",
    }


def test_place_is_that_of_the_key():
    """A finding stands at the key, and what is missing is told at what lacks it."""
    source = read.read("a:\n  b:\n    - 1\n    -   2\n", file="x.yaml")
    assert source.places[("a", "b")] == (1, 2)
    assert source.places[("a", "b", "1")] == (3, 8)
    problem = Problem(id="E020", path=("a", "b", "next"), wrong="Wrong.", hint="Do.")
    finding = source.finding(problem)
    assert (finding.line, finding.column, finding.path) == (2, 3, "a.b.next")


def test_same_key_twice_is_refused():
    """The second of two equal keys is told with the line of the first."""
    with pytest.raises(read.Unreadable) as caught:
        read.read("a: 1\nb: 2\na: 3\n", file="x.yaml")
    (finding,) = caught.value.findings
    assert (finding.id, finding.line, finding.column) == ("blueprint.E003", 3, 1)
    assert finding.hint == "The first is in line 1; keep one of them."
