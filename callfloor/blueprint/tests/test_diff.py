"""What a change changes: values by path, and the rights that it moves."""

import re

import pytest

from callfloor.blueprint import diff, organisation
from callfloor.blueprint.preset import PRESETS
from callfloor.blueprint.tests.samples import GOOD
from callfloor.blueprint.tests.test_canonical import blueprint_of
from callfloor.kernel.organisation import moved

pytestmark = pytest.mark.pure

BEFORE = blueprint_of(GOOD)


def lines(text: str) -> list[str]:
    """Tell what a changed text changes."""
    return list(diff.between(BEFORE, blueprint_of(text)).lines())


def test_of_equal_files_says_nothing():
    found = diff.between(BEFORE, blueprint_of(f"# said differently\n{GOOD}"))
    assert not found
    assert str(found) == ""


def test_names_what_is_new_gone_and_other():
    changed = GOOD.replace("wait_seconds_max: 300", "wait_seconds_max: 240\n    length_max: 9")
    changed = changed.replace("  lunch: {name: Lunch, paid: false}", "  lunch: {name: Lunch}")
    assert lines(changed) == [
        "- away_reasons.lunch.paid: false",
        "+ queues.care.length_max: 9",
        "~ queues.care.wait_seconds_max: 300.0 -> 240.0",
    ]


def test_tells_null_from_nothing():
    changed = GOOD.replace("overflow: sorry", "overflow: sorry\n    music: null")
    assert lines(changed) == ["+ queues.care.music: null"]


def test_tells_another_order_where_it_is_seen():
    other = GOOD.replace("  done: {name: Done}", "  done: {name: Done}\n  more: {name: More}")
    turned = GOOD.replace("  done: {name: Done}", "  more: {name: More}\n  done: {name: Done}")
    found = diff.between(blueprint_of(other), blueprint_of(turned))
    assert [str(each) for each in found.changes] == [
        '~ dispositions.(order): ["done", "more"] -> ["more", "done"]'
    ]


def test_shows_the_rights_that_somebody_gets_and_loses():
    changed = GOOD.replace("bob: {roles: [team_leader]", "bob: {roles: [agent]")
    found = diff.between(BEFORE, blueprint_of(changed))
    assert {who for who, _, _ in (*found.taken, *found.given)} == {"bob"}
    assert ("bob", "inbound.lead_team", "floor.lead") in found.taken
    table = list(found.lines())[2:]
    assert table[0] == "Rights that move:"
    assert table[1].split() == ["person", "duty", "permission"]
    assert ["-", "bob", "inbound.lead_team", "floor.lead"] in [line.split() for line in table]


def test_keeps_long_values_and_long_lists_readable():
    many = "".join(f"  s{n}: {{name: {'x' * 100}}}\n" for n in range(diff.LINES_MAX + 5))
    shown = lines(GOOD.replace("skills:\n", f"skills:\n{many}", 1))
    assert len(shown) == diff.LINES_MAX + 1
    assert shown[-1] == "… and 5 more"
    assert max(map(len, shown)) < 100


def test_prints_exactly_the_rights_that_move_in_the_bank():
    """Quality, training and coaching become one, and its trainers listen to contacts as well."""
    text = (PRESETS / "bank.yaml").read_text(encoding="utf-8")
    three = re.findall(r"^  (?:quality|training|coaching): \{host: .*\n", text, re.MULTILINE)
    assert len(three) == 3
    one = "  growth: {name: Growing, host: management, merges: [quality, training, coaching]}\n"
    merged = text.replace("".join(three), one)
    assert merged != text
    merged += "\nroles:\n  trainer: {duties: [quality.listen_to_contacts]}\n"
    before, after = blueprint_of(text), blueprint_of(merged)
    taken, given = moved(organisation.of(before), organisation.of(after))
    printed = [line.split() for line in diff.between(before, after).lines()]
    rights = printed[printed.index(["Rights", "that", "move:"]) + 2 :]
    assert given
    assert sorted(map(tuple, rights)) == sorted(
        [*(("-", *right) for right in taken), *(("+", *right) for right in given)]
    )
