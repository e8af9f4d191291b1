"""
What people do with a case: open one, take it, write, pause, close, reopen.

Refuses: what needs a second person or the floor (`complaints`, `escalation`, `incidents`).
"""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from callfloor.kernel import access
from callfloor.kernel.access import Someone
from callfloor.kernel.errors import Refusal
from callfloor.records.cases.models import Case
from callfloor.records.cases.queries import policy
from callfloor.records.cases.queries.known import known_of
from callfloor.records.cases.queries.rows import CaseRow
from callfloor.records.cases.rules import kinds
from callfloor.records.cases.services import telling
from callfloor.records.cases.services.held import FieldsMissing, IsOpen, NotThisStep, held, note
from callfloor.records.cases.services.held import said as written
from callfloor.records.cases.services.opening import attached, open_case
from callfloor.records.customers.models import Customer
from callfloor.records.interactions.models import Interaction
from callfloor.records.people import queries as people
from callfloor.records.people.models import Person, Team

WAITS_FOR = ("customer", "supplier")
OWN_STEPS = ("acknowledged", "decided", "appealed")
"""Stages of a complaint to which only their own steps lead."""


class CannotHaveIt(Refusal):
    """Somebody cannot be given this case."""

    code = "cases.cannot_have_it"
    message = _("This person cannot be given this case.")


def open_for(
    *,
    person: Someone,
    client: str,
    kind: str,
    customer_id: str | None,
    subject: str,
    now: datetime,
    chance: bytes,
    priority: str = "normal",
    details: str = "",
    known: Mapping[str, str] | None = None,
    code: str = "",
    origin: str | None = None,
    about: str | None = None,
) -> CaseRow:
    """
    Open a case as somebody who works here; it is his own until it is given on.

    A complaint about himself he may take down, and does not see it again. Raises NotFound for a
    foreign customer or colleague, Forbidden, NothingWritten, FieldsMissing, and NotThisStep for a
    kind without a customer, or with one.
    """
    access.check(person, "cases.write", client=client)
    if kind not in policy.used_kinds() or priority not in kinds.PRIORITIES:
        raise NotThisStep
    if kinds.KINDS[kind].has_customer != (customer_id is not None):
        raise NotThisStep
    known = {key: value.strip() for key, value in (known or {}).items() if value.strip()}
    if missing := kinds.missing(kind=kind, at="open", known=known):
        raise FieldsMissing(missing)
    if about is not None and about not in people.colleagues(person=person):
        raise access.NotFound
    row = open_case(
        client=client,
        kind=kind,
        customer_id=customer_id,
        subject=written(subject),
        origin=origin,
        by=person.key,
        now=now,
        chance=chance,
        priority=priority,
        language=_language_of(customer_id, client),
        code=code,
        details=details.strip(),
        known=known,
        about=about if kind == "complaint" else None,
        owner=None if about == person.key else person.key,
        team=None if about == person.key else person.rights.team,
    )
    note(person, "opened", row.id, row.client, now=now)
    return row


def write_note(*, person: Someone, case_id: str, text: str, now: datetime) -> None:
    """Keep a note that only colleagues read. Raises NothingWritten, NotFound, Forbidden."""
    with held(person, case_id, now=now, must_be_open=False) as change:
        change.add("noted", text=written(text))


def write_try(*, person: Someone, case_id: str, text: str, worked: bool, now: datetime) -> None:
    """Keep what was tried and whether it helped; whoever comes next does not try it again."""
    with held(person, case_id, now=now) as change:
        change.add("tried", {"worked": worked}, text=written(text))


def say(*, person: Someone, case_id: str, text: str, now: datetime) -> None:
    """
    Write to the customer: he reads it on his page, and as mail where he has written one.

    Raises NothingWritten, NotFound, Forbidden, NotThisStep without a customer.
    """
    with held(person, case_id, now=now, must_be_open=False) as change:
        if change.case.customer_id is None:
            raise NotThisStep
        event = change.add("said", text=written(text))
        telling.send(change.case, written(text), event=event, now=now)


def attach_contact(*, person: Someone, case_id: str, interaction_id: str, now: datetime) -> None:
    """
    Say that a contact was about a case; the second time nothing happens.

    Raises NotFound for a foreign case or contact, Forbidden, OtherClient.
    """
    found = access.within(person, Interaction.objects.filter(id=interaction_id))
    if not found.exists():
        raise access.NotFound
    with held(person, case_id, now=now, must_be_open=False) as change:
        attached(change, interaction_id)


def answered(*, person: Someone, case_id: str, now: datetime) -> None:
    """Note that the customer had his first answer by word of mouth."""
    with held(person, case_id, now=now) as change:
        if change.state.answered_at is None:
            change.add("answered")


def take(*, person: Someone, case_id: str, now: datetime) -> None:
    """Make a case one's own. Raises NotFound, Forbidden, IsClosed."""
    with held(person, case_id, now=now) as change:
        if change.state.owner != person.key:
            change.add("assigned", {"owner": person.key, "team": person.rights.team})


