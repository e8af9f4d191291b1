"""Who works here: a list, and one person with skills and duties."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from callfloor.desk import listing as lists
from callfloor.records.people import queries
from callfloor.records.people.queries import changing
from callfloor.ui.requests import Request

ORDERS: tuple[tuple[str, Any], ...] = (
    ("name", gettext_lazy("Name")),
    ("team", gettext_lazy("Team")),
    ("role", gettext_lazy("Role")),
    ("language", gettext_lazy("Language")),
)
FILTERS: tuple[tuple[str, Any], ...] = (
    ("team", gettext_lazy("Team")),
    ("role", gettext_lazy("Role")),
    ("skill", gettext_lazy("Skill")),
    ("department", gettext_lazy("Department")),
)
ROWS = 50  # Two screens: names are looked over, not read.


@login_required
def listing(request: Request) -> HttpResponse:
    """Show the people who share a client with the reader."""
    wanted, order = _wanted(request), _order(request)
    page = queries.search(
        person=request.user,
        wanted=wanted,
        order=order,
        page=lists.page_asked(request),
        size=ROWS,
    )
    choices = queries.choices(person=request.user)
    context = {
        "here": "people",
        "rows": page.rows,
        "page": lists.pager(page),
        "heads": lists.heads(ORDERS, order=order),
        "q": wanted.words,
        "filters": [
            (name, label, getattr(choices, name), getattr(wanted, name)) for name, label in FILTERS
        ],
        "any_filter": any(request.GET.get(name) for name in ("q", *dict(FILTERS))),
        "may_see_changes": changing.may_see_changes(person=request.user),
    }
    return render(request, "desk/people.html", context)


def _wanted(request: Request) -> queries.WantedPeople:
    given = {name: request.GET.get(name, "") or None for name, _label in FILTERS}
    return queries.WantedPeople(words=request.GET.get("q", "").strip(), **given)


def _order(request: Request) -> str:
    asked = request.GET.get("sort", "")
    return asked if asked.removeprefix("-") in dict(ORDERS) else "name"


@login_required
def export(request: Request) -> HttpResponseBase:
    """Return all people who are found as CSV, in the order of the list."""
    rows = queries.found(person=request.user, wanted=_wanted(request), order=_order(request))
    comma: Callable[[Any], str] = ", ".join
    return lists.as_csv(
        name="people",
        heads=[_("Name"), _("Team"), _("Role"), _("Language"), _("Clients"), _("Skills")],
        rows=[
            (
                row.name,
                row.team_name,
                comma(str(name) for name in row.role_names),
                row.language_name,
                comma(row.client_names),
                comma(f"{skill.name} {skill.level}" for skill in row.skills),
            )
            for row in rows
        ],
    )


@login_required
def detail(request: Request, key: str) -> HttpResponse:
    """Show one person."""
    person = queries.detail(person=request.user, key=key, now=timezone.now())
    rights = request.user.rights
    context = {
        "here": "people",
        "row": person.row,
        "person": person,
        "now": timezone.now(),
        "skills": _skills(request, person.row),
        "may_change": changing.what_may_change(person=request.user, key=key).anything,
        "may_see_rights": rights.may("organisation.see") and rights.may("people.read"),
    }
    return render(request, "desk/person.html", context)


def _skills(request: Request, row: queries.PersonRow) -> list[tuple[queries.SkillLevel, Any]]:
    """Return the skills, each with its proof or None."""
    proofs = queries.proofs_of(person=request.user, key=row.key, today=timezone.localdate())
    return [(skill, proofs.get(skill.key)) for skill in row.skills]
