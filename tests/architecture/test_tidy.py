"""Files are short, open with what they are for, and carry nothing of the machine they came from."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture import sources

pytestmark = pytest.mark.pure

LINE_MAX = 100
FILE_MAX = 500
"""Lines of code that still fit into one head; beyond it a file is split by noun."""
FUNCTION_MAX = 70
"""Lines that fit onto one screen [TigerBeetle]."""

LONG_FILES: dict[str, str] = {}
"""Files that may be longer, each with its reason."""
LONG_FUNCTIONS: dict[str, str] = {}
"""Functions that may be longer, as path::name, each with its reason."""

GENERATED = {"requirements.lock", "requirements-dev.lock", "bench/requirements.lock", "LICENSE"}
MEASURED = (".py", ".css", ".js", ".mjs", ".sh", "")

MACHINE = re.compile(
    r"""(?<![\w.])/(?:work|root|home/\w+|Users/\w+|opt/wheels)/"""
    r"""|\bpypi\.org\b|pythonhosted\.org|--(?:extra-)?index-url[ =]|--find-links[ =]""",
)
NAMES_MACHINES = {"tests/architecture/test_tidy.py"}
BANNED = {
    "TODO": "do it, or write an issue",
    "FIXME": "mend it, or write an issue",
    "XXX": "say what is odd, and why",
}


def long_functions(tree: ast.Module) -> list[tuple[str, int]]:
    """Return the functions that do not fit onto a screen, with their lengths."""
    return [
        (node.name, length)
        for node in sources.nodes(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > FUNCTION_MAX
    ]


def banned_words(text: str) -> list[tuple[int, str]]:
    """Return the words that stand for work left undone, with their lines."""
    pattern = re.compile(rf"\b({'|'.join(BANNED)})\b")
    return [(sources.line_of(text, hit.start()), hit[1]) for hit in pattern.finditer(text)]


def of_a_machine(text: str) -> list[tuple[int, str]]:
    """Return what names a developer's machine or his package index, with lines."""
    return [(sources.line_of(text, hit.start()), hit[0]) for hit in MACHINE.finditer(text)]


class TestRules:
    def test_sees_a_long_function(self):
        body = "\n".join("    a = 1" for _ in range(FUNCTION_MAX))
        assert long_functions(ast.parse(f"def long():\n{body}")) == [("long", FUNCTION_MAX + 1)]
        assert long_functions(ast.parse("def short():\n    return 1")) == []

    def test_sees_work_left_undone(self):
        assert banned_words("a = 1\n# " + "TO" + "DO: b") == [(2, "TODO")]
        assert banned_words("mastodon = 'TODOS'") == []

    @pytest.mark.parametrize(
        "text",
        ["see /work/notes.md", "open('/home/anna/x')", "--index-url https://x", "at pypi.org"],
    )
    def test_sees_a_machine(self, text):
        assert len(of_a_machine(text)) == 1

    @pytest.mark.parametrize(
        "text", ["GET /api/work/3", "docs/work/notes", "/tmp/x", "https://x.org/home/", "~/data"]
    )
    def test_passes_other_paths(self, text):
        assert of_a_machine(text) == []


def test_lines_fit():
    """Python is measured by ruff; in style sheets a component's rule may stand on one line."""
    faults = [
        f"{file.path}:{number} has {len(line)} columns"
        for file in sources.files(".js", ".mjs", ".sh", "")
        if file.path not in GENERATED
        for number, line in enumerate(file.text.splitlines(), 1)
        if len(line) > LINE_MAX
    ]
    assert not faults, sources.report(faults)


def test_files_fit_into_one_head():
    faults = [
        f"{file.path} has {length} lines"
        for file in sources.files(*MEASURED)
        if file.path not in GENERATED and file.path not in LONG_FILES
        if "/migrations/" not in file.path
        if (length := len(file.text.splitlines())) > FILE_MAX
    ]
    assert not faults, sources.report(faults)


def test_functions_fit_onto_a_screen():
    faults = [
        f"{file.path}::{name} has {length} lines"
        for file in sources.python()
        for name, length in long_functions(file.tree)
        if f"{file.path}::{name}" not in LONG_FUNCTIONS
    ]
    assert not faults, sources.report(faults)


def test_modules_open_with_what_they_are_for():
    faults = [
        f"{file.path} opens without a docstring"
        for file in sources.python()
        if not ast.get_docstring(file.tree) and not _is_bare_package(file)
    ]
    assert not faults, sources.report(faults)


def _is_bare_package(file: sources.File) -> bool:
    """Say whether a file only marks a folder of tests as a package."""
    return file.is_test and file.path.endswith("__init__.py") and not file.text.strip()


def test_nothing_is_left_undone():
    faults = [
        f"{file.path}:{line} says {word}: {BANNED[word]}"
        for file in sources.files(*MEASURED, ".html")
        if file.path not in NAMES_MACHINES
        for line, word in banned_words(file.text)
    ]
    assert not faults, sources.report(faults)


def test_nothing_names_a_machine():
    faults = [
        f"{file.path}:{line} names {what!r}"
        for file in sources.all_files()
        if file.path not in NAMES_MACHINES
        for line, what in of_a_machine(file.text)
    ]
    assert not faults, sources.report(faults)


def test_exceptions_are_still_needed():
    paths = {file.path for file in sources.all_files()}
    named = {*LONG_FILES, *(name.partition("::")[0] for name in LONG_FUNCTIONS)}
    assert named <= paths


def test_no_lock_of_another_tool_is_kept():
    assert not [name for name in ("uv.lock", "poetry.lock") if Path(sources.ROOT, name).exists()]
