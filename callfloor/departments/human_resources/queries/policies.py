"""
Policies: texts that people work by, who answers for each, and the values that enforce it now.

Refuses: a value of a client for whom the reader does not work.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from callfloor.departments.human_resources.queries import facts
from callfloor.desk import centre as file
from callfloor.kernel import access, ports
from callfloor.kernel.access import Someone
from callfloor.kernel.names import pick
from callfloor.records.people import queries as people

OF_CLIENTS = ("queues", "numbers")
"""Sections whose entries name the client to whom they belong."""


@dataclass(frozen=True, kw_only=True)
class Enforcement:
    """A value of the centre's file that makes a policy hold."""

    path: str
    state: str
    """set, standard (left out, so that the standard holds), hidden or missing."""
    value: str


@dataclass(frozen=True, kw_only=True)
class Policy:
    """A policy of the file in force."""

    key: str
    name: str
    owner: str
    """The name of the role that answers for it."""
    review: dt.date
    is_overdue: bool
    supports: tuple[str, ...]
    """Names of objectives."""
    enforced_by: tuple[Enforcement, ...]

    @property
    def holds(self) -> bool:
        """Say whether something that is there enforces it."""
        return any(each.state != "missing" for each in self.enforced_by)


def policies(*, person: Someone, today: dt.date) -> list[Policy]:
    """
    Give the policies, those whose review is overdue first, then by review.

    Raises Forbidden without the duty.
    """
    access.check(person, "organisation.see")
    roles, objectives = people.role_names(), facts.objective_names()
    found = [
        _policy(key, said, roles=roles, objectives=objectives, person=person, today=today)
        for key, said in file.section("articles").items()
        if said["kind"] == "policy"
    ]
    return sorted(found, key=lambda policy: (not policy.is_overdue, policy.review, policy.key))


def _policy(
    key: str,
    said: Mapping[str, Any],
    *,
    roles: Mapping[str, str],
    objectives: Mapping[str, str],
    person: Someone,
    today: dt.date,
) -> Policy:
    review = dt.date.fromisoformat(str(said["review"]))
    return Policy(
        key=key,
        name=pick(facts.names(said["name"]), key=key),
        owner=roles.get(said["owner"], said["owner"]),
        review=review,
        is_overdue=review < today,
        supports=tuple(objectives.get(each, each) for each in said.get("supports", ())),
        enforced_by=tuple(enforcement(path, person) for path in said.get("enforced_by", ())),
    )


def enforcement(path: str, person: Someone) -> Enforcement:
    """Give what the file says at a path now, as `clients.halden.cost_day_max`."""
    section, *steps = path.split(".")
    found: Any = file.section(section)
    if not person.rights.sees(_client(section, steps, found)):
        return Enforcement(path=path, state="hidden", value="")
    for step in steps:
        found = _inside(found).get(step)
    if found is not None:
        return Enforcement(path=path, state="set", value=_said(found))
    standard = ports.standard(path)
    state = "missing" if standard is None else "standard"
    return Enforcement(path=path, state=state, value=_said(standard))


def _inside(value: Any) -> Mapping[str, Any]:
    """Give what a value holds by name; entries of a list by their places."""
    if isinstance(value, list):
        return {str(place): each for place, each in enumerate(value)}
    return value if isinstance(value, Mapping) else {}


def _client(section: str, steps: list[str], found: Mapping[str, Any]) -> str | None:
    """Give the client to whom a path belongs; None for what is everybody's."""
    if section == "clients":
        return steps[0] if steps else None
    if section in OF_CLIENTS and steps and steps[0] in found:
        client: str | None = found[steps[0]].get("client")
        return client
    return None


def _said(value: Any) -> str:
    """Write a value as the file has it; nothing for none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_said(each)}" for key, each in value.items())
    if isinstance(value, list):
        return ", ".join(_said(each) for each in value)
    return str(value)
