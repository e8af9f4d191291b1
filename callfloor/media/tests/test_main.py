"""The command line and the log of the process."""

import json
import logging
from pathlib import Path

import pytest

from callfloor.media import main

pytestmark = pytest.mark.pure

NEEDED = ["--control", "127.0.0.1:1", "--floor", "127.0.0.1:2", "--prompts", "p"]


def test_reads_addresses_and_folders():
    options = main._parser().parse_args(
        [*NEEDED, "--recordings", "r", "--ice-address", "192.0.2.1", "--ice-address", "::1"]
    )
    assert options.control == ("127.0.0.1", 1)
    assert options.floor == ("127.0.0.1", 2)
    assert (options.prompts, options.recordings) == (Path("p"), Path("r"))
    assert options.address == "127.0.0.1"
    assert options.ice_address == ["192.0.2.1", "::1"]
    assert options.ports == (20_000, 29_999)


def test_refuses_what_is_missing(capsys):
    with pytest.raises(SystemExit):
        main._parser().parse_args(NEEDED)
    assert "--recordings" in capsys.readouterr().err


def test_logs_an_event_with_its_fields():
    record = logging.makeLogRecord({"msg": "leg.lost", "levelname": "WARNING", "legs": 3})
    line = json.loads(main.JsonLines().format(record))
    assert (line["event"], line["level"], line["legs"]) == ("leg.lost", "WARNING", 3)


def test_logs_what_went_wrong():
    try:
        raise ZeroDivisionError("ours")
    except ZeroDivisionError as error:
        fault = (type(error), error, error.__traceback__)
    record = logging.makeLogRecord({"msg": "ng.fault", "exc_info": fault})
    assert "ours" in json.loads(main.JsonLines().format(record))["exception"]
