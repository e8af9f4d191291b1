"""What is written says the same as what was read, and always in the same way."""

from pathlib import Path

import pytest

from callfloor.blueprint import canonical, preset
from callfloor.blueprint.check import check
from callfloor.blueprint.schema import Blueprint
from callfloor.blueprint.tests.samples import GOOD, broken

pytestmark = pytest.mark.pure

WHOLE = (Path(__file__).parent / "broken" / "good.yaml").read_text(encoding="utf-8")


def blueprint_of(text: str) -> Blueprint:
    checked = check(text, file="test.yaml", near=preset.PRESETS)
    assert checked.blueprint is not None, [str(each) for each in checked.findings]
    return checked.blueprint


def without_origin(blueprint: Blueprint) -> dict[str, object]:
    return {
        name: getattr(blueprint, name)
        for name in Blueprint.model_fields
        if name not in (*canonical.RESOLVED, "blueprint")
    }


@pytest.mark.parametrize(
    "source", ["sample", "whole", "six_seats", "demo", "bank", "city_helpline"]
)
def test_what_is_written_says_the_same(source: str):
    """The canonical text of a file is a file, equal in everything, and canonical itself."""
    texts = {"sample": GOOD, "whole": WHOLE}
    path = preset.PRESETS / f"{source}.yaml"
    blueprint = blueprint_of(texts.get(source) or path.read_text(encoding="utf-8"))
    text = canonical.text(blueprint)
    again = blueprint_of(text)
    assert without_origin(again) == without_origin(blueprint)
    assert canonical.text(again) == text


def test_order_without_meaning_is_not_kept():
    """Two files that name the same skills and people in another order have one text."""
    one = broken(
        "skills:\n  help: {name: Help}\n", "skills:\n  a: {name: A}\n  help: {name: Help}\n"
    )
    other = broken(
        "skills:\n  help: {name: Help}\n", "skills:\n  help: {name: Help}\n  a: {name: A}\n"
    )
    assert canonical.text(blueprint_of(one)) == canonical.text(blueprint_of(other))


def test_order_with_meaning_is_kept():
    """Steps stay in the order in which they are read."""
    lines = canonical.text(blueprint_of(GOOD)).splitlines()
    steps = [line.split(":")[0].strip() for line in lines if "do: " in line]
    assert steps[:3] == ["hello", "hours", "do"]


def test_defaults_are_left_out():
    """What is as it would be anyway is not said; what was emptied is."""
    text = canonical.text(blueprint_of(GOOD))
    assert "ring_seconds" not in text
    assert "from_version" not in text
    emptied = broken("    welcome: [soon]\n", "    welcome: []\n    music:\n")
    assert "music: null" in canonical.text(blueprint_of(emptied))


def test_version_of_origin_is_printed_first():
    """An export says which version it was taken from, in its second line."""
    text = canonical.text(blueprint_of(GOOD), from_version="0123456789ab")
    assert text.splitlines()[:2] == ["blueprint: 1", 'from_version: "0123456789ab"']
    found = blueprint_of(text)
    assert found.from_version == "0123456789ab"
    assert canonical.text(found) == canonical.text(blueprint_of(GOOD))


def test_version_is_twelve_digits_of_the_text():
    """The version changes with the text and with nothing else."""
    text = canonical.text(blueprint_of(GOOD))
    assert canonical.version(text) == canonical.version(text)
    assert len(canonical.version(text)) == 12
    assert set(canonical.version(text)) <= set("0123456789abcdef")
    assert canonical.version(text) != canonical.version(text + " ")


@pytest.mark.parametrize(
    "words",
    [
        "no",
        "Null",
        "12",
        "a: b",
        "- a",
        "a #b",
        "{a}",
        'say "hi"',
        "one\ntwo",
        "می‌شود، سلام",
        "x\u00a0x",
        "it's",
        "a,b",
        "*x",
        "&x",
        "!x",
        "%x",
        "@x",
        "`x`",
        "back\\slash",
        "x\u2028x",
        "x\x85x",
    ],
)
def test_any_text_survives(words: str):
    """A name is read again as it was, whatever signs it has."""
    blueprint = blueprint_of(GOOD)
    centre = blueprint.centre.model_copy(update={"name": words})
    text = canonical.text(blueprint.model_copy(update={"centre": centre}))
    assert blueprint_of(text).centre.name == words
