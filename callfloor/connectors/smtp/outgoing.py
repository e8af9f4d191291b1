"""
What a message of an interaction is as a mail: to whom, in which thread, under which reference.

Refuses: to send it, and to guess an address. Whoever never wrote is written to where he said.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from callfloor.kernel import fields, references
from callfloor.kernel.keys import ring
from callfloor.records.cases.queries import CaseRow, contacts
from callfloor.records.customers.models import Identity
from callfloor.records.interactions.models import Interaction, Message
from callfloor.records.interactions.services import attachments
from callfloor.records.letters import rules
from callfloor.records.letters.queries import originals
from callfloor.records.letters.rules import Account
from callfloor.records.letters.services.sending import Waiting
from callfloor.wire.errors import LocalError, PeerError
from callfloor.wire.mail import read, write
from callfloor.wire.mail.headers import Address
from callfloor.wire.mail.read import Mail


@dataclass(frozen=True, kw_only=True)
class Composed:
    """A mail that is ready to go."""

    raw: bytes
    mail_id: str
    envelope_from: str
    """Empty for what a machine wrote: nobody wants it back (RFC 3834 3.3)."""
    fallback_from: str
    """For a server that takes nothing from nobody."""
    to: str


def compose(*, waiting: Waiting, account: Account, now: datetime, mark: str) -> Composed:
    """
    Write the mail of a message.

    Raises LocalError if there is nobody to write to, his key is destroyed, or a file is gone.
    """
    message = Message.objects.select_related("interaction__customer").get(id=waiting.message_id)
    interaction = message.interaction
    case = contacts.case_of(interaction_id=interaction.id)
    answered = _answered(interaction, case)
    to = answered.answer_to if answered is not None else None
    to = to or _address_of(interaction)
    own = account.own(waiting.called) or account.addresses[0]
    mail_id = f"{message.id}@{own.rpartition('@')[2]}"
    raw = write.mail(
        write.Outgoing(
            sender=Address(address=own, name=account.name),
            to=to,
            reply_to=_reply_to(account, own, case),
            subject=_subject(answered, case, account),
            text=_text(message),
            message_id=mail_id,
            references=_references(answered),
            at=now,
            language=interaction.language,
            is_automatic=waiting.is_automatic,
            mark=mark if waiting.is_automatic else "",
            files=_files(message),
        )
    )
    return Composed(
        raw=raw,
        mail_id=mail_id,
        envelope_from="" if waiting.is_automatic else own,
        fallback_from=own,
        to=write.ascii_address(to.address),
    )


def _answered(interaction: Interaction, case: CaseRow | None) -> Mail | None:
    """Give the mail that this one answers: the last of the contact, else of its case."""
    found = originals.last_received(interaction_ids=[interaction.id])
    if found is None and case is not None:
        others = contacts.of_case(case_id=case.id, channel="mail")
        same = Interaction.objects.filter(id__in=others, customer_id=interaction.customer_id)
        found = originals.last_received(interaction_ids=same.values_list("id", flat=True))
    if found is None:
        return None
    try:
        return read.mail(found)
    except PeerError:
        return None


def _address_of(interaction: Interaction) -> Address:
    rows = Identity.objects.filter(customer_id=interaction.customer_id, kind="address")
    row = rows.order_by("shared", "-added_at", "-id").first()
    key = ring.get(subjects=[interaction.customer.subject]).get(interaction.customer.subject)
    value = fields.decrypt(row, "value", key=key) if row is not None else None
    if not value:
        raise LocalError("nobody to write to")
    return Address(address=value)


def _reply_to(account: Account, own: str, case: CaseRow | None) -> str:
    if case is None or not account.has_tags:
        return ""
    return account.tagged(own, tag=references.address_tag(reference=case.reference))


def _subject(answered: Mail | None, case: CaseRow | None, account: Account) -> str:
    reference = case.reference if case is not None else ""
    known = answered.subject if answered is not None else ""
    subject = known or (case.subject if case is not None else "") or account.name
    return rules.reply_subject(subject=subject, reference=reference)


def _references(answered: Mail | None) -> tuple[str, ...]:
    if answered is None:
        return ()
    before = tuple(reversed(answered.thread))
    return (*before, answered.message_id) if answered.message_id else before


def _text(message: Message) -> str:
    subject = message.interaction.customer.subject
    text = fields.decrypt(message, "body", key=ring.get(subjects=[subject]).get(subject))
    if text is None:
        raise LocalError("nothing that can be read any more")
    if message.kind != "file":
        return text
    with translation.override(message.interaction.language):
        return _("The file {name} is attached.").format(name=text)


def _files(message: Message) -> tuple[write.Enclosed, ...]:
    """Give the files of a message: those that its agent has put in, or the one that it is."""
    numbers = [message.number] if message.kind == "file" else message.data.get("files", ())
    try:
        found = [
            attachments.open_file(interaction_id=message.interaction_id, number=number)
            for number in numbers
        ]
    except attachments.FileGone as error:
        raise LocalError("a file that is not there any more") from error
    return tuple(
        write.Enclosed(name=each.name, type=each.type, content=each.content) for each in found
    )
