"""
What departments, roles, duties and permissions are called in the reader's language.

Refuses: to know who has them.
"""

from callfloor.kernel import department, duties
from callfloor.kernel.names import pick
from callfloor.kernel.organisation import Organisation, Part, Place


class Words:
    """The names of one organization; each is looked up once for a page."""

    def __init__(self, organisation: Organisation) -> None:
        self._places = {place.key: place for place in organisation.places}
        self._parts = {part.key: part for part in organisation.parts}
        self._standard = {each.key: each for each in department.departments()}
        self._known: dict[tuple[str, str], str] = {}

    def place(self, key: str) -> str:
        """Give a department's name; the standard one if this centre has no other."""
        return self._once("place", key)

    def role(self, key: str) -> str:
        """Give a role's name; the standard one if this centre has no other."""
        return self._once("role", key)

    def duty(self, key: str) -> str:
        """Give a duty's sentence."""
        return self._once("duty", key)

    def permission(self, key: str) -> str:
        """Give what a permission opens."""
        return self._once("permission", key)

    def _once(self, kind: str, key: str) -> str:
        if (kind, key) not in self._known:
            self._known[kind, key] = getattr(self, f"_{kind}")(key)
        return self._known[kind, key]

    def _place(self, key: str) -> str:
        place: Place | None = self._places.get(key)
        if place is not None and place.names:
            return pick(place.names, key=key)
        return str(self._standard[key].name) if key in self._standard else key

    def _role(self, key: str) -> str:
        part: Part | None = self._parts.get(key)
        if part is not None and part.names:
            return pick(part.names, key=key)
        standard = department.role(key)
        return str(standard.name) if standard else key

    def _duty(self, key: str) -> str:
        found = department.duty(key)
        return str(found[1].name) if found else key

    def _permission(self, key: str) -> str:
        return str(duties.PERMISSIONS.get(key, key))


def planned(duty: str) -> str | None:
    """Give the row of the mission for which a duty's screens wait; None if it has them."""
    found = department.duty(duty)
    return found[1].planned if found else None
