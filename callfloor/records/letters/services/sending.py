"""
A message that goes out: to_send, then unknown, then sent or failed.

It is called unknown before its last byte leaves, and anything else only when the server has said
so. Whoever dies in between leaves it unknown: it may have arrived, so nobody sends it again
without a person's word (I5).
Refuses: the network. Nothing here is called while a server is waited for.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from callfloor.kernel import access, audit
from callfloor.kernel.access import Someone
from callfloor.kernel.errors import Refusal
from callfloor.records.interactions.models import Interaction, Message
from callfloor.records.letters import rules
from callfloor.records.letters.models import Letter, Sending
from callfloor.records.letters.services import keep

IN_DOUBT = "in_doubt"
BATCH = 20  # Mails of one round; the next begins at once.


class NotStuck(Refusal):
    """It was sent, or will be."""

    code = "letters.not_stuck"
    message = _("This message needs no second sending.")


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A message that may be sent now."""

    message_id: str
    interaction_id: str
    client: str
    called: str
    """Where the contact came to: an address of ours, or a chat that goes on by mail."""
    is_automatic: bool
    is_simulated: bool


def waiting(*, now: datetime) -> list[Waiting]:
    """Give messages that may be sent now, the oldest first."""
    found = Message.objects.filter(state="to_send")
    ready = Q(sending=None) | Q(sending__try_after=None) | Q(sending__try_after__lte=now)
    rows = found.filter(ready).select_related("interaction").order_by("id")[:BATCH]
    return [
        Waiting(
            message_id=row.id,
            interaction_id=row.interaction_id,
            client=row.client_id,
            called=row.interaction.called,
            is_automatic="automatic" in row.data,
            is_simulated=row.simulated,
        )
        for row in rows
    ]


def begin(*, message_id: str, raw: bytes, mail_id: str, now: datetime) -> bool:
    """Note that the mail leaves now, and what it is; False if somebody else has it."""
    with transaction.atomic():
        mine = Message.objects.filter(id=message_id, state="to_send")
        if not mine.update(state="unknown"):
            return False
        keep.keep(message_id=message_id, raw=raw, mail_id=mail_id, now=now)
    return True


def settle(*, message_id: str, now: datetime) -> None:
    """Note that the server has taken it."""
    _change(message_id, old=("unknown",), new="sent", fault="", now=now)


def refuse(*, message_id: str, fault: str, now: datetime) -> None:
    """Note that it was refused for good, or that it never can be sent."""
    _change(message_id, old=("unknown", "to_send"), new="failed", fault=fault, now=now)


def postpone(*, message_id: str, fault: str, now: datetime, was_refused: bool = False) -> bool:
    """
    Note that it certainly did not leave, and when to try again; False if it will not be tried.

    One that was called unknown comes back only if the server itself has refused it.
    """
    old = ("unknown", "to_send") if was_refused else ("to_send",)
    with transaction.atomic():
        sending = _change(message_id, old=old, new="to_send", fault=fault, now=now)
        if sending is None:
            return False
        sending.tries += 1
        sending.try_after = rules.again_at(tries=sending.tries, now=now)
        sending.save(update_fields=["tries", "try_after"])
        if sending.try_after is None:
            refuse(message_id=message_id, fault=fault, now=now)
        return sending.try_after is not None


def given_back(*, client: str, indexes: list[str], status: str, now: datetime) -> str | None:
    """
    Note that a mail of ours was given back for good; give its message, None if it was not ours.
    """
    letter = _ours(client, indexes)
    if letter is None:
        return None
    old = ("sent", "unknown")
    _change(letter.message_id, old=old, new="failed", fault=status or "returned", now=now)
    return str(letter.message_id)


def of_ours(*, client: str, indexes: list[str]) -> str | None:
    """Give the message of ours that one of these mails is; None if none is."""
    letter = _ours(client, indexes)
    return None if letter is None else str(letter.message_id)


def send_again(*, person: Someone, message_id: str, now: datetime) -> str:
    """
    Send a message once more that has failed, or of which nobody knows, because a person says so.

    Gives its interaction. Raises NotFound, Forbidden, NotStuck.
    """
    message = Message.objects.filter(id=message_id).first()
    if message is None:
        raise access.NotFound
    found = Interaction.objects.filter(id=message.interaction_id)
    interaction = access.require(person, "interactions.read", found)
    with transaction.atomic():
        stuck = Message.objects.filter(id=message_id, state__in=("failed", "unknown"))
        if not stuck.update(state="to_send"):
            raise NotStuck
        Sending.objects.filter(message_id=message_id).update(tries=0, try_after=None)
        audit.note(
            by=person.key,
            action="letter.sent_again",
            about=f"interaction:{interaction.id}",
            client=interaction.client_id,
            now=now,
            detail={"message": message_id},
        )
    return str(interaction.id)


def note_doubt(*, now: datetime) -> int:
    """
    Give how many messages there are of which nobody knows whether they left, each told once.

    Call it when nothing is being sent: at a start, and when a connection broke.
    """
    found = Message.objects.filter(state="unknown")
    with transaction.atomic():
        rows = list(found.exclude(sending__fault=IN_DOUBT).values_list("id", "client_id"))
        for message_id, client in rows:
            Sending.objects.update_or_create(
                message_id=message_id,
                defaults={"client_id": client, "fault": IN_DOUBT, "changed_at": now},
            )
    return len(rows)


def _ours(client: str, indexes: list[str]) -> Letter | None:
    wanted = [each for each in indexes if each]
    found = Letter.objects.filter(client_id=client, index__in=wanted, message__direction="out")
    return found.order_by("-kept_at", "-message_id").first()


def _change(
    message_id: str, *, old: tuple[str, ...], new: str, fault: str, now: datetime
) -> Sending | None:
    with transaction.atomic():
        if not Message.objects.filter(id=message_id, state__in=old).update(state=new):
            return None
        client = Message.objects.values_list("client_id", flat=True).get(id=message_id)
        sending, _is_new = Sending.objects.update_or_create(
            message_id=message_id,
            defaults={"client_id": client, "fault": fault[:40], "changed_at": now},
        )
        return sending
