"""
A centre's organisation as values: who holds which duty, and what that opens.

The pages, the checks of a blueprint and the diff of a change all read the same matrix, and it is
the one that `access` enforces. Refuses: to read the records or a file.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from callfloor.kernel import department
from callfloor.kernel.names import Names

Right = tuple[str, str, str]
"""Person, duty as `department.duty`, permission."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """A department of this centre."""

    key: str
    names: Names = field(default_factory=dict)
    """Language to name; empty for the standard name."""
    host: str | None = None
    supervised_by: str | None = None
    merges: tuple[str, ...] = ()
    duties: tuple[str, ...] = ()
    """What is answered for here, merged and moved duties with it."""
    head: str | None = None


@dataclass(frozen=True, kw_only=True)
class Part:
    """A role as it is in this centre."""

    key: str
    names: Names = field(default_factory=dict)
    department: str | None = None
    duties: tuple[str, ...] = ()
    environment: str | None = None


@dataclass(frozen=True, kw_only=True)
class Organisation:
    """Who answers for what."""

    places: tuple[Place, ...] = ()
    parts: tuple[Part, ...] = ()
    holders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Person to roles."""

    def duties_of(self, person: str) -> tuple[str, ...]:
        """Give what a person is there to do, each once, sorted."""
        roles = set(self.holders.get(person, ()))
        return tuple(
            sorted({duty for part in self.parts if part.key in roles for duty in part.duties})
        )

    def holders_of(self, duty: str) -> tuple[str, ...]:
        """Give who has a duty, sorted."""
        roles = {part.key for part in self.parts if duty in part.duties}
        return tuple(sorted(who for who, has in self.holders.items() if roles.intersection(has)))

    def rights(self) -> Iterator[Right]:
        """Yield every right that somebody has, sorted by person, duty, permission."""
        for person in sorted(self.holders):
            for duty in self.duties_of(person):
                for permission in sorted(department.permissions_of_duties((duty,))):
                    yield person, duty, permission


def standard_parts() -> tuple[Part, ...]:
    """Give the standard roles as a centre has them that says nothing of its own about them."""
    return tuple(
        Part(key=role.key, department=department.home_of(role.key), duties=role.duties)
        for role in department.roles()
    )


def moved(before: Organisation, after: Organisation) -> tuple[list[Right], list[Right]]:
    """Give the rights that a change takes away and those that it gives, in order."""
    old, new = set(before.rights()), set(after.rights())
    return sorted(old - new), sorted(new - old)
