"""Files that are wrong in one thing; each says in its first line what must be found, and where."""

import difflib
from datetime import date
from pathlib import Path

import pytest

from callfloor.blueprint.check import check
from callfloor.blueprint.findings import Finding

pytestmark = pytest.mark.pure

FOLDER = Path(__file__).parent / "broken"
GOOD = (FOLDER / "good.yaml").read_text(encoding="utf-8")
FILES = sorted(FOLDER.glob("[0-9]*.yaml"))
CHANGED_MAX = 6
"""Lines in which a broken file may differ from the good one, counted on both sides."""


TODAY = date(2026, 11, 23)
"""The day on which the files are checked."""


def findings_of(path: Path) -> tuple[Finding, ...]:
    text = path.read_text(encoding="utf-8")
    return check(text, file=path.name, near=FOLDER, today=TODAY).findings


def test_good_file_has_no_finding():
    """What all broken files are made from is whole, with everything that the schema knows."""
    checked = check(GOOD, file="good.yaml", today=TODAY)
    assert [str(each) for each in checked.findings] == []
    blueprint = checked.blueprint
    assert blueprint is not None
    for part in ("departments", "roles", "direction", "articles", "demand", "emergencies", "sites"):
        assert getattr(blueprint, part), part


def test_there_are_forty():
    assert len(FILES) >= 40


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_finding_is_where_the_file_says(path: Path):
    """One fault is one finding, at its line and column, with a sentence and what to do."""
    _, fault, place, *_ = path.read_text(encoding="utf-8").split()
    (found,) = findings_of(path)
    assert (found.id, f"{found.line}:{found.column}") == (fault, place), str(found)
    assert found.severity == ("warning" if ".W" in fault else "error")
    assert found.wrong.endswith(".")
    assert found.hint.endswith((".", "?", "…"))
    assert str(found).startswith(f"{path.name}:{place}: {fault}: ")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_nothing_else_is_broken(path: Path):
    """A broken file is the good one but for a line or two, so that the check tells them apart."""
    broken = path.read_text(encoding="utf-8").splitlines()[1:]
    diff = difflib.ndiff(GOOD.splitlines()[1:], broken)
    changed = [line for line in diff if line[0] in "+-"]
    assert 0 < len(changed) <= CHANGED_MAX, changed


def test_warning_does_not_refuse():
    """A file with a warning alone is taken, and the warning is told."""
    path = next(path for path in FILES if "slogan" in path.read_text(encoding="utf-8"))
    checked = check(path.read_text(encoding="utf-8"), file=path.name)
    assert checked.blueprint is not None
    assert [each.severity for each in checked.findings] == ["warning"]
    assert ": warning: " in str(checked.findings[0])
