"""Recordings: in the journal before they run, completed when they end, marked when they are cut."""

import pytest

from callfloor.core import actions
from callfloor.floor.tests import stand
from callfloor.floor.tests.test_hands import call, talk

pytestmark = pytest.mark.twin


@pytest.fixture
def house(tmp_path):
    """Start a floor on the stand."""
    return stand.Stand(tmp_path).start()


def rows(house):
    """Read the table."""
    return house.journal.read("SELECT item, ended_at, seconds, partial FROM recordings")


def message(house):
    """Bring a caller to his message; give item, leg and recording."""
    item, leg = call(house)
    house.played()
    house.hands.on_key(leg, "2")
    house.played()
    return item, leg, house.media.of("start_recording")[-1]["recording"]


def test_a_talk_is_in_the_journal_before_media_is_told(house):
    written = []
    start = house.media.start_recording
    house.media.start_recording = lambda **fields: (written.append(rows(house)), start(**fields))
    house.seat("anna")
    item, leg = talk(house)
    assert written == [[(item, None, None, None)]]
    started = house.media.of("start_recording")[0]
    assert (started["customer"], started["path"][:11]) == (leg, "2026/09/21/")


def test_a_file_that_is_closed_completes_the_row(house):
    house.seat("anna")
    item, _ = talk(house)
    recording = house.media.of("start_recording")[0]["recording"]
    house.hands.on_recorded(recording, seconds=12.5, partial=False)
    assert rows(house) == [(item, house.now, 12.5, 0)]


def test_a_message_ends_by_silence(house):
    item, _, recording = message(house)
    house.step(20.0)
    house.hands.on_said(recording, 17.0)
    closed = house.facts("Closed")[-1]
    assert (closed.item, closed.outcome, closed.message_seconds) == (item, "message_left", 17.0)
    assert len(house.media.of("stop_recording")) == 1


def test_a_message_ends_by_the_hash_key(house):
    _, leg, _ = message(house)
    house.hands.on_key(leg, "#")
    assert house.facts("Closed")[-1].message_seconds == 4.0


def test_a_message_ends_when_the_caller_hangs_up(house):
    _, leg, recording = message(house)
    house.step(8.0)
    house.hands.left(leg, "hung_up")
    assert house.facts("Closed")[-1].outcome == "message_left"
    assert house.media.of("stop_recording") == [{"recording": recording}]
    names = house.media.names()
    assert names.index("stop_recording") < names.index("delete")


def test_what_is_cut_is_marked(house):
    item, leg, _ = message(house)
    house.hands.on_media_lost([leg])
    assert rows(house) == [(item, house.now, None, 1)]


def test_what_was_being_closed_is_cut_with_its_worker(house):
    """R21: the call is over and its file was not closed yet when the worker died."""
    house.seat("anna")
    item, leg = talk(house)
    house.hands.left(leg, "hung_up")
    assert rows(house) == [(item, None, None, None)]
    house.hands.on_media_lost([])
    assert rows(house) == [(item, house.now, None, 1)]


def test_what_runs_on_is_not_cut(house):
    house.seat("anna")
    item, _ = talk(house)
    house.hands.on_media_lost([])
    assert rows(house) == [(item, None, None, None)]


def test_what_cannot_begin_is_marked_and_told(house):
    """F3, I6: a full disk takes no recording; the talk goes on and the row says so."""
    house.media.is_full = True
    house.seat("anna")
    item, _ = talk(house)
    assert rows(house) == [(item, house.now, 0.0, 1)]
    assert [fact.name for fact in house.facts("Alarmed")] == ["recording_refused"]
    assert not house.facts("Closed")


def test_a_message_that_nobody_keeps_ends_at_once(house):
    house.media.is_full = True
    item, leg = call(house)
    house.played()
    house.hands.on_key(leg, "2")
    house.played()
    assert [fact.item for fact in house.facts("Closed")] == [item]


def test_a_file_that_broke_off_is_told(house):
    house.seat("anna")
    talk(house)
    recording = house.media.of("start_recording")[0]["recording"]
    house.hands.on_recorded(recording, seconds=2.0, partial=True)
    assert [fact.name for fact in house.facts("Alarmed")] == ["recording_partial"]


def test_a_pause_reaches_the_file_of_the_item(house):
    house.seat("anna")
    item, _ = talk(house)
    house.hands.perform(actions.PauseRecording(item=item))
    house.hands.perform(actions.ResumeRecording(item=item))
    house.hands.perform(actions.PauseRecording(item="of nobody"))
    recording = house.media.of("start_recording")[0]["recording"]
    assert house.media.of("pause_recording") == [{"recording": recording}]
    assert house.media.of("resume_recording") == [{"recording": recording}]
