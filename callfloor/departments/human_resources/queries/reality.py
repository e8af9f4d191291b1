"""
Descriptions against reality, as far as the reader may know of people and clients.

What counts is work for the reader's clients; a leader sees his own team, and everybody himself is
not asked here. Refuses: to judge (`rules.reality` does).
"""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from callfloor.departments.human_resources.queries import facts, issued_duties
from callfloor.departments.human_resources.rules import reality as rules
from callfloor.kernel import access
from callfloor.kernel.access import Someone
from callfloor.records.metrics import queries as metrics
from callfloor.records.people import queries as people

DAYS = (30, 90, 365)
DAYS_USUAL = 90
PAGE_SIZE = 25


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody's description and what he did."""

    key: str
    name: str
    roles: tuple[tuple[str, str], ...]
    """Key and name."""
    duties: int
    found: rules.Reality


@dataclass(frozen=True, kw_only=True)
class Page:
    """Some people, by name."""

    rows: tuple[Person, ...]
    total: int
    number: int
    pages: int


def compared(
    *, person: Someone, today: date, days: int, include_simulated: bool, page: int = 1
) -> Page:
    """
    Compare the people whom the reader may compare, a page of them by name.

    Raises Forbidden without the duties to read descriptions and figures of agents.
    """
    scope, names, held = _scope(person, today, days, include_simulated)
    keys = sorted(names, key=lambda key: (names[key].casefold(), key))
    pages = max(1, -(-len(keys) // PAGE_SIZE))
    number = min(max(page, 1), pages)
    shown = keys[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    rows = _people(shown, scope, names, held)
    return Page(rows=tuple(rows), total=len(keys), number=number, pages=pages)


def compared_one(
    *, person: Someone, key: str, today: date, days: int, include_simulated: bool
) -> Person:
    """
    Compare one person.

    Raises NotFound for whom the reader may not see, Forbidden without the duties.
    """
    scope, names, held = _scope(person, today, days, include_simulated)
    if key not in names:
        raise access.NotFound
    (found,) = _people([key], scope, names, held)
    return found


def _scope(
    person: Someone, today: date, days: int, include_simulated: bool
) -> tuple[metrics.Scope, Mapping[str, str], Mapping[str, tuple[str, ...]]]:
    access.check(person, "jobs.see")
    scope = metrics.scope_of_agents(
        person=person,
        day_from=today - timedelta(days=days - 1),
        day_to=today + timedelta(days=1),
        include_simulated=include_simulated,
    )
    held = {key: tuple(roles) for key, roles in people.organisation().holders.items()}
    with_roles = [key for key in scope.agents or () if held.get(key)]
    names = people.names(person=person, keys=with_roles) if with_roles else {}
    return scope, names, held


def _people(
    keys: list[str],
    scope: metrics.Scope,
    names: Mapping[str, str],
    held: Mapping[str, tuple[str, ...]],
) -> Iterable[Person]:
    done: dict[str, list[rules.Done]] = {key: [] for key in keys}
    for agent, day, channel, direction, role, language, parts, seconds in metrics.done(
        dataclasses.replace(scope, agents=tuple(keys))
    ):
        kind = rules.kind_of(channel=channel, direction=direction, role=role)
        each = rules.Done(
            day=day, kind=kind, language=language, parts=parts, seconds=float(seconds)
        )
        done[agent].append(each)
    said, languages = _said(), facts.centre().languages
    role_names = people.role_names()
    for key in keys:
        duties = sorted({duty for role in held[key] for duty in said.get(role, ())})
        yield Person(
            key=key,
            name=names[key],
            roles=tuple((role, role_names.get(role, role)) for role in held[key]),
            duties=len(duties),
            found=rules.compare(done[key], duties=duties, languages=languages),
        )


def _said() -> dict[str, tuple[str, ...]]:
    """Give the duties of each role's description: as it was issued, else as it would be."""
    return {role.key: role.keys for role in facts.roles()} | issued_duties()
