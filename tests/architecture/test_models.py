"""Foreign keys point down, as imports do: imports do not show them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.architecture import sources

pytestmark = pytest.mark.pure

ORDER = "people customers routing interactions letters cases articles forms outreach plans metrics"
NOUNS = tuple(ORDER.split())
"""From the bottom up, as in the import contract."""

KEYS = {"ForeignKey", "OneToOneField", "ManyToManyField"}
ACCOUNTS = {"settings.AUTH_USER_MODEL", "auth.User", "auth.Group"}
"""What Django itself brings, below everything."""


@dataclass(frozen=True)
class Key:
    """One foreign key as it is written."""

    line: int
    target: str
    """A noun's or department's label; empty for the model's own app."""
    is_hidden: bool
    """Whether the target does not know of it (`related_name="+"`)."""


def keys(tree: ast.Module) -> Iterator[Key]:
    """Yield the foreign keys of a module of models."""
    modules = _modules(tree)
    for node in sources.nodes(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        if ast.unparse(node.func).rpartition(".")[2] not in KEYS:
            continue
        written = ast.unparse(node.args[0]).strip("'\"")
        if written in ACCOUNTS:
            continue
        named = {word.arg: ast.unparse(word.value) for word in node.keywords}
        hidden = named.get("related_name", "").strip("'\"") == "+"
        yield Key(node.lineno, _label(written, modules), hidden)


def _modules(tree: ast.Module) -> dict[str, str]:
    """Return which name stands for which of our modules."""
    return {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in sources.nodes(tree)
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }


def _label(written: str, modules: dict[str, str]) -> str:
    """Return the app of a target: `people.Person`, `Person` or `people_models.Person`."""
    first, dot, _ = written.partition(".")
    if first not in modules:
        return first if dot else ""
    parts = modules[first].split(".")
    return parts[2] if parts[:2] in (["callfloor", "records"], ["callfloor", "departments"]) else ""


def faults_of(*, path: str, tree: ast.Module) -> Iterator[str]:
    """Yield the foreign keys of a file that point up, across, or into view."""
    _, room, *rest = path.split("/")
    here = rest[0].removesuffix(".py") if rest else ""
    for key in keys(tree):
        if key.target in ("", here):
            continue
        if room == "records" and not _is_below(key.target, here):
            yield f"{path}:{key.line} points from {here} up to {key.target}"
        elif room == "departments" and key.target not in NOUNS:
            yield f"{path}:{key.line} points across to {key.target}"
        elif room == "departments" and not key.is_hidden:
            yield f'{path}:{key.line} needs related_name="+": {key.target} knows no department'
        elif room not in ("records", "departments") and key.target in NOUNS and room == "kernel":
            yield f"{path}:{key.line} points from the kernel up to {key.target}"


def _is_below(target: str, here: str) -> bool:
    return target in NOUNS and here in NOUNS and NOUNS.index(target) < NOUNS.index(here)


class TestFaultsOf:
    @pytest.mark.parametrize(
        ("path", "code"),
        [
            ("callfloor/records/people/models.py", 'models.ForeignKey("routing.Queue", P)'),
            (
                "callfloor/records/customers/models.py",
                "from callfloor.records.interactions.models import Leg\nForeignKey(Leg)",
            ),
            ("callfloor/departments/quality/models.py", 'ForeignKey("people.Person")'),
            (
                "callfloor/departments/quality/models.py",
                'ForeignKey("coaching.Session", related_name="+")',
            ),
            ("callfloor/kernel/audit.py", 'ForeignKey("people.Person")'),
        ],
    )
    def test_sees_a_key_that_points_up(self, path, code):
        assert len(list(faults_of(path=path, tree=ast.parse(code)))) == 1

    @pytest.mark.parametrize(
        ("path", "code"),
        [
            ("callfloor/records/routing/models.py", 'models.ForeignKey("people.Person", P)'),
            ("callfloor/records/people/models.py", 'ForeignKey("self"); ForeignKey(Team)'),
            ("callfloor/records/people/models.py", "ForeignKey(settings.AUTH_USER_MODEL)"),
            (
                "callfloor/departments/quality/models.py",
                'ForeignKey("people.Person", related_name="+")',
            ),
        ],
    )
    def test_passes_one_that_points_down(self, path, code):
        assert list(faults_of(path=path, tree=ast.parse(code))) == []


def test_foreign_keys_point_down():
    faults = [
        fault
        for room in ("records", "departments", "kernel", "connectors", "desk")
        for file in sources.python(under=f"callfloor/{room}/")
        for fault in faults_of(path=file.path, tree=file.tree)
    ]
    assert not faults, sources.report(faults)
