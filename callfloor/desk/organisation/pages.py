"""The organization: its chart with who answers for what, the matrix of rights, gaps by language."""

import functools
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from callfloor.desk import centre
from callfloor.desk import listing as lists
from callfloor.desk.organisation import chart, matrix
from callfloor.desk.organisation.words import Words, planned
from callfloor.kernel import access, audit
from callfloor.kernel.organisation import Organisation, Place
from callfloor.kernel.pages import Page
from callfloor.records.people import queries
from callfloor.ui.requests import Request

NAMES_SHOWN_MAX = 4  # Whoever wants all of a duty's holders finds them in the matrix.
DUTIES_SHOWN_MAX = 40  # More are shown department by department: a page that is read, not scrolled.
ALL = "all"
PEOPLE_PAGE = 6  # A person has a dozen duties: six are as much as anybody compares.


@login_required
def organisation(request: Request) -> HttpResponse:
    """Show the chart, and who answers for which duty."""
    access.check(request.user, "organisation.see")
    found = queries.organisation()
    drawn = chart.of(found, teams=_teams())
    may_see_people = request.user.rights.may("people.read")
    query = request.GET.get("q", "").strip()
    top = drawn.roots[0].place.key if drawn.roots else ALL
    chosen = _chosen(found, top, request.GET.get("department", ""), query)
    shown = (place.duties for place in found.places if chosen in (ALL, place.key))
    view = _View(request, found, frozenset(duty for duties in shown for duty in duties))
    context = {
        "here": "organisation",
        "roots": [view.node(root) for root in drawn.roots],
        "ownerless": [view.ownerless(place, duty) for place, duty in drawn.ownerless],
        "places": list(view.places(query, chosen)),
        "choices": _choices((place.key, view.words.place(place.key)) for place in found.places),
        "chosen": chosen,
        "q": query,
        "has_places": bool(found.places),
        "may_see_people": may_see_people,
        "proven": queries.proven(person=request.user, today=timezone.localdate())
        if may_see_people
        else None,
    }
    return render(request, "desk/organisation.html", context)


def _chosen(found: Organisation, top: str, asked: str, query: str) -> str:
    """Return the department whose duties are shown: all in a search, else one if they are many."""
    if query:
        return ALL
    if asked == ALL or asked in {place.key for place in found.places}:
        return asked
    many = sum(len(place.duties) for place in found.places) > DUTIES_SHOWN_MAX
    return top if many else ALL


def _teams() -> dict[str, tuple[str, ...]]:
    """Give the teams that the file puts into a department."""
    found: dict[str, list[str]] = {}
    for key, team in centre.section("teams").items():
        if place := team.get("department"):
            found.setdefault(place, []).append(key)
    return {place: tuple(keys) for place, keys in found.items()}


class _View:
    """One organization as one reader may see it."""

    def __init__(self, request: Request, found: Organisation, shown: frozenset[str]) -> None:
        self._found = found
        self.words = Words(found)
        self._holders = _holders(found)
        self._visible = queries.colleagues(person=request.user)
        self._team_names = {team.key: team.name for team in queries.teams(person=request.user)}
        first = {who for duty in shown for who in self._first(duty)}
        heads = {place.head for place in found.places if place.head in self._visible}
        self._names = queries.names(person=request.user, keys=sorted(first | heads))

    def node(self, node: chart.Node) -> dict[str, Any]:
        """Return what the chart shows of a department."""
        place, duties = node.place, node.place.duties
        return {
            "key": place.key,
            "name": self.words.place(place.key),
            "supervised_by": self.words.place(place.supervised_by) if place.supervised_by else "",
            "merges": [self.words.place(key) for key in place.merges],
            "functions": [self.words.place(key) for key in node.functions],
            "head": self._names.get(place.head or "", ""),
            "people": len(node.people),
            "teams": [self._team_names.get(key, key) for key in node.teams],
            "duties": len(duties),
            "below": [self.node(each) for each in node.below],
        }

    def ownerless(self, place: str, duty: str) -> dict[str, Any]:
        """Return a duty that nobody has."""
        return {
            "place": self.words.place(place),
            "key": place,
            "duty": self.words.duty(duty),
            "planned": planned(duty),
        }

    def places(self, query: str, chosen: str) -> Iterator[dict[str, Any]]:
        """Yield one or all departments with their duties, of a search those where it is found."""
        wanted = query.casefold().split()
        for place in self._found.places if chosen == ALL else self._of(chosen):
            duties = [duty for duty in place.duties if self._is_found(duty, wanted)]
            if duties or not wanted:
                yield {
                    "key": place.key,
                    "name": self.words.place(place.key),
                    "head": self._names.get(place.head or "", ""),
                    "duties": [self._duty(duty) for duty in duties],
                }

    def _of(self, key: str) -> list[Place]:
        return [place for place in self._found.places if place.key == key]

    def _is_found(self, duty: str, wanted: list[str]) -> bool:
        return all(word in self.words.duty(duty).casefold() for word in wanted)

    def _duty(self, duty: str) -> dict[str, Any]:
        holders = self._holders.get(duty, ())
        shown = self._first(duty)
        return {
            "key": duty,
            "name": self.words.duty(duty),
            "planned": planned(duty),
            "holders": [(who, self._names.get(who, who)) for who in shown],
            "more": len(holders) - len(shown),
        }

    def _first(self, duty: str) -> list[str]:
        holders = self._holders.get(duty, ())
        return [who for who in holders if who in self._visible][:NAMES_SHOWN_MAX]


