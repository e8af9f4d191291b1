"""
What somebody may change of somebody else in the centre's file, by client, team and duty.

Refuses: what is one's own. Nobody grants himself a skill or a role.
"""

from dataclasses import dataclass

from callfloor.kernel import access, quick
from callfloor.kernel.access import Someone
from callfloor.records.people.models import Person, PersonClient, PersonRole, PersonSkill

GRANT = "skills.grant"
ASSIGN = "people.assign"
APPLY = "plan.apply"


@dataclass(frozen=True, kw_only=True)
class May:
    """What may be changed."""

    skills: bool
    roles: bool
    """Roles and team."""

    @property
    def anything(self) -> bool:
        """Whether there is anything at all."""
        return self.skills or self.roles


def roles_of(key: str) -> set[str]:
    """Give the roles that somebody has, for whoever may change them."""
    sql = f"SELECT role FROM {quick.table(PersonRole)} WHERE person_id = %s"
    return {role for (role,) in quick.fetch(sql, [key])}


@dataclass(frozen=True, kw_only=True)
class Told:
    """A proof as the centre's file tells it, but for who vouches."""

    kind: str
    """certificate, test or observation."""
    on: str
    """The day of it, as `2026-11-23`."""
    until: str | None = None
    """The last day on which it holds; None for good."""


def proofs_told(key: str) -> dict[str, Told]:
    """Give somebody's proofs by skill, for whoever may change them."""
    rows = PersonSkill.objects.filter(person_id=key, proof__isnull=False).order_by("skill_id")
    return {
        row.skill_id: Told(
            kind=row.proof or "",
            on=row.proved_on.isoformat() if row.proved_on else "",
            until=row.proved_until.isoformat() if row.proved_until else None,
        )
        for row in rows
    }


def may_see_changes(*, person: Someone) -> bool:
    """Say whether somebody may read what was changed: all of the centre is in it."""
    rights = person.rights
    if not (rights.may(ASSIGN) or rights.may(APPLY)):
        return False
    found = quick.fetch(f"SELECT DISTINCT client_id FROM {quick.table(PersonClient)}")
    return all(rights.sees(client) for (client,) in found)


def may_change(*, person: Someone, key: str) -> May:
    """
    Say what somebody may change of a person who works for no client that he does not serve.

    Raises NotFound for whoever shares no client, OwnMatter for himself, Forbidden if it is nothing.
    """
    may = what_may_change(person=person, key=key)
    access.not_ones_own(person, key)
    if not may.anything:
        raise access.Forbidden
    return may


def what_may_change(*, person: Someone, key: str) -> May:
    """
    Say the same for a page that only offers it: nothing of oneself, and nothing without a duty.

    Raises NotFound for whoever shares no client.
    """
    rights = person.rights
    sql = (
        f"SELECT c.client_id, p.team_id FROM {quick.table(Person)} p "
        f"JOIN {quick.table(PersonClient)} c ON c.person_id = p.key "
        "WHERE p.key = %s AND p.is_active"
    )
    rows = quick.fetch(sql, [key])
    clients = {client for client, _ in rows}
    if not clients & rights.clients:
        raise access.NotFound
    if key == person.key or clients - rights.clients:
        return May(skills=False, roles=False)
    roles = rights.may(ASSIGN) or rights.may(APPLY)
    is_led = rights.team is None or rows[0][1] == rights.team
    return May(skills=roles or (rights.may(GRANT) and is_led), roles=roles)
