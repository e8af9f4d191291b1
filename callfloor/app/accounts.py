"""
How people sign in: allauth's adapters for a house in which nobody signs himself up.

Refuses: signing up, and second factors in clear.
"""

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from callfloor.kernel import quick
from callfloor.kernel.keys import crypt, ring
from callfloor.records.people.models import Person

PURPOSE = "second factors"


class PeopleBackend(ModelBackend):
    """Django's own way to sign in; who is behind a session is read in one short statement."""

    def get_user(self, user_id: Any) -> Any:
        """Give whoever a session belongs to, None if he may no longer sign in."""
        person = quick.first(Person, "WHERE key = %s", [user_id])
        return person if person is not None and self.user_can_authenticate(person) else None


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
