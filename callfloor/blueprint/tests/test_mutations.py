"""Whatever an author does to a preset, he is told what is wrong with it, and never sees a crash."""

import random
import re

import pytest

from callfloor.blueprint import canonical, organisation, preset
from callfloor.blueprint.check import check
from callfloor.blueprint.compile import compile_plan

pytestmark = pytest.mark.pure

ROUNDS, ROUNDS_LONG = 6, 300
CHANGES_MAX = 3
OTHERS = (
    "",
    "~",
    "true",
    "-1",
    "1e9",
    "x y",
    "[]",
    "{}",
    "[a]",
    "{a: b}",
    '"é"',
    "2027-02-30",
    "&a",
)
"""What may stand where something else is expected."""
_VALUE = re.compile(r"(?<=: ).+$")
_KEY = re.compile(r"[a-z_]+(?=:)")
_WORD = re.compile(r"[a-z][a-z0-9_.]+")


def broken(text: str, *, seed: int) -> str:
    """Return a file after some changes: deleted, doubled, changed in kind, renamed."""
    draw = random.Random(seed)
    lines = text.splitlines()
    for _ in range(draw.randint(1, CHANGES_MAX)):
        draw.choice((_delete, _double, _change, _rename, _move))(lines, draw)
    return "\n".join(lines) + "\n"


def _delete(lines: list[str], draw: random.Random) -> None:
    first = draw.randrange(len(lines))
    del lines[first : first + draw.choice((1, 1, 2, 9))]
    lines[:] = lines or ["blueprint: 1"]


def _double(lines: list[str], draw: random.Random) -> None:
    first = draw.randrange(len(lines))
    lines[first:first] = lines[first : first + draw.choice((1, 3))]


def _change(lines: list[str], draw: random.Random) -> None:
    at = draw.randrange(len(lines))
    other = draw.choice(OTHERS)
    lines[at] = _VALUE.sub(lambda _: other, lines[at])


def _rename(lines: list[str], draw: random.Random) -> None:
    at = draw.randrange(len(lines))
    words = list((_KEY if draw.random() < 0.5 else _WORD).finditer(lines[at]))
    if words:
        word = draw.choice(words)
        lines[at] = f"{lines[at][: word.start()]}{word[0]}x{lines[at][word.end() :]}"


def _move(lines: list[str], draw: random.Random) -> None:
    line = lines.pop(draw.randrange(len(lines)))
    lines.insert(draw.randrange(len(lines) + 1), line)


PRESETS = [key for key in preset.keys() if key != "everything"]  # noqa: SIM118 - no mapping
"""All but the large one, which is made of the same parts and takes longer."""


@pytest.mark.parametrize("key", PRESETS)
def test_broken_preset_is_told_and_never_crashes(key: str, pytestconfig: pytest.Config):
    """Each finding has a place that is in the file; what is taken can be written and compiled."""
    text = (preset.PRESETS / f"{key}.yaml").read_text(encoding="utf-8")
    rounds = ROUNDS_LONG if pytestconfig.getoption("--long") else ROUNDS
    refused = 0
    for seed in range(rounds):
        wrong = broken(text, seed=seed)
        checked = check(wrong, file=f"{key} {seed}", near=preset.PRESETS)
        length = wrong.count("\n") + 1
        assert all(1 <= each.line <= length and each.column >= 1 for each in checked.findings)
        assert (checked.blueprint is None) == any(e.severity == "error" for e in checked.findings)
        if checked.blueprint is None:
            refused += 1
            continue
        organisation.of(checked.blueprint)
        compile_plan(checked.blueprint, years=[2027])
        again = check(canonical.text(checked.blueprint), file="again").blueprint
        assert again is not None
        assert canonical.text(again) == canonical.text(checked.blueprint)
    assert refused > rounds / 4
