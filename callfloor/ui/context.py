"""
What every template knows without being told: colors, language, places that this person may open.

Refuses: anything about a single page.
"""

import functools
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

import callfloor.records.people.queries as people
from callfloor.kernel import department
from callfloor.records.people.queries import notices

THEMES = ("light", "dark")
DENSITIES = ("compact", "roomy")
RAILS = ("full", "small")


@dataclass(frozen=True)
class Place:
    """An entry of the rail."""

    key: str
    name: str
    icon: str
    url: str


class Look:
    """What the frame of a page shows; worked out only when a template asks."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @property
    def theme(self) -> str:
        """The chosen theme, or nothing for the system's own."""
        return self._cookie("theme", THEMES, "")

    @property
    def density(self) -> str:
        """How close together things stand, or nothing for the usual."""
        return self._cookie("density", DENSITIES, "")

    @property
    def rail(self) -> str:
        """Whether the rail shows words."""
        return self._cookie("rail", RAILS, "full")

    @property
    def zone(self) -> str:
        """The zone in which times are written."""
        return str(timezone.get_current_timezone())

    @property
    def languages(self) -> list[tuple[str, str]]:
        """Codes and own names of the languages."""
        return list(settings.LANGUAGES)

    @property
    def person(self) -> str:
        """The name of whoever is signed in."""
        user = self._request.user
        if not user.is_authenticated:
            return ""
        return people.names(person=user, keys=[user.pk]).get(user.pk, user.pk)

    @property
    def unread(self) -> int:
        """How many messages wait for this person."""
        user = self._request.user
        return notices.unread_count(person=user) if user.is_authenticated else 0

    @property
    def places(self) -> list[Place]:
        """The places that this person's duties open."""
        user = self._request.user
        if not user.is_authenticated:
            return []
        return [
            Place(key=entry.key, name=str(entry.name), icon=entry.icon, url=_url(entry.url_name))
            for entry in department.menu(rights=user.rights)
        ]

    def _cookie(self, name: str, allowed: tuple[str, ...], otherwise: str) -> str:
        value = self._request.COOKIES.get(name, "")
        return value if value in allowed else otherwise


@functools.lru_cache(maxsize=64)  # As many places as the rail may have.
def _url(name: str) -> str:
    return reverse(name)


def look(request: HttpRequest) -> dict[str, Any]:
    """Give every template the frame of its page."""
    return {"look": Look(request)}
