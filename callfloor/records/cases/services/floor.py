"""
Bringing a case to an agent: a contact of channel `case`, which the floor queues by its deadline.

The address decides the queue: `case:CLIENT`, and `case:CLIENT_2` for what went up. A centre whose
plan has no such address gives cases to people by their lists alone.
"""

import hashlib
from datetime import datetime

from callfloor.records.cases.models import Case, CaseInteraction
from callfloor.records.cases.services.change import Change
from callfloor.records.cases.services.opening import attached
from callfloor.records.interactions.services import messages
from callfloor.records.routing.models import Number

CHANNEL = "case"


def bring(change: Change, *, now: datetime, text: str = "") -> str | None:
    """
    Put a held case into the line of its level; give the contact, None if there is no line for it.

    `text` is what whoever gets it reads first. A complaint about somebody here goes into no line:
    nobody could say that it does not come to him.
    """
    change.fold_now()  # The deadline that goes with it is the one after what has just happened.
    case = change.case
    called = address_of(case.client_id, change.state.level)
    if called is None or case.customer_id is None or case.hidden_from_id is not None:
        return None
    item = messages.begin(
        channel=CHANNEL,
        client=case.client_id,
        called=called,
        customer_id=case.customer_id,
        language=case.language,
        now=now,
        chance=_chance(case),
        due_at=case.due_at,
        simulated=case.simulated,
    )
    if text:
        messages.write(
            interaction_id=item,
            direction="note",
            text=text,
            now=now,
            author=change.by,
            data={"case": case.reference},
        )
    attached(change, item)
    return item


def withdraw(change: Change) -> None:
    """
    Take a held case out of every line, for one of them could bring it to whom it is about.

    Whoever has it in hand writes his note; it stays in the lists of those who may see it.
    """
    rows = CaseInteraction.objects.filter(case_id=change.case.id, interaction__channel=CHANNEL)
    for contact in rows.order_by("id").values_list("interaction_id", flat=True):
        messages.leave(interaction_id=contact)


def address_of(client: str, level: int) -> str | None:
    """Give the address by which cases of a level reach the floor; None if the plan has none."""
    wanted = [f"case:{client}_{step}" for step in range(level, 1, -1)] + [f"case:{client}"]
    found = Number.objects.filter(client_id=client, number__in=wanted, is_active=True)
    known = set(found.values_list("number", flat=True))
    return next((address for address in wanted if address in known), None)


def _chance(case: Case) -> bytes:
    """Give bytes that are the case's own at this event: a reaction that runs twice brings one."""
    return hashlib.sha256(f"{case.id}:{case.events}".encode()).digest()
