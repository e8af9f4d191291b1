"""Log lines and alarms are told, and not more often than they help."""

import logging

import pytest

from callfloor.floor.notes import LINES_PER_MINUTE, LINES_PER_SECOND, Notes

pytestmark = pytest.mark.pure


@pytest.fixture
def clock():
    """Give a clock that is set by hand."""
    return [1000.0]


@pytest.fixture
def notes(clock):
    """Make notes on that clock."""
    return Notes(now=lambda: clock[0])


def test_a_flood_is_counted_and_told_in_the_next_second(notes, clock, caplog):
    caplog.set_level(logging.INFO, "callfloor.floor")
    for _ in range(LINES_PER_SECOND + 5):
        notes.note("sip_stranger", "dropped")
    assert len(caplog.records) == LINES_PER_SECOND
    clock[0] += 1.0
    notes.note("other", "x")
    assert [record.detail for record in caplog.records[-2:]] == ["5 more in that second", "x"]


def test_what_goes_on_for_an_hour_writes_a_hundred_lines_a_minute(notes, clock, caplog):
    """R43: a flood must not fill the disk."""
    caplog.set_level(logging.INFO, "callfloor.floor")
    for _ in range(3_600):
        clock[0] += 1.0
        for _ in range(50):
            notes.note("sip_connections_full", "5000 open")
    assert len(caplog.records) <= 61 * (LINES_PER_MINUTE + 1)
    assert any("more lines in that minute" in record.detail for record in caplog.records)


def test_an_alarm_is_raised_once_a_minute(notes, clock):
    raised = []
    notes.raise_alarm = lambda name, detail: raised.append((name, detail))
    notes.alarm("loop_late", "300 ms")
    clock[0] += 59.0
    notes.alarm("loop_late", "400 ms")
    notes.alarm("media_lost", "3 legs")
    clock[0] += 1.0
    notes.alarm("loop_late", "500 ms")
    assert raised == [("loop_late", "300 ms"), ("media_lost", "3 legs"), ("loop_late", "500 ms")]
