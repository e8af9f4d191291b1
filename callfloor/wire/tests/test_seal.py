"""A seal opens only with the private key; a field opens only for its own item."""

import base64

import pytest

from callfloor.wire import seal
from callfloor.wire.errors import LocalError, PeerError

pytestmark = pytest.mark.pure

PRIVATE = bytes(range(32))
PUBLIC = seal.public_key_of(PRIVATE)
EPHEMERAL = bytes(range(100, 132))
NONCE = b"twelve bytes"
KEY = b"k" * 32


def closed(plain: bytes = b"an item's key") -> bytes:
    return seal.seal(plain, public_key=PUBLIC, ephemeral_private=EPHEMERAL, nonce=NONCE)


class TestSeal:
    @pytest.mark.parametrize("plain", [b"", b"x", b"k" * 32, b"long" * 10_000])
    def test_opens_with_the_private_key(self, plain):
        assert seal.unseal(closed(plain), private_key=PRIVATE) == plain

    def test_has_the_layout_of_the_reference(self):
        """The ephemeral public key stands first, then the nonce, then as many bytes and a tag."""
        sealed = closed(b"plain")
        assert sealed[:32] == seal.public_key_of(EPHEMERAL)
        assert sealed[32:44] == NONCE
        assert len(sealed) == seal.OVERHEAD_BYTES + 5

    def test_keeps_its_bytes_over_versions(self):
        """Seals are stored for years: the same arguments must give the same bytes for ever."""
        assert closed(b"plain").hex()[-42:] == "a6285a33f673cd061a34c1ae771bb96f5504bd3abb"

    def test_does_not_open_with_another_key(self):
        with pytest.raises(PeerError):
            seal.unseal(closed(), private_key=bytes(32))

    @pytest.mark.parametrize("at", [0, 31, 32, 43, 44, 60, -1])
    def test_does_not_open_after_a_flipped_bit(self, at):
        broken = bytearray(closed())
        broken[at] ^= 1
        with pytest.raises(PeerError):
            seal.unseal(bytes(broken), private_key=PRIVATE)

    @pytest.mark.parametrize("size", [0, 31, 59, 60, 72])
    def test_does_not_open_when_cut(self, size):
        with pytest.raises(PeerError):
            seal.unseal(closed()[:size], private_key=PRIVATE)

    def test_refuses_a_key_whose_secret_everybody_knows(self):
        """A public key of low order makes the shared secret zero (RFC 7748, 6.1)."""
        with pytest.raises(LocalError):
            seal.seal(b"x", public_key=bytes(32), ephemeral_private=EPHEMERAL, nonce=NONCE)
        with pytest.raises(PeerError):
            seal.unseal(bytes(32) + closed()[32:], private_key=PRIVATE)

    @pytest.mark.parametrize(
        ("public_key", "ephemeral", "nonce"),
        [
            (PUBLIC[:-1], EPHEMERAL, NONCE),
            (PUBLIC, EPHEMERAL[:-1], NONCE),
            (PUBLIC, EPHEMERAL, NONCE + b"x"),
        ],
    )
    def test_refuses_lengths_that_are_wrong(self, public_key, ephemeral, nonce):
        with pytest.raises(LocalError):
            seal.seal(b"x", public_key=public_key, ephemeral_private=ephemeral, nonce=nonce)


class TestField:
    def test_opens_for_its_item(self):
        text = seal.encrypt_field(b'{"number":"+361"}', key=KEY, item="i1", nonce=NONCE)
        assert text.isascii()
        assert base64.b64decode(text)[:12] == NONCE
        assert seal.decrypt_field(text, key=KEY, item="i1") == b'{"number":"+361"}'

    def test_opens_for_no_other_item_and_no_other_key(self):
        text = seal.encrypt_field(b"digits", key=KEY, item="i1", nonce=NONCE)
        with pytest.raises(PeerError):
            seal.decrypt_field(text, key=KEY, item="i2")
        with pytest.raises(PeerError):
            seal.decrypt_field(text, key=b"x" * 32, item="i1")

    @pytest.mark.parametrize("text", ["", "AAAA", "not base64!", "é", "A" * 39])
    def test_blames_the_text_otherwise(self, text):
        with pytest.raises(PeerError):
            seal.decrypt_field(text, key=KEY, item="i1")

    def test_refuses_lengths_that_are_wrong(self):
        with pytest.raises(LocalError):
            seal.encrypt_field(b"x", key=b"short", item="i", nonce=NONCE)
        with pytest.raises(LocalError):
            seal.encrypt_field(b"x", key=KEY, item="i", nonce=b"short")
