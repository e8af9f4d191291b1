"""
Standard Webhooks signatures, version 1: HMAC-SHA256 over `id.timestamp.body`.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
Refuses: to read a clock; and to say which part of a message was wrong.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping

ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
HEADERS = (ID, TIMESTAMP, SIGNATURE)
PREFIX = "whsec_"
VERSION = "v1"
SECRET_BYTES = 32  # The standard asks for 24 to 64.
TOLERANCE_SECONDS = 300
SIGNATURES_MAX = 5  # A sender that changes its secret signs with two.


def secret_text(secret: bytes) -> str:
    """Give a secret as both sides write it down."""
    return PREFIX + base64.b64encode(secret).decode()


def secret_bytes(text: str) -> bytes:
    """Read a secret as it is written down."""
    return base64.b64decode(text.removeprefix(PREFIX), validate=True)


def sign(*, secret: bytes, id_: str, timestamp: int, body: bytes) -> str:
    """Give the signature of a message."""
    message = f"{id_}.{timestamp}.".encode() + body
    digest = hmac.digest(secret, message, hashlib.sha256)
    return f"{VERSION},{base64.b64encode(digest).decode()}"


def headers(*, secret: bytes, id_: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Give what goes with a message."""
    signature = sign(secret=secret, id_=id_, timestamp=timestamp, body=body)
    return {ID: id_, TIMESTAMP: str(timestamp), SIGNATURE: signature}


def is_signed(*, secret: bytes, given: Mapping[str, str], body: bytes, now: float) -> bool:
    """Say whether a message is signed with a secret, and was so within five minutes of now."""
    id_, timestamp = given.get(ID, ""), given.get(TIMESTAMP, "")
    if not id_ or not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) < 12):
        return False
    owed = sign(secret=secret, id_=id_, timestamp=int(timestamp), body=body).encode()
    is_ours = False
    for each in given.get(SIGNATURE, "").split(" ")[:SIGNATURES_MAX]:
        # All are compared, so that the time tells nothing of which was right.
        is_ours |= hmac.compare_digest(owed, each.encode("utf-8", "surrogateescape"))
    return is_ours and abs(now - int(timestamp)) <= TOLERANCE_SECONDS


def read_secret(text: str) -> bytes | None:
    """Read a secret that somebody typed; None if it is none."""
    try:
        found = secret_bytes(text.strip())
    except (binascii.Error, ValueError):
        return None
    return found if 24 <= len(found) <= 64 else None
