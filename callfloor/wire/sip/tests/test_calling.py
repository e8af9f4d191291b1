"""A call of ours finds one far side and no second one, whatever comes in which order."""

import itertools

import pytest

from callfloor.wire.sip import auth, calling, endpoint, message, validate
from callfloor.wire.sip.asking import Ask, TakeBack
from callfloor.wire.sip.calling import Answered, Calling, Failed, Over, Rang, Setup
from callfloor.wire.sip.credentials import Credentials, Prover
from callfloor.wire.sip.tests import kit
from callfloor.wire.sip.tests.kit import ALICE, AT_ALICE, AT_BOB, BOB, response

pytestmark = pytest.mark.pure

SDP = {"body": b"v=0", "content_type": "application/sdp"}
OURS = Credentials(username="us", password="secret", realm="provider")


def call(credentials=None, **more):
    """Make a call that has begun; give it with its INVITE."""
    count = itertools.count(1)
    prover = Prover(credentials=credentials, token=lambda: f"c{next(count)}")
    setup = Setup(
        target=BOB.uri, from_=ALICE, to=BOB, contact=AT_ALICE, call_id="call", offer=b"o", **more
    )
    ours = Calling(setup, via=lambda: kit.via(f"z9hG4bK{next(count)}"), prover=prover)
    return ours, only(ours.start(0.0), Ask).request


def only(outputs, kind):
    return next(output for output in outputs if isinstance(output, kind))


def asked(outputs):
    return [o.request.method for o in outputs if isinstance(o, Ask)]


def accept(invite, tag="b"):
    return response(invite, 200, tag, contact=AT_BOB, **SDP)


def challenge(invite, realm="provider", nonce="n1", status=401, stale=""):
    name = "WWW-Authenticate" if status == 401 else "Proxy-Authenticate"
    value = f'Digest realm="{realm}", nonce="{nonce}", algorithm=SHA-256, qop="auth"{stale}'
    return response(invite, status, headers=((name, value),))


class TestAnswer:
    def test_the_first_2xx_is_acknowledged_and_taken(self):
        ours, invite = call()
        outputs = ours.response_received(accept(invite), 1.0)
        assert asked(outputs) == ["ACK"]
        answered = only(outputs, Answered)
        assert (answered.sdp, answered.dialog.state, answered.dialog.remote.tag) == (
            b"v=0",
            "confirmed",
            "b",
        )
        assert answered.agreement.interval_seconds == 1_800
        assert answered.agreement.we_refresh

    def test_the_same_2xx_again_gets_the_same_ack(self):
        ours, invite = call()
        first = ours.response_received(accept(invite), 1.0)
        assert ours.response_received(accept(invite), 2.0) == [only(first, Ask)]

    def test_a_second_fork_that_answers_is_acknowledged_and_ended(self):
        """R8, R9: whoever answers too late is let go, and the first keeps the call."""
        ours, invite = call()
        ours.response_received(response(invite, 180, "b", contact=AT_BOB), 0.5)
        ours.response_received(response(invite, 180, "c", contact=AT_BOB), 0.5)
        ours.response_received(accept(invite, "c"), 1.0)
        late = ours.response_received(accept(invite, "b"), 1.0)
        assert asked(late) == ["ACK", "BYE"]
        assert {o.request.to.tag for o in late} == {"b"}
        assert [type(o) for o in late] == [Ask, Ask]

    def test_it_is_over_when_no_second_answer_can_come(self):
        ours, invite = call()
        ours.response_received(accept(invite), 1.0)
        assert ours.timer() == 33.0
        assert ours.fire(33.0) == [Over()]
        assert (ours.timer(), ours.state) == (None, "over")

    def test_an_answer_in_a_reliable_183_counts_for_the_2xx_without_one(self):
        ours, invite = call()
        reliable = (("Require", "100rel"), ("RSeq", "7"))
        ours.response_received(response(invite, 183, headers=reliable, contact=AT_BOB, **SDP), 0.5)
        outputs = ours.response_received(response(invite, 200, contact=AT_BOB), 1.0)
        assert only(outputs, Answered).sdp == b"v=0"

    def test_a_2xx_without_any_answer_is_no_call(self):
        ours, invite = call()
        outputs = ours.response_received(response(invite, 200, contact=AT_BOB), 1.0)
        assert asked(outputs) == ["ACK", "BYE"]
        assert only(outputs, Failed).reason == "no_media"


