"""
Visitors who never come back: when each was last there, and who has left the line of a chat by it.

Whoever is not seen for as long as his queue allows, and has written nothing since, has left; what
he wrote stays, and goes on as a mail if he asked for answers by mail. Refuses: to end what an agent
has in hand, and to read a clock.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q

from callfloor.records.interactions.models import Interaction
from callfloor.records.interactions.queries import messages as readings
from callfloor.records.interactions.services import chats, messages
from callfloor.records.routing import queries as routing

STANDARD_SECONDS = 600.0  # Of a chat that is in no queue yet: as long as in one.
BATCH = 100  # Of one round; the next comes within the minute.
UPDATE_BATCH = 500  # SQLite takes at least 999 variables in one statement.


def note_seen(*, ids: Iterable[str], now: datetime) -> None:
    """Note that the pages of some chats are open at their customers' just now."""
    wanted = sorted(ids)
    for start in range(0, len(wanted), UPDATE_BATCH):
        some = wanted[start : start + UPDATE_BATCH]
        Interaction.objects.filter(id__in=some, outcome="").update(seen_at=now)


def let_go(*, now: datetime) -> list[str]:
    """Let visitors leave the line who were not seen for as long as their queue waits; name them."""
    plan = routing.current_plan()
    limits = {queue.key: queue.gone_seconds for queue in (plan.queues if plan else ())}
    shortest = min(limits.values(), default=STANDARD_SECONDS)
    gone = [
        row.id for row in _waiting(now - timedelta(seconds=shortest)) if _is_gone(row, limits, now)
    ]
    for interaction_id in gone[:BATCH]:
        with transaction.atomic():
            if messages.leave(interaction_id=interaction_id):
                _go_on(interaction_id, now=now)
    return gone[:BATCH]


def _waiting(before: datetime) -> list[Interaction]:
    """Give chats that wait for somebody and whose page was not open since an instant."""
    found = Interaction.objects.filter(channel=chats.CHANNEL, outcome="", answered_at=None)
    found = found.filter(leaving=False, simulated=False, arrived_at__lte=before)
    unseen = found.filter(Q(seen_at=None) | Q(seen_at__lte=before))
    written = Max("messages__at", filter=Q(messages__direction="in"))
    return list(unseen.annotate(written_at=written).order_by("arrived_at", "id")[: BATCH * 2])


def _is_gone(row: Interaction, limits: Mapping[str, float], now: datetime) -> bool:
    signs = (row.arrived_at, row.seen_at, getattr(row, "written_at", None))
    last = max(sign for sign in signs if sign is not None)
    seconds = limits.get(row.queue_id or "", STANDARD_SECONDS)
    return now - last >= timedelta(seconds=seconds)


def _go_on(interaction_id: str, *, now: datetime) -> None:
    """Bring what somebody wrote who wants answers by mail to where mails are answered."""
    if not chats.goes_by_mail(interaction_id=interaction_id):
        return
    chat = Interaction.objects.get(id=interaction_id)
    address = routing.mail_address_of(client=chat.client_id, language=chat.language)
    if address is None:
        return  # What was written stays where it is, and is found in his story.
    rows = readings.of_interaction(interaction_id=interaction_id)
    said = [row.text for row in rows if row.direction == "in" and row.kind == "text" and row.text]
    if not said:
        return
    mail = messages.begin(
        channel="mail",
        client=chat.client_id,
        called=address,
        customer_id=chat.customer_id,
        language=chat.language,
        now=now,
        chance=hashlib.sha256(f"gone:{interaction_id}".encode()).digest(),
    )
    text = "\n\n".join(said)[: messages.CHARACTERS_MAX]
    external = f"chat:{interaction_id}"
    messages.write(interaction_id=mail, direction="in", text=text, now=now, external=external)
