"""
What stands on the sign-in page: the centre, and in a demo its seats with name and password.

The demo writes `seats.json` into its data folder: a list of {"key", "name", "role", "password"}.
Refuses: to list seats of a centre that is no demo, whose folder has no such file.
"""

import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from callfloor.kernel import department
from callfloor.records.routing import queries as routing

FILE = "seats.json"
ICONS = {"agent": "desk", "team_leader": "floor", "manager": "target", "it_support": "engine"}
HINTS: dict[str, Any] = {
    "agent": _("Answer a call, read the story, finish with a disposition."),
    "team_leader": _("See who does what now, and how long callers wait."),
    "manager": _("Read the numbers, and go from each to the calls behind it."),
    "it_support": _("See how the processes are, and read the audit log."),
}


@dataclass(frozen=True)
class Seat:
    """One sign-in of the demo."""

    key: str
    name: str
    role: Any
    password: str
    icon: str
    hint: Any

    @property
    def sign_in(self) -> str:
        """Name and password as one writes them down."""
        return f"{self.key} / {self.password}"


class Entrance:
    """What the sign-in page asks for; read only when it is shown."""

    @property
    def centre(self) -> str:
        """The centre's name, nothing before its first plan."""
        centre = routing.centre()
        return centre.name if centre else ""

    @property
    def seats(self) -> list[Seat]:
        """The demo's sign-ins, none otherwise."""
        path = settings.DATA / FILE
        rows = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
        return [_seat(row) for row in rows]

    @property
    def chat(self) -> dict[str, str] | None:
        """Where a newcomer may write to himself: the key of a chat, and its client."""
        place = routing.first_chat()
        if place is None:
            return None
        return {"key": place.called.partition(":")[2], "client": place.client}


def _seat(row: dict[str, str]) -> Seat:
    role = department.role(row["role"])
    return Seat(
        key=row["key"],
        name=row["name"],
        role=role.name if role else row["role"],
        password=row["password"],
        icon=ICONS.get(row["role"], "person"),
        hint=HINTS.get(row["role"], ""),
    )


def entrance(request: HttpRequest) -> dict[str, Any]:
    """Give the sign-in page what stands on it; lazily, for all others ask nothing."""
    return {"entrance": Entrance()}
