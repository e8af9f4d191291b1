"""
Who is behind a connection, from the cookie of the pages; asked in a thread, asked again later.

Refuses: to hold rights longer than the connection's holder asks again.
"""

import time
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.db import close_old_connections
from django.http import HttpRequest
from django.utils import translation

from callfloor.kernel.access import Rights
from callfloor.records.interactions import queries as interactions

Scope = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """Somebody who is signed in, as of a moment."""

    person: Any
    """The person as the queries want him."""
    rights: Rights
    language: str
    session: str
    hidden: frozenset[str] = frozenset()
    """Contacts that run and do not exist for him, because he is complained about in them."""


def header(scope: Scope, name: bytes) -> str:
    """Return a header of a connection, empty if it is not there."""
    for key, value in scope["headers"]:
        if key == name:
            return str(value.decode("latin-1"))
    return ""


def cookies(scope: Scope) -> dict[str, str]:
    """Return the cookies of a connection; none if they cannot be read."""
    try:
        jar = SimpleCookie(header(scope, b"cookie"))
    except CookieError:
        return {}
    return {name: morsel.value for name, morsel in jar.items()}


def is_same_origin(scope: Scope) -> bool:
    """Say whether a page of ours opened this connection (ASVS 5.0 4.4.2)."""
    origin = urlsplit(header(scope, b"origin"))
    return bool(origin.netloc) and origin.netloc == header(scope, b"host")


def is_allowed_host(scope: Scope) -> bool:
    """Say whether the connection names one of our hosts, so that no foreign name leads here."""
    host = header(scope, b"host").rpartition(":")[0] or header(scope, b"host")
    return host in settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS


def language_of(scope: Scope) -> str:
    """Return the language chosen for pages, English if none was."""
    chosen = cookies(scope).get(settings.LANGUAGE_COOKIE_NAME, "")
    if chosen in dict(settings.LANGUAGES):
        return chosen
    asked = header(scope, b"accept-language")
    for part in asked.split(",")[:10]:
        code = part.partition(";")[0].strip().partition("-")[0].lower()
        if code in dict(settings.LANGUAGES):
            return str(code)
    return str(settings.LANGUAGE_CODE)


def visitor(*, session: str, language: str) -> Visitor | None:
    """Return who has this session now, None if nobody has (a thread's work)."""
    close_old_connections()
    if not session:
        return None
    request = HttpRequest()
    request.session = SessionStore(session)
    person = get_user(request)  # Checks the password's hash too, so a new one ends old sessions.
    if not person.is_authenticated or not person.is_active:
        return None
    with translation.override(language):
        rights = person.rights
    hidden = interactions.hidden_running(person=person)
    return Visitor(person=person, rights=rights, language=language, session=session, hidden=hidden)


def of_scope(scope: Scope) -> Visitor | None:
    """Return who opened a connection (a thread's work)."""
    session = cookies(scope).get(settings.SESSION_COOKIE_NAME, "")
    return visitor(session=session, language=language_of(scope))


def now() -> float:
    """Return the wall clock, which every live message carries for the desks' timers."""
    return time.time()
