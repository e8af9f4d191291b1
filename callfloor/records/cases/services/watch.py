"""
What is done when nobody does anything: warnings, broken promises, owners who are away.

Each is told once. Refuses: to wait; the worker comes by.
"""

from collections.abc import Collection
from datetime import datetime

from callfloor.records.cases.models import Case
from callfloor.records.cases.queries import policy
from callfloor.records.cases.rules import state
from callfloor.records.cases.services import escalation, floor
from callfloor.records.cases.services.change import Change, changing, fold, happenings_of

BATCH = 100  # Of one round; the next comes in a moment.
ABSENT_BATCH = 50


def alarm(*, now: datetime) -> int:
    """Warn of what is nearly due and say what is late, each once; give how many cases."""
    found = Case.objects.filter(look_at__lte=now, closed_at=None).order_by("look_at", "id")
    ids = list(found.values_list("id", flat=True)[:BATCH])
    for case_id in ids:
        with changing(case_id=case_id, by=None, now=now) as change:
            _alarm(change, now=now)
    return len(ids)


def _alarm(change: Change, *, now: datetime) -> None:
    promise = policy.promise_of(kind=change.case.kind)
    clocks = state.clocks(change.happenings, promise=promise, now=now.timestamp())
    due = state.due_alarms(change.state, clocks, now=now.timestamp())
    for kind, goal in due:
        change.add(kind, {"goal": goal})
    broken = ("breached", "answer") in due and change.state.promised_at is not None
    if broken and change.state.level < escalation.LEVEL_MAX:
        escalation.raised(change, "", now=now)
    if not due:  # The calendar has changed since: look again when it is due by the new one.
        fold(change.case, change.happenings, now=now)
        change.case.save()


def offer_again(*, absent: Collection[str], now: datetime) -> int:
    """
    Bring the open cases of absent owners to others; none waits for somebody who is not there.

    What rests for a customer stays with its owner until the customer writes. Give how many.
    """
    if not absent:
        return 0
    found = Case.objects.filter(owner_id__in=sorted(absent), closed_at=None, waits_for="")
    ids = list(found.order_by("due_at", "id").values_list("id", flat=True)[:ABSENT_BATCH])
    for case_id in ids:
        with changing(case_id=case_id, by=None, now=now) as change:
            owner = change.state.owner
            if owner not in absent or not change.state.is_open:
                continue
            data = {"owner": None, "team": change.state.team, "was": owner, "why": "absent"}
            change.add("offered", data)
            floor.bring(change, now=now)
    return len(ids)


def recompute(*, now: datetime) -> int:
    """
    Fold all open cases anew, as after a change of calendars or promises; give how many differ.

    Nothing happens in a case by this: no event is added.
    """
    differ = 0
    for case_id in Case.objects.filter(closed_at=None).order_by("id").values_list("id", flat=True):
        with changing(case_id=case_id, by=None, now=now) as change:
            before = columns(change.case)
            fold(change.case, happenings_of(change.case), now=now)
            if columns(change.case) != before:
                change.case.save()
                differ += 1
    return differ


def columns(case: Case) -> tuple[object, ...]:
    """Give what is folded of a case, to compare."""
    return (
        *(case.stage, case.priority, case.owner_id, case.team_id, case.level, case.waits_for),
        *(case.incident_id, case.emergency, case.answered_at, case.closed_at, case.decision),
        *(case.answer_due_at, case.solve_due_at, case.due_at, case.look_at),
    )
