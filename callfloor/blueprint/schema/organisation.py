"""
Who answers for what: sites, departments with both their lines, roles, teams, articles.

A duty is what somebody is there to do; those that exist are in `docs/reference/access.md`.
"""

from typing import Annotated, Literal

from pydantic import Field

from callfloor.blueprint.schema.parts import Date, DutyKey, Key, Named, Part, Text


class Site(Part):
    """A place where people work."""

    name: Text
    timezone: str | None = None
    """An IANA name, else the centre's."""
    country: str | None = None
    """Two letters of ISO 3166, else the centre's."""


class Department(Part):
    """A department of this centre: its key is a standard one, or new if it merges some."""

    name: Text | None = None
    """Its name, if it is not the standard one."""
    host: Key | None = None
    """The department in whose line it sits; none for the top."""
    supervised_by: Key | None = None
    """The function that says what is to be reached, if another than `host` does."""
    merges: list[Key] = []
    """Departments whose duties are answered for here."""
    duties: list[DutyKey] = []
    """Single duties that are answered for here and not where they usually are."""
    without: list[DutyKey] = []
    """Duties that this centre does not have at all, so that nobody must answer for them."""
    head: Key | None = None
    """The person who answers for the department."""


class Role(Part):
    """A set of duties."""

    name: Text | None = None
    """Its name; needed for a role that is no standard one."""
    based_on: Key | None = None
    """The standard role whose duties it has; a standard key is based on itself."""
    department: Key | None = None
    """Where it belongs; else where most of its duties are."""
    duties: list[DutyKey] = []
    """Duties beside those of `based_on`."""
    without: list[DutyKey] = []
    """Duties of `based_on` that it does not have."""
    environment: Literal["inbound", "outbound", "hybrid"] | None = None
    """What its job description says of the work."""


class Team(Named):
    """People with one leader."""

    department: Key | None = None
    site: Key | None = None
    leader: Key | None = None


class Article(Part):
    """A text that people work by: a procedure, a policy, a script, something to look up."""

    name: Text
    kind: Literal["sop", "policy", "script", "knowledge"]
    owner: Key
    """The role that answers for it."""
    review: Date
    """When it is looked at again, as `2027-03-01`."""
    supports: list[Key] = []
    """Objectives that it serves."""
    enforced_by: list[str] = []
    """Values of this file that enforce it, as `clients.halden.cost_day_max`."""


class Proof(Part):
    """What shows that somebody has a skill at the level that is told."""

    kind: Literal["certificate", "test", "observation"]
    by: Key
    """Who vouches for it: somebody else of this file, who has seen it."""
    on: Date
    """The day of it, as `2026-11-23`."""
    until: Date | None = None
    """The last day on which it holds; without it, it holds for good."""


class Emergency(Part):
    """What callers hear when something has happened; prepared, and off until it is needed."""

    name: Text
    """What the leader's switch is called."""
    prompt: Key
    clients: list[Key] = []
    """Whose callers hear it; empty means everybody's."""
    ends: bool = True
    """Whether the call ends with it (the centre is closed), or goes on (a message)."""
    hours_max: Annotated[float, Field(gt=0, le=720)] = 12.0
    """After so long it is off by itself, so that nobody forgets it."""
