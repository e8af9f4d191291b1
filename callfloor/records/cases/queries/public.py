"""
A case as its customer sees it: how it stands, what was written to him and by him; nothing else.

Whoever calls has checked a signed link. Refuses: names of people who work here, notes, and a case
of a customer who was erased.
"""

from dataclasses import dataclass
from datetime import datetime

from callfloor.kernel import audit, fields
from callfloor.records.cases.models import Case, CaseEvent
from callfloor.records.cases.queries.known import key_of
from callfloor.records.people import queries as people

PUBLIC = ("said", "told", "wrote")
MESSAGES_MAX = 200  # The latest; more than that nobody reads on a telephone.


@dataclass(frozen=True, kw_only=True)
class PublicMessage:
    """What was written to the customer, or by him."""

    at: datetime
    is_ours: bool
    text: str


@dataclass(frozen=True, kw_only=True)
class PublicCase:
    """A case for its customer."""

    reference: str
    client_name: str
    kind: str
    subject: str
    state: str
    """working, waits_for_you, decided, closed."""
    decision: str
    opened_at: datetime
    due_at: datetime | None
    """By when he hears of us; None if nothing is owed just now."""
    closed_at: datetime | None
    messages: tuple[PublicMessage, ...]


def for_customer(*, reference: str, now: datetime) -> PublicCase | None:
    """Give the case of a reference that a signed link named; None if there is none to show."""
    case = Case.objects.filter(reference=reference).exclude(customer=None).first()
    key = key_of(case) if case is not None else None
    if case is None or key is None:
        return None
    about = f"case:{case.id}"
    audit.note(by="customer", action="case.followed", about=about, client=case.client_id, now=now)
    found = CaseEvent.objects.filter(case_id=case.id, kind__in=PUBLIC).order_by("-number")
    messages = [
        PublicMessage(
            at=event.at,
            is_ours=event.kind != "wrote",
            text=fields.decrypt(event, "text", key=key) or "",
        )
        for event in found[:MESSAGES_MAX]
    ]
    return PublicCase(
        reference=case.reference,
        client_name=people.client_names_of(keys=[case.client_id]).get(case.client_id, ""),
        kind=case.kind,
        subject=fields.decrypt(case, "subject", key=key) or "",
        state=_state(case),
        decision=case.decision,
        opened_at=case.opened_at,
        due_at=case.promised_at if case.answered_at is None and case.promised_at else case.due_at,
        closed_at=case.closed_at,
        messages=tuple(reversed(messages)),
    )


def _state(case: Case) -> str:
    if case.closed_at is not None:
        return "closed"
    if case.decision:
        return "decided"
    return "waits_for_you" if case.waits_for == "customer" else "working"
