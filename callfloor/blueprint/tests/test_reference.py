"""The reference on paper is the schema in code."""

import json
from pathlib import Path

import jsonschema_rs
import pytest
from ruamel.yaml import YAML

from callfloor.blueprint import reference, schema
from callfloor.blueprint.schema import tree

pytestmark = pytest.mark.pure

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "blueprint.md"


def test_page_is_fresh():
    """docs/reference/blueprint.md is what the schema says today."""
    assert PAGE.read_text(encoding="utf-8") == reference.render(), "./run docs"


def test_schema_for_editors_is_fresh():
    """docs/reference/blueprint.schema.json is what the schema says today."""
    found = PAGE.with_name("blueprint.schema.json").read_text(encoding="utf-8")
    assert found == reference.json_schema(), "./run docs"


def test_schema_for_editors_takes_what_the_checks_take():
    """A whole file and one with a preset are let through; a key that there is not is underlined."""
    validator = jsonschema_rs.validator_for(json.loads(reference.json_schema()))
    good = YAML(typ="safe").load(Path(__file__).parent / "broken" / "good.yaml")
    assert [error.message for error in validator.iter_errors(good)] == []
    assert validator.is_valid({"blueprint": 1, "preset": "six_seats"})
    assert not validator.is_valid({"blueprint": 1})
    assert not validator.is_valid({**good, "qeues": {}})


def test_every_key_is_on_the_page():
    """No key can be added without a line in the reference."""
    page = reference.render()
    for part in tree.parts(schema.Blueprint):
        for name in part.model_fields:
            assert f"| `{name}` |" in page
    assert "`blueprint.E014`" in page


def test_key_without_a_sentence_speaks_for_itself():
    """A key goes without explanation only where its name says it all."""
    silent = {
        name
        for model in tree.parts(schema.Blueprint)
        for name, field in model.model_fields.items()
        if not field.description
    }
    assert silent <= OBVIOUS


OBVIOUS = {
    *("name", "do", "prompt", "queue", "calendar", "team", "roles", "label", "language", "client"),
    *("flow", "goal", "people", "centre", "clients", "calendars", "teams", "skills", "queues"),
    *("away_reasons", "dispositions", "flows", "trunks", "demo", "sites", "site", "articles"),
    *("mission", "vision", "values", "labour", "privacy", "kind", "leader", "department"),
    *("years", "rules", "objectives", "drivers", "targets", "kpi", "person"),
}
