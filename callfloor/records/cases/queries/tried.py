"""What was tried in a case, so that nobody tries it again."""

from callfloor.kernel import fields
from callfloor.records.cases.models import Case, CaseEvent
from callfloor.records.cases.queries.known import key_of


def of_case(case: Case) -> list[tuple[str, bool]]:
    """Give the steps that were tried in a case that was checked, and whether each helped."""
    key = key_of(case)
    found = CaseEvent.objects.filter(case_id=case.id, kind="tried").order_by("number")
    return [
        (fields.decrypt(event, "text", key=key) or "", bool(event.data.get("worked")))
        for event in found
    ]