class TestBefore:
    def test_ringing_and_early_sound_are_told_once_each(self):
        ours, invite = call()
        assert ours.response_received(response(invite, 100, ""), 0.1) == []
        ringing = response(invite, 180, contact=AT_BOB)
        sounding = response(invite, 183, contact=AT_BOB, **SDP)
        assert ours.response_received(ringing, 0.2) == [Rang(status=180, sdp=b"")]
        assert ours.response_received(ringing, 0.3) == []
        assert ours.response_received(sounding, 0.4) == [Rang(status=183, sdp=b"v=0")]
        assert ours.response_received(sounding, 0.5) == []
        assert ours.response_received(ringing, 0.6) == []

    def test_reliable_provisionals_are_acknowledged_in_order_and_once(self):
        """RFC 3262 section 4."""
        ours, invite = call()

        def ring(number, tag="b"):
            headers = (("Require", "100rel"), ("RSeq", str(number)))
            message = response(invite, 180, tag, headers=headers, contact=AT_BOB)
            return [o.request for o in ours.response_received(message, 0.5) if isinstance(o, Ask)]

        (first,) = ring(41)
        assert (first.method, first.get("RAck"), str(first.cseq)) == (
            "PRACK",
            "41 1 INVITE",
            "2 PRACK",
        )
        assert ring(41) == []
        assert ring(43) == []
        assert [r.get("RAck") for r in ring(42)] == ["42 1 INVITE"]
        assert [r.to.tag for r in ring(7, "c")] == ["c"]
        assert ours.response_received(response(first, 200), 0.6) == []

    def test_a_far_side_that_says_nothing_is_given_up_and_taken_back(self):
        """TRUST.md F16: fail-over within 4 s, and no double dial."""
        ours, invite = call()
        assert ours.timer() == 3.0
        assert ours.fire(3.0) == [
            TakeBack(invite=invite, reason=""),
            Failed(status=None, reason="trunk_down"),
        ]
        late = ours.response_received(accept(invite), 3.1)
        assert asked(late) == ["ACK", "BYE"]
        assert len(late) == 2

    def test_any_word_ends_the_silence(self):
        ours, invite = call()
        ours.response_received(response(invite, 100, ""), 0.1)
        assert ours.timer() is None


class TestEnd:
    @pytest.mark.parametrize(
        ("status", "reason"),
        [(486, "busy"), (603, "declined"), (404, "wrong_number"), (503, "trunk_down")],
    )
    def test_a_refusal_is_told_once(self, status, reason):
        ours, invite = call()
        headers = (("Retry-After", "17 (later)"),)
        assert ours.response_received(response(invite, status, headers=headers), 1.0) == [
            Failed(status=status, reason=reason, retry_after=17),
            Over(),
        ]
        assert ours.response_received(response(invite, status), 1.0) == []

    def test_a_redirection_is_not_followed(self):
        """Toll fraud: a far side may not name another number to call."""
        ours, invite = call()
        elsewhere = message.respond(invite, 302, tag="b", contact=AT_BOB)
        outputs = ours.response_received(elsewhere, 1.0)
        assert asked(outputs) == []
        assert only(outputs, Failed).status == 302

    def test_one_that_was_taken_back_is_told_no_more(self):
        ours, invite = call()
        assert ours.cancel(reason="x") == [TakeBack(invite=invite, reason="x")]
        assert ours.cancel() == []
        assert ours.response_received(response(invite, 180, contact=AT_BOB), 0.5) == []
        assert ours.response_received(response(invite, 487), 1.0) == [Over()]

    def test_one_that_answers_all_the_same_is_ended(self):
        ours, invite = call()
        ours.cancel()
        assert asked(ours.response_received(accept(invite), 1.0)) == ["ACK", "BYE"]
        assert asked(ours.response_received(accept(invite, "c"), 1.0)) == ["ACK", "BYE"]
        assert ours.fire(33.0) == [Over()]

    def test_nothing_at_all_is_the_lines_fault(self):
        ours, invite = call()
        assert ours.timed_out(invite) == [Failed(status=None, reason="trunk_down"), Over()]

    def test_an_interval_that_is_too_small_is_asked_for_again_longer_once(self):
        ours, invite = call(session_seconds=90)
        small = response(invite, 422, headers=(("Min-SE", "600"),))
        again = only(ours.response_received(small, 1.0), Ask).request
        assert (again.get("Session-Expires"), again.get("Min-SE")) == ("600;refresher=uac", "600")
        small = response(again, 422, headers=(("Min-SE", "600"),))
        assert only(ours.response_received(small, 1.0), Failed).status == 422


