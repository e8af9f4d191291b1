"""Scripts and guides: the list, one form with its draft and versions, and where contacts stall."""

import os
import re
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from callfloor.desk import listing as lists
from callfloor.desk.articles import markup
from callfloor.desk.articles.words import language
from callfloor.desk.forms import words
from callfloor.kernel import access
from callfloor.kernel.errors import Refusal
from callfloor.kernel.names import pick
from callfloor.records.forms import queries, rules, services
from callfloor.records.forms.rules import shape
from callfloor.records.people import queries as people
from callfloor.records.routing import queries as routing
from callfloor.ui.requests import Request

KEY = re.compile(r"^[a-z][a-z0-9_]{0,39}$")
SORTERS: tuple[lists.Sorter, ...] = (
    ("name", gettext_lazy("Name"), lambda row: row.name.casefold(), False),
    ("kind", gettext_lazy("Kind"), lambda row: (row.kind, row.name), False),
    ("client", gettext_lazy("Client"), lambda row: (row.client_name, row.name), False),
    ("version", gettext_lazy("Version"), lambda row: (row.number or 0, row.name), True),
)
NEW = """\
name: {en: }
queues: []
first: greet
nodes:
  greet:
    must: true
    say:
      en: Good day, you are speaking with {agent} of {client}.
"""
"""What a new form begins with."""


class BadKey(Refusal):
    """A key that cannot stand in a file."""

    code = "forms.bad_key"
    message = _("A key has small letters, digits and _, and begins with a letter.")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: Request) -> HttpResponse:
    """Show scripts and guides; a new one begins here."""
    error = ""
    if request.method == "POST":
        try:
            return redirect("form_write", key=_begin(request))
        except Refusal as refusal:
            if refusal.code.startswith("access."):
                raise
            error = str(refusal.message)
    rows, heads = lists.sort_rows(
        queries.forms(person=request.user),
        asked=request.GET.get("sort", ""),
        sorters=SORTERS,
        otherwise="name",
    )
    queues = routing.queue_names_of(keys=[each for row in rows for each in row.queues])
    context: dict[str, Any] = {
        "here": "forms",
        "now": timezone.now(),
        "rows": [
            (row, words.KINDS[row.kind], [queues.get(q, q) for q in row.queues]) for row in rows
        ],
        "heads": heads,
        "kinds": words.KINDS,
        "clients": people.clients(person=request.user),
        "may_write": request.user.rights.may("forms.write"),
        "error": error,
        "said": request.POST,
    }
    return render(request, "desk/forms.html", context, status=400 if error else 200)


def _begin(request: Request) -> str:
    access.check(request.user, "forms.write")
    key, kind = request.POST.get("key", "").strip(), request.POST.get("kind", "")
    if not KEY.match(key) or kind not in rules.KINDS:
        raise BadKey
    client = request.POST.get("client") or None
    services.begin(person=request.user, key=key, kind=kind, client=client, now=timezone.now())
    return key


@login_required
def detail(request: Request, key: str) -> HttpResponse:
    """Show a version of a form node by node, with what was seen of each."""
    form = queries.form(person=request.user, key=key)
    text = request.GET.get("version", "")
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else None
    version = form.version(number)
    simulated = "simulated" in request.GET
    stalls = queries.stalls(
        person=request.user, key=key, number=version.number if version else None,
        simulated=simulated,
    )  # fmt: skip
    context: dict[str, Any] = {
        "here": "forms",
        "now": timezone.now(),
        "row": form.row,
        "form": form,
        "kind": words.KINDS[form.row.kind],
        "version": version,
        "stalls": stalls,
        "nodes": _nodes(stalls) if stalls else (),
        "queues": routing.queue_names_of(keys=form.row.queues),
        "names": people.names(person=request.user),
        "may_write": request.user.rights.may("forms.write"),
        "may_approve": request.user.rights.may("forms.approve"),
        "is_mine": request.user.key in form.draft_writers,
    }
    return render(request, "desk/form.html", context)


def _nodes(stalls: queries.Stalls) -> list[dict[str, Any]]:
    """Return the nodes in order: what is said, what is owed, and what was seen."""
    slowest = max((each.median_seconds or 0 for each in stalls.nodes), default=0)
    return [_node(stalls.body, each, slowest) for each in stalls.nodes]


def _node(body: shape.Body, seen: Any, slowest: float) -> dict[str, Any]:
    node, mine = body.nodes[seen.node], language()
    said = mine if mine in node.say else "en"
    return {
        "key": node.key,
        "runs": said_runs(pick(node.say, key=node.key), {}, language=said),
        "direction": markup.direction(said),
        "language": said,
        "must": node.must,
        "needed_for": node.needed_for,
        "fatal": node.fatal,
        "seen": seen,
        "share": round(100 * (seen.median_seconds or 0) / slowest) if slowest else 0,
        "choices": [
            (pick(each.names, key=each.key), each.next, seen.choices.get(each.key, 0))
            for each in node.choices
        ],
        "reasons": [(words.REASONS[key], count) for key, count in seen.reasons.items()],
        "next": node.next,
        "is_end": not node.choices and node.next is None,
    }


def said_runs(text: str, values: dict[str, str], *, language: str) -> list[tuple[str, str]]:
    """Return a sentence in runs: text, Latin names in it, and fields filled in or empty."""
    return [
        run
        for kind, part in shape.runs(text, values)
        for run in (
            markup.isolated(part, language=language)
            if kind == "text"
            else [(kind, part if kind == "field" else f"{{{part}}}")]
        )
    ]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: Request, key: str) -> HttpResponse:
    """Write the draft of a form; what is wrong with it stands beside it, line by line."""
    access.check(request.user, "forms.write")
    form = queries.form(person=request.user, key=key)
    last = form.version(None)
    text = form.draft or (last.source if last else NEW)
    if request.method == "POST":
        text = request.POST.get("text", "")
        services.keep_draft(person=request.user, key=key, text=text, now=timezone.now())
        messages.success(request, _("The draft is kept. Somebody else publishes it."))
    body, lines = services.check(text=text, client=form.row.client)
    context = {
        "here": "forms",
        "row": form.row,
        "text": text,
        "lines": [(line.number, words.fault(line)) for line in lines],
        "count": len(body.nodes) if body else 0,
        "is_sound": body is not None and not lines,
    }
    return render(request, "desk/form_write.html", context)


@login_required
@require_POST
def publish(request: Request, key: str) -> HttpResponse:
    """Publish the draft for all contacts that come from now on."""
    try:
        services.publish(person=request.user, key=key, now=timezone.now(), chance=os.urandom(10))
    except Refusal as refusal:
        if refusal.code.startswith("access."):
            raise
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("Published for all contacts that come from now on."))
    return redirect("form", key=key)
