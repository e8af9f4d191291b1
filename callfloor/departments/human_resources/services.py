"""
Issuing job descriptions.

Refuses: to change one that was issued, or a role. A role changes in the centre's file.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from callfloor.departments.human_resources import queries, rules
from callfloor.departments.human_resources.models import JobDescription
from callfloor.departments.human_resources.queries import facts
from callfloor.kernel import access, audit
from callfloor.kernel.access import Someone
from callfloor.kernel.errors import Refusal
from callfloor.records.people import services as people


class NothingChanged(Refusal):
    """The description says what the one issued last says."""

    code = "jobs.nothing_changed"
    message = _("This description says the same as the one that was issued last.")


class NoDuties(Refusal):
    """A role without duties has nothing to describe."""

    code = "jobs.no_duties"
    message = _("This role has no duties yet. Give it some in the file of the center.")


@transaction.atomic
def issue(*, person: Someone, key: str, now: datetime, chance: bytes, place: str = "") -> int:
    """
    Issue a role's description as it is now, tell whoever has the role, and give its version.

    `place` is the page of the description, which those who are told can open.

    Raises Forbidden, NotFound, NoDuties, NothingChanged.
    """
    access.check(person, "jobs.write")
    role = queries.role_of(key)
    sentences = rules.describe(role, centre=facts.centre())
    if not sentences:
        raise NoDuties
    before = queries.issued_of(key)
    if before and rules.changes(before.sentences, sentences).is_none:
        raise NothingChanged
    row = JobDescription(
        role=key,
        version=before.version + 1 if before else 1,
        body=queries.body_of(sentences),
        texts=queries.texts_of(sentences),
        made_at=now,
        made_by=person.key,
    )
    row.full_clean()
    row.save()
    audit.note(
        by=person.key,
        action="job.issued",
        about=f"role:{key}",
        now=now,
        detail={"version": row.version},
    )
    people.tell(
        people=[holder for holder in queries.holders_of(key) if holder != person.key],
        kind="job",
        by=person.key,
        place=place,
        detail={"role": key, "version": row.version},
        now=now,
        chance=chance,
    )
    return row.version
