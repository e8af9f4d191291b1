"""What callers hear when something has happened: what is prepared, what is on, and the switch."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from callfloor.desk import centre
from callfloor.kernel import access, ports
from callfloor.kernel.link import FloorAway
from callfloor.records.people import queries as people
from callfloor.records.routing import queries, services
from callfloor.ui.requests import Request


@dataclass(frozen=True, kw_only=True)
class Row:
    """An emergency as the page shows it."""

    key: str
    name: str
    clients: tuple[str, ...]
    """Names of those whose callers hear it."""
    is_for_all: bool
    ends: bool
    hours_max: float
    words: tuple[tuple[str, str, str], ...]
    """What is said: language, its name, the text."""
    is_on: bool
    by: str | None
    since: float | None
    until: float | None


@login_required
def emergencies(request: Request) -> HttpResponse:
    """Show what is prepared, and what is on."""
    rows, is_away = _rows(request)
    context = {"here": "emergency", "rows": rows, "is_away": is_away, "now": timezone.now()}
    return render(request, "desk/emergencies.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def emergency(request: Request, key: str) -> HttpResponse:
    """Show one with all that it does before it is switched; switch it."""
    rows, is_away = _rows(request)
    row = next((each for each in rows if each.key == key), None)
    if row is None:
        raise access.NotFound
    now = timezone.now()
    if request.method == "POST":
        on = request.POST.get("on") == "1"
        services.switch_emergency(person=request.user, key=key, on=on, now=now)
        return redirect("emergency")
    until = now + dt.timedelta(hours=row.hours_max)
    context = {"here": "emergency", "row": row, "is_away": is_away, "now": now, "until": until}
    return render(request, "desk/emergency.html", context)


def _rows(request: Request) -> tuple[list[Row], bool]:
    """Give what the reader may switch, and whether the floor cannot be asked how it stands."""
    found = queries.emergencies(person=request.user)
    try:
        on: dict[str, Any] = ports.floor().board().get("emergencies", {})
        is_away = not ports.health().get("is_linked")
    except FloorAway:
        on, is_away = {}, True
    leaders = people.names_of(keys={row["by"] for row in on.values()})
    names = people.client_names(person=request.user)
    prompts = centre.section("prompts")
    rows = []
    for each in found:
        state = on.get(each.key, {})
        words = prompts.get(each.prompt) or {}
        rows.append(
            Row(
                key=each.key,
                name=centre.emergency_name(each.key),
                clients=tuple(names[client] for client in each.clients),
                is_for_all=each.is_for_all,
                ends=each.ends,
                hours_max=each.hours_max,
                words=tuple((code, people.language_name(code), words[code]) for code in words),
                is_on=bool(state),
                by=leaders.get(state.get("by", "")),
                since=state.get("since"),
                until=state.get("until"),
            )
        )
    return rows, is_away
