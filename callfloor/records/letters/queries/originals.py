"""
The bytes of a mail, for whoever may read its contact, and for the connector that answers it.

Refuses: to open the mail; what it says is not trusted any more than when it came.
"""

from collections.abc import Iterable
from datetime import datetime

from callfloor.kernel import access, audit, fields
from callfloor.kernel.access import Someone
from callfloor.kernel.keys import crypt, ring
from callfloor.records.interactions.models import Interaction
from callfloor.records.letters.models import Letter


def original(*, person: Someone, message_id: str, now: datetime) -> bytes:
    """
    Give a mail as it came or went; that it was opened is noted.

    Raises NotFound for a foreign client's, for one that never was a mail and for one that cannot
    be read any more; Forbidden without the duty.
    """
    letter = Letter.objects.filter(message_id=message_id).select_related("message").first()
    if letter is None:
        raise access.NotFound
    found = Interaction.objects.filter(id=letter.message.interaction_id)
    interaction = access.require(person, "interactions.read", found)
    raw = _opened(letter)
    if raw is None:
        raise access.NotFound
    about = f"interaction:{interaction.id}"
    audit.note(by=person.key, action="letter.opened", about=about, client=letter.client_id, now=now)
    return raw


def last_received(*, interaction_ids: Iterable[str]) -> bytes | None:
    """Give the mail that the customer wrote last in some contacts; None if he wrote none."""
    wanted = {"message__interaction__in": list(interaction_ids), "message__direction": "in"}
    found = Letter.objects.filter(**wanted).exclude(message__kind="event")
    letter = found.order_by("-kept_at", "-message_id").first()
    return None if letter is None else _opened(letter)


def _opened(letter: Letter) -> bytes | None:
    subject = letter.message.interaction.customer.subject
    key = ring.get(subjects=[subject]).get(subject)
    if key is None or not letter.body:
        return None
    place = fields.place_of(Letter, "body", letter.pk)
    return crypt.decrypt(bytes(letter.body), key=key, bound=place)
