"""
What is written in an interaction: a contact begins, and its messages are kept, each once.

A message is on disk before anybody hears that it was taken. Refuses: to send anything anywhere;
who sends reads what is `to_send`, and who routes reacts to `TextArrived`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from callfloor.kernel import events as outbox
from callfloor.kernel import fields, ids, quick
from callfloor.kernel.errors import Refusal
from callfloor.kernel.keys import ring
from callfloor.records.interactions import events
from callfloor.records.interactions.models import Interaction, Message
from callfloor.records.interactions.services.notes import CallerErased

CHARACTERS_MAX = 200_000  # A long mail with its whole history; a chat's line is held to less.
DIRECTIONS = ("in", "out", "note")


class TextTooLong(Refusal):
    """The message is longer than any that people write."""

    code = "messages.too_long"
    message = _("This message is too long.")


@dataclass(frozen=True, kw_only=True)
class Written:
    """A message that is kept."""

    id: str
    number: int
    at: datetime
    is_new: bool
    """Whether it was not there before."""


def begin(
    *,
    channel: str,
    client: str,
    called: str,
    customer_id: str,
    language: str,
    now: datetime,
    chance: bytes,
    due_at: datetime | None = None,
    preferred: str | None = None,
    simulated: bool = False,
) -> str:
    """
    Begin a written contact of a customer who is known already, and give its id.

    It goes to the floor as soon as the transaction that this was called in is done. `preferred`
    is the agent who should have it if he is there, such as the owner of its case; if he is not,
    it waits for everybody (R17).
    """
    item = ids.make(now=now.timestamp(), chance=chance)
    with transaction.atomic():
        Interaction.objects.create(
            id=item,
            client_id=client,
            channel=channel,
            called=called,
            customer_id=customer_id,
            language=language,
            flow="",
            flow_version=0,
            arrived_at=now,
            due_at=due_at,
            preferred=preferred or "",
            to_floor=not simulated,
            simulated=simulated,
        )
        arrived = events.TextArrived(
            interaction_id=item,
            client=client,
            channel=channel,
            called=called,
            customer=customer_id,
            arrived_at=now,
        )
        outbox.publish(arrived, subject=f"interaction:{item}", now=now)
    return item


def leave(*, interaction_id: str) -> bool:
    """
    Note that the customer has closed a chat, or withdrawn what he wrote; say whether it was open.

    The floor lets him go within a second or as soon as it is there again; who works on it writes
    his note, and who rings is left in peace.
    """
    is_open = Interaction.objects.filter(id=interaction_id, outcome="")
    return bool(is_open.exclude(channel="call").update(leaving=True))


def write(
    *,
    interaction_id: str,
    direction: str,
    text: str,
    now: datetime,
    author: str | None = None,
    external: str = "",
    kind: str = "text",
    data: dict[str, Any] | None = None,
    state: str = "kept",
) -> Written:
    """
    Keep a message; one with an `external` key that is there already is given as it stands.

    For an interaction that the caller has checked. Raises TextTooLong, CallerErased, and
    Interaction.DoesNotExist.
    """
    assert direction in DIRECTIONS, f"no direction {direction}"
    if len(text) > CHARACTERS_MAX:
        raise TextTooLong
    with transaction.atomic():
        interaction = _held(interaction_id)
        if external and (known := _known(interaction, external)):
            return known
        subject = f"customer:{interaction.customer}"
        key = ring.get(subjects=[subject]).get(subject)
        if key is None:
            raise CallerErased
        number = interaction.written + 1
        message = Message(
            id=ids.derive(kind="message", source=f"{interaction_id}:{number}", at=now.timestamp()),
            interaction_id=interaction.id,
            client_id=interaction.client,
            number=number,
            direction=direction,
            author_id=author,
            at=now,
            kind=kind,
            data=data or {},
            external=external,
            state=state,
            simulated=interaction.simulated,
        )
        fields.encrypt(message, "body", text, key=key)
        message.save(force_insert=True)
        _count(interaction, number)
        _publish(interaction, message, now=now)
    return Written(id=message.id, number=number, at=now, is_new=True)


@dataclass(frozen=True, kw_only=True)
class _Held:
    """What a message needs of its interaction."""

    id: str
    client: str
    channel: str
    customer: str
    written: int
    simulated: bool


def _held(interaction_id: str) -> _Held:
    """Give an interaction and hold it until the end, so that two writers get two numbers."""
    columns = "client_id, channel, customer_id, written, simulated"
    sql = f"SELECT {columns} FROM {quick.table(Interaction)} WHERE id = %s{quick.held()}"
    for client, channel, customer, written, simulated in quick.fetch(sql, [interaction_id]):
        return _Held(
            id=interaction_id,
            client=client,
            channel=channel,
            customer=customer,
            written=written,
            simulated=bool(simulated),
        )
    raise Interaction.DoesNotExist


def _count(interaction: _Held, number: int) -> None:
    with connection.cursor() as cursor:  # One of five statements for each line of each chat.
        sql = f"UPDATE {quick.table(Interaction)} SET written = %s WHERE id = %s"
        cursor.execute(sql, [number, interaction.id])


def keyed(external: str) -> QuerySet[Message]:
    """
    Give the messages with a key of their writer, at most one in each interaction.

    That the key is not empty is said again because the index of keys leaves out the empty one: not
    told so, a database reads a whole interaction for each of its messages.
    """
    return Message.objects.filter(external=external).exclude(external="")


def _known(interaction: _Held, external: str) -> Written | None:
    # As `keyed`, in the words of the database: it is asked for each message that comes.
    sql = (
        f"SELECT id FROM {quick.table(Message)} "
        "WHERE interaction_id = %s AND external = %s AND NOT (external = '')"
    )
    for (found,) in quick.fetch(sql, [interaction.id, external]):
        row = Message.objects.get(id=found)
        return Written(id=row.id, number=row.number, at=row.at, is_new=False)
    return None


def _publish(interaction: _Held, message: Message, *, now: datetime) -> None:
    written = events.MessageWritten(
        interaction_id=interaction.id,
        client=interaction.client,
        channel=interaction.channel,
        message_id=message.id,
        number=message.number,
        direction=message.direction,
        author=message.author_id,
        written_at=now,
        simulated=interaction.simulated,
    )
    outbox.publish(written, subject=f"interaction:{interaction.id}", now=now)
