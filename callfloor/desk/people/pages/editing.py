"""
Changing what the centre's file says of a person: skills, their proofs, team, roles.

A change is looked at before it is taken. Refuses: to decide; `records.people.services.changing`
does, and the file is checked whole.
"""

import dataclasses
import json
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from callfloor.desk import centre, changes
from callfloor.kernel import access
from callfloor.kernel.errors import Refusal
from callfloor.records.people import queries as people
from callfloor.records.people.queries import changing as queries
from callfloor.records.people.queries.people import PersonRow
from callfloor.records.people.services import changing
from callfloor.ui.requests import Request

KINDS = changes.PROOF_KINDS
LEVELS = tuple(range(1, changing.LEVEL_MAX + 1))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Request, key: str) -> HttpResponse:
    """Ask what a person shall have, show what that changes, and make it so."""
    may = queries.may_change(person=request.user, key=key)
    row = people.detail(person=request.user, key=key, now=timezone.now()).row
    wanted, refused, looked = _wanted(request, may, row), None, None
    based_on = request.POST.get("based_on") or centre.version()
    if request.method == "POST":
        asked = {"person": request.user, "key": key, "based_on": based_on, "wanted": wanted}
        try:
            if request.POST.get("step") == "take" and request.POST.get("seen") == _mark(wanted):
                changing.take(**asked, now=timezone.now())
                messages.success(request, _("Changed. It holds on the floor now."))
                return redirect("person", key)
            looked = changes.look(changing.look(**asked), of=key)
        except Refusal as refusal:
            if isinstance(refusal, access.Forbidden | access.NotFound):
                raise
            refused, based_on = refusal, centre.version()
    context = {
        "here": "people",
        "row": row,
        "may": may,
        "based_on": based_on,
        "levels": LEVELS,
        "skills": _skills(row, wanted),
        "proofs": _proofs(
            _skills(row, wanted), queries.proofs_told(key) | dict(wanted.proofs or {})
        ),
        "kinds": KINDS.items(),
        "teams": _choices("teams", wanted.team or ""),
        "roles": _roles(wanted.roles or ()),
        "mark": _mark(wanted),
        "looked": looked,
        "refused": refused,
    }
    return render(request, "desk/person_change.html", context)


def _wanted(request: Request, may: queries.May, row: PersonRow) -> changing.Wanted:
    """Read the form; before it was sent, what the person has."""
    skills: dict[str, int] | None = {each.key: each.level for each in row.skills}
    proofs: dict[str, queries.Told | None] | None = None
    roles, team = tuple(row.roles), row.team
    if request.method == "POST":
        skills = dict(_levels(request))
        proofs = dict(_typed_proofs(request)) or None
        roles, team = tuple(sorted(request.POST.getlist("role"))), request.POST.get("team") or None
    return changing.Wanted(
        skills=skills if may.skills else None,
        proofs=proofs if may.skills else None,
        roles=roles if may.roles else None,
        team=team if may.roles else None,
    )


def _mark(wanted: changing.Wanted) -> str:
    """Return a mark of what was looked at: what was changed since then is looked at first."""
    return json.dumps(dataclasses.asdict(wanted), sort_keys=True)


def _levels(request: Request) -> Any:
    for name, value in request.POST.items():
        if name.startswith("skill.") and str(value).isdecimal():
            yield name.removeprefix("skill."), int(str(value))


def _typed_proofs(request: Request) -> Iterator[tuple[str, queries.Told | None]]:
    """Yield the proofs of the form; one without a day is of today, one without a kind is none."""
    for name, kind in request.POST.items():
        if name.startswith("proof."):
            skill = name.removeprefix("proof.")
            on = request.POST.get(f"proof_on.{skill}") or timezone.localdate().isoformat()
            until = request.POST.get(f"proof_until.{skill}") or None
            told = queries.Told(kind=str(kind), on=on, until=until)
            yield skill, told if kind in KINDS else None


def _proofs(skills: list[dict[str, Any]], proofs: Any) -> list[dict[str, Any]]:
    """Return the skills that the person has, each with its proof as it is or was typed."""
    return [skill | {"proof": proofs.get(skill["key"])} for skill in skills if skill["level"]]


def _skills(row: PersonRow, wanted: changing.Wanted) -> list[dict[str, Any]]:
    """Return the centre's skills in the order of their names, each with the wanted level."""
    names = changes.names()["skills"] | {each.key: each.name for each in row.skills}
    levels = wanted.skills or {}
    rows = [{"key": key, "name": name, "level": levels.get(key, 0)} for key, name in names.items()]
    return sorted(rows, key=lambda each: (str(each["name"]).casefold(), each["key"]))


def _roles(chosen: tuple[str, ...]) -> list[tuple[str, str, bool]]:
    rows = [(key, name, key in chosen) for key, name in people.role_names().items()]
    return sorted(rows, key=lambda each: (not each[2], each[1].casefold()))


def _choices(section: str, chosen: str) -> list[tuple[str, str, bool]]:
    rows = [(key, name, key == chosen) for key, name in changes.names()[section].items()]
    return sorted(rows, key=lambda each: each[1].casefold())
