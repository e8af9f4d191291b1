"""A 2xx is repeated until its ACK, and a call without one is given back."""

import pytest

from callfloor.wire.sip.acceptance import Acceptances, Repeat, Unacknowledged
from callfloor.wire.sip.dialog import DialogId
from callfloor.wire.sip.tests import kit

pytestmark = pytest.mark.pure

CALL = DialogId(call_id="call", local_tag="b", remote_tag="a")
OTHER = DialogId(call_id="other", local_tag="b", remote_tag="a")
OK = kit.response(kit.request(), 200)


def run(acceptances):
    seen = []
    while (at := acceptances.timer()) is not None:
        seen += [(at, due) for due in acceptances.fire(at)]
    return seen


def test_the_pauses_grow_to_t2_and_end_after_64_t1():
    """RFC 3261 section 13.3.1.4."""
    acceptances = Acceptances()
    acceptances.add(CALL, OK, 0.0)
    seen = run(acceptances)
    repeats = [0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5, 31.5]
    assert seen[:-1] == [(at, Repeat(response=OK)) for at in repeats]
    assert seen[-1] == (32.0, Unacknowledged(dialog_id=CALL, response=OK))
    assert len(acceptances) == 0


def test_the_ack_ends_it_once():
    acceptances = Acceptances()
    acceptances.add(CALL, OK, 0.0)
    assert not acceptances.acknowledged(CALL, 2)
    assert acceptances.acknowledged(CALL, 1)
    assert not acceptances.acknowledged(CALL, 1)
    assert acceptances.timer() is None


def test_a_dialog_that_ended_waits_for_nothing_and_others_go_on():
    acceptances = Acceptances()
    acceptances.add(CALL, OK, 0.0)
    acceptances.add(OTHER, OK, 0.1)
    acceptances.forget(CALL)
    assert (len(acceptances), acceptances.timer()) == (1, 0.6)
