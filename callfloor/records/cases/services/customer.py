"""
What a customer does with his case: he writes, from his page, by mail or through a form.

Whoever calls has checked that it is he (a signed link, a signed address). A case that rested for
him runs again, one that was closed is opened again; it waits in the line, and its owner is asked
first if he is there, for nobody else's absence is the customer's (R17).
"""

from datetime import datetime

from callfloor.records.cases.models import Case
from callfloor.records.cases.queries import policy
from callfloor.records.cases.services import complaints, floor
from callfloor.records.cases.services.change import Change, changing
from callfloor.records.cases.services.held import said


def writes(*, reference: str, text: str, now: datetime) -> None:
    """
    Keep what the customer wrote on his page, and bring it to an agent.

    An answer to a decided complaint is an appeal. Raises NothingWritten, TextTooLong,
    CallerErased, Case.DoesNotExist.
    """
    case_id = Case.objects.values_list("id", flat=True).get(reference=reference)
    with changing(case_id=case_id, by=None, now=now) as change:
        change.add("wrote", text=said(text))
        if change.case.kind == "complaint" and change.state.stage in ("decided", "closed"):
            complaints.appealed(change, "", now=now)
        goes_on(change)
        floor.bring(change, now=now, text=said(text))


def has_written(*, case_id: str, now: datetime) -> None:
    """
    Note that the customer wrote in an interaction that is attached: its clock goes on.

    For mail and chat, whose own contact brings it to an agent.
    """
    with changing(case_id=case_id, by=None, now=now) as change:
        goes_on(change)


def goes_on(change: Change) -> None:
    """Let a held case run again that rested for its customer, or was closed."""
    state = change.state
    if not state.is_open:
        stage = policy.stages_of(kind=change.case.kind)[1]
        change.add("reopened", {"by_customer": True, "stage": stage})
    elif state.waits_for == "customer":
        change.add("resumed")
