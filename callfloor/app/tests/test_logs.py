"""A line of a log is one instant, one event and its fields, and nobody's name."""

import logging

import pytest

from callfloor.app.logs import LineFormatter

pytestmark = pytest.mark.pure


def line(**fields: object) -> str:
    record = logging.LogRecord("callfloor.web", logging.INFO, "x.py", 1, "page.late", (), None)
    record.created, record.msecs = 1_700_000_000.25, 250.0
    vars(record).update(fields)
    return LineFormatter().format(record)


def test_fields_follow_the_event():
    assert line(behind=12) == "2023-11-14T22:13:20.250Z INFO callfloor.web page.late behind=12"


def test_personal_fields_and_what_the_message_says_already_are_left_out():
    said = line(**{"pii.name": "Vera", "request": "<WSGIRequest>", "status_code": 404})
    assert said.endswith("page.late status_code=404")
