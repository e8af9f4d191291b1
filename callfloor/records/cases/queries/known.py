"""What is known of a case beside its columns: fields, and texts of events, in clear."""

from callfloor.kernel import fields
from callfloor.kernel.keys import ring
from callfloor.records.cases.models import Case, CaseEvent


def key_of(case: Case) -> bytes | None:
    """Give the key under which a case was written; None if it is destroyed."""
    return ring.get(subjects=[case.key_subject]).get(case.key_subject)


def known_of(case: Case) -> dict[str, str]:
    """Give the fields of a case that was checked: what was said last of each, in clear."""
    key = key_of(case)
    found = CaseEvent.objects.filter(case_id=case.id, kind="filled").order_by("number")
    return {event.data["field"]: fields.decrypt(event, "text", key=key) or "" for event in found}
