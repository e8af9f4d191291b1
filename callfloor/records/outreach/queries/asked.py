"""
What customers may ask for themselves, and what they have asked for: for pages without a sign-in.

Whoever calls has checked a signed link. Refuses: names of people who work here, and numbers.
"""

from dataclasses import dataclass
from datetime import datetime

from callfloor.records.cases.models import Case
from callfloor.records.outreach import rules
from callfloor.records.outreach.models import Appointment
from callfloor.records.outreach.queries import slots
from callfloor.records.outreach.queries.slots import QueueSlots, SlotRow


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What a queue offers to whoever asks."""

    queues: tuple[QueueSlots, ...]
    """All that may be chosen; never empty."""
    chosen: QueueSlots
    soon_by: datetime | None
    """By when somebody calls who is asked to call soon; None if nobody can."""
    windows: tuple[SlotRow, ...]
    times: tuple[SlotRow, ...]
    """With places left."""


@dataclass(frozen=True, kw_only=True)
class PublicPromise:
    """A call that was promised, for the customer to whom it was."""

    id: str
    kind: str
    begins_at: datetime
    ends_at: datetime
    state: str

    @property
    def is_open(self) -> bool:
        """Whether it may still be called off."""
        return self.state == "booked"


@dataclass(frozen=True, kw_only=True)
class CallsOfCase:
    """The calls about a case."""

    case: str
    client: str
    may_ask: bool
    """Whether any queue of the client keeps appointments."""
    promised: tuple[PublicPromise, ...]
    """Those that are yet to come."""


def offer(*, client: str, queue: str, now: datetime) -> Offer | None:
    """Give what a client's queue offers, its first for one it has not; None if none does."""
    queues = slots.queues_with_slots(client=client)
    if not queues:
        return None
    chosen = next((each for each in queues if each.key == queue), queues[0])
    soon = _free(rules.SOON, chosen, now)
    return Offer(
        queues=tuple(queues),
        chosen=chosen,
        soon_by=soon[0].ends_at if soon else None,
        windows=_free(rules.WINDOW, chosen, now),
        times=_free(rules.TIME, chosen, now),
    )


def calls_of_case(*, reference: str) -> CallsOfCase | None:
    """Give the calls about the case of a signed link; None if there is nobody to be called."""
    case = Case.objects.filter(reference=reference).exclude(customer=None).first()
    if case is None:
        return None
    found = Appointment.objects.filter(origin=f"case:{case.id}", state__in=rules.OPEN)
    return CallsOfCase(
        case=case.id,
        client=case.client_id,
        may_ask=bool(slots.queues_with_slots(client=case.client_id)),
        promised=tuple(promise(row) for row in found.order_by("begins_at", "id")),
    )


def _free(kind: str, queue: QueueSlots, now: datetime) -> tuple[SlotRow, ...]:
    return tuple(row for row in slots.times_of(kind=kind, queue=queue.key, now=now) if row.free)


def promise(row: Appointment) -> PublicPromise:
    """Give of a promise that was checked what its customer may know."""
    return PublicPromise(
        id=row.id,
        kind=row.kind,
        begins_at=row.begins_at,
        ends_at=row.ends_at,
        state=row.state,
    )
