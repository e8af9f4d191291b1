"""
What becomes of a mail: a contact, a message of an open one, or nothing with its reason.

All that follows from one mail lies in one transaction with the note that it was taken; whoever
dies before finds it new, and after finds it done (R30).
Refuses: to lose a mail. One that cannot be read three times is a contact with its original.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext, override

from callfloor.connectors.imap import answers, spool
from callfloor.connectors.imap.spool import Waiting
from callfloor.kernel import references
from callfloor.kernel.keys import ring
from callfloor.records.cases import services as cases
from callfloor.records.cases.queries import CaseRow, case_by_reference, contacts, promise_of
from callfloor.records.cases.rules import clock
from callfloor.records.customers import queries as customers
from callfloor.records.customers import services as meeting
from callfloor.records.customers.models import Customer
from callfloor.records.interactions.services import messages
from callfloor.records.letters.queries import threads
from callfloor.records.letters.queries.threads import Thread
from callfloor.records.letters.rules import Account
from callfloor.records.letters.services import keep, sending
from callfloor.wire import fail
from callfloor.wire.errors import PeerError
from callfloor.wire.mail import read, verdict
from callfloor.wire.mail.headers import Address
from callfloor.wire.mail.read import Mail

CHANNEL = "mail"
LANGUAGES = ("en", "hu", "es", "ru", "fa", "fr")
_SUBJECT_REFERENCE = re.compile(r"\bCF-20\d{2}-\d{6}\b", re.I)
_FROM = re.compile(rb"^from:[^\r\n]{0,300}?([\w.+-]{1,64}@[\w.-]{1,190})", re.I | re.M)
HEAD_BYTES = 65_536  # Where a From stands, if it stands anywhere.


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What became of a mail."""

    state: str
    """taken, quarantined, set_aside, or new if it will be looked at again."""
    reason: str = ""
    interaction_id: str = ""
    is_new_contact: bool = False
    is_new_matter: bool = False
    is_answered: bool = False
    """Whether a machine answered it."""


def take(
    *, waiting: Waiting, account: Account, ours: frozenset[str], now: datetime, chance: bytes
) -> Taken:
    """
    Make a fetched mail what it is.

    `ours` are the addresses of all accounts, in lower case. Raises whatever goes wrong with the
    records; the mail is new then.
    """
    raw = spool.begin(id_=waiting.id)
    fail.point("mail.looked_at")
    if waiting.tries >= spool.TRIES_MAX:
        return _quarantine(waiting, account, raw, now=now, chance=chance)
    try:
        mail = read.mail(raw, trusted=account.trusts)
    except PeerError as error:
        if waiting.tries + 1 >= spool.TRIES_MAX:
            return _quarantine(waiting, account, raw, now=now, chance=chance)
        spool.postpone(id_=waiting.id, fault=str(error))
        return Taken(state="new", reason=str(error))
    with transaction.atomic():
        taken = _Intake(waiting, account, ours, raw, mail, now, chance).sort()
        fail.point("mail.before_taken")
    fail.point("mail.taken")
    return taken


