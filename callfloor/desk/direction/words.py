"""
Who a target is for, in words, as far as the reader may know of him.

Refuses: the names of whoever shares no client with the reader.
"""

from collections.abc import Iterable

from callfloor.desk.direction.tree import Target
from callfloor.kernel.access import Someone
from callfloor.records.people import queries as people
from callfloor.records.routing import queries as routing


class Words:
    """The names of those for whom a year has targets; each kind is read once, if it is there."""

    def __init__(self, person: Someone, targets: Iterable[Target]) -> None:
        wanted: dict[str, set[str]] = {}
        for target in targets:
            wanted.setdefault(target.kind, set()).add(target.key)
        self._names: dict[str, dict[str, str]] = {
            "role": people.role_names() if "role" in wanted else {},
            "team": _teams(person) if "team" in wanted else {},
            "queue": routing.queue_names(person=person) if "queue" in wanted else {},
            "person": _people(person, wanted.get("person", set())),
        }

    def sees(self, target: Target) -> bool:
        """Say whether the reader may know of this target; everybody may know what roles are for."""
        return target.kind == "role" or target.key in self._names[target.kind]

    def name(self, target: Target) -> str:
        """Give the name of whom it is for, else the key."""
        return self._names[target.kind].get(target.key, target.key)


def _teams(person: Someone) -> dict[str, str]:
    return {team.key: team.name for team in people.teams(person=person)}


def _people(person: Someone, keys: set[str]) -> dict[str, str]:
    return people.names(person=person, keys=sorted(keys)) if keys else {}
