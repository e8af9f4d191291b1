"""What the schema refuses is told in the words of the file's author."""

from typing import Any, get_args

import pytest
from pydantic import StringConstraints

from callfloor.blueprint import schema
from callfloor.blueprint.check import check, shape
from callfloor.blueprint.schema import tree
from callfloor.blueprint.tests.samples import GOOD
from callfloor.blueprint.tests.test_broken import GOOD as WHOLE

pytestmark = pytest.mark.pure


def patterns_in(kind: Any) -> set[str]:
    found = {
        str(each.pattern)
        for each in getattr(kind, "__metadata__", ())
        if isinstance(each, StringConstraints) and each.pattern
    }
    for argument in get_args(kind):
        found |= patterns_in(argument)
    return found


def test_every_pattern_has_a_hint():
    """Whoever writes a value of the wrong form is told the right one."""
    annotations = [
        annotation
        for part in tree.parts(schema.Blueprint)
        for annotation in part.__annotations__.values()
    ]
    used = set().union(*(patterns_in(annotation) for annotation in annotations))
    assert len(used) >= 8
    assert used <= shape._PATTERNS.keys()


def test_all_parts_are_known():
    """The parts of parts belong to the whole as well, each once."""
    names = [part.__name__ for part in tree.parts(schema.Blueprint)]
    assert names[0] == "Blueprint"
    assert {"Queue", "Menu", "Objective", "Target", "Shift", "Labour", "Site"} <= set(names)
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("old", "new", "path", "hint"),
    [
        ("kpi: service_level, target", "kpi: Service, target", "kpi", "A name has small letters"),
        ("kpi: service_level, target", "kip: service_level, target", "kip", "Did you mean `kpi`?"),
        ('"2027":', '"1927":', "1927", "Write a year"),
        ('review: "2027-03-01"', "review: soon", "review", "Write a day as"),
        ('hours: "09:00-14:00"', "hours: nine", "hours", "Write from and to"),
        ("days: [mon-wed]", "days: [midweek]", "0", "Write `mon`"),
        ("[inbound.take_calls]}", "[take_calls]}", "0", "Write two names"),
    ],
)
def test_nested_value_is_told_at_its_place(old: str, new: str, path: str, hint: str):
    """What is wrong deep in a part stands at its own key, with a hint of its own kind."""
    assert WHOLE.count(old) == 1
    findings = check(WHOLE.replace(old, new), file="x.yaml").findings
    assert findings[0].id == "blueprint.E002"
    assert any(each.path.endswith(f".{path}") and each.hint.startswith(hint) for each in findings)


def test_long_value_is_cut():
    """A finding is a line or two, whatever was typed."""
    (found,) = check(GOOD.replace("flow: main", f"flow: {'x' * 500}"), file="x.yaml").findings
    assert len(found.wrong) < 80
