"""
The matrix person by duty by permission: what each opens, from the rows that access enforces.

Pure over `kernel.organisation`. Refuses: a right that no duty gives.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from callfloor.kernel import department
from callfloor.kernel.organisation import Organisation


@dataclass(frozen=True, kw_only=True)
class Held:
    """A duty of a person with what it opens."""

    duty: str
    roles: tuple[str, ...]
    """The roles by which he has it."""
    permissions: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Line:
    """One person's part of the matrix."""

    person: str
    roles: tuple[str, ...]
    held: tuple[Held, ...]

    @property
    def permissions(self) -> frozenset[str]:
        """What the person may do, all together."""
        return frozenset(each for held in self.held for each in held.permissions)


def lines(
    organisation: Organisation, *, people: Iterable[str], duties: frozenset[str] | None = None
) -> list[Line]:
    """Give the lines of some people in their order, of all duties or of those that are wanted."""
    parts = {part.key: part for part in organisation.parts}
    opened: dict[str, tuple[str, ...]] = {}
    found = []
    for person in people:
        roles = organisation.holders.get(person, ())
        held: dict[str, list[str]] = {}
        for role in roles:
            for duty in parts[role].duties if role in parts else ():
                if duties is None or duty in duties:
                    held.setdefault(duty, []).append(role)
        found.append(
            Line(
                person=person,
                roles=tuple(roles),
                held=tuple(_held(duty, held[duty], opened) for duty in sorted(held)),
            )
        )
    return found


def _held(duty: str, roles: list[str], opened: dict[str, tuple[str, ...]]) -> Held:
    if duty not in opened:
        opened[duty] = tuple(sorted(department.permissions_of_duties((duty,))))
    return Held(duty=duty, roles=tuple(roles), permissions=opened[duty])


def holding(organisation: Organisation, duties: Iterable[str]) -> set[str]:
    """Give the people who have at least one of some duties."""
    wanted = set(duties)
    roles = {part.key for part in organisation.parts if wanted.intersection(part.duties)}
    return {who for who, has in organisation.holders.items() if roles.intersection(has)}
