"""Customers from a file and into a file: preview with what is wrong by line, then yes or no."""

import os
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from callfloor.desk import listing as lists
from callfloor.desk.customers import words
from callfloor.kernel import access
from callfloor.kernel.errors import Refusal
from callfloor.records.customers import queries, services
from callfloor.records.customers.services import importing
from callfloor.records.people import queries as people
from callfloor.ui.requests import Request

SHOWN = 100  # Lines of each table of a preview; more are only counted.
KINDS_IN_FILE = ("number", "address", "handle", "external")

COLUMNS: dict[str, Any] = {
    "name": gettext_lazy("the name, as it is written"),
    "number": gettext_lazy("a telephone number with its country code; a second one below number 2"),
    "email": gettext_lazy("an e-mail address; a second one below email 2"),
    "handle": gettext_lazy("a name in a chat or on a platform"),
    "external": gettext_lazy("the customer's key in another system"),
    "kind": gettext_lazy("person, organisation or household; person if it is empty"),
    "language": gettext_lazy("a language as its code: en, hu, es, ru, fa, fr"),
    "tags": gettext_lazy("tags, with semicolons between them"),
    "note": gettext_lazy("a note"),
}
FAULTS: dict[str, Any] = {
    **{column: gettext_lazy("this cannot be read") for column in importing.COLUMNS},
    importing.NOTHING: gettext_lazy("neither a name nor a number or address"),
    importing.TWICE: gettext_lazy("the same number or address stands in an earlier line"),
    importing.TOO_LONG: gettext_lazy("far too long"),
    importing.TOO_MANY: gettext_lazy("a file has at most 10,000 lines; the rest was not read"),
}
STATES: dict[str, Any] = {
    "waiting": gettext_lazy("Nothing is written yet"),
    "running": gettext_lazy("Being taken in"),
    "done": gettext_lazy("Taken in"),
    "given_up": gettext_lazy("Given up"),
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: Request) -> HttpResponse:
    """Take a file and show what would happen with it."""
    access.check(request.user, "customers.import")
    error = ""
    file = request.FILES.get("file")
    if request.method == "POST" and file is not None:
        try:
            import_id = services.look_at(
                person=request.user,
                client=request.POST.get("client", ""),
                content=file.read(services.IMPORT_BYTES_MAX + 1),
                languages=[code for code, _name in settings.LANGUAGES],
                now=timezone.now(),
                chance=os.urandom(10),
            )
        except Refusal as refusal:
            if refusal.code.startswith("access."):
                raise
            error = str(refusal.message)
        else:
            return redirect("customers_import_one", import_id=import_id)
    elif request.method == "POST":
        error = _("Choose a file first.")
    context = {
        "here": "customers",
        "clients": people.clients(person=request.user),
        "columns": COLUMNS,
        "error": error,
    }
    return render(request, "desk/customers_import.html", context, status=400 if error else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: Request, import_id: str) -> HttpResponse:
    """Show what would happen with a file, or how far it is; yes or no is done."""
    now = timezone.now()
    if request.method == "POST":
        act = services.confirm if request.POST.get("act") == "confirm" else services.give_up
        act(person=request.user, import_id=import_id, now=now)
        return redirect("customers_import_one", import_id=import_id)
    found = services.preview(person=request.user, import_id=import_id)
    known = queries.called(ids=[id_ for _number, id_ in found.known[:SHOWN]])
    context = {
        "here": "customers",
        "found": found,
        "state": STATES[found.state],
        "client": people.client_names(person=request.user).get(found.client, found.client),
        "lines": [_line(line) for line in found.lines[:SHOWN]],
        "faults": [(each, FAULTS[each.what]) for each in found.faults[:SHOWN]],
        "known": [(number, id_, known[id_].label) for number, id_ in found.known[:SHOWN]],
        "shown": SHOWN,
    }
    answer = render(request, "desk/customers_import_one.html", context)
    if found.state == "running":
        answer.headers["Refresh"] = "1"
    return answer


def _line(line: importing.Line) -> dict[str, Any]:
    return {
        "number": line.number,
        "name": line.name,
        "kind": words.KINDS.get(line.kind, line.kind),
        "identities": [value for _kind, value in line.identities],
        "tags": line.tags,
    }


@login_required
@require_safe
def export(request: Request) -> HttpResponseBase:
    """Return customers with names and numbers as CSV that an import reads again."""
    rows = queries.export(
        person=request.user,
        now=timezone.now(),
        client=request.GET.get("client") or None,
        limit=lists.EXPORT_ROWS_MAX,
    )
    heads = ["id", "client", "name", "kind", "language", "tags"]
    heads += ["number", "number 2", "email", "email 2", "handle", "external"]
    return lists.as_csv(name="customers", heads=heads, rows=_cells(rows))


def _cells(rows: Iterator[queries.ExportLine]) -> Iterator[tuple[object, ...]]:
    for row in rows:
        values: dict[str, list[str]] = {kind: [] for kind in KINDS_IN_FILE}
        for kind, value in row.identities:
            values.setdefault(kind, []).append(value)
        two = [
            (values[kind] + ["", ""])[place] for kind in ("number", "address") for place in (0, 1)
        ]
        one_each = [next(iter(values[kind]), "") for kind in ("handle", "external")]
        yield (
            row.id, row.client, row.name, row.kind, row.language, ";".join(row.tags),
            *two, *one_each,
        )  # fmt: skip
