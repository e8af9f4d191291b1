"""
One cause, many cases: an incident is declared, said to callers, and over for all at once.

Callers hear of it by an emergency of the plan, which whoever declares it must be allowed to switch.
Refuses: to declare one by itself; it is proposed (`queries.proposals`) and a person confirms it.
"""

from datetime import datetime

from callfloor.kernel import access
from callfloor.kernel.access import Someone
from callfloor.records.cases.models import Case
from callfloor.records.cases.queries import rows
from callfloor.records.cases.queries.rows import CaseRow
from callfloor.records.cases.rules import kinds
from callfloor.records.cases.services import telling, work
from callfloor.records.cases.services.change import changing
from callfloor.records.cases.services.held import NotThisStep, held
from callfloor.records.routing import services as routing

LINKED_MAX = 2_000  # More cases of one cause are told by the message alone; each is one write.


def declare(
    *,
    person: Someone,
    client: str,
    subject: str,
    code: str,
    now: datetime,
    chance: bytes,
    cases: tuple[str, ...] = (),
    emergency: str = "",
) -> CaseRow:
    """
    Open an incident, link cases to it and let callers hear of it.

    The floor hears of the message first: if it cannot, nothing is declared. Raises Forbidden,
    NotFound, NothingWritten, FloorAway, FloorRefused.
    """
    access.check(person, "cases.incident", client=client)
    if emergency:
        routing.switch_emergency(person=person, key=emergency, on=True, now=now)
    row = work.open_for(
        person=person,
        client=client,
        kind="incident",
        customer_id=None,
        subject=subject,
        code=code,
        priority="urgent",
        now=now,
        chance=chance,
    )
    with held(person, row.id, now=now) as change:
        change.add("stage", {"stage": "confirmed"})
        if emergency:
            change.add("switched", {"emergency": emergency, "on": True})
    for case_id in cases[:LINKED_MAX]:
        link(person=person, case_id=case_id, incident_id=row.id, now=now)
    return rows.build([Case.objects.get(id=row.id)])[0]


def link(*, person: Someone, case_id: str, incident_id: str, now: datetime) -> None:
    """
    Say that a case is part of an incident; its customer is told.

    Raises NotFound, Forbidden, IsClosed, NotThisStep for what is no incident of the same client
    or is over.
    """
    incident = rows.require(person, "cases.read", incident_id)
    with held(person, case_id, now=now) as change:
        is_one = incident.kind == "incident" and incident.closed_at is None
        same = incident.client_id == change.case.client_id
        if not is_one or not same or change.case.kind == "incident":
            raise NotThisStep
        if change.state.incident != incident_id:
            change.add("linked", {"incident": incident_id})
            telling.tell(change, "incident", now=now)


def unlink(*, person: Someone, case_id: str, now: datetime) -> None:
    """Say that a case is no part of an incident after all."""
    with held(person, case_id, now=now) as change:
        if change.state.incident is None:
            raise NotThisStep
        change.add("unlinked", {"incident": None})


def end(
    *,
    person: Someone,
    case_id: str,
    cause: str,
    solution: str,
    now: datetime,
    closes_linked: bool = True,
) -> int:
    """
    End an incident: callers hear nothing of it any more, all linked customers are told once.

    Their cases are closed with it, if so asked; give how many customers were told. Raises
    FieldsMissing, FloorAway and what `work.close` raises; then nothing is told.
    """
    incident = rows.require(person, "cases.incident", case_id)
    if incident.kind != "incident":
        raise NotThisStep
    known = {"cause": cause, "solution": solution}
    missing = kinds.missing(kind="incident", at="close", known=known)
    if missing:
        raise work.FieldsMissing(missing)
    if incident.emergency:
        routing.switch_emergency(person=person, key=incident.emergency, on=False, now=now)
    with held(person, case_id, now=now) as change:
        if change.state.emergency:
            change.add("switched", {"emergency": change.state.emergency, "on": False})
    work.close(person=person, case_id=case_id, known=known, now=now)
    found = Case.objects.filter(incident_id=case_id, closed_at=None).order_by("id")
    linked = list(found.values_list("id", flat=True)[:LINKED_MAX])
    for each in linked:
        _over(each, by=person.key, closes=closes_linked, solution=solution, now=now)
    return len(linked)


def _over(case_id: str, *, by: str, closes: bool, solution: str, now: datetime) -> None:
    """Tell one customer that it is over; the second time nothing happens."""
    with changing(case_id=case_id, by=by, now=now) as change:
        told = [each for each in change.happenings if each.data.get("template") == "incident_over"]
        since = [each.number for each in change.happenings if each.kind == "linked"]
        if not change.state.is_open or any(each.number > max(since) for each in told):
            return
        telling.tell(change, "incident_over", now=now)
        if closes and change.case.kind != "complaint":
            change.add("filled", {"field": "solution"}, text=solution)
            change.add("closed", {"incident": True})
