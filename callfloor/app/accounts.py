"""
How people sign in: allauth's adapters for a house in which nobody signs himself up.

Refuses: signing up, and second factors in clear.
"""

import base64

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest

from callfloor.kernel.keys import crypt, ring

PURPOSE = "second factors"


class AccountAdapter(DefaultAccountAdapter):
    """Nobody makes himself an account; people come from the blueprint."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Say that signing up is closed."""
        return False


class MFAAdapter(DefaultMFAAdapter):
    """Keeps the secrets of second factors under a key derived from the centre's."""

    def encrypt(self, text: str) -> str:
        """Close a secret for the database."""
        value = crypt.encrypt(text.encode(), key=_key(), bound=PURPOSE)
        return base64.b64encode(value).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open a secret from the database."""
        value = base64.b64decode(encrypted_text)
        return crypt.decrypt(value, key=_key(), bound=PURPOSE).decode()


def _key() -> bytes:
    return crypt.derive(ring.centre().private, purpose=PURPOSE)
