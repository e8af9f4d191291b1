"""
Values that only the centre can read back, and fields under an item's key.

A seal is `ephemeral X25519 public key (32) ‖ nonce (12) ‖ AES-256-GCM(plain)`. The AES key is
HKDF-SHA256 (RFC 5869) of the X25519 secret (RFC 7748) with salt = ephemeral ‖ centre's public key
and info = "callfloor seal". Whoever holds only the public key can write and never read.
A sealed field is `base64(nonce ‖ AES-256-GCM(plain))` with the item's id as additional data, so
that a field copied to another item does not open.

Refuses: to draw randomness (ephemeral keys and nonces come in), and to keep any key.
"""

from __future__ import annotations

import base64
import binascii

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from callfloor.wire.errors import LocalError, PeerError

KEY_BYTES = 32  # X25519 and AES-256 alike.
NONCE_BYTES = 12  # What AES-GCM takes without hashing (NIST SP 800-38D, 8.2.1).
TAG_BYTES = 16
OVERHEAD_BYTES = KEY_BYTES + NONCE_BYTES + TAG_BYTES
INFO = b"callfloor seal"


def seal(plain: bytes, *, public_key: bytes, ephemeral_private: bytes, nonce: bytes) -> bytes:
    """
    Close a value so that only the holder of the private key opens it.

    `ephemeral_private` is 32 fresh random bytes, `nonce` 12; neither may be used twice.
    Raises LocalError if a key or the nonce has the wrong length or the public key is degenerate.
    """
    _expect(nonce, NONCE_BYTES, "nonce")
    ephemeral = _private(ephemeral_private)
    own_public = ephemeral.public_key().public_bytes_raw()
    try:
        secret = ephemeral.exchange(_public(public_key))
    except ValueError as error:  # RFC 7748, 6.1: an all-zero secret comes from a bad point.
        raise LocalError("public key of low order") from error
    key = _derive(secret, own_public, public_key)
    return own_public + nonce + AESGCM(key).encrypt(nonce, plain, None)


def unseal(sealed: bytes, *, private_key: bytes) -> bytes:
    """
    Open what `seal` closed.

    Raises PeerError if it was cut, changed or closed for somebody else.
    """
    if len(sealed) < OVERHEAD_BYTES:
        raise PeerError("seal is cut off")
    ephemeral, nonce = sealed[:KEY_BYTES], sealed[KEY_BYTES : KEY_BYTES + NONCE_BYTES]
    private = _private(private_key)
    try:
        secret = private.exchange(_public(ephemeral))
        key = _derive(secret, ephemeral, private.public_key().public_bytes_raw())
        return AESGCM(key).decrypt(nonce, sealed[KEY_BYTES + NONCE_BYTES :], None)
    except (InvalidTag, ValueError) as error:
        raise PeerError("seal does not open with this key") from error


def public_key_of(private_key: bytes) -> bytes:
    """Give the 32 bytes that may be handed to those who only seal."""
    return _private(private_key).public_key().public_bytes_raw()


def encrypt_field(plain: bytes, *, key: bytes, item: str, nonce: bytes) -> str:
    """
    Put a personal value of an item into text that may be stored and logged.

    `key` is the item's 32 bytes, `nonce` 12 fresh random bytes.
    """
    _expect(key, KEY_BYTES, "key")
    _expect(nonce, NONCE_BYTES, "nonce")
    return base64.b64encode(nonce + AESGCM(key).encrypt(nonce, plain, item.encode())).decode()


def decrypt_field(text: str, *, key: bytes, item: str) -> bytes:
    """
    Open a field of an item.

    Raises PeerError if it is no sealed field, was changed, or belongs to another item or key.
    """
    _expect(key, KEY_BYTES, "key")
    try:
        raw = base64.b64decode(text, validate=True)
        return AESGCM(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], item.encode())
    except (InvalidTag, ValueError, binascii.Error) as error:
        raise PeerError("sealed field does not open with this key") from error


def _derive(secret: bytes, ephemeral_public: bytes, centre_public: bytes) -> bytes:
    salt = ephemeral_public + centre_public
    return HKDF(hashes.SHA256(), KEY_BYTES, salt=salt, info=INFO).derive(secret)


def _private(raw: bytes) -> X25519PrivateKey:
    _expect(raw, KEY_BYTES, "private key")
    return X25519PrivateKey.from_private_bytes(raw)


def _public(raw: bytes) -> X25519PublicKey:
    _expect(raw, KEY_BYTES, "public key")
    return X25519PublicKey.from_public_bytes(raw)


def _expect(raw: bytes, size: int, name: str) -> None:
    if len(raw) != size:
        raise LocalError(f"{name} of {len(raw)} bytes instead of {size}")
