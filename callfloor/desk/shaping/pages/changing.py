"""
The frame of every form that changes the centre's file: look, try it in the twin, take.

A change is looked at before it is taken. Refuses: to decide; `routing.services.shaping` does, and
the file is checked whole.
"""

import json
from dataclasses import dataclass
from typing import Any, Protocol

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from callfloor.desk import centre, changes
from callfloor.desk.shaping import words
from callfloor.kernel import access
from callfloor.kernel.errors import Refusal
from callfloor.kernel.ports import Keys, Looked
from callfloor.records.routing.services import shaping
from callfloor.ui.requests import Request

TRY_SALT = "desk.try"
"""What is to be tried is signed, so that the twin plays what a page has shown and nothing else."""


class Form(Protocol):
    """A form about one thing."""

    wrong: dict[str, Any]
    edits: dict[Keys, Any]


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a form stands."""

    thing: shaping.Thing
    name: str
    template: str
    here: str
    back: str
    """The address of the page of the thing."""


def ask(request: Request, place: Place, form: Form, context: dict[str, Any]) -> HttpResponse:
    """Show a form, what it would change, and make it so."""
    based_on = request.POST.get("based_on") or centre.version()
    refused, looked, tried = None, None, ""
    if request.method == "POST" and not form.wrong:
        asked = {"person": request.user, "thing": place.thing, "edits": form.edits}
        try:
            if request.POST.get("step") == "take" and request.POST.get("seen") == mark(form):
                shaping.take(**asked, based_on=based_on, now=timezone.now())
                messages.success(request, _("Changed. It holds on the floor now."))
                return redirect(place.back)
            found = shaping.look(**asked, based_on=based_on)
            looked = changes.look(found, said=words.said)
            tried = _tried(request, place, form, found)
        except Refusal as refusal:
            if isinstance(refusal, access.Forbidden | access.NotFound):
                raise
            refused, based_on = refusal, centre.version()
    frame = {
        "here": place.here,
        "thing": place.thing,
        "name": place.name,
        "back": place.back,
        "form": form,
        "based_on": based_on,
        "mark": mark(form),
        "looked": looked,
        "refused": refused,
        "tried": tried,
        "try_url": reverse("try") if tried else "",
    }
    return render(request, place.template, {**frame, **context})


def mark(form: Form) -> str:
    """Return a mark of what was looked at: what was changed since then is looked at first."""
    return json.dumps([[list(path), value] for path, value in form.edits.items()], sort_keys=True)


def require(request: Request, thing: shaping.Thing) -> None:
    """Let nobody to a form who may not change the thing."""
    if not shaping.what_may_change(person=request.user, thing=thing):
        raise access.Forbidden


def _tried(request: Request, place: Place, form: Form, looked: Looked) -> str:
    """Return what the twin's page needs to try the change; nothing if there is nothing to try."""
    if not looked.changes or looked.findings or not request.user.rights.may("twin.try"):
        return ""
    edits = shaping.whole(request.user, place.thing, form.edits)
    clients = shaping.seen(person=request.user, thing=place.thing)
    plan = centre.plan()
    assert plan is not None, "what may be changed stands in a plan"
    said = {
        "section": place.thing.section,
        "key": place.thing.key,
        "queues": [queue.key for queue in plan.queues if queue.client in clients],
        "edits": [[list(path), value] for path, value in edits.items()],
    }
    return signing.dumps(said, salt=TRY_SALT, compress=True)
