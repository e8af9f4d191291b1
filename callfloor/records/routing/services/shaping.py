"""
Changing what the centre's file says of queues, opening hours and flows.

A change makes a new version of the whole file, looked at before it is taken, and is refused if
somebody else was faster. Whoever serves only some of the clients who meet a thing may look at it
and leaves it as it is. Refuses: every part of the file that is not the thing itself, and texts
that the callers of other clients hear as well.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from callfloor.core.plan import FloorPlan
from callfloor.kernel import access, ports
from callfloor.kernel.access import Someone
from callfloor.kernel.ports import Keys, Looked
from callfloor.records.routing import queries, rules

READ = "queues.read"
CHANGE = "queues.change"
APPLY = "plan.apply"

_CLIENTS = {
    "queues": rules.clients_of_queue,
    "calendars": rules.clients_of_calendar,
    "flows": rules.clients_of_flow,
}


@dataclass(frozen=True, kw_only=True)
class Thing:
    """A queue, a calendar or a flow of the centre's file."""

    section: str
    """queues, calendars or flows."""
    key: str


def seen(*, person: Someone, thing: Thing) -> frozenset[str]:
    """
    Give the clients who meet a thing.

    Raises NotFound if the person serves none of them, Forbidden without the duty to read it.
    """
    clients = _clients(queries.held_plan(), thing)
    if not clients & person.rights.clients:
        raise access.NotFound
    access.check(person, READ)
    return clients


def all_seen(*, person: Someone, section: str) -> list[str]:
    """
    Give the keys of a section's things that callers of the person's clients meet.

    Raises Forbidden without the duty.
    """
    access.check(person, READ)
    plan = queries.held_plan()
    keys = [each.key for each in getattr(plan, section)] if plan is not None else []
    mine = person.rights.clients
    return [key for key in keys if _clients(plan, Thing(section=section, key=key)) & mine]


def what_may_change(*, person: Someone, thing: Thing) -> bool:
    """Say whether somebody who sees a thing may change it as well."""
    may = person.rights.may(CHANGE) or person.rights.may(APPLY)
    return may and not seen(person=person, thing=thing) - person.rights.clients


def may_reword(*, person: Someone, prompt: str) -> bool:
    """Say whether nobody but callers of the person's clients hears a prompt."""
    plan = queries.held_plan()
    return plan is not None and not rules.clients_of_prompt(plan, prompt) - person.rights.clients


def look(*, person: Someone, thing: Thing, based_on: str, edits: Mapping[Keys, Any]) -> Looked:
    """
    Say what a change would do; nothing is written.

    Raises NotFound, Forbidden, centre.overtaken.
    """
    return ports.centre().look(based_on=based_on, edits=whole(person, thing, edits))


def take(
    *, person: Someone, thing: Thing, based_on: str, edits: Mapping[Keys, Any], now: datetime
) -> str:
    """
    Make it so, on the floor too, and give the version of the centre's file.

    A call in progress keeps the flow that it began with. Raises NotFound, Forbidden,
    centre.overtaken, centre.not_possible.
    """
    wanted = whole(person, thing, edits)
    return ports.centre().take(based_on=based_on, edits=wanted, by=person.key, now=now)


def whole(person: Someone, thing: Thing, edits: Mapping[Keys, Any]) -> dict[Keys, Any]:
    """
    Give the edits with what belongs to them: a flow that differs has a version of its own.

    Raises NotFound, Forbidden.
    """
    if not what_may_change(person=person, thing=thing):
        raise access.Forbidden
    found = dict(edits)
    for path in edits:
        is_own = path[:2] == (thing.section, thing.key) and len(path) > 2
        is_text = thing.section == "flows" and path[0] == "prompts" and len(path) == 3
        if not is_own and not (is_text and may_reword(person=person, prompt=path[1])):
            raise access.Forbidden
    if thing.section == "flows" and any(path[0] == "flows" for path in edits):
        plan = queries.held_plan()
        assert plan is not None, "what may be changed stands in a plan"
        version = next(flow.version for flow in plan.flows if flow.key == thing.key)
        found["flows", thing.key, "version"] = version + 1
    return found


def _clients(plan: FloorPlan | None, thing: Thing) -> frozenset[str]:
    assert thing.section in _CLIENTS, f"{thing.section} are no things that a page changes"
    found = _CLIENTS[thing.section](plan, thing.key) if plan is not None else None
    if found is None:
        raise access.NotFound
    return found
