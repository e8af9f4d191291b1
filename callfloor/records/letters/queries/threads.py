"""Which contact a mail belongs to, by the message ids that it names."""

from dataclasses import dataclass, replace

from callfloor.records.interactions.models import Interaction, Message
from callfloor.records.letters.models import Letter


@dataclass(frozen=True, kw_only=True)
class Thread:
    """The contact that holds the nearest mail that is known."""

    interaction_id: str
    customer: str
    called: str
    is_open: bool
    was_written: bool = False
    """Whether a person of ours wrote the mail that was asked for."""


def find(*, client: str, indexes: list[str]) -> Thread | None:
    """Give the contact of the first of these mails that is known, as `keep.index` names them."""
    wanted = [each for each in indexes if each]
    found = Letter.objects.filter(client_id=client, index__in=wanted)
    rows = found.order_by("-kept_at", "-message_id").values_list("index", "message__interaction")
    known: dict[str, str] = {}
    for index, interaction in rows:
        known.setdefault(index, interaction)
    nearest = next((known[each] for each in wanted if each in known), None)
    return None if nearest is None else of(interaction_id=nearest)


def of(*, interaction_id: str) -> Thread:
    """Give what is to be known of a contact."""
    row = Interaction.objects.get(id=interaction_id)
    return Thread(
        interaction_id=row.id,
        customer=row.customer_id,
        called=row.called,
        is_open=not row.outcome,
    )


def of_message(*, message_id: str) -> Thread:
    """Give the contact of a message, and whether a person of ours wrote it."""
    message = Message.objects.get(id=message_id)
    thread = of(interaction_id=message.interaction_id)
    return replace(thread, was_written=message.author_id is not None)
