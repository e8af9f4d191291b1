"""A data folder has one holder, and one format that its reader knows."""

import json
from pathlib import Path

import pytest

from callfloor.app.folder import FORMAT, Folder, Unusable, hash_of, write_whole

pytestmark = pytest.mark.pure


def test_second_holder_is_refused(tmp_path: Path):
    """Two supervisors on one folder would write one journal: the second is told who holds it."""
    first = Folder(tmp_path / "data")
    first.take(version="1.0")
    with pytest.raises(Unusable, match="is in use by process"):
        Folder(tmp_path / "data").take(version="1.0")
    first.release()
    again = Folder(tmp_path / "data")
    again.take(version="1.0")
    again.release()


def test_folder_of_a_newer_version_is_refused(tmp_path: Path):
    """What this version cannot read is left alone, and the version that can is named."""
    text = json.dumps({"format": FORMAT + 1, "version": "9.9"})
    (tmp_path / "callfloor.json").write_text(text, encoding="utf-8")
    folder = Folder(tmp_path)
    with pytest.raises(Unusable, match=r"written by Callfloor 9\.9"):
        folder.take(version="1.0")
    folder.release()
    assert (tmp_path / "callfloor.json").read_text(encoding="utf-8") == text


def test_folder_remembers_what_is_made(tmp_path: Path):
    """Stamps survive, each under its name; a broken file means that nothing is known."""
    folder = Folder(tmp_path)
    folder.take(version="1.0")
    assert folder.stamp("centre") is None
    folder.note("centre", "abc")
    folder.note("records", "def")
    assert (folder.stamp("centre"), folder.stamp("records")) == ("abc", "def")
    (tmp_path / "stamps.json").write_text("{", encoding="utf-8")
    assert folder.stamp("centre") is None
    folder.release()


def test_folder_that_cannot_be_written_is_told(tmp_path: Path):
    """A file where the folder should be is told, without a traceback."""
    (tmp_path / "data").write_text("a file", encoding="utf-8")
    with pytest.raises(Unusable, match="cannot be written"):
        Folder(tmp_path / "data").take(version="1.0")


def test_write_leaves_no_half(tmp_path: Path):
    """Only the whole file is there afterwards."""
    write_whole(tmp_path / "x", "old")
    write_whole(tmp_path / "x", "new")
    assert [path.name for path in tmp_path.iterdir()] == ["x"]
    assert (tmp_path / "x").read_text(encoding="utf-8") == "new"


def test_hash_knows_where_a_part_ends():
    """Moving a byte from one part to the next is another hash."""
    assert hash_of([b"ab", b"c"]) != hash_of([b"a", b"bc"])
