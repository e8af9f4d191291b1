"""Cases: a list by whose they are and what is owed, one case with its story and all steps."""

import os
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from callfloor.desk import listing as lists
from callfloor.desk.cases import acts, shown, words
from callfloor.desk.interactions import behind
from callfloor.kernel import access, department
from callfloor.kernel.errors import Refusal
from callfloor.records.cases import queries
from callfloor.records.cases.queries import Filters
from callfloor.records.cases.rules import kinds
from callfloor.records.cases.services import FieldsMissing, work
from callfloor.records.metrics import queries as metrics
from callfloor.records.people import queries as people
from callfloor.ui.requests import Request

BY_CASE = "first_contact_by_case"
FILTERS = ("kind", "client", "customer", "priority", "reference")


def _filters(request: Request) -> Filters:
    given = {name: request.GET.get(name, "").strip() or None for name in FILTERS}
    whose = request.GET.get("whose", "")
    state = request.GET.get("state", "open")
    return Filters(whose=whose, state=state, enough=_enough(request), **given)


def _enough(request: Request) -> queries.Enough | None:
    """Return which cases a figure counts, if the address names the figure and a period."""
    given = request.GET
    opened_from, opened_to = (behind.instant(given.get(name, "")) for name in ("from", "to"))
    if given.get("behind") != BY_CASE or opened_from is None or opened_to is None:
        return None
    return queries.Enough(
        opened_from=opened_from,
        opened_to=opened_to,
        queue=given.get("queue") or None,
        include_simulated=given.get("simulated") == "1",
    )


@login_required
def listing(request: Request) -> HttpResponse:
    """Show cases, what is owed first at the top."""
    now = timezone.now()
    filters = _filters(request)
    page = queries.search(
        person=request.user,
        filters=filters,
        now=now,
        page=lists.page_asked(request),
        size=lists.PAGE_ROWS,
    )
    context = {
        "here": "cases",
        "now": now,
        "rows": [shown.row(row, now=now) for row in page.rows],
        "page": lists.pager(page),
        "filters": filters,
        "any_filter": any(request.GET.get(name) for name in (*FILTERS, "whose", "state", "behind")),
        "behind": metrics.metric(BY_CASE) if filters.enough is not None else None,
        "tabs": _tabs(request, filters),
        "kinds": words.KINDS.items(),
        "priorities": words.PRIORITIES.items(),
        "states": words.STATES.items(),
        "clients": people.clients(person=request.user),
        "incidents": queries.incidents(person=request.user),
        "proposals": _proposals(request),
        "may_incident": request.user.rights.may("cases.incident"),
    }
    return render(request, "desk/cases.html", context)


def _tabs(request: Request, filters: Filters) -> list[dict[str, Any]]:
    """Return the usual lists with how many stand in each."""
    counts = queries.counts(person=request.user, now=timezone.now())
    where = {
        "mine": "?whose=mine",
        "team": "?whose=team",
        "nobody": "?whose=nobody",
        "late": "?state=late",
        "all": "?",
    }
    here = filters.whose or ("late" if filters.state == "late" else "all")
    return [
        {"key": key, "name": name, "count": counts[key], "url": where[key], "here": key == here}
        for key, name in words.LISTS.items()
        if key != "team" or request.user.rights.team
    ]


def _proposals(request: Request) -> list[queries.Proposal]:
    if not request.user.rights.may("cases.incident"):
        return []
    return queries.proposals(person=request.user, now=timezone.now())


@login_required
def export(request: Request) -> HttpResponseBase:
    """Return the filtered cases as CSV, without what was written in them."""
    now = timezone.now()
    rows: list[queries.CaseRow] = []
    number = 1
    while len(rows) < lists.EXPORT_ROWS_MAX:
        page = queries.search(
            person=request.user,
            filters=_filters(request),
            now=now,
            page=number,
            size=lists.EXPORT_PAGE,
        )
        rows += page.rows
        if not page.has_next:
            break
        number += 1
    heads = [
        *(_("Number"), _("Kind"), _("Stage"), _("Priority"), _("Client"), _("Owner"), _("Team")),
        *(_("Opened"), _("First answer"), _("Due"), str(words.STAGES["closed"]), _("Simulated")),
    ]
    return lists.as_csv(name="cases", heads=heads, rows=[_line(row) for row in rows])


