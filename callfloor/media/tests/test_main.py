"""The command line and the log of the process."""

import json
import logging
from pathlib import Path

import pytest

from callfloor.media import main

pytestmark = pytest.mark.pure

NEEDED = ["--control", "127.0.0.1:1", "--floor", "127.0.0.1:2", "--prompts", "p"]


def test_reads_addresses_and_folders():
    options = main._options(
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
        main._options(NEEDED)
    assert "--recordings" in capsys.readouterr().err


class TestAdvertise:
    ALL = [*NEEDED, "--recordings", "r"]

    def test_lets_a_worker_listen_anywhere(self):
        anywhere = ["--address", "0.0.0.0", "--ice-address", "0.0.0.0"]
        options = main._options([*self.ALL, *anywhere, "--advertise", "203.0.113.7"])
        assert (options.address, options.advertise) == ("0.0.0.0", "203.0.113.7")

    @pytest.mark.parametrize(
        "arguments",
        [
            ["--address", "0.0.0.0"],
            ["--ice-address", "::"],
            ["--ice-address", "127.0.0.1", "--ice-address", "0.0.0.0", "--advertise", "192.0.2.1"],
            ["--advertise", "0.0.0.0"],
            ["--advertise", "center.example"],
        ],
    )
    def test_refuses_what_nobody_could_send_to(self, arguments, capsys):
        with pytest.raises(SystemExit):
            main._options([*self.ALL, *arguments])
        assert "--advertise" in capsys.readouterr().err


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
