"""ng messages survive the trip, and nothing hostile raises anything but PeerError."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callfloor.wire import ng
from callfloor.wire.errors import LocalError, PeerError

pytestmark = pytest.mark.pure

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
values = st.recursive(
    texts | st.integers(-(2**63), 2**64 - 1),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


class TestEncode:
    def test_writes_sorted_keys(self):
        """The bytes are those of the ng manual's examples."""
        assert ng.encode("c1", {"command": "ping"}) == b"c1 d7:command4:pinge"
        assert ng.encode("c", {"b": 1, "a": ["x", -2]}) == b"c d1:al1:xi-2ee1:bi1ee"

    @pytest.mark.parametrize("cookie", ["", "a b", "a\n", "é", "x" * 65])
    def test_refuses_a_cookie_that_could_not_be_read_back(self, cookie):
        with pytest.raises(LocalError):
            ng.encode(cookie, {})

    @pytest.mark.parametrize("value", [True, None, 1.5, {1}])
    def test_refuses_kinds_that_bencoding_does_not_know(self, value):
        with pytest.raises(LocalError):
            ng.encode("c", {"a": value})

    def test_refuses_what_no_datagram_carries(self):
        with pytest.raises(LocalError):
            ng.encode("c", {"a": "x" * 65_536})

    def test_refuses_nesting_without_end(self):
        value: list = []
        value.append(value)
        with pytest.raises(LocalError):
            ng.encode("c", {"a": value})


class TestDecode:
    def test_takes_keys_in_any_order(self):
        assert ng.decode(b"k d1:bi1e1:a0:e") == ("k", {"b": 1, "a": ""})

    def test_keeps_bytes_that_are_not_text(self):
        assert ng.decode(b"k d1:a2:\xff\xfee") == ("k", {"a": b"\xff\xfe"})

    @pytest.mark.parametrize(
        "datagram",
        [
            b"",
            b"cookie",
            b" d1:ai1ee",
            b"k ",
            b"k i1e",
            b"k d1:ai1ee ",
            b"k d1:ai01ee",
            b"k d1:ai-0ee",
            b"k d1:aiee",
            b"k d1:ai1",
            b"k d1:a-1:e",
            b"k d1:a9:xe",
            b"k d1:ai1e1:ai2ee",
            b"k d1:\xffi1ee",
            b"k di1ei1ee",
            b"k d1:a" + b"l" * 40 + b"e" * 40 + b"e",
            b"k d1:ai" + b"9" * 30 + b"ee",
            b"k d1:a" + b"9" * 30 + b":e",
            b"k d" + b"x" * 65_536,
        ],
    )
    def test_refuses(self, datagram):
        with pytest.raises(PeerError):
            ng.decode(datagram)


@settings(max_examples=40)
@given(st.dictionaries(texts, values, max_size=5))
def test_what_is_written_is_read_back(body):
    assert ng.decode(ng.encode("cookie", body)) == ("cookie", body)


@settings(max_examples=40)
@given(st.binary(max_size=80))
def test_noise_gives_peer_error_only(noise):
    for datagram in (noise, b"k " + noise, b"k d1:a" + noise + b"e"):
        try:
            ng.decode(datagram)
        except PeerError:
            continue


class TestBencode:
    def test_reads_back_one_bare_value(self):
        assert ng.bdecode(ng.bencode(["a", 1])) == ["a", 1]

    def test_refuses_a_second_value(self):
        with pytest.raises(PeerError):
            ng.bdecode(b"i1ei2e")


class TestFields:
    def test_gives_the_value_of_the_right_kind(self):
        assert ng.text({"result": "ok"}, "result") == "ok"
        assert ng.number({"port": 5}, "port") == 5

    def test_blames_the_peer_otherwise(self):
        with pytest.raises(PeerError):
            ng.text({"result": 1}, "result")
        with pytest.raises(PeerError):
            ng.number({}, "port")
