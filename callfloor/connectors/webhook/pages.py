"""Other systems: who is told what happens, and who may say something; made, switched, removed."""

import datetime as dt
import os
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from callfloor.connectors.webhook import hooks, kinds, signing, sources
from callfloor.kernel import access
from callfloor.kernel.errors import Refusal
from callfloor.records.people import queries as people
from callfloor.ui.requests import Request

OFF = {
    "person": _("switched off"),
    "failing": _("switched off, because it failed for days"),
    "gone": _("switched off, because it said that it is gone"),
    "rights": _("switched off, because whoever made it may not know this any more"),
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def systems(request: Request) -> HttpResponse:
    """Show both lists; make one of either, and show its secret this once."""
    error, made, act = "", None, request.POST.get("act", "")
    if request.method == "POST":
        try:
            made = _make(request, act, now=timezone.now())
        except Refusal as refusal:
            if refusal.code.startswith("access."):
                raise
            error = str(refusal.message)
    names = kinds.names()
    context: dict[str, Any] = {
        "here": "hooks",
        "now": timezone.now(),
        "told": [
            (row, [names[kind] for kind in row.kinds], OFF.get(row.off_reason, ""))
            for row in hooks.hooks(person=request.user)
        ],
        "heard": sources.sources(person=request.user),
        "kinds": _known(request),
        "may_hear": all(request.user.rights.may(each) for each in sources.MAKES),
        "clients": people.clients(person=request.user),
        "address": request.build_absolute_uri("/api/in/"),
        "said": request.POST if error else None,
        "said_kinds": request.POST.getlist("kind") if error else [],
        "act": act if error else "",
        "error": error,
        "made": made,
    }
    response = render(request, "webhook/systems.html", context, status=400 if error else 200)
    response["Cache-Control"] = "no-store"  # A secret may stand on it.
    return response


def _known(request: Request) -> list[kinds.Kind]:
    """Give the kinds that whoever asks may know of himself."""
    return [each for each in kinds.KINDS.values() if request.user.rights.may(each.permission)]


def _make(request: Request, act: str, *, now: dt.datetime) -> hooks.Made:
    given = request.POST
    secret, chance = os.urandom(signing.SECRET_BYTES), os.urandom(10)
    if act == "hear":
        return sources.make(
            person=request.user,
            client=given.get("client", ""),
            name=given.get("name", ""),
            secret=secret,
            now=now,
            chance=chance,
        )
    return hooks.make(
        person=request.user,
        client=given.get("client", ""),
        name=given.get("name", ""),
        url=given.get("url", "").strip(),
        kinds=given.getlist("kind"),
        allowed=settings.HOOK_HOSTS,
        secret=secret,
        now=now,
        chance=chance,
    )


@login_required
@require_POST
def hook(request: Request, hook_id: str) -> HttpResponse:
    """Switch one that is told on or off, or remove it."""
    person, now = request.user, timezone.now()
    match request.POST.get("act"):
        case "on" | "off" as act:
            hooks.switch(person=person, hook=hook_id, on=act == "on", now=now)
        case "remove":
            hooks.remove(person=person, hook=hook_id, now=now)
        case _:
            raise access.NotFound
    return redirect("hooks")


@login_required
@require_POST
def source(request: Request, source_id: str) -> HttpResponse:
    """Switch one that is heard on or off, or remove it."""
    person, now = request.user, timezone.now()
    match request.POST.get("act"):
        case "on" | "off" as act:
            sources.switch(person=person, source=source_id, on=act == "on", now=now)
        case "remove":
            sources.remove(person=person, source=source_id, now=now)
        case _:
            raise access.NotFound
    return redirect("hooks")


routes = [
    path("systems", systems, name="hooks"),
    path("systems/told/<str:hook_id>", hook, name="hook"),
    path("systems/heard/<str:source_id>", source, name="source"),
]
