"""The command line says what it can do, and what is wrong with what it was given."""

import re
from pathlib import Path

import pytest

import callfloor
from callfloor.app import cli, processes
from callfloor.app import options as options_module
from callfloor.blueprint.tests.samples import GOOD, broken

pytestmark = pytest.mark.pure


def options(*words: str) -> options_module.Options:
    return options_module.options_of(
        cli.parser().parse_args(words), starter=Path("/starter"), demo=Path("/demo")
    )


def test_demo_has_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Without a word the demo listens on this machine only, with its data below the folder."""
    monkeypatch.chdir(tmp_path)
    found = options("demo")
    assert (found.network.http, found.network.sip, found.network.host) == (8080, 5070, "127.0.0.1")
    assert found.data == tmp_path / "data" / "demo"
    assert (found.file, found.is_demo, found.is_quiet) == (Path("/demo"), True, False)


def test_fixed_options_are_understood(tmp_path: Path):
    """The words that everybody's scripts rely on."""
    words = ("--data", str(tmp_path), "--http", "8999", "--sip", "5999")
    served = options("serve", "my.yaml", *words)
    assert (served.data, served.network.http, served.network.sip) == (tmp_path, 8999, 5999)
    assert served.file == Path("my.yaml").resolve()
    assert not served.is_demo
    assert options("demo", *words, "--quiet-floor").is_quiet


def test_serve_remembers_its_file(tmp_path: Path):
    """Without a file the one of the last start is used, as long as it exists; else the starter."""
    assert options("serve", "--data", str(tmp_path)).file == Path("/starter")
    mine = tmp_path / "mine.yaml"
    mine.write_text(GOOD, encoding="utf-8")
    (tmp_path / "file").write_text(str(mine), encoding="utf-8")
    assert options("serve", "--data", str(tmp_path)).file == mine
    mine.unlink()
    assert options("serve", "--data", str(tmp_path)).file == Path("/starter")


def test_serve_runs_what_the_records_export(tmp_path: Path):
    """Whatever file the folder was started with, what was applied since counts."""
    mine = tmp_path / "mine.yaml"
    mine.write_text(GOOD, encoding="utf-8")
    (tmp_path / "file").write_text(str(mine), encoding="utf-8")
    (tmp_path / "centre.yaml").write_text(GOOD, encoding="utf-8")
    assert options("serve", "--data", str(tmp_path)).file == tmp_path / "centre.yaml"
    assert options("serve", str(mine), "--data", str(tmp_path)).file == mine
    assert options("demo", "--data", str(tmp_path)).file == Path("/demo")


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1"])
def test_wrong_port_is_told(port: str, capsys: pytest.CaptureFixture[str]):
    """A port that is none is refused with a sentence."""
    with pytest.raises(SystemExit) as caught:
        cli.main(["demo", f"--http={port}"])
    assert caught.value.code == 2
    assert f"{port} is no port" in capsys.readouterr().err


def test_help_explains_itself(capsys: pytest.CaptureFixture[str]):
    """Every command stands in the help, and every command has help of its own."""
    for words in (["--help"], ["serve", "--help"], ["demo", "--help"], ["check", "--help"]):
        with pytest.raises(SystemExit) as caught:
            cli.main(words)
        assert caught.value.code == 0
    text = capsys.readouterr().out
    for word in ("serve", "demo", "check", "--data", "--http", "--sip", "--quiet-floor", "healthz"):
        assert word in text


def test_version_is_told(capsys: pytest.CaptureFixture[str]):
    """The version is that of the package."""
    with pytest.raises(SystemExit):
        cli.main(["--version"])
    assert capsys.readouterr().out == f"callfloor {callfloor.__version__}\n"


def test_check_tells_place_and_status(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """A bad file ends with 1 and file:line:column; a good one with 0."""
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(GOOD, encoding="utf-8")
    bad.write_text(broken("first: hello", "first: hallo"), encoding="utf-8")
    assert cli.main(["check", str(good)]) == 0
    assert capsys.readouterr().out == f"{good}: no findings\n"
    assert cli.main(["check", str(bad)]) == 1
    out = capsys.readouterr().out
    assert re.match(rf"{re.escape(str(bad))}:\d+:\d+: blueprint\.E014: There is no step", out)
    assert out.endswith("bad.yaml: 1 finding\n")


def test_file_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """No traceback for a wrong path."""
    assert cli.main(["check", str(tmp_path / "none.yaml")]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_every_process_is_told_where_the_others_are(tmp_path: Path):
    """Floor and media are given one another's ports; on a quiet floor nobody calls."""
    found = options("demo", "--data", str(tmp_path), "--quiet-floor")
    specs = {spec.name: spec for spec in processes.specs(found, control=7001, ng=7002)}
    assert set(specs) == {"media", "floor", "web", "worker", "demo"}
    assert "--quiet" in specs["demo"].arguments  # The provider answers all the same.
    assert "127.0.0.1:7001" in specs["floor"].arguments
    assert specs["media"].arguments[:4] == (
        "--control",
        "127.0.0.1:7001",
        "--floor",
        "127.0.0.1:7002",
    )
    noisy = options("demo", "--data", str(tmp_path))
    assert "demo" in {spec.name for spec in processes.specs(noisy, control=1, ng=2)}
    served = options("serve", "--data", str(tmp_path))
    assert "demo" not in {spec.name for spec in processes.specs(served, control=1, ng=2)}
