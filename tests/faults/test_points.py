"""The list of failpoints is the code's: whoever adds one is killed there, too."""

import ast

import pytest

from callfloor.wire import fail
from tests.architecture import sources
from tests.faults import points

pytestmark = pytest.mark.pure

ALL = points.POINTS + points.MAIL_POINTS
FILES = sorted((sources.ROOT / "callfloor").rglob("*.py"))


def named(text: str) -> list[str]:
    """Return the names of the points that a module marks, in order."""
    return [
        node.args[0].value
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) == "fail.point"
        and isinstance(node.args[0], ast.Constant)
    ]


def marked() -> list[str]:
    """Return the names of every point of the product."""
    texts = [path.read_text() for path in FILES if "tests" not in path.parts]
    return [name for text in texts if "fail.point(" in text for name in named(text)]


def test_a_name_is_found_where_it_is_marked():
    assert named("def f():\n    fail.point('a.b')\n    other.point('c.d')\n") == ["a.b"]


def test_every_point_of_the_code_is_killed_at():
    assert sorted(marked()) == sorted(point.name for point in ALL)


@pytest.mark.parametrize("point", ALL, ids=lambda point: point.name)
def test_a_point_can_be_ordered(point):
    first, last = point.passes
    assert 1 <= first <= last
    order = fail.parse(f"{point.name}:{last}:kill")
    assert (order.name, order.count, order.deed) == (point.name, last, "kill")
