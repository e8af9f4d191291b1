"""
What a visitor shows to come back to his chat: its id, signed, good for some days.

Refuses: to say anything of the customer; who has the token has the chat and nothing else.
"""

from typing import Any

from django.core import signing

SALT = "callfloor.chat"
DAYS = 30  # An answer that came by e-mail meanwhile can still be looked up in the chat.


def give(interaction_id: str) -> str:
    """Return the token of a chat."""
    return signing.dumps(interaction_id, salt=SALT)


def read(token: object) -> str | None:
    """Return which chat a token opens; None if it is none of ours, or too old."""
    if not isinstance(token, str):
        return None
    try:
        found = signing.loads(token, salt=SALT, max_age=DAYS * 86_400)
    except signing.BadSignature:
        return None
    return found if isinstance(found, str) else None


FILE_SALT = "callfloor.desk-file"
FILE_SECONDS = 12 * 3_600  # A draft of the morning, with its files, is sent before the shift ends.


def give_file(interaction_id: str, *, name: str, data: dict[str, Any]) -> str:
    """Return what a desk shows to send a file that it has uploaded."""
    return signing.dumps([interaction_id, name, data], salt=FILE_SALT)


def read_file(token: object, *, interaction_id: str) -> tuple[str, dict[str, Any]] | None:
    """Return name and data of an uploaded file of this very contact; None if it is none."""
    if not isinstance(token, str):
        return None
    try:
        of, name, data = signing.loads(token, salt=FILE_SALT, max_age=FILE_SECONDS)
    except signing.BadSignature:
        return None
    return (name, data) if of == interaction_id else None
