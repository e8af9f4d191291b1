"""
What customers see without signing in: their case behind a signed link, and the form to ask.

A link that is wrong and one whose time is over say the same, and nothing of any case.
"""

import os
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from callfloor.desk.cases import words
from callfloor.desk.cases.pace import Pace
from callfloor.kernel import access, references
from callfloor.kernel.errors import Refusal
from callfloor.records.cases.queries import public
from callfloor.records.cases.services import customer, form
from callfloor.records.outreach.queries import asked
from callfloor.records.people import queries as people

LOOKS = Pace(times=120, times_all=6_000, seconds=600)
"""A page that is reloaded by an impatient hand, and far fewer than whoever guesses would need."""
WRITES = Pace(times=20, times_all=1_000, seconds=3_600)
ASKS = Pace(times=10, times_all=500, seconds=3_600)
TEXT_MAX = 5_000  # Two pages; what is longer is read by nobody and costs us its encryption.


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """Show a customer his case; keep what he answers."""
    now = timezone.now()
    if not LOOKS.take(_address(request), now=now):
        return _too_often(request)
    reference = references.of_link_token(token, now=now)
    case = public.for_customer(reference=reference, now=now) if reference else None
    if reference is None or case is None:
        return render(request, "desk/public_gone.html", status=404)
    error, text = "", ""
    if request.method == "POST":
        if not WRITES.take(_address(request), now=now):
            return _too_often(request)
        text = request.POST.get("text", "")[:TEXT_MAX]
        try:
            customer.writes(reference=reference, text=text, now=now)
        except Refusal as refusal:
            error = str(refusal.message)
        else:
            return redirect("case_public", token=token)
    context = {
        "case": case,
        "calls": asked.calls_of_case(reference=reference),
        "token": token,
        "now": now,
        "kind": words.word(words.KINDS, case.kind),
        "decision": words.word(words.DECISIONS, case.decision) if case.decision else "",
        "error": error,
        "text": text,
        "text_max": TEXT_MAX,
    }
    return render(request, "desk/public_case.html", context, status=400 if error else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, client: str) -> HttpResponse:
    """Take a question through the form, and promise an answer."""
    now = timezone.now()
    name = people.client_names_of(keys=[client]).get(client)
    if name is None:
        raise access.NotFound
    error, given = "", request.POST
    if request.method == "POST":
        if not ASKS.take(_address(request), now=now):
            return _too_often(request)
        if given.get("website"):  # A field that nobody sees: machines fill in everything.
            return redirect("case_ask", client=client)
        try:
            receipt = form.ask(
                client=client,
                kind=given.get("kind", ""),
                name=given.get("name", ""),
                address=given.get("address", ""),
                subject=given.get("subject", ""),
                text=given.get("text", "")[:TEXT_MAX],
                language=get_language() or "",
                now=now,
                chance=os.urandom(20),
            )
        except Refusal as refusal:
            if refusal.code.startswith("access."):
                raise
            error = str(refusal.message)
        else:
            context: dict[str, Any] = {"receipt": receipt, "name": name, "now": now}
            return render(request, "desk/public_asked.html", context)
    context = {
        "name": name,
        "given": given,
        "error": error,
        "kinds": [(kind, words.KINDS[kind]) for kind in form.kinds_asked()],
        "hours": form.PROMISE_HOURS,
        "text_max": TEXT_MAX,
    }
    return render(request, "desk/public_ask.html", context, status=400 if error else 200)


def _address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def _too_often(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/public_often.html", status=429)
