"""Tokens for programs: which there are, who used them last, making and revoking one."""

import datetime as dt
import os
import secrets
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from callfloor.kernel.errors import Refusal
from callfloor.records.people import queries as people
from callfloor.records.people.queries import tokens as queries
from callfloor.records.people.services import tokens as services
from callfloor.ui.requests import Request

DAYS = (7, 30, 90, 366)
DAYS_USUAL = 90
SECRET_BYTES = 32  # 256 bits, 43 characters.


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: Request) -> HttpResponse:
    """Show the tokens; make one, and show it this once."""
    now, error, made = timezone.now(), "", None
    if request.method == "POST":
        try:
            made = _make(request, now=now)
        except Refusal as refusal:
            if refusal.code.startswith("access."):
                raise
            error = str(refusal.message)
    rights = request.user.rights
    may_make = rights.may(queries.MAKE)
    context: dict[str, Any] = {
        "here": "tokens",
        "now": now,
        "rows": queries.tokens(person=request.user, now=now),
        "may_make": may_make,
        "sees_all": rights.may(queries.REVOKE),
        "choices": queries.choices(person=request.user) if may_make else [],
        "clients": people.clients(person=request.user),
        "days": DAYS,
        "days_said": int(_days(request)) if error else DAYS_USUAL,
        "said": request.POST if error else None,
        "said_duties": request.POST.getlist("duty") if error else [],
        "said_clients": request.POST.getlist("client") if error else [],
        "error": error,
        "made": made,
    }
    response = render(request, "desk/tokens.html", context, status=400 if error else 200)
    response["Cache-Control"] = "no-store"  # A token may stand on it.
    return response


def _make(request: Request, *, now: dt.datetime) -> services.Made:
    return services.make_token(
        person=request.user,
        name=request.POST.get("name", ""),
        duties=request.POST.getlist("duty"),
        clients=request.POST.getlist("client"),
        days=int(_days(request)),
        secret=secrets.token_urlsafe(SECRET_BYTES),
        now=now,
        chance=os.urandom(10),
    )


def _days(request: Request) -> str:
    asked = request.POST.get("days", "")
    return asked if asked.isascii() and asked.isdecimal() and len(asked) < 6 else "0"


@login_required
@require_POST
def revoke(request: Request, token_id: str) -> HttpResponse:
    """Let a token open nothing any more."""
    services.revoke_token(person=request.user, token=token_id, now=timezone.now())
    return redirect("tokens")
