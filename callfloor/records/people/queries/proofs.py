"""
What shows that people have their skills: who vouched for it, when, and until when it holds.

Refuses: to say so of people with whom the reader shares no client.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q

from callfloor.kernel import access, quick
from callfloor.kernel.access import Someone
from callfloor.records.people.models import PersonClient, PersonSkill, Skill
from callfloor.records.people.queries.people import names, names_in

DUE_MAX = 50  # Whoever has let more run out sees to the oldest first.
SOON_DAYS = 60  # As long as a course and its examination take to be found.


@dataclass(frozen=True, kw_only=True)
class Proof:
    """A proof of one skill of one person."""

    person: str
    name: str
    skill: str
    skill_name: str
    level: int
    kind: str
    """certificate, test or observation."""
    by: str
    """Who vouches for it: his name, or his key for whom the reader does not know."""
    on: date
    until: date | None
    state: str
    """holds, soon (it ends within two months) or over."""


@dataclass(frozen=True, kw_only=True)
class Proven:
    """How far skills are proven, and which proofs somebody must see to."""

    skills: int
    """Skills that people have, one by one."""
    proven: int
    """Of these, with a proof that holds today."""
    due: tuple[Proof, ...]
    """Proofs that are over or will be soon, the oldest first."""


def proofs_of(*, person: Someone, key: str, today: date) -> dict[str, Proof]:
    """Give the proofs of somebody whom the person may see, by skill."""
    rows = PersonSkill.objects.filter(person_id=key, proof__isnull=False)
    return {each.skill: each for each in _told(person, rows, today)}


def proven(*, person: Someone, today: date) -> Proven | None:
    """
    Say how far the skills of the people are proven who share a client with the person.

    None for a centre that keeps no proofs, which is told by one look.
    Raises Forbidden without the duty.
    """
    access.check(person, "people.read")
    kept = f"SELECT 1 FROM {quick.table(PersonSkill)} WHERE proof IS NOT NULL LIMIT 1"
    if not quick.fetch(kept):
        return None
    shared = PersonClient.objects.filter(client_id__in=sorted(person.rights.clients))
    rows = PersonSkill.objects.filter(
        person__is_active=True, person_id__in=shared.values("person_id")
    )
    holds = Q(proof__isnull=False) & (Q(proved_until=None) | Q(proved_until__gte=today))
    counts = rows.aggregate(skills=Count("pk"), proven=Count("pk", filter=holds))
    due = rows.filter(proved_until__lte=today + timedelta(days=SOON_DAYS))
    first = due.order_by("proved_until", "person_id", "skill_id")[:DUE_MAX]
    return Proven(**counts, due=tuple(_told(person, first, today)))


def _told(person: Someone, found: Iterable[PersonSkill], today: date) -> list[Proof]:
    rows = list(found)
    if not rows:
        return []
    skills = names_in(Skill)
    known = names(person=person, keys=sorted({key for row in rows for key in _people(row)}))
    return [_proof(row, known, skills, today) for row in rows]


def _people(row: PersonSkill) -> tuple[str, str]:
    return row.person_id, row.proved_by or ""


def _proof(row: PersonSkill, known: dict[str, str], skills: dict[str, str], today: date) -> Proof:
    assert row.proof is not None, "only proven skills are told"
    assert row.proved_by is not None, "the database holds proofs whole"
    assert row.proved_on is not None, "the database holds proofs whole"
    return Proof(
        person=row.person_id,
        name=known.get(row.person_id, row.person_id),
        skill=row.skill_id,
        skill_name=skills[row.skill_id],
        level=row.level,
        kind=row.proof,
        by=known.get(row.proved_by, row.proved_by),
        on=row.proved_on,
        until=row.proved_until,
        state=_state(row, today),
    )


def _state(row: PersonSkill, today: date) -> str:
    if row.proved_until is None or row.proved_until > today + timedelta(days=SOON_DAYS):
        return "holds"
    return "soon" if row.proved_until >= today else "over"
