"""A row of any list of cases, with every name that it needs fetched at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from callfloor.kernel import access, fields, quick
from callfloor.kernel.access import Someone
from callfloor.kernel.keys import ring
from callfloor.kernel.names import pick
from callfloor.records.cases.models import Case
from callfloor.records.customers import queries as customers
from callfloor.records.people import queries as people
from callfloor.records.people.models import Team


@dataclass(frozen=True, kw_only=True)
class CaseRow:
    """A case in a list."""

    id: str
    reference: str
    client: str
    client_name: str
    kind: str
    stage: str
    priority: str
    subject: str
    """Empty if it cannot be read any more."""
    customer: str | None
    customer_label: str
    """Empty without a customer."""
    language: str
    owner: str | None
    owner_name: str
    team: str | None
    team_name: str
    level: int
    waits_for: str
    """Why the clock rests; empty while it runs."""
    incident: str | None
    """The incident of which it is a part."""
    emergency: str
    """Of an incident: what callers hear, a key of the plan."""
    code: str
    origin: str | None
    """The interaction in which it was opened."""
    about: str | None
    """The person complained about, until it is released to him."""
    decision: str
    appealed: bool
    solved_at_once: bool
    opened_at: datetime
    answered_at: datetime | None
    closed_at: datetime | None
    promised_at: datetime | None
    answer_due_at: datetime | None
    solve_due_at: datetime | None
    due_at: datetime | None
    """When something is owed next."""
    events: int
    simulated: bool

    def is_late(self, now: datetime) -> bool:
        """Say whether something is overdue."""
        return self.due_at is not None and self.due_at < now


def visible(person: Someone, permission: str) -> QuerySet[Case]:
    """
    Give the cases that a person may know of: of his clients, and no complaint about himself.

    Raises Forbidden without the duty.
    """
    return access.visible(person, permission, Case.objects.all())


def require(person: Someone, permission: str, case_id: str) -> Case:
    """
    Give a case to work on.

    Raises NotFound for one of a foreign client and for a complaint about the person himself (he
    cannot tell it from one that is not there), Forbidden without the duty.
    """
    return access.require_key(person, permission, Case, case_id)


def build(found: Sequence[Case]) -> list[CaseRow]:
    """Turn cases that were checked into rows."""
    if not found:
        return []
    keys = ring.get(subjects=[case.key_subject for case in found])
    names = _Names(found)
    return [_row(case, key=keys.get(case.key_subject), names=names) for case in found]


class _Names:
    def __init__(self, found: Iterable[Case]) -> None:
        cases = list(found)
        self.clients = people.client_names_of(keys=[case.client_id for case in cases])
        self.people = people.names_of(keys=[case.owner_id for case in cases if case.owner_id])
        wanted = [case.customer_id for case in cases if case.customer_id]
        self.customers = customers.called(ids=wanted) if wanted else {}
        self.teams = _team_names({case.team_id for case in cases if case.team_id})


def _team_names(keys: set[str]) -> dict[str, str]:
    if not keys:
        return {}
    wanted = sorted(keys)
    found = quick.models(Team, f"WHERE key IN {quick.marks(wanted)}", wanted)
    return {team.key: pick(team.names, key=team.key) for team in found}


def _row(case: Case, *, key: bytes | None, names: _Names) -> CaseRow:
    called = names.customers.get(case.customer_id or "")
    return CaseRow(
        id=case.id,
        reference=case.reference,
        client=case.client_id,
        client_name=names.clients.get(case.client_id, case.client_id),
        kind=case.kind,
        stage=case.stage,
        priority=case.priority,
        subject=fields.decrypt(case, "subject", key=key) or "",
        customer=case.customer_id,
        customer_label=called.label if called else "",
        language=case.language,
        owner=case.owner_id,
        owner_name=names.people.get(case.owner_id or "", case.owner_id or ""),
        team=case.team_id,
        team_name=names.teams.get(case.team_id or "", case.team_id or ""),
        level=case.level,
        waits_for=case.waits_for,
        incident=case.incident_id,
        emergency=case.emergency,
        code=case.code,
        origin=case.origin or None,
        about=case.hidden_from_id,
        decision=case.decision,
        appealed=case.appealed,
        solved_at_once=case.solved_at_once,
        opened_at=case.opened_at,
        answered_at=case.answered_at,
        closed_at=case.closed_at,
        promised_at=case.promised_at,
        answer_due_at=case.answer_due_at,
        solve_due_at=case.solve_due_at,
        due_at=case.due_at,
        events=case.events,
        simulated=case.simulated,
    )
