"""
The original of a message is kept under its customer's key.

Refuses: to read it. What stands in it was read before, or is looked at by whoever asks for it.
"""

from datetime import datetime

from callfloor.kernel import fields
from callfloor.kernel.keys import crypt, ring
from callfloor.records.interactions.models import Message
from callfloor.records.interactions.services import CallerErased
from callfloor.records.letters.models import Letter


def keep(*, message_id: str, raw: bytes, mail_id: str, now: datetime) -> None:
    """
    Keep the bytes of a message's mail, in place of what was kept before.

    Raises CallerErased if the customer's key is destroyed.
    """
    message = Message.objects.select_related("interaction__customer").get(id=message_id)
    subject = message.interaction.customer.subject
    key = ring.get(subjects=[subject]).get(subject)
    if key is None:
        raise CallerErased
    place = fields.place_of(Letter, "body", message_id)
    Letter.objects.update_or_create(
        message_id=message_id,
        defaults={
            "client_id": message.client_id,
            "index": index(mail_id),
            "body": crypt.encrypt(raw, key=key, bound=place),
            "size": len(raw),
            "kept_at": now,
        },
    )


def index(mail_id: str) -> str:
    """Give the keyed index of a Message-ID; empty for none."""
    return ring.blind_index(kind="mail", value=mail_id) if mail_id else ""
