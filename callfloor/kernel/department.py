"""
A department is a manifest: duties, menu entries, panels, reactions over the shared nouns.

Refuses: behavior. What a department does stands in its own services and queries.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from callfloor.kernel.access import Rights
from callfloor.kernel.events import Reaction


@dataclass(frozen=True, kw_only=True)
class Duty:
    """Something that somebody is there to do, and what that opens to him."""

    key: str
    name: Any
    """Lazy text, a verb first: it is a sentence of a job description."""
    may: tuple[str, ...]
    """Permissions."""
    kpis: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    seeds: tuple[str, ...] = ()


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
    template: str
    permission: str


@dataclass(frozen=True, kw_only=True)
class Department:
    """One folder of callfloor/departments."""

    key: str
    name: Any
    duties: tuple[Duty, ...]
    menu: tuple[MenuEntry, ...] = ()
    panels: tuple[Panel, ...] = ()
    reactions: tuple[Reaction, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Role:
    """A set of duties, of any departments."""

    key: str
    name: Any
    duties: tuple[str, ...]
    """`department.duty`."""


class _Joined:
    departments: tuple[Department, ...] = ()
    roles: dict[str, Role] = {}
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


def departments() -> tuple[Department, ...]:
    """Give the manifests, in the order in which they were joined."""
    return _Joined.departments


def roles() -> tuple[Role, ...]:
    """Give the roles, in the order in which they were joined."""
    return tuple(_Joined.roles.values())


def role(key: str) -> Role | None:
    """Give a role, or None if this version has none of that key."""
    return _Joined.roles.get(key)


def duties_of(keys: tuple[str, ...]) -> list[tuple[Department, Duty]]:
    """Give the duties of some roles with their departments, each once, in a steady order."""
    wanted = {duty for key in keys if key in _Joined.roles for duty in _Joined.roles[key].duties}
    return [found for key, found in _Joined.duties.items() if key in wanted]


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