@dataclass(frozen=True)
class _Intake:
    """One mail on its way."""

    waiting: Waiting
    account: Account
    ours: frozenset[str]
    raw: bytes
    mail: Mail
    now: datetime
    chance: bytes

    def sort(self) -> Taken:
        """Say what it is and do what follows."""
        if answers.mark() in self.mail.marks or self._is_our_own():
            return self._aside("own")
        if self.mail.verdict.kind == verdict.BOUNCE:
            return self._given_back()
        case, thread = self._case_and_thread()
        if self.mail.verdict.kind == verdict.AUTO and thread is not None:
            return self._written(thread.interaction_id)  # Nobody's time is taken by a machine.
        return self._contact(case, thread)

    def _is_our_own(self) -> bool:
        index = keep.index(self.mail.message_id)
        return sending.of_ours(client=self.account.client, indexes=[index]) is not None

    def _aside(self, reason: str) -> Taken:
        spool.set_aside(id_=self.waiting.id, reason=reason)
        return Taken(state="set_aside", reason=reason)

    # --- a mail of ours that came back ---

    def _given_back(self) -> Taken:
        bounce = self.mail.bounce
        assert bounce is not None, "a bounce that says nothing"
        indexes = [keep.index(each) for each in bounce.ids]
        client = self.account.client
        message = sending.of_ours(client=client, indexes=indexes)
        if message is None:
            return self._aside("bounce")  # Somebody else has used our name.
        if bounce.is_final:
            sending.given_back(client=client, indexes=indexes, status=bounce.status, now=self.now)
        thread = threads.of_message(message_id=message)
        if bounce.is_final and thread.was_written and not thread.is_open:
            # Somebody thinks that the customer has his answer.
            return self._again(thread)
        return self._written(thread.interaction_id)

    def _again(self, thread: Thread) -> Taken:
        item = self._begin(customer_id=thread.customer, language=self.account.language, due=True)
        case = contacts.case_of(interaction_id=thread.interaction_id)
        if case is not None:
            cases.attach(case_id=case.id, interaction_id=item, by=None, now=self.now)
        return self._written(item, is_new=True)

    # --- a mail of somebody ---

    def _case_and_thread(self) -> tuple[CaseRow | None, Thread | None]:
        """Find the matter by a signed address, by the mails it names, by its subject."""
        indexes = [keep.index(each) for each in self.mail.thread]
        if self.mail.message_id:  # The same mail by two ways, changed on one of them.
            indexes.append(keep.index(self.mail.message_id))
        thread = threads.find(client=self.account.client, indexes=indexes)
        return self._signed_case() or (contacts.case_of(interaction_id=thread.interaction_id)
                                       if thread else None), thread  # fmt: skip

    def _signed_case(self) -> CaseRow | None:
        for each in self.mail.recipients:
            if self.account.own(each.key) and (found := references.of_address_tag(each.local)):
                case = case_by_reference(reference=found)
                if case is not None and case.client == self.account.client:
                    return case
        return None

    def _contact(self, case: CaseRow | None, thread: Thread | None) -> Taken:
        customer = self._customer()
        case = case or self._named_case()
        is_of_other = self._is_of_other(customer, case, thread)
        own = self._own_thread(customer, case, thread)
        if own is not None and own.is_open:
            return self._written(own.interaction_id, is_of_other=is_of_other)
        language = customer.language or self.account.language
        item = self._begin(customer_id=customer.id, language=language, due=True)
        taken = self._written(item, is_new=True, is_of_other=is_of_other)
        if case is not None:
            cases.attach(case_id=case.id, interaction_id=item, by=None, now=self.now)
            return taken
        if self.mail.verdict.kind != verdict.HUMAN:
            return taken  # A newsletter is read or not; whoever reads it may open a case.
        return self._new_matter(taken, customer, language=language)

    def _new_matter(self, taken: Taken, customer: Customer, *, language: str) -> Taken:
        with override(language):
            subject = self.mail.subject or gettext("Without a subject")
        case = cases.open_case(
            client=self.account.client,
            kind=self.account.kind,
            customer_id=customer.id,
            subject=subject,
            origin=taken.interaction_id,
            by=None,
            now=self.now,
            chance=self._chance("case"),
            language=language,
        )
        is_answered = answers.acknowledge(
            account=self.account,
            ours=self.ours,
            mail=self.mail,
            interaction_id=taken.interaction_id,
            case=case,
            language=language,
            now=self.now,
        )
        return Taken(
            state="taken",
            interaction_id=taken.interaction_id,
            is_new_contact=True,
            is_new_matter=True,
            is_answered=is_answered,
        )

    def _customer(self) -> Customer:
        """Meet whoever wrote; a form that writes in a customer's name is not he."""
        who = self.mail.sender
        if self.mail.verdict.reason == "sender" and self.mail.answer_to is not None:
            who = self.mail.answer_to
        said = self.mail.language.partition("-")[0]
        return met(
            waiting=self.waiting,
            who=who,
            language=said if said in LANGUAGES else "",
            now=self.now,
            chance=self._chance("customer"),
        )

    def _named_case(self) -> CaseRow | None:
        """
        Give the case that the subject names, whoever wrote it.

        Anybody can write a number: a mail of somebody else is marked, and he is told nothing.
        """
        found = _SUBJECT_REFERENCE.search(self.mail.subject)
        case = case_by_reference(reference=found[0]) if found else None
        if case is None or case.client != self.account.client or case.customer is None:
            return None
        return case

    @staticmethod
    def _own_thread(
        customer: Customer, case: CaseRow | None, thread: Thread | None
    ) -> Thread | None:
        """Give the writer's own contact: the one that his mail names, else his last of the case."""
        if thread is not None and _is_one(thread.customer, customer.id):
            return thread
        known = contacts.of_case(case_id=case.id, channel=CHANNEL) if case is not None else []
        found = (threads.of(interaction_id=each) for each in known)
        return next((each for each in found if _is_one(each.customer, customer.id)), None)

    @staticmethod
    def _is_of_other(customer: Customer, case: CaseRow | None, thread: Thread | None) -> bool:
        """Say whether whoever wrote is not the one whose matter it is (F06)."""
        of_case = case.customer if case is not None else None
        whose = of_case or (thread.customer if thread is not None else None)
        return whose is not None and not _is_one(whose, customer.id)

    def _begin(self, *, customer_id: str, language: str, due: bool) -> str:
        return messages.begin(
            channel=CHANNEL,
            client=self.account.client,
            called=self._called(),
            customer_id=customer_id,
            language=language,
            now=self.now,
            chance=self._chance("interaction"),
            due_at=due_at(account=self.account, now=self.now) if due else None,
        )

    def _called(self) -> str:
        """Give the address of ours that was written to."""
        found = (self.account.own(each.key) for each in self.mail.recipients)
        return next(filter(None, found), self.account.addresses[0])

    def _written(self, item: str, *, is_new: bool = False, is_of_other: bool = False) -> Taken:
        mail, subject = self.mail, self.mail.subject
        is_event = mail.verdict.kind in (verdict.BOUNCE, verdict.AUTO) and not is_new
        data = described(mail)
        if is_of_other:
            data["is_of_other"] = True  # Whoever wrote is not the customer of this case.
        text = f"{subject}\n\n{mail.text}" if is_new and subject else mail.text
        written = messages.write(
            interaction_id=item,
            direction="in",
            text=text,
            now=self.now,
            external=f"mail:{self.waiting.id}",
            kind="event" if is_event else "text",
            data={"mail": data},
        )
        keep.keep(message_id=written.id, raw=self.raw, mail_id=mail.message_id, now=self.now)
        was_new = spool.taken(id_=self.waiting.id, interaction_id=item)
        assert was_new, "a mail was taken twice"
        return Taken(state="taken", interaction_id=item, is_new_contact=is_new)

    def _chance(self, what: str) -> bytes:
        """Give chance for each thing that is made: ids of one mail must differ."""
        return bytes.fromhex(ring.blind_index(kind=what, value=self.chance.hex()))


