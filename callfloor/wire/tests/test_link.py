"""Link messages come out whole and in order, however the stream was cut."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callfloor.wire import link
from callfloor.wire.errors import LocalError, PeerError

pytestmark = pytest.mark.pure

messages = st.lists(
    st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=9), max_size=3),
    max_size=5,
)


def test_the_frame_is_length_then_json():
    assert link.encode({"é": 1}) == b'\x00\x00\x00\x08{"\xc3\xa9":1}'


@settings(max_examples=40)
@given(messages, st.integers(1, 9))
def test_cuts_anywhere_change_nothing(sent, step):
    stream = b"".join(link.encode(message) for message in sent)
    decoder = link.Decoder()
    received = []
    for at in range(0, len(stream), step):
        received += decoder.feed(stream[at : at + step])
    assert received == sent


@pytest.mark.parametrize(
    "stream",
    [
        b"\xff\xff\xff\xff",
        b"\x01\x00\x00\x01",
        b"\x00\x00\x00\x02[]",
        b"\x00\x00\x00\x01{",
        b"\x00\x00\x00\x00",
        b"\x00\x00\x00\x02\xff\xff",
    ],
)
def test_a_bad_stream_is_the_peers_fault(stream):
    with pytest.raises(PeerError):
        link.Decoder().feed(stream)


def test_the_limit_itself_may_travel():
    """A message of exactly 16 MiB is sent, one byte more is refused."""
    fits = {"a": "x" * (link.MESSAGE_BYTES_MAX - len('{"a":""}'))}
    assert link.Decoder().feed(link.encode(fits)) == [fits]
    with pytest.raises(LocalError):
        link.encode({"a": fits["a"] + "x"})


@pytest.mark.parametrize("value", [float("nan"), {1}, b"x", "\ud800"])
def test_what_json_does_not_know_is_our_fault(value):
    with pytest.raises(LocalError):
        link.encode({"a": value})


@settings(max_examples=40)
@given(st.binary(max_size=60))
def test_noise_gives_peer_error_only(noise):
    for stream in (noise, len(noise).to_bytes(4, "big") + noise):
        try:
            link.Decoder().feed(stream)
        except PeerError:
            continue
