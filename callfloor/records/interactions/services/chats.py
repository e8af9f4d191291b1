"""
A chat begins: who writes is met, the contact is there once, its first message is kept.

A start that is given again (its answer was lost, a tab was opened twice) finds the chat that it
made the first time. Refuses: a second open chat of one visitor at one address of ours.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from callfloor.kernel import quick
from callfloor.records.customers import rules
from callfloor.records.customers import services as customers
from callfloor.records.customers.models import Customer
from callfloor.records.interactions.models import Interaction
from callfloor.records.interactions.services import messages
from callfloor.records.interactions.services.messages import Written

KIND_VISITOR = "visitor"
CHANNEL = "chat"
KNOWN_ALREADY = "known_already"
"""
What a chat says of a number or address that somebody else here has, with whom (`may_be`): whoever
works on it asks, and says who it is.
"""


@dataclass(frozen=True, kw_only=True)
class Started:
    """A chat that is there, and the message with which it was asked for."""

    interaction_id: str
    client: str
    written: Written
    is_new: bool
    """Whether the chat was not there before."""


def start(
    *,
    client: str,
    called: str,
    visitor: str,
    text: str,
    external: str,
    language: str,
    now: datetime,
    chance: bytes,
    name: str = "",
    number: str = "",
    address: str = "",
) -> Started:
    """
    Begin a visitor's chat with his question, or give the one that he has already.

    `visitor` is a secret that only his browser knows; `external` the key of this very message.
    A number and an address that he gives are his from then on, unless they are another's.
    Raises TextTooLong, CallerErased, and NoIdentity for what is no number or no address.
    """
    said = {kind: value for kind, value in (("number", number), ("address", address)) if value}
    if not all(rules.forms(kind=kind, value=value) for kind, value in said.items()):
        raise customers.NoIdentity
    met = customers.meet(
        client=client,
        kind=KIND_VISITOR,
        value=visitor,
        evidence=CHANNEL,
        language=language,
        now=now,
        chance=chance,
        name=name,
    )
    return take_in(
        client=client,
        called=called,
        customer_id=met.customer_id,
        text=text,
        external=external,
        language=language,
        now=now,
        chance=chance,
        said=said,
    )


def take_in(
    *,
    client: str,
    called: str,
    customer_id: str,
    text: str,
    external: str,
    language: str,
    now: datetime,
    chance: bytes,
    said: Mapping[str, str] | None = None,
) -> Started:
    """
    Keep what a customer who was met writes: in his open chat at an address, or in a new one.

    By what he said that he is known, kind to value, he is known from then on, unless it is
    another's. Raises TextTooLong, CallerErased.
    """
    with transaction.atomic():
        # Held until the end: two tabs that ask at once get one chat (R27).
        Customer.objects.select_for_update().get(id=customer_id)
        item = _of(customer_id, called, external)
        is_new = item is None
        if item is None:
            item = messages.begin(
                channel=CHANNEL,
                client=client,
                called=called,
                customer_id=customer_id,
                language=language,
                now=now,
                chance=hashlib.sha256(b"chat" + chance).digest(),
            )
        written = messages.write(
            interaction_id=item, direction="in", text=text, now=now, external=external
        )
        for kind, value in (said or {}).items():
            _learn(item, customer_id, kind, value, now=now)
    return Started(interaction_id=item, client=client, written=written, is_new=is_new)


def _learn(item: str, customer_id: str, kind: str, value: str, *, now: datetime) -> None:
    """Keep by what a visitor says that he is known; what is another's is only noted in the chat."""
    learned = customers.learn(
        customer_id=customer_id,
        kind=kind,
        value=value,
        evidence=f"{CHANNEL}:{item}",
        confidence="said",
        now=now,
    )
    if not learned.is_his:
        messages.write(
            interaction_id=item,
            direction="note",
            kind="event",
            text=KNOWN_ALREADY,
            data={"kind": kind, "may_be": list(learned.candidates)},
            now=now,
            external=f"event:{KNOWN_ALREADY}:{kind}",
        )


def _of(customer_id: str, called: str, external: str) -> str | None:
    """Give the chat that this very message is in, else the one that is open."""
    mine = Interaction.objects.filter(customer_id=customer_id, channel=CHANNEL, called=called)
    known = messages.keyed(external).filter(interaction__in=mine)
    found = known.values_list("interaction_id", flat=True).first()
    if found is not None:
        return str(found)
    is_open = mine.filter(outcome="").order_by("-arrived_at")
    latest = is_open.values_list("id", flat=True).first()
    return str(latest) if latest is not None else None


def current(
    *, interaction_id: str, external: str, language: str, now: datetime, chance: bytes
) -> str:
    """
    Give the chat that a visitor's next message belongs to: his own, or a new one if that ended.

    Called in the transaction that writes the message. A message that is given again stays where
    it was kept. Raises Interaction.DoesNotExist.
    """
    sql = f"SELECT outcome FROM {quick.table(Interaction)} WHERE id = %s{quick.held()}"
    if quick.fetch(sql, [interaction_id]) == [("",)]:
        return interaction_id
    row = Interaction.objects.get(id=interaction_id)
    known = _of(row.customer_id, row.called, external)
    if known is not None:
        return known
    return messages.begin(
        channel=row.channel,
        client=row.client_id,
        called=row.called,
        customer_id=row.customer_id,
        language=language,
        now=now,
        chance=chance,
    )


def continue_by_mail(*, interaction_id: str, now: datetime) -> None:
    """Note that answers shall go to the customer's address when he is not there, and say so."""
    messages.write(
        interaction_id=interaction_id,
        direction="in",
        kind="event",
        text="by_mail",
        now=now,
        external="event:by_mail",
    )


def goes_by_mail(*, interaction_id: str) -> bool:
    """Say whether the customer of a chat has asked for answers by e-mail."""
    asked = messages.keyed("event:by_mail").filter(interaction_id=interaction_id)
    return asked.exists()
