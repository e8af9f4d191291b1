"""Values by path, and back."""

import pytest

from callfloor.blueprint import canonical, values
from callfloor.blueprint.schema import Blueprint
from callfloor.blueprint.tests.samples import GOOD
from callfloor.blueprint.tests.test_canonical import blueprint_of

pytestmark = pytest.mark.pure


def test_a_file_is_the_same_after_it_was_taken_apart():
    blueprint = blueprint_of(GOOD)
    flat = values.leaves(values.values_of(blueprint))
    again = Blueprint.model_validate({"blueprint": 1, **values.tree(flat)})
    assert canonical.text(again) == canonical.text(blueprint)


def test_what_came_from_where_is_no_value():
    assert values.values_of(blueprint_of(f'from_version: "0123"\n{GOOD}')) == values.values_of(
        blueprint_of(GOOD)
    )


def test_an_empty_map_stays():
    flat = values.leaves({"departments": {"management": {}}})
    assert flat == {("departments", "management"): {}}
    assert values.tree(flat) == {"departments": {"management": {}}}


def test_keys_that_an_order_does_not_name_come_last():
    flat = {("steps", "b"): 1, ("steps", "a"): 2, ("steps", "c"): 3, ("steps", "(order)"): ["a"]}
    assert list(values.tree(flat)["steps"]) == ["a", "b", "c"]
