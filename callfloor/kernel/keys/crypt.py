"""
What is done with a key: AES-256-GCM (NIST SP 800-38D), HKDF (RFC 5869), HMAC (RFC 2104).

A value is `version(1) ‖ nonce(12) ‖ ciphertext`, bound to where it stands: one that was copied to
another row, field or subject does not open.
Refuses: to keep a key, and to know a table.
"""

import functools
import hashlib
import hmac
import os
from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

VERSION = b"\x01"
NONCE_BYTES = 12
KEY_BYTES = 32
INDEX_BYTES = 16  # As the floor cuts its tokens: 128 bits never meet by chance.


class Unreadable(Exception):
    """A value was changed, moved, or its key is another one."""


def new_key() -> bytes:
    """Draw a key."""
    return AESGCM.generate_key(bit_length=KEY_BYTES * 8)


def encrypt(plain: bytes, *, key: bytes, bound: str) -> bytes:
    """Close a value under a key, bound to the place that is named."""
    nonce = os.urandom(NONCE_BYTES)
    return VERSION + nonce + AESGCM(key).encrypt(nonce, plain, bound.encode())


def decrypt(value: bytes, *, key: bytes, bound: str) -> bytes:
    """
    Open what `encrypt` closed.

    Raises Unreadable if it was changed, stood elsewhere, or was closed under another key.
    """
    try:
        cipher = AESGCM(key)
    except ValueError as error:
        raise Unreadable(f"no key for a value at {bound}") from error
    return _open(cipher, value, bound)


def opener(key: bytes) -> Callable[[bytes, str], bytes]:
    """Give what opens many values under one key, as `decrypt` does one; made for one call."""
    return functools.partial(_open, AESGCM(key))


def _open(cipher: AESGCM, value: bytes, bound: str) -> bytes:
    if value[:1] != VERSION:
        raise Unreadable("a value of an unknown version")
    start = 1 + NONCE_BYTES
    try:
        return cipher.decrypt(value[1:start], value[start:], bound.encode())
    except (InvalidTag, ValueError) as error:
        raise Unreadable(f"a value at {bound} does not open") from error


@functools.lru_cache(maxsize=16)
def derive(private: bytes, *, purpose: str) -> bytes:
    """Give the symmetric key that the centre's private key has for one purpose."""
    info = f"callfloor {purpose}".encode()
    return HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=info).derive(private)


def blind_index(*, token_key: bytes, kind: str, value: str) -> str:
    """Give the keyed index of a value; of a number in E.164 it is the caller's token."""
    message = f"{kind}:{value}".encode()
    return hmac.digest(token_key, message, hashlib.sha256)[:INDEX_BYTES].hex()
