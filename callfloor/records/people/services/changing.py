"""
Changing what the centre's file says of a person: skills and their proofs, team, roles.

A change makes a new version of the whole file, looked at before it is taken, and is refused if
somebody else was faster. Whoever writes a proof vouches for it: nobody signs for another. Refuses:
what is one's own, and people of clients that one does not serve.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from callfloor.kernel import access, ports
from callfloor.kernel.access import Someone
from callfloor.kernel.errors import Refusal
from callfloor.kernel.ports import Keys, Looked
from callfloor.records.people.queries import changing

LEVEL_MAX = 5


class WrongLevel(Refusal):
    """A skill is had at a level from 1 to 5."""

    code = "people.wrong_level"
    message = _("A skill has a level from 1 to 5.")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a person shall have; None leaves as it is what the writer may not change."""

    skills: Mapping[str, int] | None = None
    proofs: Mapping[str, changing.Told | None] | None = None
    """By skill, None to take a proof out; what is not named stays. Counts only with `skills`."""
    team: str | None = None
    """A team, or nothing for none; counts only with `roles`."""
    roles: tuple[str, ...] | None = None


def look(*, person: Someone, key: str, based_on: str, wanted: Wanted) -> Looked:
    """
    Say what a change would do, and what the person may do afterwards; nothing is written.

    Raises NotFound, Forbidden, OwnMatter, WrongLevel, centre.overtaken.
    """
    return ports.centre().look(based_on=based_on, edits=_edits(person, key, wanted))


def take(*, person: Someone, key: str, based_on: str, wanted: Wanted, now: datetime) -> str:
    """
    Make it so, on the floor too, and give the version of the centre's file.

    Raises NotFound, Forbidden, OwnMatter, WrongLevel, centre.overtaken, centre.not_possible.
    """
    edits = _edits(person, key, wanted)
    return ports.centre().take(based_on=based_on, edits=edits, by=person.key, now=now)


def _edits(person: Someone, key: str, wanted: Wanted) -> dict[Keys, Any]:
    may = changing.may_change(person=person, key=key)
    edits: dict[Keys, Any] = {}
    if wanted.skills is not None:
        if not may.skills:
            raise access.Forbidden
        if not all(1 <= level <= LEVEL_MAX for level in wanted.skills.values()):
            raise WrongLevel
        edits["people", key, "skills"] = dict(sorted(wanted.skills.items())) or None
        edits |= _proofs(key, wanted.skills, wanted.proofs or {}, by=person.key)
    if wanted.roles is not None:
        if not may.roles:
            raise access.Forbidden
        if set(wanted.roles) != changing.roles_of(key):  # Their order is the author's.
            edits["people", key, "roles"] = list(wanted.roles)
        edits["people", key, "team"] = wanted.team or None
    return edits


def _proofs(
    key: str,
    skills: Mapping[str, int],
    proofs: Mapping[str, changing.Told | None],
    *,
    by: str,
) -> dict[Keys, Any]:
    """Give the edits of proofs; one that stays as it was keeps who vouches for it."""
    told = changing.proofs_told(key)
    # Nothing is proven that is not there.
    wanted = {skill: proof for skill, proof in proofs.items() if skill in skills}
    wanted |= dict.fromkeys(told.keys() - skills.keys())
    edits: dict[Keys, Any] = {}
    for skill, proof in wanted.items():
        if proof == told.get(skill):
            continue
        edits["people", key, "proofs", skill] = proof and {
            "kind": proof.kind,
            "by": by,
            "on": proof.on,
            **({"until": proof.until} if proof.until else {}),
        }
    return edits