def _holders(found: Organisation) -> dict[str, list[str]]:
    """Give who has each duty; asked once for all, because a large centre has many of both."""
    people: dict[str, list[str]] = {}
    for person, roles in found.holders.items():
        for role in roles:
            people.setdefault(role, []).append(person)
    held_by: dict[str, list[str]] = {}
    for part in found.parts:
        for duty in part.duties if part.key in people else ():
            held_by.setdefault(duty, []).append(part.key)
    # Many duties are held by the same roles: hundreds of people are put together once for each.
    of = functools.cache(lambda roles: sorted({who for role in roles for who in people[role]}))
    return {duty: of(tuple(roles)) for duty, roles in held_by.items()}


@login_required
def rights(request: Request) -> HttpResponse:
    """Show what each duty of each person opens, person by person."""
    found, people, duties = _asked(request)
    page = _page(people, asked=lists.page_asked(request))
    words = Words(found)
    names = queries.names(person=request.user, keys=page.rows)
    lines = matrix.lines(found, people=page.rows, duties=duties)
    context = {
        "here": "organisation",
        "lines": [_line(line, names, words) for line in lines],
        "page": lists.pager(page),
        "q": request.GET.get("q", ""),
        "duty": request.GET.get("duty", ""),
        "place": request.GET.get("department", ""),
        "places": _choices((place.key, words.place(place.key)) for place in found.places),
        "duties": _choices((key, words.duty(key)) for key in _used(found)),
        "is_filtered": any(request.GET.get(key) for key in ("q", "duty", "department", "person")),
    }
    return render(request, "desk/matrix.html", context)


def _page(people: list[str], *, asked: int) -> Page[str]:
    """Return one page of the people; a number that is too high means the last."""
    number = min(asked, max(1, -(-len(people) // PEOPLE_PAGE)))
    rows = people[(number - 1) * PEOPLE_PAGE : number * PEOPLE_PAGE]
    return Page(rows=tuple(rows), page=number, size=PEOPLE_PAGE, total=len(people))


def _choices(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(pairs, key=lambda pair: pair[1].casefold())


def _used(found: Organisation) -> set[str]:
    return {duty for part in found.parts for duty in part.duties}


def _asked(request: Request) -> tuple[Organisation, list[str], frozenset[str] | None]:
    """Return the organization, who of it is asked for and may be seen, and the duties wanted."""
    access.check(request.user, "organisation.see")
    access.check(request.user, "people.read")
    found = queries.organisation()
    people = queries.colleagues(person=request.user) & found.holders.keys()
    if one := request.GET.get("person"):
        people &= {one}
    duties = _duties(found, request)
    if duties is not None:
        people &= matrix.holding(found, duties)
    return found, _named(request, people), duties


def _duties(found: Organisation, request: Request) -> frozenset[str] | None:
    """Return the duties that are asked for; None for all."""
    wanted = None
    if place := request.GET.get("department"):
        wanted = frozenset(
            duty for each in found.places if each.key == place for duty in each.duties
        )
    if duty := request.GET.get("duty"):
        wanted = frozenset({duty}) if wanted is None else wanted & {duty}
    return wanted


def _named(request: Request, people: Iterable[str]) -> list[str]:
    """Return the people by key; of a search those whose name or key has all its words."""
    wanted = request.GET.get("q", "").casefold().split()
    if not wanted:
        return sorted(people)
    names = queries.names(person=request.user, keys=sorted(people))
    return sorted(
        key
        for key, name in names.items()
        if all(word in f"{name} {key}".casefold() for word in wanted)
    )


def _line(line: matrix.Line, names: dict[str, str], words: Words) -> dict[str, Any]:
    return {
        "key": line.person,
        "name": names.get(line.person, line.person),
        "roles": [words.role(role) for role in line.roles],
        "held": [
            {
                "name": words.duty(held.duty),
                "roles": [words.role(role) for role in held.roles],
                "permissions": [words.permission(key) for key in held.permissions],
                "planned": planned(held.duty),
            }
            for held in line.held
        ],
    }


@login_required
def rights_csv(request: Request) -> HttpResponseBase:
    """Return the matrix as CSV; that somebody took it is noted, because it names people."""
    found, people, duties = _asked(request)
    words = Words(found)
    names = queries.names(person=request.user, keys=people)
    audit.note(
        by=request.user.key,
        action="organisation.exported",
        about="organisation",
        now=timezone.now(),
        detail={"people": len(people)},
    )
    heads = [_("Person"), _("Name"), _("Role"), _("Duty key"), _("Duty"), _("Permission")]
    return lists.as_csv(
        name="rights",
        heads=[*heads, _("What it opens")],
        rows=_rows(matrix.lines(found, people=people, duties=duties), names, words),
    )


def _rows(
    lines: list[matrix.Line], names: dict[str, str], words: Words
) -> Iterator[tuple[str, ...]]:
    for line in lines:
        for held in line.held:
            roles = ", ".join(words.role(role) for role in held.roles)
            start = (line.person, names.get(line.person, ""), roles, held.duty)
            for permission in held.permissions or ("",):
                opens = words.permission(permission) if permission else ""
                yield (*start, words.duty(held.duty), permission, opens)
