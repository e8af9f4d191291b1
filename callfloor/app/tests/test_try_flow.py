"""`callfloor try-flow` prints what happened, and its exit status says the same."""

import json
from pathlib import Path

import pytest

from callfloor.app import cli

pytestmark = pytest.mark.twin

SIX = Path(__file__).parents[3] / "blueprints" / "six_seats.yaml"
CASE = 'flow_tests:\n  - {case: One, call: "900", at: 2026-11-23 09:15:00, ends: %s}\n'


def test_says_how_many_and_what_was_covered(capsys):
    assert cli.main(["try-flow", str(SIX)]) == 0
    printed = capsys.readouterr().out
    assert "main  11 of 11 branches" in printed
    assert "13 cases, 13 as written, 100 % of the branches walked" in printed


def test_prints_one_document(capsys):
    assert cli.main(["try-flow", str(SIX), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["cases"], document["failures"], document["share"]) == (13, [], 1.0)
    assert document["coverage"] == {"main": {"branches": 11, "missing": []}}


def test_a_deviation_ends_with_one(tmp_path, capsys):
    tests = tmp_path / "t.flow.yaml"
    tests.write_text(CASE % "message")
    assert cli.main(["try-flow", str(SIX), str(tests)]) == 1
    printed = capsys.readouterr().out
    assert f"{tests}:2:" in printed
    assert "expected to end as message_left" in printed
    assert "never walked:" in printed


def test_too_few_branches_end_with_one(tmp_path, capsys):
    tests = tmp_path / "t.flow.yaml"
    tests.write_text(CASE % "{queue: service}")
    assert cli.main(["try-flow", str(SIX), str(tests)]) == 0
    assert cli.main(["try-flow", str(SIX), str(tests), "--coverage-min", "95"]) == 1
    assert "95 % are asked for" in capsys.readouterr().err


@pytest.mark.parametrize("text", [None, "flow_tests: []", CASE.replace("900", "1") % "message"])
def test_nothing_to_try_ends_with_two(tmp_path, capsys, text):
    tests = tmp_path / "t.flow.yaml"
    if text is not None:
        tests.write_text(text)
    assert cli.main(["try-flow", str(SIX), str(tests)]) == 2
    assert str(tests) in capsys.readouterr().err


def test_a_centre_with_an_error_ends_with_one(tmp_path, capsys):
    file = tmp_path / "c.yaml"
    file.write_text("blueprint: 1\n")
    (tmp_path / "c.flow.yaml").write_text(CASE % "message")
    assert cli.main(["try-flow", str(file)]) == 1
    assert "blueprint.E002" in capsys.readouterr().err