def described(mail: Mail) -> dict[str, Any]:
    """Say of a mail what is nobody's secret."""
    return {
        "kind": mail.verdict.kind,
        "reason": mail.verdict.reason,
        "checks": mail.checks,
        "files": [
            {"number": each.number, "type": each.content_type[:100], "size": each.size}
            for each in mail.files
        ],
        "has_html": bool(mail.html),
        "is_cut": mail.is_cut,
    }


def due_at(*, account: Account, now: datetime) -> datetime | None:
    """Give by when an answer is owed: what is promised for the kind of case, on its calendar."""
    promise = promise_of(kind=account.kind, client=account.client)
    seconds = promise.answer.get("normal")
    found = clock.after(promise.calendar, now.timestamp(), seconds) if seconds else None
    return None if found is None else datetime.fromtimestamp(found, UTC)


def met(
    *, waiting: Waiting, who: Address | None, language: str, now: datetime, chance: bytes
) -> Customer:
    """Give the customer who has an address; one of his own for a mail without any."""
    evidence = f"mail:{waiting.id}"
    try:
        found = meeting.meet(
            client=waiting.client,
            kind="address",
            value=who.address if who else "",
            evidence=evidence,
            language=language,
            now=now,
            chance=chance,
            name=who.name if who else "",
        )
    except meeting.NoIdentity:
        found = meeting.meet(
            client=waiting.client,
            kind="external",
            value=evidence,
            evidence=evidence,
            language=language,
            now=now,
            chance=chance,
        )
    return Customer.objects.get(id=found.customer_id)


def _is_one(one: str, other: str) -> bool:
    if one == other:
        return True
    heads = customers.heads(ids=[one, other])
    return heads.get(one) == heads.get(other)


def _quarantine(
    waiting: Waiting, account: Account, raw: bytes, *, now: datetime, chance: bytes
) -> Taken:
    """Make a mail that cannot be read a contact, with its original beside (R33, R48)."""
    found = _FROM.search(raw[:HEAD_BYTES])
    who = Address(address=found[1].decode("ascii", "replace")) if found else None
    customer_chance = bytes.fromhex(ring.blind_index(kind="customer", value=chance.hex()))
    with transaction.atomic():
        customer = met(waiting=waiting, who=who, language="", now=now, chance=customer_chance)
        item = messages.begin(
            channel=CHANNEL,
            client=account.client,
            called=account.addresses[0],
            customer_id=customer.id,
            language=account.language,
            now=now,
            chance=chance,
            due_at=due_at(account=account, now=now),
        )
        with override(account.language):
            text = gettext("This mail could not be read. Its original is kept beside it.")
        written = messages.write(
            interaction_id=item,
            direction="in",
            text=text,
            now=now,
            external=f"mail:{waiting.id}",
            data={"mail": {"kind": "unparsed", "files": [], "checks": {}}},
        )
        keep.keep(message_id=written.id, raw=raw, mail_id="", now=now)
        spool.taken(id_=waiting.id, interaction_id=item, state="quarantined")
        fail.point("mail.before_quarantined")
    return Taken(state="quarantined", interaction_id=item, is_new_contact=True)
