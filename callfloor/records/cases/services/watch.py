"""
What is done when nobody does anything: warnings, broken promises, owners who are away.

Each is told once. Refuses: to wait; the worker comes by.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import Max

from callfloor.records.cases.models import Case
from callfloor.records.cases.queries import policy
from callfloor.records.cases.rules import clock, state
from callfloor.records.cases.services import escalation, floor
from callfloor.records.cases.services.change import Change, changing, fold, happenings_of
from callfloor.records.interactions.models import AgentState
from callfloor.records.people.models import Person

BATCH = 100  # Of one round; the next comes in a moment.
ABSENT_BATCH = 50
ABSENT_STATES = ("away", "missed")
ABSENT_AFTER = timedelta(minutes=60)
"""A lunch of open time; whoever is longer away is not coming back to his cases soon."""
FOR_EVER = timedelta(days=60)


def alarm(*, now: datetime) -> int:
    """Warn of what is nearly due and say what is late, each once; give how many cases."""
    found = Case.objects.filter(look_at__lte=now, closed_at=None).order_by("look_at", "id")
    ids = list(found.values_list("id", flat=True)[:BATCH])
    for case_id in ids:
        with changing(case_id=case_id, by=None, now=now) as change:
            _alarm(change, now=now)
    return len(ids)


def _alarm(change: Change, *, now: datetime) -> None:
    promise = policy.promise_of(kind=change.case.kind, client=change.case.client_id)
    clocks = state.clocks(change.happenings, promise=promise, now=now.timestamp())
    due = state.due_alarms(change.state, clocks, now=now.timestamp())
    for kind, goal in due:
        change.add(kind, {"goal": goal})
    broken = {goal for kind, goal in due if kind == "breached"}
    told = change.state.promised_at is not None and "answer" in broken
    if (told or broken & promise.escalates) and change.state.level < escalation.LEVEL_MAX:
        escalation.raised(change, "", now=now)
    if not due:  # The calendar has changed since: look again when it is due by the new one.
        fold(change.case, change.happenings, now=now)
        change.case.save()


def offer_again(*, absent: Mapping[str, datetime], now: datetime) -> int:
    """
    Bring the open cases of absent owners to others; none waits for somebody who is not there.

    `absent` says since when each is. Only open time counts, so that what lies there over night is
    offered in the morning after, if its owner does not come. What rests for a customer stays with
    its owner until the customer writes. Give how many.
    """
    if not absent:
        return 0
    found = Case.objects.filter(owner_id__in=sorted(absent), closed_at=None, waits_for="")
    rows = found.order_by("due_at", "id").values_list("id", "owner_id", "kind", "client_id")
    ids = [
        key
        for key, owner, kind, client in rows
        if _open_seconds(kind, client, absent[owner], now) >= ABSENT_AFTER.total_seconds()
    ]
    for case_id in ids[:ABSENT_BATCH]:
        with changing(case_id=case_id, by=None, now=now) as change:
            owner = change.state.owner
            if owner not in absent or not change.state.is_open:
                continue
            data = {"owner": None, "team": change.state.team, "was": owner, "why": "absent"}
            change.add("offered", data)
            floor.bring(change, now=now)
    return len(ids[:ABSENT_BATCH])


def absent_owners(*, now: datetime) -> dict[str, datetime]:
    """
    Give the owners of open cases who are signed out or away, and since when.

    Of whom the floor never knew a state has no seat here and is left alone; whoever may not sign
    in any more is absent since for ever.
    """
    open_ones = Case.objects.filter(closed_at=None, waits_for="").exclude(owner=None)
    owners = set(open_ones.values_list("owner_id", flat=True).distinct())
    gone = Person.objects.filter(key__in=owners, is_active=False).values_list("key", flat=True)
    absent = dict.fromkeys(gone, now - FOR_EVER)
    states = AgentState.objects.filter(agent_id__in=owners, simulated=False)
    lasting = {row.agent_id: row for row in states.filter(until_at=None).order_by("since_at")}
    last = states.values_list("agent_id").annotate(Max("until_at"))
    for owner, until in last:
        row = lasting.get(owner)
        if row is None and until is not None:
            absent.setdefault(owner, until)
        elif row is not None and row.state in ABSENT_STATES:
            absent.setdefault(owner, row.since_at)
    return absent


def _open_seconds(kind: str, client: str, since: datetime, now: datetime) -> float:
    calendar = policy.promise_of(kind=kind, client=client).calendar
    return clock.worked(calendar, since.timestamp(), now.timestamp())


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
        *(case.appealed, case.hidden_from_id),
        *(case.answer_due_at, case.solve_due_at, case.due_at, case.look_at),
    )
