"""A change of a standing call survives glare, is acknowledged, and is one at a time."""

import itertools

import pytest

from callfloor.wire.sip.asking import Ask
from callfloor.wire.sip.credentials import Credentials, Prover
from callfloor.wire.sip.dialog import Dialog
from callfloor.wire.sip.reoffer import TRIES_MAX, Changed, Refused, Reoffer
from callfloor.wire.sip.tests import kit
from callfloor.wire.sip.tests.kit import AT_BOB, response

pytestmark = pytest.mark.pure


def standing():
    """Make a standing call of ours and what changes it."""
    invite = kit.request()
    dialog = Dialog.of_caller(invite, response(invite, 200, contact=AT_BOB))
    count = itertools.count(2)
    ours = Credentials(username="us", password="secret")
    changes = Reoffer(
        dialog,
        via=lambda: kit.via(f"z9hG4bK{next(count)}"),
        draw=lambda: 0.5,
        prover=Prover(credentials=ours, token=lambda: "c"),
    )
    return dialog, changes


def invite_of(outputs):
    return next(o.request for o in outputs if isinstance(o, Ask) and o.request.method == "INVITE")


def test_it_is_asked_acknowledged_and_the_ack_repeated():
    _, changes = standing()
    invite = invite_of(changes.begin(b"v=1", 0.0))
    assert (str(invite.cseq), invite.body, changes.is_open) == ("2 INVITE", b"v=1", True)
    accepted = response(invite, 200, contact=AT_BOB)
    ack, changed = changes.response_received(accepted, 1.0)
    assert (str(ack.request.cseq), changed) == ("2 ACK", Changed(response=accepted))
    assert changes.response_received(accepted, 1.5) == [ack]
    assert not changes.is_open


def test_after_491_it_is_asked_again_later():
    """RFC 3261 section 14.1."""
    _, changes = standing()
    invite = invite_of(changes.begin(b"v=1", 0.0))
    assert changes.response_received(response(invite, 491), 1.0) == []
    assert changes.timer() == 4.05
    again = invite_of(changes.fire(4.05))
    assert (str(again.cseq), again.body) == ("3 INVITE", b"v=1")


def test_after_500_it_is_asked_again_when_the_far_side_says():
    _, changes = standing()
    invite = invite_of(changes.begin(b"v=1", 0.0))
    wait = response(invite, 500, headers=(("Retry-After", "4"),))
    assert changes.response_received(wait, 1.0) == []
    assert changes.timer() == 5.0


def test_the_far_sides_own_change_goes_first():
    dialog, changes = standing()
    theirs = kit.request(cseq=9, to=dialog.remote)
    assert dialog.request_received(theirs) is None
    assert changes.begin(b"v=1", 0.0) == []
    dialog.response_sent(response(theirs, 200))
    assert invite_of(changes.fire(3.05)).body == b"v=1"


def test_it_ends_after_some_tries():
    _, changes = standing()
    outputs = changes.begin(b"v=1", 0.0)
    now = 0.0
    for _ in range(TRIES_MAX):
        assert changes.response_received(response(invite_of(outputs), 491), now) == []
        now = changes.timer()
        outputs = changes.fire(now)
    assert outputs == [Refused(status=491)]


def test_what_is_wanted_meanwhile_follows():
    _, changes = standing()
    invite = invite_of(changes.begin(b"v=1", 0.0))
    assert changes.begin(b"v=2", 0.1) == []
    outputs = changes.response_received(response(invite, 200, contact=AT_BOB), 1.0)
    assert invite_of(outputs).body == b"v=2"


@pytest.mark.parametrize(("status", "state"), [(488, "confirmed"), (481, "ended")])
def test_a_refusal_leaves_the_call_or_ends_it(status, state):
    dialog, changes = standing()
    invite = invite_of(changes.begin(b"v=1", 0.0))
    assert changes.response_received(response(invite, status), 1.0) == [Refused(status=status)]
    assert (dialog.state, changes.timer()) == (state, None)


def test_no_answer_is_a_refusal():
    _, changes = standing()
    invite = invite_of(changes.begin(b"v=1", 0.0))
    assert changes.timed_out(invite, 32.0) == [Refused(status=None)]


def test_a_challenge_is_answered():
    dialog, changes = standing()
    invite = invite_of(changes.begin(b"v=1", 0.0))
    header = ("WWW-Authenticate", 'Digest realm="r", nonce="n", qop="auth"')
    again = invite_of(changes.response_received(response(invite, 401, headers=(header,)), 1.0))
    assert (str(again.cseq), again.get("Authorization") is None) == ("3 INVITE", False)
    assert dialog.invite_is_pending
