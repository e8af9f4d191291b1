"""The command line of the floor."""

import json
import logging

import pytest

from callfloor.floor import main

pytestmark = pytest.mark.wire

ARGUMENTS = ["--sip", "127.0.0.1:5070", "--media", "127.0.0.1:1", "--ng", "127.0.0.1:2"]


def settings(data, *more):
    """Read a command line."""
    return main._settings(main._parser().parse_args(["--data", str(data), *ARGUMENTS, *more]))


@pytest.fixture
def data(tmp_path):
    """Make a folder with keys."""
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "centre.pub").write_bytes(b"p" * 32)
    (tmp_path / "keys" / "token.key").write_bytes(b"t" * 32)
    return tmp_path


def test_keys_lie_in_the_data_folder(data):
    read = settings(data)
    assert (read.public_key, read.token_key) == (b"p" * 32, b"t" * 32)
    assert read.sip == ("127.0.0.1", 5070)
    assert read.passwords == data / "keys" / "passwords.json"
    assert read.region is None


def test_keys_and_secrets_may_lie_elsewhere(data, tmp_path):
    other = tmp_path / "other.pub"
    other.write_bytes(b"o" * 32)
    secrets = tmp_path / "trunks.json"
    secrets.write_text(json.dumps({"mobile": "secret"}))
    read = settings(
        data, "--public-key", str(other), "--trunk-secrets", str(secrets), "--region", "HU"
    )
    assert (read.public_key, read.region) == (b"o" * 32, "HU")
    assert read.passwords == secrets


def test_a_log_line_is_json_with_its_fields():
    record = logging.LogRecord("floor", logging.INFO, "f", 1, "media_lost", None, None)
    record.detail = "3 legs"
    line = json.loads(main.JsonLines().format(record))
    assert (line["event"], line["level"], line["detail"]) == ("media_lost", "INFO", "3 legs")
