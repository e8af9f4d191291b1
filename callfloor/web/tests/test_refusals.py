"""Every reason for which the exchange refuses a person is said in words, in every language."""

import ast
from pathlib import Path

import pytest
from django.conf import settings

from callfloor.core import dialing, refusals
from callfloor.web import refusals as words

pytestmark = pytest.mark.page

NOT_FOR_PEOPLE = {""}


def codes() -> set[str]:
    """Return every code that the exchange's checks may give: the texts that they return."""
    files = [*Path(refusals.__file__).parent.glob("*.py"), Path(dialing.__file__)]
    found = set()
    for file in files:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        names = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        for name, node in names.items():
            if name in ("next_trunk", "_seated"):
                continue
            returns = [each.value for each in ast.walk(node) if isinstance(each, ast.Return)]
            found |= {text for each in returns if each for text in _texts(each)}
    return found - NOT_FOR_PEOPLE


def _texts(value: ast.expr) -> set[str]:
    if isinstance(value, ast.IfExp):
        return _texts(value.body) | _texts(value.orelse)
    if isinstance(value, ast.BoolOp):
        return {text for each in value.values for text in _texts(each)}
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return {value.value}
    return set()


def test_the_scan_sees_what_is_refused():
    assert {"busy", "consulting", "zone_not_allowed", "not_serving", "already_held"} <= codes()


def test_every_code_has_a_sentence():
    assert codes() - words.MESSAGES.keys() == set()


def test_a_sentence_is_another_in_each_language():
    said = {words.message("zone_not_allowed", language=code) for code, _ in settings.LANGUAGES}
    assert len(said) == len(settings.LANGUAGES)