def _line(row: queries.CaseRow) -> tuple[object, ...]:
    instants = (row.opened_at, row.answered_at, row.due_at, row.closed_at)
    return (
        row.reference,
        words.word(words.KINDS, row.kind),
        words.word(words.STAGES, row.stage),
        words.word(words.PRIORITIES, row.priority),
        *(row.client_name, row.owner_name, row.team_name),
        *(
            timezone.localtime(at).isoformat(timespec="seconds") if at is not None else ""
            for at in instants
        ),
        int(row.simulated),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def detail(request: Request, case_id: str) -> HttpResponse:
    """Show one case with its story; take a step."""
    now = timezone.now()
    error = ""
    typed: Any = {}
    if request.method == "POST":
        try:
            acts.act(request, case_id, now=now, chance=os.urandom(10))
        except Refusal as refusal:
            if refusal.code in ("access.not_found", "access.forbidden"):
                raise
            error, typed = _said(refusal), request.POST
        else:
            return redirect("case", case_id=case_id)
    story = queries.story(person=request.user, case_id=case_id, now=now)
    context = {
        "here": "cases",
        "now": now,
        "error": error,
        "typed": typed,
        "case": shown.row(story.row, now=now),
        "story": story,
        "entries": [shown.entry(each) for each in reversed(story.entries)],
        "clocks": [shown.clock(each) for each in story.clocks],
        "fields": shown.fields(story),
        "files": shown.files(story),
        "acts": acts.possible(request, story),
        "panels": _panels(request, story.row),
        "causes": words.CAUSES.items(),
        "linked": [shown.row(row, now=now) for row in story.linked],
    }
    return render(request, "desk/case.html", context, status=400 if error else 200)


def _said(refusal: Refusal) -> str:
    """Return what a refusal says, with the names of the fields that are missing."""
    if isinstance(refusal, FieldsMissing):
        names = ", ".join(words.word(words.FIELDS, field) for field in refusal.fields)
        return f"{refusal.message} {names}"
    return str(refusal.message)


def _panels(request: Request, row: queries.CaseRow) -> list[tuple[str, Any]]:
    """Return what departments show beside a case: a template and what it is given."""
    found = department.panels(place="case.side", rights=request.user.rights)
    return [(panel.template, panel.query(person=request.user, case=row)) for panel in found]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """Open a case for a customer, from his page or from a contact with him."""
    access.check(request.user, "cases.write")
    now = timezone.now()
    given = request.POST if request.method == "POST" else request.GET
    kind = given.get("kind", "")
    offered = [key for key, _name in shown.kinds_with_customer()]
    kind = kind if kind in words.KINDS else offered[0]
    asked = queries.asked_for(
        person=request.user,
        customer_id=given.get("customer", ""),
        interaction_id=given.get("interaction", ""),
    )
    before = queries.of_customer(person=request.user, customer_ids=[asked.customer])
    error = ""
    if request.method == "POST" and "change" not in request.POST:
        try:
            row = work.open_for(
                person=request.user,
                client=asked.client,
                kind=kind,
                customer_id=asked.customer,
                subject=given.get("subject", ""),
                details=given.get("details", ""),
                priority=given.get("priority", "normal"),
                known={field.key: given.get(field.key, "") for field in kinds.KINDS[kind].fields},
                code=given.get("code", ""),
                origin=asked.interaction,
                about=given.get("about") or None,
                now=now,
                chance=os.urandom(10),
            )
        except Refusal as refusal:
            if refusal.code.startswith("access."):
                raise
            error = _said(refusal)
        else:
            if row.about == request.user.key:
                return redirect("cases")
            return redirect("case", case_id=row.id)
    context = {
        "here": "cases",
        "now": now,
        "asked": asked,
        "given": given,
        "kind": kind,
        "error": error,
        "kinds": shown.kinds_with_customer(),
        "fields": shown.fields_to_open(kind, given),
        "priorities": words.PRIORITIES.items(),
        "codes": shown.codes(person=request.user, client=asked.client),
        "colleagues": shown.colleagues(request.user) if kind == "complaint" else [],
        "open_cases": [shown.row(row, now=now) for row in before if row.closed_at is None],
    }
    return render(request, "desk/case_new.html", context, status=400 if error else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def incident(request: Request) -> HttpResponse:
    """Declare an incident: what it is about, which cases are part of it, what callers hear."""
    access.check(request.user, "cases.incident")
    now = timezone.now()
    given = request.POST if request.method == "POST" else request.GET
    client, code, error = given.get("client", ""), given.get("code", ""), ""
    if request.method == "POST":
        try:
            row = acts.declare(request, now=now, chance=os.urandom(10))
        except Refusal as refusal:
            if refusal.code.startswith("access."):
                raise
            error = _said(refusal)
        else:
            return redirect("case", case_id=row.id)
    context = {
        "here": "cases",
        "now": now,
        "given": given,
        "client": client,
        "code": code,
        "error": error,
        "clients": people.clients(person=request.user),
        "codes": shown.codes(person=request.user, client=client),
        "emergencies": shown.emergencies(request.user),
        "alike": [
            shown.row(row, now=now)
            for row in queries.alike(person=request.user, client=client, code=code, now=now)
        ],
    }
    return render(request, "desk/incident_new.html", context, status=400 if error else 200)
