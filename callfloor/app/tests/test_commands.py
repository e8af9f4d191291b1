"""Commands that only read or write a file: their answers, their exit statuses."""

import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from callfloor.app import cli, commands
from callfloor.app.commands import new
from callfloor.blueprint import starter
from callfloor.blueprint.check import check
from callfloor.blueprint.tests.samples import GOOD, broken

pytestmark = pytest.mark.pure

SLOGAN = "direction:\n  mission: Help.\n  values: {zeal: {name: Zeal}}\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "centre.yaml"
    path.write_text(text, encoding="utf-8")
    return path


# --- Commands -------------------------------------------------------------------------------------


def test_every_module_is_a_command():
    """A module of the folder stands in the help, and has a parser and something that runs."""
    text = cli.parser().format_help()
    for name in commands.names():
        module = commands.module(name)
        assert callable(module.add)
        assert callable(module.run)
        assert re.search(rf"^    {name.replace('_', '-')}\s", text, re.MULTILINE), name


def test_only_the_command_that_is_asked_for_is_loaded():
    """`callfloor check --help` waits for no Django, no numpy and no other command."""
    code = (
        "import sys\n"
        "from callfloor.app import cli\n"
        "try: cli.main(['check', '--help'])\n"
        "except SystemExit: pass\n"
        "print([m for m in ('django', 'pydantic', 'numpy', 'ruamel.yaml') if m in sys.modules])\n"
        "print([m for m in sys.modules if m.startswith('callfloor.app.commands.')])\n"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.splitlines()[-2:] == ["[]", "['callfloor.app.commands.check']"]


# --- check ----------------------------------------------------------------------------------------


def test_findings_for_programs(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """--json gives a list with everything that a finding has, and nothing else on stdout."""
    path = written(tmp_path, broken("first: hello", "first: hallo"))
    assert cli.main(["check", str(path), "--json"]) == 1
    (found,) = json.loads(capsys.readouterr().out)
    line = GOOD.splitlines().index("    first: hello") + 1
    assert found == {
        "id": "blueprint.E014",
        "severity": "error",
        "file": str(path),
        "line": line,
        "column": 5,
        "path": "flows.main.first",
        "message": "There is no step `hallo`.",
        "hint": "Did you mean `hello`?",
    }


def test_clean_file_gives_an_empty_list(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert cli.main(["check", "--json", str(written(tmp_path, GOOD))]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_warnings_alone_end_well(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """A warning is told and counted, and the file is taken."""
    path = written(tmp_path, GOOD + SLOGAN)
    assert cli.main(["check", str(path)]) == 0
    out = capsys.readouterr().out
    assert "blueprint.W095: warning: `zeal` is seen nowhere" in out
    assert out.endswith(f"{path}: 1 warning\n")


@pytest.mark.parametrize(("day", "warnings"), [("2026-10-01", 0), ("2026-10-02", 1)])
def test_proofs_are_looked_at_on_the_day_that_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], day: str, warnings: int
):
    """Thirty-one days before its last one a proof is fine, and then somebody must see to it."""
    proof = '    proofs: {help: {kind: test, by: bob, on: "2026-01-01", until: "2026-11-01"}}\n'
    path = written(tmp_path, broken("    skills: {help: 3}\n", "    skills: {help: 3}\n" + proof))
    assert cli.main(["check", str(path), "--json", "--on", day]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [each["id"] for each in found] == ["blueprint.W139"] * warnings


def test_errors_and_warnings_are_counted_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = written(tmp_path, broken("first: hello", "first: hallo") + SLOGAN)
    assert cli.main(["check", str(path)]) == 1
    assert capsys.readouterr().out.endswith(f"{path}: 1 finding, 1 warning\n")


def test_included_files_are_found_beside(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """What a file includes is read from its own folder, wherever the command runs."""
    (tmp_path / "more.yaml").write_text("sites: {tower: {name: Tower}}\n", encoding="utf-8")
    path = written(tmp_path, GOOD + "include: [more.yaml]\n")
    assert cli.main(["check", str(path)]) == 0
    assert "no findings" in capsys.readouterr().out


# --- new ------------------------------------------------------------------------------------------


def test_writes_a_file_that_checks_clean(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """From options alone, without a question."""
    path = tmp_path / "mine.yaml"
    words = ["--size", "8", "--business", "service", "--languages", "en,fa", "--channels", "call"]
    assert cli.main(["new", *words, "--output", str(path)]) == 0
    assert "Try it" in capsys.readouterr().err
    text = path.read_text(encoding="utf-8")
    found = check(text, file=str(path))
    assert found.findings == ()
    assert found.blueprint is not None
    assert len(found.blueprint.people) == 8
    where = re.match(r"# yaml-language-server: \$schema=(.+)\n", text)
    assert where is not None
    assert (tmp_path / where[1]).resolve() == new.SCHEMA


def test_nothing_is_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = written(tmp_path, "mine")
    assert cli.main(["new", "--output", str(path)]) == 1
    assert "is there already" in capsys.readouterr().err
    assert path.read_text(encoding="utf-8") == "mine"


def test_impossible_wish_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "mine.yaml"
    assert cli.main(["new", "--output", str(path), "--size", "2"]) == 2
    assert "begins with 6" in capsys.readouterr().err
    assert not path.exists()


@pytest.mark.parametrize(
    "words",
    [["--size", "many"], ["--languages", "xx"], ["--channels", "pigeon"], ["--business", "x"]],
)
def test_wrong_word_is_refused(words: list[str], capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as caught:
        cli.main(["new", *words])
    assert caught.value.code == 2
    assert capsys.readouterr().err


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_asks_on_a_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """Each question has a default, and a wrong answer is asked again."""
    path = tmp_path / "mine.yaml"
    monkeypatch.setattr(sys, "stdin", _Terminal(f"circus\nservice\n7\n\nhu\n{path}\n"))
    assert cli.main(["new"]) == 0
    err = capsys.readouterr().err
    assert "circus is none of service" in err
    assert "How many people work there? [6]" in err
    found = check(path.read_text(encoding="utf-8"), file="mine.yaml").blueprint
    assert found is not None
    assert (len(found.people), found.clients["house"].languages) == (7, ["hu"])


def test_silence_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Whoever leaves the terminal gets no file."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "stdin", _Terminal("service\n"))
    assert cli.main(["new"]) == 2
    assert list(tmp_path.iterdir()) == []


def test_command_and_presets_know_the_same_businesses():
    """The command line says the list again, because it is read before anything is loaded."""
    assert new.BUSINESSES.keys() == starter.BUSINESSES.keys()
