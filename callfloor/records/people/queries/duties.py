"""
The centre's organisation as its rows say it, and what follows from it for each person.

Refuses: to know what a duty opens; the manifests say it, by `kernel.department`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from callfloor.kernel import access, department, duties, quick
from callfloor.kernel.access import Someone
from callfloor.kernel.names import pick
from callfloor.kernel.organisation import Organisation, Part, Place
from callfloor.records.people.models import (
    Department,
    Person,
    PersonClient,
    PersonRole,
    Role,
    RoleDuty,
)

IN_ORDER = 'ORDER BY "order", key'
"""As departments and roles stand in the centre's file."""


@dataclass(frozen=True, kw_only=True)
class DutyRow:
    """A duty that a person has through a role."""

    key: str
    name: str
    department_name: str


@dataclass(frozen=True, kw_only=True)
class MatrixRow:
    """What one person may do by one of his duties."""

    person: str
    duty: DutyRow
    permission: str
    permission_name: str


def organisation() -> Organisation:
    """Give who answers for what: departments, roles, and the roles of all who work here now."""
    return Organisation(
        places=tuple(_place(row) for row in quick.models(Department, IN_ORDER)),
        parts=tuple(_part(row) for row in quick.models(Role, IN_ORDER)),
        holders=_holders(),
    )


def duties_of(*, roles: Iterable[str]) -> tuple[DutyRow, ...]:
    """Give the duties of some roles, each once, in the order of the manifests."""
    wanted = sorted(set(roles))
    sql = f"SELECT DISTINCT duty FROM {quick.table(RoleDuty)} WHERE role_id IN "
    found = {duty for (duty,) in quick.fetch(sql + quick.marks(wanted), wanted)}
    return tuple(_duty(key) for key in department.duties() if key in found)


def matrix(*, person: Someone, of: str | None = None) -> list[MatrixRow]:
    """
    Give what each colleague may do by which duty, or one of them, as the code enforces it.

    Raises Forbidden without the duty; whoever shares no client does not stand in it.
    """
    access.check(person, "organisation.see")
    return [
        MatrixRow(
            person=key,
            duty=_duty(duty),
            permission=permission,
            permission_name=str(duties.PERMISSIONS[permission]),
        )
        for key, duty in _held(person, of)
        for permission in sorted(department.permissions_of_duties((duty,)))
    ]


def role_names() -> dict[str, str]:
    """Give what roles are called here, standard ones by their standard name."""
    found = quick.fetch(f"SELECT key, names FROM {quick.table(Role)}")
    standard = {role.key: str(role.name) for role in department.roles()}
    own = {key: quick.json_names(names) for key, names in found}
    return standard | {
        key: pick(names, key=key) for key, names in own.items() if names or key not in standard
    }


def department_names() -> dict[str, str]:
    """Give what departments are called here, in the order of the file."""
    found = quick.fetch(f"SELECT key, names FROM {quick.table(Department)} {IN_ORDER}")
    standard = {each.key: each for each in department.departments()}
    return {
        key: pick(own, key=key)
        if (own := quick.json_names(names)) or key not in standard
        else str(standard[key].name)
        for key, names in found
    }


def _duty(key: str) -> DutyRow:
    found = department.duty(key)
    if found is None:  # A duty of another version; it opens nothing and is shown as its key.
        return DutyRow(key=key, name=key, department_name="")
    place, duty = found
    return DutyRow(key=key, name=str(duty.name), department_name=str(place.name))


def _held(person: Someone, of: str | None) -> Iterator[tuple[str, str]]:
    """Give person and duty, sorted, of those who share a client with the person."""
    clients = sorted(person.rights.clients)
    shared = f"SELECT person_id FROM {quick.table(PersonClient)} WHERE client_id IN "
    sql = (
        f"SELECT DISTINCT p.key, d.duty FROM {quick.table(Person)} p "
        f"JOIN {quick.table(PersonRole)} r ON r.person_id = p.key "
        f"JOIN {quick.table(RoleDuty)} d ON d.role_id = r.role "
        f"WHERE p.is_active AND (p.key = %s OR p.key IN ({shared}{quick.marks(clients)}))"
    )
    values = [person.key, *clients]
    if of is not None:
        sql, values = f"{sql} AND p.key = %s", [*values, of]
    yield from ((key, duty) for key, duty in quick.fetch(f"{sql} ORDER BY 1, 2", values))


def _holders() -> dict[str, tuple[str, ...]]:
    sql = (
        f"SELECT p.key, r.role FROM {quick.table(Person)} p "
        f"JOIN {quick.table(PersonRole)} r ON r.person_id = p.key "
        f"WHERE p.is_active ORDER BY 1, 2"
    )
    found: dict[str, tuple[str, ...]] = {}
    for person, role in quick.fetch(sql):
        found[person] = (*found.get(person, ()), role)
    return found


def _place(row: Department) -> Place:
    return Place(
        key=row.key,
        names=row.names,
        host=row.host,
        supervised_by=row.supervised_by,
        merges=tuple(row.merges),
        duties=tuple(row.duties),
        head=row.head,
    )


def _part(row: Role) -> Part:
    return Part(
        key=row.key,
        names=row.names,
        department=row.department,
        duties=tuple(row.duties),
        environment=row.environment,
    )