def assign(
    *, person: Someone, case_id: str, owner: str | None, team: str | None, now: datetime
) -> None:
    """
    Give a case to somebody, to a team, or to nobody.

    Raises NotFound (also for the team), Forbidden, IsClosed, and CannotHaveIt for whoever may not
    work on it; a complaint is never given to the person it is about.
    """
    with held(person, case_id, now=now, permission="cases.assign") as change:
        if owner is not None:
            check_can_have(owner, change.case)
            team = team or Person.objects.get(key=owner).team_id
        if team is not None and not Team.objects.filter(key=team).exists():
            raise access.NotFound
        change.add("assigned", {"owner": owner, "team": team})


def pause(*, person: Someone, case_id: str, waits_for: str, now: datetime) -> None:
    """Let the clock rest while somebody else is waited for. Raises NotThisStep, IsClosed."""
    if waits_for not in WAITS_FOR:
        raise NotThisStep
    with held(person, case_id, now=now) as change:
        if change.state.waits_for != waits_for:
            change.add("paused", {"waits_for": waits_for})


def resume(*, person: Someone, case_id: str, now: datetime) -> None:
    """Let the clock go on. Raises IsClosed."""
    with held(person, case_id, now=now) as change:
        if change.state.waits_for:
            change.add("resumed")


def set_priority(*, person: Someone, case_id: str, priority: str, now: datetime) -> None:
    """Change how urgent it is, and with it what is promised. Raises NotThisStep, IsClosed."""
    if priority not in kinds.PRIORITIES:
        raise NotThisStep
    with held(person, case_id, now=now) as change:
        if change.state.priority != priority:
            change.add("priority", {"priority": priority})


def set_stage(*, person: Someone, case_id: str, stage: str, now: datetime) -> None:
    """Bring a case to another of its stages. Raises NotThisStep, IsClosed."""
    with held(person, case_id, now=now) as change:
        if stage not in stages_for(change.case.kind):
            raise NotThisStep
        if change.state.stage != stage:
            change.add("stage", {"stage": stage})


def stages_for(kind: str) -> tuple[str, ...]:
    """Give the stages to which somebody may bring a case by hand."""
    stages = policy.stages_of(kind=kind)[:-1]
    return tuple(each for each in stages if kind != "complaint" or each not in OWN_STEPS)


def fill(*, person: Someone, case_id: str, field: str, text: str, now: datetime) -> None:
    """Say something that must be known. Raises NotThisStep, NothingWritten, IsClosed."""
    with held(person, case_id, now=now) as change:
        found = {each.key: each for each in kinds.KINDS[change.case.kind].fields}.get(field)
        if found is None or (found.choices and text not in found.choices):
            raise NotThisStep
        change.add("filled", {"field": field}, text=written(text))


def attach_for(*, person: Someone, case_id: str, interaction_id: str, now: datetime) -> None:
    """
    Say that a contact was about a case, open or closed; the second time nothing happens.

    Raises NotFound, Forbidden, and OtherClient if they are of two clients.
    """
    access.require(person, "interactions.read", Interaction.objects.filter(id=interaction_id))
    with held(person, case_id, now=now, must_be_open=False) as change:
        attached(change, interaction_id)


def close(
    *,
    person: Someone,
    case_id: str,
    now: datetime,
    known: Mapping[str, str] | None = None,
    at_once: bool = False,
) -> None:
    """
    Close a case; `at_once` says that it was solved in the contact in which it was opened.

    `known` fills what is asked for at the end. A complaint is closed after its decision.
    Raises FieldsMissing, NotThisStep, IsClosed.
    """
    with held(person, case_id, now=now) as change:
        fields = {field.key for field in kinds.KINDS[change.case.kind].fields}
        for field, value in (known or {}).items():
            if field in fields and value.strip():
                change.add("filled", {"field": field}, text=value.strip())
        found = known_of(change.case)
        if missing := kinds.missing(kind=change.case.kind, at="close", known=found):
            raise FieldsMissing(missing)
        if change.case.kind == "complaint" and change.state.stage != "decided":
            raise NotThisStep
        change.add("closed", {"at_once": at_once})
        telling.tell(change, "closed", now=now)


def reopen(*, person: Someone, case_id: str, text: str, now: datetime) -> None:
    """Open a closed case again, with a reason. Raises IsOpen, NothingWritten."""
    with held(person, case_id, now=now, must_be_open=False) as change:
        if change.state.is_open:
            raise IsOpen
        stage = policy.stages_of(kind=change.case.kind)[1]
        change.add("reopened", {"stage": stage}, text=written(text))


def check_can_have(key: str, case: Case) -> None:
    """Let pass a person who may be given a case. Raises CannotHaveIt."""
    rights = people.rights_of(key=key)
    may = rights is not None and rights.sees(case.client_id) and rights.may("cases.write")
    if not may or key == case.hidden_from_id:
        raise CannotHaveIt


def _language_of(customer_id: str | None, client: str) -> str:
    if customer_id is None:
        return ""
    customer = Customer.objects.filter(id=customer_id, client_id=client).first()
    if customer is None:
        raise access.NotFound
    return customer.language
