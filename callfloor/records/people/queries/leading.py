"""
Whom somebody leads: the people of his own team who share a client with him.

A leader without a team leads all who share a client. Refuses: to say whether anybody else exists.
"""

from dataclasses import dataclass

from callfloor.kernel import access, quick
from callfloor.kernel.access import Someone
from callfloor.records.people.models import Person, PersonClient

LEAD = "floor.lead"


@dataclass(frozen=True, kw_only=True)
class LedRow:
    """Somebody who is led."""

    key: str
    team: str | None


def led(*, person: Someone, permission: str) -> list[LedRow]:
    """
    Give all whom a person leads, by key.

    Raises Forbidden without the duty.
    """
    access.check(person, permission)
    return _led(person)


def require(*, person: Someone, key: str, permission: str) -> LedRow:
    """
    Give one whom a person leads.

    Raises NotFound for anybody else, Forbidden without the duty.
    """
    found = _led(person, key=key)
    if not found:
        raise access.NotFound
    access.check(person, permission)
    return found[0]


def require_team(*, person: Someone, team: str, permission: str) -> list[str]:
    """
    Give the keys of those of a team whom a person leads.

    Raises NotFound for a team of which he leads nobody, Forbidden without the duty.
    """
    found = [row.key for row in _led(person) if row.team == team]
    if not found:
        raise access.NotFound
    access.check(person, permission)
    return found


def _led(person: Someone, key: str | None = None) -> list[LedRow]:
    rights = person.rights
    clients = sorted(rights.clients)
    shared = f"SELECT person_id FROM {quick.table(PersonClient)} WHERE client_id IN "
    sql = (
        f"SELECT key, team_id FROM {quick.table(Person)} "
        f"WHERE is_active AND key IN ({shared}{quick.marks(clients)})"
    )
    values: list[str] = [*clients]
    for column, wanted in (("team_id", rights.team), ("key", key)):
        if wanted is not None:
            sql, values = f"{sql} AND {column} = %s", [*values, wanted]
    return [LedRow(key=row[0], team=row[1]) for row in quick.fetch(f"{sql} ORDER BY key", values)]
