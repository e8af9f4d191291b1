"""What import-linter cannot see: models fetched by name, modules imported by string."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture import sources

pytestmark = pytest.mark.pure

BY_STRING = {"import_string", "import_module", "get_model", "__import__", "find_spec"}
MAY_IMPORT_BY_STRING = ("callfloor/app/",)
"""The composition root reads manifests by name; nobody else does."""
FRONTS = ("pages", "api")


def by_string(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield the calls that reach a module or model by its name."""
    for node in sources.nodes(tree):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func).rpartition(".")[2]
            if name in BY_STRING:
                yield node.lineno, name


def model_imports(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield the imports of models."""
    for node in sources.nodes(tree):
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        prefix = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
        for alias in node.names:
            name = prefix + alias.name
            if name.startswith("callfloor.") and "models" in name.split("."):
                yield node.lineno, name


def is_front(path: str) -> bool:
    """Say whether a file is a page or an endpoint."""
    return any(f"/{front}.py" in path or f"/{front}/" in path for front in FRONTS)


class TestRules:
    def test_sees_a_model_fetched_by_name(self):
        code = 'apps.get_model("people", "Person")\nimportlib.import_module("x")'
        assert [name for _, name in by_string(ast.parse(code))] == ["get_model", "import_module"]
        assert list(by_string(ast.parse("queries.model_of(x)"))) == []

    def test_sees_a_page_that_imports_models(self):
        bad = "from callfloor.records.people import models"
        worse = "from callfloor.records.people.models import Person"
        good = "from callfloor.records.people import queries\nfrom django.db import models"
        assert len(list(model_imports(ast.parse(bad)))) == 1
        assert len(list(model_imports(ast.parse(worse)))) == 1
        assert list(model_imports(ast.parse(good))) == []

    def test_knows_the_fronts(self):
        assert is_front("callfloor/departments/quality/pages.py")
        assert is_front("callfloor/departments/quality/api/scores.py")
        assert not is_front("callfloor/departments/quality/queries.py")


def test_nothing_is_reached_by_string():
    faults = [
        f"{file.path}:{line} calls {name}: import it, or go through a port"
        for file in sources.python(under="callfloor/")
        if not file.is_test and not file.path.startswith(MAY_IMPORT_BY_STRING)
        for line, name in by_string(file.tree)
    ]
    assert not faults, sources.report(faults)


def test_pages_and_endpoints_know_no_models():
    faults = [
        f"{file.path}:{line} imports {name}: ask queries, tell services"
        for file in sources.python(under="callfloor/")
        if is_front(file.path)
        for line, name in model_imports(file.tree)
    ]
    assert not faults, sources.report(faults)
