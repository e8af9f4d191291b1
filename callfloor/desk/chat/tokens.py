"""
What a visitor shows to come back to his chat: its id, signed, good for some days.

Refuses: to say anything of the customer; who has the token has the chat and nothing else.
"""

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
