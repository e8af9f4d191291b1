"""
Who asks: somebody who is signed in, or a program with a token in his name.

A page of ours that writes must show that it is ours (CSRF); a token shows that by being there.
Refuses: a token in an address, where every log would keep it.
"""

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja.errors import AuthenticationError
from ninja.security import SessionAuth
from ninja.security.base import AuthBase

from callfloor.kernel import audit
from callfloor.records.people.queries import tokens
from callfloor.records.people.services import tokens as services

SCHEME = "bearer"


class ByToken(AuthBase):
    """`Authorization: Bearer cfl_…` (RFC 6750 section 2.1)."""

    openapi_type = "http"
    openapi_scheme = SCHEME

    def __call__(self, request: HttpRequest) -> Any:
        """Give whose token was brought, None if none was; raises AuthenticationError for a bad."""
        header = request.headers.get("Authorization")
        if header is None:
            return None
        found = getattr(request, "bearer", None)
        if found is None:
            raise AuthenticationError
        request.user = found.person
        request.token = found.token  # type: ignore[attr-defined]
        return found.person


class BySession(SessionAuth):
    """Whoever is signed in on our pages."""


def by_whom(run: Callable[..., Any]) -> Callable[..., Any]:
    """Look whose token a request brings, and let the audit log say that it was by this one."""

    @functools.wraps(run)
    def answer(request: HttpRequest, *args: Any, **values: Any) -> Any:
        bearer = _bearer(request)
        request.bearer = bearer  # type: ignore[attr-defined]
        with audit.through(bearer.token if bearer else None):
            return run(request, *args, **values)

    return answer


def _bearer(request: HttpRequest) -> tokens.Bearer | None:
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != SCHEME:
        return None
    now = timezone.now()
    found = tokens.bearer(text=text.strip(), now=now)
    if found is not None:
        services.note_use(bearer=found, address=request.META.get("REMOTE_ADDR", ""), now=now)
    return found
