"""Which case a contact was about, and the contacts of a case; for what runs by itself."""

from callfloor.records.cases.models import CaseInteraction
from callfloor.records.cases.queries.find import case_by_reference
from callfloor.records.cases.queries.rows import CaseRow


def case_of(*, interaction_id: str) -> CaseRow | None:
    """Give the case that a contact was about, the latest of several; None if it was about none."""
    rows = CaseInteraction.objects.filter(interaction_id=interaction_id)
    found = rows.order_by("-case__opened_at", "-case_id")
    reference = found.values_list("case__reference", flat=True).first()
    return case_by_reference(reference=reference) if reference else None


def of_case(*, case_id: str, channel: str) -> list[str]:
    """Give the contacts of a case on a channel, the last one first."""
    rows = CaseInteraction.objects.filter(case_id=case_id, interaction__channel=channel)
    found = rows.order_by("-interaction__arrived_at", "-interaction_id")
    return list(found.values_list("interaction_id", flat=True))
