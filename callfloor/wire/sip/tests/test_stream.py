"""A connection's bytes become the same frames however they are split, or it is closed."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callfloor.wire.errors import PeerError
from callfloor.wire.sip import message, stream
from callfloor.wire.sip.stream import PING, PONG, Stream
from callfloor.wire.sip.tests import kit

pytestmark = pytest.mark.pure

INVITE = kit.request(body=b"v=0\r\n\r\nx", content_type="application/sdp").encode()
OK = kit.response(kit.request(), 200).encode()
FOLDED = INVITE.replace(b"Content-Length: 8", b"l :\r\n  8")


def frames_of(pieces):
    connection = Stream()
    return [frame for piece in pieces for frame in connection.receive(piece)]


def test_messages_that_came_together_are_told_apart():
    assert frames_of([INVITE + OK + FOLDED]) == [INVITE, OK, FOLDED]
    assert message.parse(FOLDED).body == b"v=0\r\n\r\nx"


@given(
    frames=st.lists(st.sampled_from([INVITE, OK, FOLDED, PONG + PING[2:]]), max_size=6),
    cuts=st.lists(st.integers(0, 3_000), max_size=8),
)
@settings(max_examples=60, deadline=None)
def test_any_split_gives_the_same_frames(frames, cuts):
    data = b"".join(frames)
    edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    pieces = [data[a:b] for a, b in itertools.pairwise(edges)]
    assert frames_of(pieces) == frames_of([data])
    assert [f for f in frames_of(pieces) if f not in (PING, PONG)] == [
        f for f in frames if f != PING
    ]


def test_byte_by_byte():
    assert frames_of(bytes([byte]) for byte in INVITE + OK) == [INVITE, OK]


@pytest.mark.parametrize("pieces", [[PING], [b"\r\n", b"\r\n"], [b"\r", b"\n\r", b"\n"]])
def test_two_line_ends_ask_whether_anybody_is_here(pieces):
    """RFC 5626 section 4.4.1: the answer is one line end."""
    assert frames_of(pieces) == [PONG, PING]


def test_a_line_end_before_a_message_is_no_half_ping():
    assert frames_of([PONG + OK + PONG]) == [PONG, OK, PONG]


def test_half_a_message_is_waited_for():
    connection = Stream()
    assert connection.receive(INVITE[:-1]) == []
    assert connection.is_waiting
    assert connection.receive(INVITE[-1:]) == [INVITE]
    assert not connection.is_waiting


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x16\x03\x01\x02\x00\x01",  # A TLS hello on the plain port.
        b"\r\r",
        b"GET / HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
        OK.replace(b"Content-Length: 0\r\n", b""),
        OK.replace(b"Content-Length: 0", b"Content-Length: -1"),
        OK.replace(b"Content-Length: 0", b"Content-Length: 99999999"),
        OK.replace(b"Content-Length: 0", b"Content-Length: 0\r\nl: 5"),
        b"OPTIONS " + b"x" * stream.HEAD_BYTES_MAX,
        OK[:-2] + b"X: " + b"y" * stream.HEAD_BYTES_MAX + b"\r\n\r\n",
    ],
)
def test_what_cannot_be_followed_ends_the_connection(garbage):
    with pytest.raises(PeerError):
        frames_of([garbage])


@given(data=st.binary(max_size=200))
@settings(max_examples=60, deadline=None)
def test_any_bytes_are_framed_or_refused(data):
    try:
        frames = frames_of([data])
    except PeerError:
        return
    assert all(frame in (PING, PONG) for frame in frames)
