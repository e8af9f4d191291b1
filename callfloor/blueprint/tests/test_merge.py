"""Merging by path: each side keeps what only it has changed."""

import pytest
from pydantic import ValidationError

from callfloor.blueprint import canonical
from callfloor.blueprint.merge import merge
from callfloor.blueprint.tests.samples import GOOD
from callfloor.blueprint.tests.test_canonical import blueprint_of

pytestmark = pytest.mark.pure

BASE = blueprint_of(GOOD)


def other(*pairs: tuple[str, str]):
    """Give the sample with some of its text replaced."""
    text = GOOD
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return blueprint_of(text)


WAIT = ("wait_seconds_max: 300", "wait_seconds_max: 240")
LUNCH = ("lunch: {name: Lunch, paid: false}", "lunch: {name: Lunch}")
MORE = ("  done: {name: Done}", "  more: {name: More}\n  done: {name: Done}")
GONE = ('    extension: "31"\n', "")


def test_takes_what_only_one_side_changed():
    merged = merge(base=BASE, ours=other(WAIT, MORE), theirs=other(LUNCH, GONE)).blueprint
    expected = other(WAIT, MORE, LUNCH, GONE)
    assert merged is not None
    assert canonical.text(merged) == canonical.text(expected)


def test_takes_what_both_changed_to_the_same():
    found = merge(base=BASE, ours=other(WAIT), theirs=other(WAIT, LUNCH))
    assert found.conflicts == ()
    assert canonical.text(found.blueprint) == canonical.text(other(WAIT, LUNCH))


def test_leaves_what_both_changed_otherwise_to_a_person():
    theirs = other(("wait_seconds_max: 300", "wait_seconds_max: 99"), LUNCH)
    found = merge(base=BASE, ours=other(WAIT), theirs=theirs)
    assert found.blueprint is None
    assert [str(each) for each in found.conflicts] == [
        "! queues.care.wait_seconds_max: 240.0 in the records, 99.0 in the file"
    ]


def test_does_not_bring_back_what_one_side_took_away():
    found = merge(base=BASE, ours=other(GONE), theirs=other(LUNCH)).blueprint
    assert found is not None
    assert found.queues["care"].extension is None


def test_asks_a_person_where_the_kind_of_a_step_changed():
    """One side made a question of the step, the other gave the announcement another prompt."""
    ours = other(
        ("hello: {do: say, prompt: hello, next: hours}",
         "hello: {do: speak, language: en, next: hours}"),
    )  # fmt: skip
    theirs = other(("hello: {do: say, prompt: hello", "hello: {do: say, prompt: soon"))
    found = merge(base=BASE, ours=ours, theirs=theirs)
    assert [each.path[-1] for each in found.conflicts] == ["prompt"]


def test_raises_where_the_values_do_not_stand_together_at_all():
    """One side calls back where the other makes the message shorter."""
    message = "sorry: {do: message, prompt: sorry, queue: care"
    ours = other((message, "sorry: {do: callback, prompt: sorry, queue: care"))
    theirs = other((message, f"{message}, seconds_max: 30"))
    with pytest.raises(ValidationError):
        merge(base=BASE, ours=ours, theirs=theirs)
