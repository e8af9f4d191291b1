"""The desk: the frame of the softphone, what is known of the caller, the note; and the way to call.

What moves comes over the socket of `callfloor/web`; these pages are asked once for each call.
"""

import datetime as dt
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from callfloor.desk import states
from callfloor.desk.interactions import written
from callfloor.desk.softphone import texts
from callfloor.kernel import access, department
from callfloor.records.interactions import queries as interactions
from callfloor.records.interactions import services
from callfloor.records.interactions.queries.messages import messages
from callfloor.records.people import queries as people
from callfloor.records.routing import queries as routing
from callfloor.ui.requests import Request

BEFORE_ROWS = 4  # What one reads while it rings.
PLACE = "desk.item"
"""
Where departments show something beside a live item: `query(person, item, client, customer)` gives
what the template gets as `panel`, or None to show nothing.
"""
RECENT = dt.timedelta(days=1)
"""What was written longer ago stands in the story only."""
WRITTEN_ROWS = 12  # The end of a chat, as much as one reads before saying hello.
STORY_ROWS = 8  # What fits beside a call; the rest is one click away.
NOTE_CHARACTERS_MAX = 10_000  # Five pages: more belongs into a document.


@login_required
@require_safe
def desk(request: Request) -> HttpResponse:
    """Show the desk of whoever takes calls."""
    access.check(request.user, "calls.take")
    names = people.names(person=request.user)
    colleagues = sorted(
        ((name, key) for key, name in names.items() if key != request.user.pk),
        key=lambda pair: pair[0].casefold(),
    )
    context = {
        "here": "desk",
        "away_reasons": routing.away_reasons(),
        "queues": sorted(routing.queue_names(person=request.user).items(), key=_by_name),
        "colleagues": colleagues,
        "clients": people.clients(person=request.user),
        "keys": KEYS,
        "note_max": NOTE_CHARACTERS_MAX,
        "text_queues": routing.written_queues(person=request.user),
        "texts": {**states.texts(), **texts.desk(), "authors": names},
    }
    return render(request, "desk/desk.html", context)


KEYS = (*"123456789", "*", "0", "#")


def _by_name(pair: tuple[str, str]) -> str:
    return pair[1].casefold()


@login_required
@require_safe
def item(request: Request, item: str) -> HttpResponse:
    """Return what is known about the call in hand: story, last notes, dispositions, own draft."""
    access.check(request.user, "calls.take")
    now = timezone.now()
    client, customer = request.GET.get("client", ""), request.GET.get("customer", "")
    context: dict[str, Any] = {
        "now": now,
        "item": item,
        "dispositions": routing.dispositions(person=request.user, client=client),
        "note": _note(request, item),
        "story": None,
        "before": (),
        "written": (),
        "written_in": None,
    }
    if customer:
        story = interactions.story(
            person=request.user, customer_id=customer, now=now, size=STORY_ROWS
        )
        earlier = [row for row in story.interactions if row.id != item]
        context |= {"story": story, "before": earlier[:BEFORE_ROWS]}
        context |= _written_before(request, earlier, label=story.customer.label, now=now)
    return render(request, "desk/desk_item.html", context)


def _written_before(
    request: Request, earlier: list[interactions.InteractionRow], *, label: str, now: dt.datetime
) -> dict[str, Any]:
    """Return the end of what the customer wrote lately, so that nobody asks him again (F06)."""
    recent = [row for row in earlier if row.channel != "call" and now - row.arrived_at < RECENT]
    if not recent or not request.user.rights.may("interactions.read"):
        return {"written": (), "written_in": None}
    rows = messages(person=request.user, interaction_id=recent[0].id)[-WRITTEN_ROWS:]
    lines = written.lines(rows, person=request.user, customer=label)
    return {"written": lines, "written_in": recent[0]}


@login_required
@require_safe
def panels(request: Request, item: str) -> HttpResponse:
    """Return what departments show beside a live item, one section for each."""
    access.check(request.user, "calls.take")
    asked = {name: request.GET.get(name, "") for name in ("client", "customer")}
    if not request.user.rights.sees(asked["client"] or None):
        raise access.NotFound
    found = [
        (panel.template, panel.query(person=request.user, item=item, **asked))
        for panel in department.panels(place=PLACE, rights=request.user.rights)
    ]
    shown = [(template, panel) for template, panel in found if panel is not None]
    return render(request, "desk/desk_panels.html", {"panels": shown, "item": item, **asked})


def _note(request: Request, item: str) -> str:
    """Return the draft that was kept, nothing if the call is not in the records yet."""
    try:
        found = interactions.detail(person=request.user, interaction_id=item, now=timezone.now())
    except access.NotFound:
        return ""
    return found.note or ""


@login_required
@require_POST
def note(request: Request, item: str) -> JsonResponse:
    """Keep the draft of a note."""
    text = request.POST.get("text", "")[:NOTE_CHARACTERS_MAX]
    now = timezone.now()
    services.save_note(person=request.user, interaction_id=item, text=text, now=now)
    return JsonResponse({"kept_at": now.timestamp()})


@require_safe
def call_us(request: Request) -> HttpResponse:
    """Show customers the way to call from their browser; nobody signs in for that."""
    context = {
        "numbers": sorted(routing.public_numbers(), key=lambda row: row.number),
        "keys": KEYS,
        "texts": _call_texts(),
    }
    return render(request, "desk/call.html", context)


def _call_texts() -> dict[str, str]:
    return {
        "asking": _("Please allow the microphone."),
        "connecting": _("Connecting …"),
        "flow": _("Connected. Listen, and use the keypad if you are asked to."),
        "queue": _("You are in line. Somebody will be with you."),
        "ringing": _("It rings at the desk of an agent."),
        "talking": _("You are talking to an agent."),
        "held": _("You are on hold for a moment."),
        "wrap_up": _("The call has ended. Thank you."),
        "closed": _("The call has ended. Thank you."),
        "denied": _("Without a microphone nobody can hear you. Allow it in the address bar."),
        "failed": _("The call could not be connected. Try again in a moment."),
        "lost": _("The connection was lost."),
    }