class TestChallenge:
    @pytest.mark.parametrize("status", [401, 407])
    def test_is_answered_with_the_next_number_and_another_branch(self, status):
        ours, invite = call(OURS)
        outputs = ours.response_received(challenge(invite, status=status), 1.0)
        again = only(outputs, Ask).request
        assert (str(again.cseq), again.call_id, again.to.tag) == ("2 INVITE", "call", None)
        assert again.via.branch != invite.via.branch
        assert again.headers[0][0] == "Via"
        assert asked(ours.response_received(accept(again), 2.0)) == ["ACK"]

    def test_the_proof_is_right(self):
        server = auth.Verifier(
            realm="provider",
            secret=b"k",
            find=lambda user, algorithm: auth.secret_hash(
                username=user, realm="provider", password="secret", algorithm=algorithm
            ),
        )
        ours, invite = call(OURS)
        refusal = response(invite, 401, headers=server.challenge(now=1.0, draw=b"d" * 16))
        again = only(ours.response_received(refusal, 1.0), Ask).request
        assert server.verify(again, now=2.0).username == "us"

    def test_a_strange_realm_gets_no_digest(self):
        """R47: a fake challenge must not collect digests."""
        ours, invite = call(OURS)
        outputs = ours.response_received(challenge(invite, realm="attacker"), 1.0)
        assert asked(outputs) == []
        assert only(outputs, Failed).reason == "trunk_down"

    def test_no_nonce_is_answered_twice(self):
        ours, invite = call(OURS)
        again = only(ours.response_received(challenge(invite), 1.0), Ask).request
        for refusal in (challenge(again, stale=", stale=true"), challenge(again, nonce="n2")):
            other, first = call(OURS)
            second = only(other.response_received(challenge(first), 1.0), Ask).request
            assert second.headers == again.headers
            assert only(other.response_received(refusal, 1.0), Failed).status == 401

    def test_a_stale_nonce_is_replaced(self):
        ours, invite = call(OURS)
        again = only(ours.response_received(challenge(invite), 1.0), Ask).request
        stale = challenge(again, nonce="n2", stale=", stale=true")
        assert str(only(ours.response_received(stale, 1.0), Ask).request.cseq) == "3 INVITE"

    def test_a_proxy_and_a_server_may_both_ask(self):
        """RFC 3261 section 22.3."""
        ours, invite = call(OURS)
        second = only(ours.response_received(challenge(invite, status=407), 1.0), Ask).request
        third = only(ours.response_received(challenge(second, nonce="n2"), 1.0), Ask).request
        assert third.get("Authorization")
        assert third.get("Proxy-Authorization") == second.get("Proxy-Authorization")

    def test_without_a_password_it_is_a_refusal(self):
        ours, invite = call()
        assert only(ours.response_received(challenge(invite), 1.0), Failed).status == 401

    def test_a_challenge_without_qop_is_older_and_answered(self):
        ours, invite = call(OURS)
        header = ("WWW-Authenticate", 'Digest realm="provider", nonce="n"')
        again = only(ours.response_received(response(invite, 401, headers=(header,)), 1.0), Ask)
        proof = again.request.get("Authorization")
        assert "nc=" not in proof
        assert 'nonce="n"' in proof


@pytest.mark.parametrize("provisional_first", [True, False])
def test_cancel_waits_for_the_first_provisional(provisional_first):
    """RFC 3261 section 9.1."""
    wire = endpoint.Endpoint(policy=validate.Policy(), secret=b"s")
    ours, invite = call()
    wire.send(invite, kit.UDP, 0.0)
    ringing = response(invite, 180, contact=AT_BOB).encode()
    if provisional_first:
        wire.receive(ringing, kit.UDP, 0.1)
    (take_back,) = ours.cancel(reason=calling.ANSWERED_ELSEWHERE)
    sent = wire.cancel(take_back.invite, 0.2, reason=take_back.reason)
    assert bool(sent) == provisional_first
    if not provisional_first:
        sent = wire.receive(ringing, kit.UDP, 0.3)
    cancel = next(o.message for o in sent if getattr(o.message, "method", "") == "CANCEL")
    assert cancel.get("Reason") == calling.ANSWERED_ELSEWHERE
    assert cancel.via == invite.via
