"""Passwords of telephones and trunks lie in one private file, and in no blueprint."""

import json
import stat
from pathlib import Path

import pytest

from callfloor.app import cli, passwords
from callfloor.blueprint.tests.samples import GOOD

pytestmark = pytest.mark.pure


def test_password_is_drawn_kept_and_private(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """`password NAME --new` prints it once and keeps it beside the others, mode 0600."""
    path = passwords.place(tmp_path)
    passwords.write(path, name="out", password="old one")
    assert cli.main(["password", "desk-1", "--new", "--data", str(tmp_path)]) == 0
    name, drawn = capsys.readouterr().out.split()
    assert name == "desk-1"
    assert len(drawn) >= 20
    assert passwords.read(path) == {"out": "old one", "desk-1": drawn}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_file_that_others_may_read_is_refused(tmp_path: Path):
    """What lies open is not used, and the command that closes it is told."""
    path = passwords.place(tmp_path)
    passwords.write(path, name="out", password="x")
    path.chmod(0o640)
    with pytest.raises(passwords.Unreadable, match="chmod 600"):
        passwords.read(path)


def test_a_telephone_that_knows_only_md5_is_kept_so(tmp_path: Path):
    """The floor reads the mark; another password that is kept later does not take it away."""
    path = passwords.place(tmp_path)
    assert cli.main(["password", "old", "--new", "--md5", "--data", str(tmp_path)]) == 0
    passwords.write(path, name="desk-1", password="x")
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert kept == {"old": {"password": passwords.read(path)["old"], "md5": True}, "desk-1": "x"}


@pytest.mark.parametrize("text", ["", "[]", '{"a": 1}', '{"a": {"md5": true}}', '{"a": ""}', "{"])
def test_broken_file_is_told(tmp_path: Path, text: str):
    """A file that is no object of texts is refused, not half used."""
    path = tmp_path / "passwords.json"
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    with pytest.raises(passwords.Unreadable):
        passwords.read(path)


def test_missing_file_means_no_passwords(tmp_path: Path):
    """Nobody needs the file before there is a password."""
    assert passwords.read(tmp_path / "none.json") == {}


def test_summary_names_whose_passwords_are_needed(tmp_path: Path):
    """What is printed at a start as missing comes from the blueprint's telephones and trunks."""
    from callfloor.app import prepare
    from callfloor.blueprint.check import check

    blueprint = check(GOOD, file="good.yaml").blueprint
    assert blueprint is not None
    prepare._summarize(blueprint, tmp_path, demo_sip=None)
    noted = json.loads((tmp_path / "centre.json").read_text(encoding="utf-8"))
    assert noted["users"] == ["ann-desk", "ann-hall", "north"]
    assert noted["telephones"] == []
    assert not passwords.place(tmp_path).exists()
