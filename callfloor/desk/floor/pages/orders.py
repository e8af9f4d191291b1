"""
A leader's word from the floor page: to somebody of his team, or to a whole team.

What is asked is a form of a script, and the answer is JSON; a refusal comes from `ui/errors.py`.
"""

import os
from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from callfloor.kernel import access
from callfloor.records.people import services
from callfloor.ui.requests import Request


@login_required
@require_POST
def person(request: Request, key: str) -> HttpResponse:
    """Do for somebody what the leader asks, and say so."""
    do = DO.get(request.POST.get("do", ""))
    if do is None:
        raise access.NotFound
    return JsonResponse({"said": do(request, key)})


@login_required
@require_POST
def team(request: Request, key: str) -> HttpResponse:
    """Write to a whole team."""
    services.send(
        person=request.user,
        team=key,
        text=request.POST.get("text", ""),
        now=timezone.now(),
        chance=os.urandom(10),
    )
    return JsonResponse({"said": _("The message is on the desks of the team.")})


def _away(request: Request, key: str) -> str:
    reason = request.POST.get("reason", "")
    services.send_away(person=request.user, key=key, reason=reason, now=timezone.now())
    return _("Set away; whoever has work in hand finishes it first.")


def _ready(request: Request, key: str) -> str:
    services.call_back(person=request.user, key=key, now=timezone.now())
    return _("Called back to work.")


def _come(request: Request, key: str) -> str:
    services.come(person=request.user, key=key, now=timezone.now())
    return _("It is shown on the desk that you come.")


def _message(request: Request, key: str) -> str:
    text, chance = request.POST.get("text", ""), os.urandom(10)
    services.send(person=request.user, key=key, text=text, now=timezone.now(), chance=chance)
    return _("The message is on the desk.")


DO: dict[str, Callable[[Request, str], str]] = {
    "away": _away,
    "ready": _ready,
    "come": _come,
    "message": _message,
}
"""Each word that a leader may say to somebody."""
