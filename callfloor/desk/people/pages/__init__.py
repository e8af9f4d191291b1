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

SORTERS: tuple[lists.Sorter, ...] = (
    ("name", gettext_lazy("Name"), lambda row: row.name.casefold(), False),
    ("team", gettext_lazy("Team"), lambda row: (row.team_name or "", row.name), False),
    ("role", gettext_lazy("Role"), lambda row: (row.role_names, row.name), False),
    ("language", gettext_lazy("Language"), lambda row: (row.language_name, row.name), False),
)


@login_required
def listing(request: Request) -> HttpResponse:
    """Show the people who share a client with the reader."""
    team = request.GET.get("team") or None
    rows, heads = lists.sort_rows(
        _named(queries.people(person=request.user, team=team), request.GET.get("q", "")),
        asked=request.GET.get("sort", ""),
        sorters=SORTERS,
        otherwise="name",
    )
    context = {
        "here": "people",
        "rows": rows,
        "heads": heads,
        "teams": queries.teams(person=request.user),
        "team": team,
        "q": request.GET.get("q", ""),
        "may_see_changes": changing.may_see_changes(person=request.user),
    }
    return render(request, "desk/people.html", context)


def _named(rows: list[queries.PersonRow], words: str) -> list[queries.PersonRow]:
    wanted = words.casefold().split()
    return [row for row in rows if all(word in row.name.casefold() for word in wanted)]


@login_required
def export(request: Request) -> HttpResponseBase:
    """Return the people as CSV."""
    rows = queries.people(person=request.user, team=request.GET.get("team") or None)
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
        "may_change": changing.what_may_change(person=request.user, key=key).anything,
        "may_see_rights": rights.may("organisation.see") and rights.may("people.read"),
    }
    return render(request, "desk/person.html", context)
