"""
A run: what is open now, and later what was said, in the words of the version that held then.

Refuses: the run of a foreign client's interaction. What was typed is opened with the customer's
key, and stays closed once that is destroyed.
"""

import datetime as dt
from dataclasses import dataclass

from callfloor.kernel import access, fields
from callfloor.kernel.access import Someone
from callfloor.kernel.keys import ring
from callfloor.records.customers import queries as customers
from callfloor.records.forms.models import FormAnswer, FormRun
from callfloor.records.forms.queries import rows
from callfloor.records.forms.rules import walking
from callfloor.records.forms.rules.shape import Body
from callfloor.records.interactions.models import Interaction


@dataclass(frozen=True, kw_only=True)
class AnswerRow:
    """What was answered at one node."""

    node: str
    choice: str
    value: str
    """What was typed; empty if nothing, or if it can be read no more."""
    reason: str
    person: str
    answered_at: dt.datetime
    seconds: float


@dataclass(frozen=True, kw_only=True)
class RunRow:
    """A run with the version that it keeps."""

    id: str
    form: str
    kind: str
    number: int
    """Of the version."""
    version: str
    body: Body
    interaction: str
    client: str
    person: str
    language: str
    begun_at: dt.datetime
    ended_at: dt.datetime | None
    node: str
    """The one that is open; empty at the end."""
    answers: tuple[AnswerRow, ...]
    """In order, without what somebody went back over."""

    @property
    def given(self) -> dict[str, walking.Given]:
        """Give the last answer of each node, as rules want them."""
        return {
            each.node: walking.Given(choice=each.choice, reason=each.reason)
            for each in self.answers
        }


@dataclass(frozen=True, kw_only=True)
class Contact:
    """What a form needs of the contact beside which it is shown."""

    id: str
    client: str
    channel: str
    queue: str | None
    language: str
    customer_name: str
    """Empty if nobody knows it."""


def contact(*, person: Someone, interaction: str) -> Contact | None:
    """
    Give a contact, None if it is not in the records yet or is a foreign client's.

    Raises Forbidden without the duty.
    """
    access.check(person, "forms.fill")
    row = access.within(person, Interaction.objects.filter(id=interaction)).first()
    if row is None:
        return None
    return Contact(
        id=row.id,
        client=row.client_id,
        channel=row.channel,
        queue=row.queue_id,
        language=row.language,
        customer_name=customers.name_of(customer_id=row.customer_id) or "",
    )


def require(person: Someone, run_id: str, *permissions: str) -> FormRun:
    """
    Give a run's row.

    Raises NotFound for an unknown or foreign one, Forbidden without any of the duties.
    """
    found = access.within(person, FormRun.objects.filter(id=run_id))
    row = found.select_related("form", "version", "interaction__customer").first()
    if row is None:
        raise access.NotFound
    access.check_any(person, *permissions)
    return row


def run(*, person: Someone, run_id: str) -> RunRow:
    """
    Give a run.

    Raises NotFound, Forbidden.
    """
    return run_row(require(person, run_id, "forms.fill", "forms.read", "interactions.read"))


def run_of(*, person: Someone, interaction: str, form: str) -> RunRow | None:
    """
    Give the run of a form in an interaction, None if it has not begun.

    Raises Forbidden without the duty.
    """
    access.check(person, "forms.fill")
    found = access.within(person, FormRun.objects.filter(interaction_id=interaction, form_id=form))
    row = found.select_related("form", "version", "interaction__customer").first()
    return run_row(row) if row is not None else None


def runs_of(*, person: Someone, interaction: str) -> list[RunRow]:
    """
    Give all runs of an interaction, the first one first.

    Raises Forbidden without the duty.
    """
    access.check_any(person, "forms.fill", "forms.read", "interactions.read")
    found = access.within(person, FormRun.objects.filter(interaction_id=interaction))
    if not access.count(person, FormRun, "interaction_id = %s", [interaction]):
        return []  # As of most contacts; a queryset over five tables costs more than to ask.
    related = found.select_related("form", "version", "interaction__customer")
    return [run_row(row) for row in related.order_by("begun_at", "id")]


def run_row(row: FormRun) -> RunRow:
    """Give a run that has been checked."""
    subject = row.interaction.customer.subject
    key = ring.get(subjects=[subject]).get(subject)
    found = FormAnswer.objects.filter(run=row, undone=False).order_by("number")
    return RunRow(
        id=row.id,
        form=row.form_id,
        kind=row.form.kind,
        number=row.version.number,
        version=row.version_id,
        body=rows.body_of(row.version),
        interaction=row.interaction_id,
        client=row.client_id,
        person=row.person_id,
        language=row.language,
        begun_at=row.begun_at,
        ended_at=row.ended_at,
        node=row.node,
        answers=tuple(_answer(each, key) for each in found),
    )


def _answer(row: FormAnswer, key: bytes | None) -> AnswerRow:
    return AnswerRow(
        node=row.node,
        choice=row.choice,
        value=fields.decrypt(row, "value", key=key) or "",
        reason=row.reason,
        person=row.person_id,
        answered_at=row.answered_at,
        seconds=row.seconds,
    )
