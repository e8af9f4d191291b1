"""What is read fast is what the library reads, value by value and place by place."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from callfloor.blueprint import preset, quick, read

pytestmark = pytest.mark.pure

GOOD = (Path(__file__).parent / "broken" / "good.yaml").read_text(encoding="utf-8")
SIGNS = (
    *" \n:,-[]{}#\"'&*!|>?%@~ab1\\\t=<.",
    *("- ", ": ", " #", "\n  ", "\n- ", "''", '\\"', "\\n", "null", "\n\n", "? ", "...", "---"),
    *(">-\n  a b\n  c", " |\n    x y\n    z", "|-", " >\n   x\n", "\n   # c"),
)
"""What a text is broken with: all that YAML gives a meaning to."""


def fast(text: str) -> tuple[object, object] | None:
    return quick.read(text, values_max=read.VALUES_MAX, depth_max=read.DEPTH_MAX)


def slow(text: str) -> tuple[object, object] | None:
    try:
        source = read.read_slowly(text, file="x")
    except read.Unreadable:
        return None
    return source.values, source.places


def pieces(*, seed: int, count: int) -> Iterator[str]:
    """Yield pieces of a blueprint with some signs put in, taken out or changed."""
    draw = random.Random(seed)
    whole = GOOD.splitlines()
    for _ in range(count):
        first = draw.randrange(len(whole))
        lines = whole[first : first + draw.randrange(1, 14)]
        indent = min(len(line) - len(line.lstrip()) for line in lines)
        text = "\n".join(line[indent:] for line in lines) + "\n"
        for _ in range(draw.randrange(4)):
            at, sign = draw.randrange(len(text) + 1), draw.choice(SIGNS)
            text = text[:at] + draw.choice(("", sign)) + text[at + draw.randrange(2) :]
        yield text


@pytest.mark.parametrize("key", ["good", "six_seats"])
def test_whole_file_is_read_fast(key: str):
    """A blueprint as people write it needs nothing of the library."""
    text = GOOD if key == "good" else (preset.PRESETS / f"{key}.yaml").read_text(encoding="utf-8")
    found = fast(text)
    assert found is not None
    assert found == slow(text)


@pytest.mark.parametrize("key", preset.keys())
def test_no_preset_is_read_slowly(key: str):
    assert fast((preset.PRESETS / f"{key}.yaml").read_text(encoding="utf-8")) is not None


def test_broken_pieces_are_read_alike_or_given_up():
    """Whatever the fast reader takes, the library takes as the same."""
    taken = 0
    for text in pieces(seed=4, count=600):
        found = fast(text)
        if found is not None:
            taken += 1
            assert found == slow(text), repr(text)
    assert taken > 100


@pytest.mark.parametrize(
    "text",
    [
        "a: &x 1\nb: *x\n",
        "a: !!str 1\n",
        'a: "one\n  two"\n',
        "a: one\n  two\n",
        "a: 1\na: 2\n",
        "a:\n  - 1\n b: 2\n",
        "a: [1, 2\n",
        "a: |+\n  x\n",
        "a: >-\n  x\n\n  y\n",
        "? a\n: 1\n",
        "--- \na: 1\n",
        "a:\t1\n",
        "a: b: c\n",
        "- a\n- b\n",
        "",
        "a: {b: [c, {d: e}]} f\n",
    ],
)
def test_gives_up_on_the_rest_of_yaml(text: str):
    """Other YAML is left to the library, and so is every mistake."""
    assert fast(text) is None


def test_limits_hold():
    """What could blow up is not read at all."""
    deep = "a: " + "[" * 30 + "]" * 30
    assert fast(deep) is None
    assert quick.read("a: [1, 2, 3]\n", values_max=3, depth_max=9) is None
    assert quick.read("a: [1, 2, 3]\n", values_max=5, depth_max=9) is not None


@pytest.mark.parametrize("count", [25, 500, 3_000])
def test_deep_text_is_refused_without_a_crash(count: int):
    """Brackets in brackets end with a finding, however many there are."""
    with pytest.raises(read.Unreadable) as caught:
        read.read("a: " + "[" * count + "]" * count, file="x")
    assert caught.value.findings[0].id == "blueprint.E004"
