"""What happened: a list with filters, one interaction with its reasons, its recording."""

import datetime as dt
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from callfloor.desk import listing as lists
from callfloor.desk import periods
from callfloor.desk.interactions import audio, behind, steps, why, words, written
from callfloor.kernel import department
from callfloor.records.customers import queries as customers
from callfloor.records.interactions import queries, services
from callfloor.records.interactions.queries.messages import MessageRow, messages
from callfloor.records.people import queries as people
from callfloor.records.routing import queries as routing
from callfloor.ui.requests import Request

TEXT_FILTERS = ("client", "queue", "agent", "outcome", "disposition", "number", "customer")


def _filters(request: Request, *, now: dt.datetime) -> queries.Filters:
    given = {name: request.GET.get(name, "").strip() or None for name in TEXT_FILTERS}
    counted = behind.asked(request.GET, now=now)
    if counted is not None:  # The figure says which queue and agent; not the last ones of a call.
        given |= {"queue": None, "agent": None}
    arrived_from, arrived_to = periods.bounds(request.GET.get("period", ""), now=now)
    return queries.Filters(
        arrived_from=arrived_from,
        arrived_to=arrived_to,
        behind=counted.rows if counted else None,
        include_simulated=request.GET.get("simulated", "1") == "1",
        **given,
    )


@login_required
def listing(request: Request) -> HttpResponse:
    """Show interactions, newest first if nothing else is asked for."""
    now = timezone.now()
    filters = _filters(request, now=now)
    page = queries.search(
        person=request.user,
        filters=filters,
        now=now,
        order=_order(request),
        page=lists.page_asked(request),
        size=lists.PAGE_ROWS,
    )
    context = {
        "here": "interactions",
        "rows": page.rows,
        "page": lists.pager(page),
        "now": now,
        "filters": filters,
        "oldest": _order(request) == "oldest",
        "period": request.GET.get("period", ""),
        "periods": periods.CHOICES,
        "any_filter": any(request.GET.get(name) for name in (*TEXT_FILTERS, "period", "behind")),
        "behind": behind.shown(request, now=now),
        "choices": _choices(request),
    }
    return render(request, "desk/interactions.html", context)


def _order(request: Request) -> str:
    """Return how the list stands; `sort` says it in the address, also for CSV."""
    return "oldest" if request.GET.get("sort") == "oldest" else "newest"


def _choices(request: Request) -> dict[str, list[tuple[str, str]]]:
    """Return what the filters offer, as pairs of key and label."""
    names = people.names(person=request.user)
    return {
        "client": [(row.key, row.name) for row in people.clients(person=request.user)],
        "queue": _by_label(routing.queue_names(person=request.user)),
        "agent": _by_label(names),
        "outcome": [(key, str(label)) for key, label in queries.outcomes()],
    }


def _by_label(names: dict[str, str]) -> list[tuple[str, str]]:
    return sorted(names.items(), key=lambda pair: (pair[1].casefold(), pair[0]))


@login_required
def export(request: Request) -> HttpResponseBase:
    """Return the filtered interactions as CSV; if there are too many, the first of the list."""
    now = timezone.now()
    heads = [
        *(
            _("Arrived"),
            _("Direction"),
            _("Client"),
            _("Queue"),
            _("Agent"),
            _("Outcome"),
            _("Disposition"),
        ),
        *(_("Waited"), _("Talked"), _("Held"), _("Wrap-up"), _("Simulated")),
    ]
    rows = _all_rows(request, filters=_filters(request, now=now), now=now)
    return lists.as_csv(name="interactions", heads=heads, rows=[_line(row) for row in rows])


def _all_rows(
    request: Request, *, filters: queries.Filters, now: dt.datetime
) -> list[queries.InteractionRow]:
    rows: list[queries.InteractionRow] = []
    number = 1
    while len(rows) < lists.EXPORT_ROWS_MAX:
        page = queries.search(
            person=request.user,
            filters=filters,
            now=now,
            order=_order(request),
            page=number,
            size=lists.EXPORT_PAGE,
        )
        rows += page.rows
        if not page.has_next:
            break
        number += 1
    return rows[: lists.EXPORT_ROWS_MAX]


def _line(row: queries.InteractionRow) -> tuple[object, ...]:
    return (
        timezone.localtime(row.arrived_at).isoformat(timespec="seconds"),
        *(row.direction_label, row.client_name, row.queue_name, row.agent_name, row.outcome_label),
        row.disposition_name,
        *(row.wait_seconds, row.talk_seconds, row.hold_seconds, row.wrap_seconds),
        int(row.simulated),
    )


@login_required
def detail(request: Request, interaction_id: str) -> HttpResponse:
    """Show one interaction: what happened, why, what was said, what was noted."""
    now = timezone.now()
    found = queries.detail(person=request.user, interaction_id=interaction_id, now=now)
    rows = messages(person=request.user, interaction_id=found.row.id)
    decisions = [
        {"at": row.at, "reasons": why.reasons(row.why)} for row in found.timeline if row.why
    ]
    context: dict[str, Any] = {
        "here": "interactions",
        "now": now,
        "row": found.row,
        "detail": found,
        "decisions": decisions,
        "steps": steps.steps(found.timeline),
        "may_people": request.user.rights.may("people.read"),
        "texts": _texts(),
        "panels": _panels(request, found),
        "parts": [(part, words.role(part.role)) for part in found.work],
        "dialed": words.ending(found.dial_outcome),
        "lines_heard": [(line, _whose(line, found)) for line in found.lines],
        "lines": written.lines(rows, person=request.user, customer=found.row.customer_label),
        "candidates": _candidates(request, found, rows),
        "channel": words.channel(found.row.channel),
        "is_call": found.row.channel == "call",
    }
    return render(request, "desk/interaction.html", context)


def _whose(line: queries.LineRow, found: queries.InteractionDetail) -> str:
    """Say whose line it was: an agent's by name, one outside by its trunk."""
    if line.agent is not None:
        names = {part.agent: part.agent_name for part in found.work}
        return names.get(line.agent, line.agent)
    return _("Customer") + (f" · {line.trunk}" if line.trunk else "")


def _candidates(
    request: Request, found: queries.InteractionDetail, rows: list[MessageRow]
) -> list[customers.Candidate]:
    """Return who the customer may be, for whoever may say it (F18): nobody is attached unseen."""
    if not request.user.rights.may("customers.document") or not found.row.customer_id:
        return []
    said = [each for row in rows if row.kind == "event" for each in row.data.get("may_be", ())]
    together = customers.together(customer_id=found.row.customer_id)
    return customers.candidates_of(customer_ids=together, said=said)


def _panels(request: Request, found: queries.InteractionDetail) -> list[tuple[str, Any]]:
    """Return what departments show beside an interaction: a template and what it is given."""
    panels = department.panels(place="interaction.side", rights=request.user.rights)
    return [
        (panel.template, panel.query(person=request.user, interaction=found.row))
        for panel in panels
    ]


def _texts() -> dict[str, str]:
    return {"play": _("Play"), "pause": _("Pause"), "broken": _("This cannot be played.")}


@login_required
@require_safe
def recording(request: Request, recording_id: str) -> HttpResponseBase:
    """Send a recording as sound, whole or the part that a player asks for."""
    wanted = audio.wanted_range(request.headers.get("range", ""))
    again = wanted is not None and wanted.start not in (0, None)
    sound = services.open_recording(
        person=request.user, recording_id=recording_id, now=timezone.now(), again=again
    )
    return audio.response(sound, wanted, is_head=request.method == "HEAD")
