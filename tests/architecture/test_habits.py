"""Habits that a linter does not know: no signals, no mocks, no sleeping tests, no silent except."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture import sources

pytestmark = pytest.mark.pure

BROAD_EXCEPTS: dict[str, str] = {
    "callfloor/connectors/imap/connector.py": "a mail that cannot be taken is put aside, others go",
    "callfloor/floor/floor.py": "an assertion that fails parks one item and the floor goes on",
    "callfloor/kernel/events.py": "a reaction that fails is noted and tried again, others go on",
    "callfloor/media/control.py": "whatever fails, the floor is owed an answer",
    "callfloor/web/chat_writer.py": "what fails goes to whoever asked; the others are written",
    "callfloor/worker/hooks.py": "a fault of one round must not end the telling of others for good",
    "callfloor/worker/mail.py": "mail that fails must not stop the records, nor end for good",
    "callfloor/worker/projection.py": "a fact that cannot be recorded is parked, others go on",
    "callfloor/worker/rounds.py": "one part of the round that fails must not stop the others",
}
"""Files that may catch everything, each with its reason."""

SLEEPS: dict[str, str] = {
    "tests/faults/load.py": "callers and agents who live beside dying processes, in real time",
    "tests/abuse/floods.py": "a flood has a pace",
    "tests/abuse/rig.py": "calls send a packet each 20 ms and begin ten times a second",
    "tests/journeys/answerers.py": "agents who talk send a packet each 20 ms, as telephones do",
    "tests/journeys/caller.py": "callers who talk send a packet each 20 ms, as telephones do",
    "tests/journeys/steady_caller.py": "a program that stays on the line for as long as it is told",
    "tests/journeys/waiting.py": "journeys wait here for conditions, and nowhere else",
}
"""Test files outside journeys that may wait for the clock, each with its reason."""


def broad_excepts(tree: ast.Module) -> list[int]:
    """Return the lines that catch every exception and do not raise it again."""
    return [
        node.lineno
        for node in sources.nodes(tree)
        if isinstance(node, ast.ExceptHandler)
        and _is_broad(node.type)
        and not any(isinstance(part, ast.Raise) for part in ast.walk(node))
    ]


def _is_broad(kind: ast.expr | None) -> bool:
    return kind is None or ast.unparse(kind) in {"Exception", "BaseException"}


def hidden_work(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield what acts behind a caller's back: signals, overridden saves."""
    for node in sources.nodes(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("django"):
            if node.module in {"django.dispatch", "django.db.models.signals"}:
                yield node.lineno, f"imports {node.module}"
        elif isinstance(node, ast.ClassDef) and _is_model(node):
            for part in node.body:
                if isinstance(part, ast.FunctionDef) and part.name in {"save", "delete"}:
                    yield part.lineno, f"overrides {part.name}"


def _is_model(node: ast.ClassDef) -> bool:
    return any(ast.unparse(base).endswith("Model") for base in node.bases)


def mocks(tree: ast.Module) -> list[int]:
    """Return the lines that import a mocking library."""
    found = []
    for node in sources.nodes(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            prefix = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
            names = [prefix + alias.name for alias in node.names]
            if any(name.startswith(("unittest.mock", "mock")) for name in names):
                found.append(node.lineno)
    return found


def sleeps(tree: ast.Module) -> list[int]:
    """Return the lines that wait for the clock; `asyncio.sleep(0)` only lets others run."""
    return [
        node.lineno
        for node in sources.nodes(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in {"time.sleep", "asyncio.sleep", "sleep"}
        and not (node.args and ast.unparse(node.args[0]) == "0")
    ]


def is_journey(file: sources.File) -> bool:
    """Say whether a file drives the whole center, or helps one that does."""
    folder, _, name = file.path.rpartition("/")
    helps = folder == "tests" and not name.startswith("test_")
    return helps or "pytest.mark.journey" in file.text


class TestRules:
    def test_sees_an_except_that_swallows(self):
        code = "try:\n    a()\nexcept Exception:\n    pass"
        assert broad_excepts(ast.parse(code)) == [3]
        assert broad_excepts(ast.parse(code.replace("pass", "raise"))) == []
        assert broad_excepts(ast.parse(code.replace("Exception", "ValueError"))) == []

    @pytest.mark.parametrize(
        ("code", "faults"),
        [
            ("from django.db.models.signals import post_save", 1),
            ("class Case(Model):\n    def save(self): ...", 1),
            ("class Client:\n    def delete(self): ...", 0),
            ("def save(*, case): ...", 0),
            ("from django.db import models", 0),
        ],
    )
    def test_sees_hidden_work(self, code, faults):
        assert len(list(hidden_work(ast.parse(code)))) == faults

    def test_sees_a_mock(self):
        assert mocks(ast.parse("from unittest.mock import Mock")) == [1]
        assert mocks(ast.parse("from unittest import mock")) == [1]
        assert mocks(ast.parse("import unittest")) == []

    def test_sees_a_sleep(self):
        assert sleeps(ast.parse("await asyncio.sleep(0.1)")) == [1]
        assert sleeps(ast.parse("await asyncio.sleep(0)")) == []


def test_nothing_is_swallowed():
    faults = [
        f"{file.path}:{line} catches everything"
        for file in sources.python(under="callfloor/")
        if file.path not in BROAD_EXCEPTS
        for line in broad_excepts(file.tree)
    ]
    assert not faults, sources.report(faults)


def test_nothing_works_behind_a_callers_back():
    faults = [
        f"{file.path}:{line} {what}"
        for file in sources.python(under="callfloor/")
        for line, what in hidden_work(file.tree)
    ]
    assert not faults, sources.report(faults)


def test_our_own_code_is_never_mocked():
    faults = [f"{file.path}:{line}" for file in sources.python() for line in mocks(file.tree)]
    assert not faults, sources.report(faults)


def test_no_test_sleeps():
    faults = [
        f"{file.path}:{line} waits for the clock"
        for file in sources.python()
        if file.is_test and file.path not in SLEEPS and not is_journey(file)
        for line in sleeps(file.tree)
    ]
    assert not faults, sources.report(faults)
