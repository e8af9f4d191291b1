"""
A department is a manifest: duties, menu entries, panels, reactions over the shared nouns.

Refuses: behavior. What a department does stands in its own services and queries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # A blueprint's checks read the manifests, and need no table for that.
    from callfloor.kernel.access import Rights
    from callfloor.kernel.events import Reaction


@dataclass(frozen=True, kw_only=True)
class Duty:
    """
    Something that somebody is there to do, and what that opens to him.

    The unit of organisation: a role is a set of duties, a department answers for some, and a
    permission comes from nowhere else.
    """

    key: str
    name: Any
    """Lazy text, a verb first: it is a sentence of a job description."""
    may: tuple[str, ...] = ()
    """Permissions."""
    kpis: tuple[str, ...] = ()
    """Keys of `kernel.kpis`: how well it is done is seen there."""
    articles: tuple[str, ...] = ()
    """Procedures that whoever does it must know, by key."""
    lessons: tuple[str, ...] = ()
    """What is taught to whoever begins with it, by key."""
    skills: tuple[str, ...] = ()
    """Keys of `kernel.competences`: what a person must bring or learn."""
    seeds: tuple[str, ...] = ()
    """Which items of the seeds it covers, as `U19`."""
    planned: str | None = None
    """The row of the mission (`F28`) with whose work it gets its screens; None if it has them."""
    decides: str | None = None
    """What is decided with it (`dispute`, `leave`, `discount`, …); nobody decides his own."""
    apart_from: tuple[str, ...] = ()
    """Duties, as `department.duty`, that the same person may not have as well."""

    @property
    def is_built(self) -> bool:
        """Say whether this version has screens for it."""
        return self.planned is None


@dataclass(frozen=True, kw_only=True)
class MenuEntry:
    """A place in the menu of those who may go there."""

    key: str
    name: Any
    url_name: str
    icon: str
    permission: str
    order: int = 100


@dataclass(frozen=True, kw_only=True)
class Panel:
    """What a department shows at a place of a shared page."""

    place: str
    """As `interaction.side`; the desk renders what is registered there."""
    query: Callable[..., Any]
    """
    Gives what the template shows, of what the place gives to all of its panels. A manifest imports
    what is behind it when it is asked: whoever only reads the duties need not load it.
    """
    template: str
    permission: str


@dataclass(frozen=True, kw_only=True)
class Department:
    """One folder of callfloor/departments."""

    key: str
    name: Any
    duties: tuple[Duty, ...]
    roles: tuple[Role, ...] = ()
    """Standard roles that usually sit here; a blueprint may have others."""
    host: str | None = None
    """The department in whose line it usually sits; None for the top."""
    supervised_by: str | None = None
    """The function that says what is to be reached, if it is not the host's."""
    seeds: tuple[str, ...] = ()
    menu: tuple[MenuEntry, ...] = ()
    panels: tuple[Panel, ...] = ()
    reactions: Callable[[], tuple[Reaction, ...]] = tuple
    """Gives what it does upon events; like a panel's query, it imports that when it is asked."""


@dataclass(frozen=True, kw_only=True)
class Role:
    """A set of duties, of any departments."""

    key: str
    name: Any
    duties: tuple[str, ...]
    """`department.duty`."""
    seeds: tuple[str, ...] = ()


class _Joined:
    departments: tuple[Department, ...] = ()
    roles: dict[str, Role] = {}
    homes: dict[str, str] = {}
    duties: dict[str, tuple[Department, Duty]] = {}


def join(*, departments: tuple[Department, ...], roles: tuple[Role, ...]) -> None:
    """Say which departments and roles this centre has; done once by the composition root."""
    duties = {
        f"{department.key}.{duty.key}": (department, duty)
        for department in departments
        for duty in department.duties
    }
    unknown = {key for role in roles for key in role.duties} - duties.keys()
    assert not unknown, f"roles name duties that no department has: {sorted(unknown)}"
    _Joined.departments, _Joined.duties = departments, duties
    _Joined.roles = {role.key: role for role in roles}
    _Joined.homes = {role.key: place.key for place in departments for role in place.roles}


def departments() -> tuple[Department, ...]:
    """Give the manifests, in the order in which they were joined."""
    return _Joined.departments


def roles() -> tuple[Role, ...]:
    """Give the roles, in the order in which they were joined."""
    return tuple(_Joined.roles.values())


def role(key: str) -> Role | None:
    """Give a role, or None if this version has none of that key."""
    return _Joined.roles.get(key)


def home_of(role: str) -> str | None:
    """Give the department in whose manifest a role stands; None if it stands in none."""
    return _Joined.homes.get(role)


def duties_of(keys: tuple[str, ...]) -> list[tuple[Department, Duty]]:
    """Give the duties of some roles with their departments, each once, in a steady order."""
    wanted = {duty for key in keys if key in _Joined.roles for duty in _Joined.roles[key].duties}
    return [found for key, found in _Joined.duties.items() if key in wanted]


def duty(key: str) -> tuple[Department, Duty] | None:
    """Give a duty by `department.duty` with its department, or None if there is no such."""
    return _Joined.duties.get(key)


def duties() -> dict[str, tuple[Department, Duty]]:
    """Give all duties by `department.duty`, in the order in which they were joined."""
    return dict(_Joined.duties)


def permissions_of_duties(keys: Iterable[str]) -> frozenset[str]:
    """Give what some duties open, all together; a duty that is not known opens nothing."""
    found = (_Joined.duties[key][1] for key in keys if key in _Joined.duties)
    return frozenset(permission for each in found for permission in each.may)


def permissions_of(keys: tuple[str, ...]) -> frozenset[str]:
    """Give what some roles open, all together."""
    return frozenset(permission for _, duty in duties_of(keys) for permission in duty.may)


def menu(*, rights: Rights) -> list[MenuEntry]:
    """Give the menu entries that a person's duties open, in order."""
    entries = [entry for department in _Joined.departments for entry in department.menu]
    return sorted(
        (entry for entry in entries if rights.may(entry.permission)),
        key=lambda entry: (entry.order, entry.key),
    )


def panels(*, place: str, rights: Rights) -> list[Panel]:
    """Give what is registered for a place of a page, as far as the person may see it."""
    return [
        panel
        for department in _Joined.departments
        for panel in department.panels
        if panel.place == place and rights.may(panel.permission)
    ]
