"""The reference on paper is the schema in code."""

from pathlib import Path

import pytest

from callfloor.blueprint import reference, schema

pytestmark = pytest.mark.pure

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "blueprint.md"


def test_page_is_fresh():
    """docs/reference/blueprint.md is what the schema says today."""
    assert PAGE.read_text(encoding="utf-8") == reference.render(), "./run docs"


def test_every_key_is_on_the_page():
    """No key can be added without a line in the reference."""
    page = reference.render()
    for name in schema.Queue.model_fields:
        assert f"| `{name}` |" in page
    assert "`blueprint.E014`" in page


def test_key_without_a_sentence_speaks_for_itself():
    """A key goes without explanation only where its name says it all."""
    silent = {
        name
        for model in vars(schema).values()
        if isinstance(model, type) and issubclass(model, schema.Part)
        for name, field in model.model_fields.items()
        if not field.description
    }
    assert silent <= OBVIOUS


OBVIOUS = {
    *("name", "do", "prompt", "queue", "calendar", "team", "roles", "label", "language", "client"),
    *("flow", "goal", "people", "centre", "clients", "calendars", "teams", "skills", "queues"),
    *("away_reasons", "dispositions", "flows", "trunks", "demo", "sites", "site", "articles"),
    *("mission", "vision", "values", "labour", "privacy", "kind", "leader", "department"),
    *("years", "rules"),
}
