"""Nobody below the edge reads the clock or draws lots: `now` and `draw` come in."""

import ast
import fnmatch

import pytest

from tests.architecture import sources

pytestmark = pytest.mark.pure

EDGES = {
    "bench/*": "it measures time",
    "callfloor/app/*": "the composition root hands the clock to everybody",
    "callfloor/connectors/*/client.py": "it waits for other people's systems",
    "callfloor/connectors/*/connector.py": "what comes in is stamped here",
    "callfloor/connectors/*/pages.py": "a page is where a request begins",
    "callfloor/departments/*/api.py": "an endpoint is where a request begins",
    "callfloor/departments/*/api/*": "an endpoint is where a request begins",
    "callfloor/departments/*/pages.py": "a page is where a request begins",
    "callfloor/departments/*/pages/*": "a page is where a request begins",
    "callfloor/departments/*/reactions.py": "a reaction begins a piece of work",
    "callfloor/desk/*pages.py": "a page is where a request begins",
    "callfloor/desk/*/pages/*": "a page is where a request begins",
    "callfloor/desk/*api.py": "an endpoint is where a request begins",
    "callfloor/floor/*": "its loop is the exchange's clock",
    "callfloor/kernel/keys.py": "keys and nonces must be unforeseeable",
    "callfloor/kernel/keys/*": "keys and nonces must be unforeseeable",
    "callfloor/kernel/fields.py": "a nonce must be unforeseeable",
    "callfloor/kernel/ids.py": "ids are drawn here, for callers at the edge",
    "callfloor/media/*": "packets leave by the clock, keys must be unforeseeable",
    "callfloor/web/*": "a request is stamped here",
    "callfloor/worker/*": "a job begins here",
    "docs/*": "scripts for people",
}
"""Who may, and why; everybody else is given the time and the draw."""

FORBIDDEN = {
    "asyncio.sleep",
    "datetime.date.today",
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "django.utils.timezone.localdate",
    "django.utils.timezone.now",
    "os.urandom",
    "random.SystemRandom",
    "time.monotonic",
    "time.monotonic_ns",
    "time.perf_counter",
    "time.perf_counter_ns",
    "time.sleep",
    "time.time",
    "time.time_ns",
    "uuid.uuid1",
    "uuid.uuid4",
}
FORBIDDEN_MODULES = ("secrets.", "random.", "numpy.random.")
SEEDED = {"random.Random", "numpy.random.default_rng"}
"""Generators that are no dice as long as they are given a seed."""
TYPES = {"numpy.random.Generator"}


def readings(tree: ast.Module) -> list[tuple[int, str]]:
    """Return the lines at which a module reads the clock or draws lots, with what it uses."""
    names = _imported(tree)
    found = []
    seeded = {
        id(node.func)
        for node in sources.nodes(tree)
        if isinstance(node, ast.Call) and (node.args or node.keywords)
    }
    annotations = {id(part) for hint in _annotations(tree) for part in ast.walk(hint)}
    for node in sources.nodes(tree):
        if not isinstance(node, ast.Attribute | ast.Name) or id(node) in annotations:
            continue
        name = _dotted(node, names)
        if name is None or name in TYPES or (name in SEEDED and id(node) in seeded):
            continue
        if name in FORBIDDEN or name.startswith(FORBIDDEN_MODULES):
            found.append((node.lineno, name))
    found += [
        (node.lineno, str(node.arg))
        for node in sources.nodes(tree)
        if isinstance(node, ast.keyword) and node.arg in {"auto_now", "auto_now_add"}
    ]
    return sorted(found)


def _imported(tree: ast.Module) -> dict[str, str]:
    names = {}
    for node in sources.nodes(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.asname:
                    names[alias.asname] = alias.name
                else:
                    top = alias.name.partition(".")[0]
                    names[top] = top
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return names


def _dotted(node: ast.expr, names: dict[str, str]) -> str | None:
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.Attribute):
        left = _dotted(node.value, names)
        return f"{left}.{node.attr}" if left else None
    return None


def _annotations(tree: ast.Module) -> list[ast.expr]:
    hints: list[ast.expr | None] = []
    for node in sources.nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            hints.append(node.returns)
        elif isinstance(node, ast.arg | ast.AnnAssign):
            hints.append(node.annotation)
    return [hint for hint in hints if hint is not None]


def is_edge(path: str) -> bool:
    """Say whether a module may read the clock."""
    return any(fnmatch.fnmatch(path, pattern) for pattern in EDGES)


class TestReadings:
    @pytest.mark.parametrize(
        "source",
        [
            "import time\ntime.time()",
            "from time import monotonic as tick\ntick()",
            "from datetime import datetime\ndatetime.now(tz=None)",
            "import datetime as dt\ndt.datetime.now()",
            "from django.utils import timezone\nat = Field(default=timezone.now)",
            "at = Field(auto_now_add=True)",
            "import random\nrandom.choice([1])",
            "import random\nrandom.Random()",
            "import numpy as np\nnp.random.default_rng()",
            "import secrets\nsecrets.token_hex(8)",
            "import uuid\nuuid.uuid4()",
        ],
    )
    def test_sees_a_clock_or_dice(self, source):
        assert readings(ast.parse(source))

    @pytest.mark.parametrize(
        "source",
        [
            "def wait(*, now: float) -> float:\n    return now + 1",
            "from datetime import datetime\ndatetime.fromtimestamp(now, tz=utc)",
            "import random\nrandom.Random(7)",
            "import random\ndef draw(*, dice: random.Random) -> float:\n    return dice.random()",
            "import numpy as np\nnp.random.default_rng(7)",
            "class Event:\n    time: float\nEvent().time",
        ],
    )
    def test_passes_what_is_given_in(self, source):
        assert readings(ast.parse(source)) == []


def test_nobody_below_the_edge_reads_the_clock():
    faults = [
        f"{file.path}:{line} uses {name}: let the caller give it in"
        for file in sources.python(under="callfloor/")
        if not file.is_test and not is_edge(file.path)
        for line, name in readings(file.tree)
    ]
    assert not faults, sources.report(faults)
