"""
What the centre writes by itself when mail comes: that it is there, and under which reference.

Refuses: to answer machines, lists, forged senders, ourselves, and anybody twice (RFC 3834 2).
"""

from datetime import datetime

from django.utils.translation import gettext, override

from callfloor.kernel.keys import ring
from callfloor.records.cases.queries import CaseRow
from callfloor.records.interactions.services import messages
from callfloor.records.letters.rules import Account
from callfloor.records.letters.services import answering
from callfloor.wire.mail.headers import Address
from callfloor.wire.mail.read import Mail

ACKNOWLEDGEMENT = "acknowledgement"
BAD = ("fail", "softfail", "permerror")
"""What our own server says of a sender who is not who he says."""


def mark() -> str:
    """Give what automatic mail of this centre carries, so that it is known when it comes back."""
    return ring.blind_index(kind="mail-loop", value="centre")


def acknowledge(
    *,
    account: Account,
    ours: frozenset[str],
    mail: Mail,
    interaction_id: str,
    case: CaseRow,
    language: str,
    now: datetime,
) -> bool:
    """Write that a new matter is there, if its sender may be answered; say whether it was."""
    to = mail.answer_to
    if to is None or not account.acknowledges or not _may(mail, to, ours=ours):
        return False
    if not answering.claim(client=account.client, address=to.key, about=case.id, now=now):
        return False
    with override(language):
        text = gettext(
            "Thank you for your message. It has arrived, and we will answer you.\n\n"
            "Your reference is %(reference)s. Please leave it in the subject if you write again."
        ) % {"reference": case.reference}
    messages.write(
        interaction_id=interaction_id,
        direction="out",
        text=text,
        now=now,
        external=f"{ACKNOWLEDGEMENT}:{case.id}",
        data={"automatic": ACKNOWLEDGEMENT},
        state="to_send",
    )
    return True


def _may(mail: Mail, to: Address, *, ours: frozenset[str]) -> bool:
    if not mail.verdict.may_be_answered or to.key in ours:
        return False
    # Whoever is not who he says would have us write to somebody who never wrote (backscatter).
    checks = mail.checks
    forged = checks.get("dmarc") in BAD or (
        checks.get("dmarc") != "pass" and checks.get("spf") == "fail"
    )
    return not forged
