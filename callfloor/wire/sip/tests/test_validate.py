"""Every torture message of RFC 4475 and RFC 5118 gets the status it is owed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callfloor.wire.errors import PeerError
from callfloor.wire.sip import message, validate
from callfloor.wire.sip.endpoint import Endpoint
from callfloor.wire.sip.tests import torture
from callfloor.wire.sip.transaction import Remote, Send

pytestmark = pytest.mark.pure

POLICY = validate.Policy(methods=torture.POLICY_METHODS)
REMOTE = Remote(host="192.0.2.95", port=5060)


def judge(data, policy=POLICY):
    request = message.parse(data)
    assert isinstance(request, message.Request)
    return validate.request(request, policy)


@pytest.mark.parametrize("name", torture.REQUESTS)
def test_a_request_is_owed(name):
    data, owed = torture.REQUESTS[name]
    refusal = judge(data)
    assert (None if refusal is None else refusal.status or 0) == owed, refusal


@pytest.mark.parametrize("name", torture.REQUESTS)
def test_the_endpoint_pays_what_is_owed(name):
    """Refusals go out at once, with the request's Via and without its Max-Forwards."""
    data, owed = torture.REQUESTS[name]
    outputs = Endpoint(policy=POLICY, secret=b"s").receive(data, REMOTE, 0.0)
    sent = [out.message for out in outputs if isinstance(out, Send)]
    assert [response.status for response in sent] == ([owed] if owed else [])
    for response in sent:
        assert response.get("Max-Forwards") is None
        assert response.get("Via") is not None
        assert isinstance(message.parse(response.encode()), message.Response)


@pytest.mark.parametrize("name", torture.RESPONSES)
def test_a_response_is_taken_or_dropped(name):
    data, is_good = torture.RESPONSES[name]
    response = message.parse(data)
    assert isinstance(response, message.Response)
    assert (validate.response(response) is None) is is_good


def test_no_message_of_either_document_is_missing():
    """TRUST.md section 4: all of RFC 4475 (49) and of RFC 5118 (its ten sections, eleven)."""
    of_4475, of_5118 = torture.NAMES_OF_4475.split(), torture.NAMES_OF_5118.split()
    assert (len(set(of_4475)), len(set(of_5118))) == (49, 11)
    written = {*torture.REQUESTS, *torture.RESPONSES, *torture.UNREADABLE}
    assert written >= {*of_4475, *of_5118}


@pytest.mark.parametrize("name", torture.UNREADABLE)
def test_what_nobody_can_read_is_the_peers_fault(name):
    with pytest.raises(PeerError):
        message.parse(torture.UNREADABLE[name])


class TestRefusal:
    def test_405_says_what_is_allowed(self):
        refusal = judge(torture.plain("x", method="PUBLISH"))
        assert refusal.headers == (
            ("Allow", "ACK, BYE, CANCEL, INVITE, MESSAGE, OPTIONS, REGISTER"),
        )

    def test_420_names_only_what_is_not_known(self):
        refusal = judge(torture.plain("x", extra="Require: Timer, 100rel, x"))
        assert refusal.headers == (("Unsupported", "100rel, x"),)

    def test_415_says_what_is_accepted(self):
        refusal = judge(torture.REQUESTS["invut"][0])
        assert refusal.headers == (("Accept", "application/sdp"),)

    def test_a_required_extension_that_is_known_is_no_reason(self):
        assert judge(torture.plain("x", extra="Require: timer")) is None

    def test_cancel_and_ack_are_not_asked_for_extensions(self):
        """RFC 3261 section 8.2.2.3."""
        assert judge(torture.plain("x", method="CANCEL", extra="Require: x")) is None

    @pytest.mark.parametrize(
        ("to", "status"), [("sip:u@example.com", 483), ("<sip:u@example.com>;tag=1", None)]
    )
    def test_no_hops_left_ends_a_request_that_travels_on(self, to, status):
        """Inside a dialog the request has arrived already."""
        forwarding = validate.Policy(forwards=True)
        refusal = judge(torture.plain("x", hops="0", to=to), forwarding)
        assert (refusal and refusal.status) == status

    def test_accepts_a_wildcard(self):
        assert judge(torture.plain("x", extra="Accept: text/plain, application/*")) is None

    def test_silence_makes_no_response(self):
        refusal = validate.Refusal(status=None, why="x")
        request = message.parse(torture.plain("x"))
        assert refusal.answer(request, tag="t") is None


ALL = [data for data, _ in (*torture.REQUESTS.values(), *torture.RESPONSES.values())]


@settings(max_examples=250, deadline=None)
@given(st.data())
def test_mutations_raise_nothing(data):
    """Whatever comes in, the endpoint answers or drops, and what it answers can be read."""
    raw = bytearray(data.draw(st.sampled_from(ALL)))
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(raw)))
        piece = data.draw(
            st.binary(max_size=3)
            | st.sampled_from([b"\r\n", b"\r\n ", b";", b",", b'"', b"<", b">", b":", b"%", b"="])
        )
        raw[at : at + data.draw(st.integers(0, 6))] = piece
    for output in Endpoint(policy=POLICY, secret=b"s").receive(bytes(raw), REMOTE, 0.0):
        if isinstance(output, Send):
            message.parse(output.data)
