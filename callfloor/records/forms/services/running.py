"""
A run of a form in an interaction: it begins, goes from node to node, and can go back.

The version is the one that held when the contact came. Refuses: an answer at a node that is not
open, except for a sentence that is owed and was left out.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from callfloor.kernel import access, fields, ids
from callfloor.kernel.access import Someone
from callfloor.kernel.errors import Refusal
from callfloor.kernel.keys import ring
from callfloor.records.forms import rules
from callfloor.records.forms.models import Form, FormAnswer, FormRun, FormVersion
from callfloor.records.forms.queries import rows, running
from callfloor.records.forms.rules import walking
from callfloor.records.forms.rules.shape import Body
from callfloor.records.interactions.models import AgentWork, Interaction
from callfloor.records.interactions.services import NotYet

VALUE_CHARACTERS_MAX = 1_000  # An answer to a question; a story belongs into the note.


class NoForm(Refusal):
    """Nothing has been published under this key for this client."""

    code = "forms.no_form"
    message = _("This form does not exist for this client.")


class NotThere(Refusal):
    """The run is at another node by now."""

    code = "forms.not_there"
    message = _("The script has moved on. Look again.")


@transaction.atomic
def start(
    *,
    person: Someone,
    interaction: str,
    form: str,
    language: str,
    now: datetime,
    chance: bytes,
) -> str:
    """
    Begin a form in an interaction, or give the run that is there; returns its id.

    Raises NotYet for an interaction that is not in the records, Forbidden, NoForm.
    """
    access.check(person, "forms.fill")
    found = access.within(person, Interaction.objects.filter(id=interaction))
    item = found.select_for_update().first()
    if item is None:
        raise NotYet
    known = FormRun.objects.filter(interaction=item, form_id=form).first()
    if known is not None:
        return known.id
    version = version_at(form, client=item.client_id, at=item.arrived_at)
    if version is None:
        raise NoForm
    row = FormRun(
        id=ids.make(now=now.timestamp(), chance=chance),
        form_id=form,
        version=version,
        interaction=item,
        client_id=item.client_id,
        person_id=person.key,
        language=language,
        begun_at=now,
        node=rows.body_of(version).first,
        shown_at=now,
        simulated=item.simulated,
    )
    row.save(force_insert=True)
    return row.id


def version_at(form: str, *, client: str, at: datetime) -> FormVersion | None:
    """Give the version that held at an instant, else the first; None if it is other clients'."""
    row = Form.objects.filter(key=form, is_active=True).first()
    if row is None or row.client_id not in (None, client):
        return None
    versions = FormVersion.objects.filter(form=row)
    held = versions.filter(published_at__lte=at).order_by("-number").first()
    return held or versions.order_by("number").first()


@transaction.atomic
def answer(
    *,
    person: Someone,
    run: str,
    node: str,
    choice: str = "",
    value: str = "",
    reason: str = "",
    now: datetime,
) -> None:
    """
    Keep what was answered at the open node, and open the next one.

    With a `reason` the sentence was not said, which is an answer as well. A sentence that is owed
    and lies behind or aside may be answered too; the open node stays then.
    Raises NotFound, Forbidden, NotThere.
    """
    row = _held(person, run)
    body = rows.body_of(row.version)
    if node not in body.nodes or not _fits(body, node, choice, reason):
        raise NotThere
    if row.node != node:
        _answer_aside(row, body, node, person=person, reason=reason, now=now)
        return
    seconds = max(0.0, (now - _open_since(row)).total_seconds())
    _keep(row, node, choice, value, reason, person=person, seconds=seconds, now=now)
    following = walking.next_of(body, node, choice)
    row.node, row.shown_at = following or "", now
    row.ended_at = None if following else now
    row.save(update_fields=["node", "shown_at", "ended_at", "answered"])


def _open_since(row: FormRun) -> datetime:
    """Give since when the open node could be said: the first one not before somebody answered."""
    if row.answered:
        return row.shown_at
    work = AgentWork.objects.filter(interaction_id=row.interaction_id).order_by("part").last()
    return max(row.shown_at, work.bridged_at) if work is not None else row.shown_at


def _fits(body: Body, node: str, choice: str, reason: str) -> bool:
    if reason and (reason not in rules.REASONS or body.nodes[node].choices):
        return False
    return walking.may_choose(body, node, choice)


def _answer_aside(
    row: FormRun, body: Body, node: str, *, person: Someone, reason: str, now: datetime
) -> None:
    here = body.nodes[node]
    is_known = FormAnswer.objects.filter(run=row, node=node, undone=False).exists()
    if is_known or here.choices or not (here.must or here.needed_for):
        raise NotThere
    _keep(row, node, "", "", reason, person=person, seconds=0.0, now=now)
    row.save(update_fields=["answered"])


def _keep(
    row: FormRun,
    node: str,
    choice: str,
    value: str,
    reason: str,
    *,
    person: Someone,
    seconds: float,
    now: datetime,
) -> None:
    row.answered += 1
    made = FormAnswer(
        id=ids.derive(kind="form answer", source=f"{row.id}:{row.answered}", at=now.timestamp()),
        run=row,
        number=row.answered,
        node=node,
        choice=choice,
        reason=reason,
        person_id=person.key,
        answered_at=now,
        seconds=seconds,
    )
    subject = row.interaction.customer.subject
    key = ring.get(subjects=[subject]).get(subject)
    if value.strip() and key is not None:
        fields.encrypt(made, "value", value.strip()[:VALUE_CHARACTERS_MAX], key=key)
    made.save(force_insert=True)


@transaction.atomic
def back(*, person: Someone, run: str, now: datetime) -> None:
    """
    Open again the node that was answered last; that answer does not count any more.

    Raises NotFound, Forbidden, NotThere at the beginning.
    """
    row = _held(person, run)
    last = FormAnswer.objects.filter(run=row, undone=False).order_by("-number").first()
    if last is None:
        raise NotThere
    FormAnswer.objects.filter(id=last.id).update(undone=True)
    row.node, row.shown_at, row.ended_at = last.node, now, None
    row.save(update_fields=["node", "shown_at", "ended_at"])


def _held(person: Someone, run: str) -> FormRun:
    """Give a run that nobody else changes until the transaction ends."""
    FormRun.objects.select_for_update().filter(id=run).first()
    return running.require(person, run, "forms.fill")
