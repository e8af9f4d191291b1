"""
The agent's note: the only thing of an interaction that a person writes here.

Refuses: to send it anywhere. The floor learns of the disposition, never of the note.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from callfloor.kernel import access, audit, fields
from callfloor.kernel.access import Someone
from callfloor.kernel.errors import Refusal
from callfloor.kernel.keys import ring
from callfloor.records.interactions.models import AgentWork, Interaction

CHARACTERS_MAX = 10_000  # Four pages; a longer text is a document and belongs elsewhere.


class NotYet(access.NotFound):
    """The records do not have the interaction (yet), or it is a foreign client's."""

    code = "interactions.not_yet"
    message = _("This call is not in the records yet. Try again in a moment.")


class NoteTooLong(Refusal):
    """The note is longer than a note."""

    code = "interactions.note_too_long"
    message = _("This note is too long to be kept.")


class CallerErased(Refusal):
    """The customer's key is destroyed, so nothing can be kept about him."""

    code = "interactions.caller_erased"
    message = _("This customer's data have been erased, so no note can be kept.")


def save_note(*, person: Someone, interaction_id: str, text: str, now: datetime) -> None:
    """
    Keep a note on an interaction, in place of the one before; an empty text takes it away.

    Raises NotYet for an interaction that is not projected or a foreign client's, which cannot be
    told apart; Forbidden, NoteTooLong, CallerErased.
    """
    if len(text) > CHARACTERS_MAX:
        raise NoteTooLong
    access.check(person, "interactions.note")
    interaction = _known(person, interaction_id).select_related("customer").first()
    if interaction is None:
        raise NotYet
    key = ring.get(subjects=[interaction.customer.subject]).get(interaction.customer.subject)
    if key is None:
        raise CallerErased
    fields.encrypt(interaction, "note", text.strip() or None, key=key)
    with transaction.atomic():
        Interaction.objects.filter(id=interaction.id).update(note=interaction.note)
        audit.note(
            by=person.key,
            action="interaction.noted",
            about=f"interaction:{interaction.id}",
            client=interaction.client_id,
            now=now,
            detail={"characters": len(text)},
        )


def _known(person: Someone, interaction_id: str) -> QuerySet[Interaction]:
    """Give the interaction if it exists for the person, or if he has it in his hands just now."""
    found = Interaction.objects.filter(id=interaction_id)
    own = AgentWork.objects.filter(interaction_id=interaction_id, agent_id=person.key)
    if own.filter(finished_at=None).exists():
        return access.counted(person, found)  # What he is in the middle of is no secret to him.
    return access.within(person, found)
