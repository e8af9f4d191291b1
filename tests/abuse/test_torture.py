"""
Every message of RFC 4475 and RFC 5118 at a whole telephone: the status owed, or dropped and counted
(TRUST.md section 4, parsers; ASVS 17.3.2).

What the parser and the validator make of them is in wire/sip; here nothing may be left behind.
"""

import pytest

from callfloor.floor.tests import stand
from callfloor.wire.sip.tests import torture

pytestmark = pytest.mark.twin

STRANGER = ("203.0.113.9", 5060)
DROPPED = {"silence", "unreadable", "response"}
SERVED = {"INVITE", "ACK", "BYE", "CANCEL", "OPTIONS", "INFO", "UPDATE"}

# What nothing is wrong with reaches the telephone, and this is its answer: nobody has the number
# (404), nobody knows the call (481), a session that nobody here can speak (488), or all is well.
WELL = {404, 481, 488, 200, 401, 405}
ALL = {
    **{name: data for name, (data, _) in torture.REQUESTS.items()},
    **{name: data for name, (data, _) in torture.RESPONSES.items()},
    **torture.UNREADABLE,
}


@pytest.fixture
def house(tmp_path):
    """Start a floor on the stand."""
    return stand.Stand(tmp_path).start()


def answered_and_counted(house, data, source):
    """Send a message; give the statuses that went out and the reasons that were counted."""
    house.receive(data, source)
    return house.statuses(), set(house.telephone.counts)


@pytest.mark.parametrize("name", torture.REQUESTS)
def test_a_trunks_request_gets_the_status_owed_or_is_counted(house, name):
    data, owed = torture.REQUESTS[name]
    statuses, counted = answered_and_counted(house, data, stand.TRUNK)
    if owed == 0 or not statuses:
        assert (statuses, len(counted & DROPPED)) == ([], 1)
    elif owed is None:
        assert len(statuses) == 1
        assert set(statuses) <= WELL
    else:
        # A method that is not served here may be refused for that before anything else.
        assert statuses[0] in {owed, 405, 501}
        assert counted == {str(statuses[0])}


@pytest.mark.parametrize("name", [*torture.RESPONSES, *torture.UNREADABLE])
def test_what_cannot_be_answered_is_silence(house, name):
    statuses, counted = answered_and_counted(house, ALL[name], stand.TRUNK)
    assert statuses == []
    is_good_response = name in torture.RESPONSES and torture.RESPONSES[name][1]
    is_keep_alive = name == "empty"
    assert bool(counted & DROPPED) is not (is_good_response or is_keep_alive)


def test_nothing_is_left_of_all_of_them(house):
    """R43: no transaction, no timer, no call, no line of the journal."""
    rows = house.journal.read("SELECT count(*) FROM journal")
    for data in ALL.values():
        house.receive(data)
    house.step(1.0)
    assert house.sip_wake_at is None
    assert house.facts("Arrived") == []
    assert house.journal.read("SELECT count(*) FROM journal") == rows


def test_a_stranger_hears_nothing_of_any(tmp_path):
    """TRUST.md section 4: a scanner must not learn from a bad message what silence hides."""
    plan = stand.stand_plan(trunks=stand.stand_plan().trunks[:1])
    quiet = stand.Stand(tmp_path, floor_plan=plan).start()
    for data in ALL.values():
        quiet.receive(data, STRANGER)
    assert quiet.sent == []
    assert quiet.telephone.counts == {"stranger": len(ALL)}


def test_all_reasons_are_a_handful(house):
    """R43: a counter's name never holds what a peer wrote, or health would grow with a flood."""
    for data in ALL.values():
        house.receive(data)
        house.receive(data, STRANGER)
    statuses = {str(status) for status in (400, 405, 406, 413, 414, 415, 416, 420, 501, 505)}
    assert set(house.telephone.counts) <= statuses | DROPPED | {"flood", "flood_of_line"}
    assert all(len(reason) <= 13 for reason in house.telephone.counts)
