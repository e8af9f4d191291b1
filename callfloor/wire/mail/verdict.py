"""
Who wrote a mail: a human, a machine that answers by itself, a list, or a server that gives back.

RFC 3834 says whom a machine must not answer; what is used beside it in the world is looked at,
too. Whoever is in doubt is a human to be read and a machine not to be answered.
Refuses: to know our own addresses and marks; the driver adds what only it can know.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from callfloor.wire.mail import headers
from callfloor.wire.mail.headers import Address, Headers

HUMAN, AUTO, BULK, BOUNCE = "human", "auto", "bulk", "bounce"
MARK = "x-callfloor-loop"
"""The header by which a centre knows its own automatic mail when it comes back."""

_MACHINES = re.compile(
    r"^(mailer-daemon|postmaster|no-?_?reply|do-?_?not-?_?reply|bounces?|auto-?reply"
    r"|.*-bounces?|.*-request|owner-.*|listserv|majordomo)([+=].*)?$",
    re.I,
)  # RFC 3834 2 and RFC 2142 name most of them.
_RETURNS = re.compile(r"^(mailer-daemon|postmaster)$", re.I)
_ANSWERS = ("x-autoreply", "x-autorespond", "x-autoreply-from", "x-mail-autoreply")
_QUOTED_ID = re.compile(r"^>? ?message-id:\s*<([^<>\s]{1,500})>", re.I | re.M)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a mail is to an automaton."""

    kind: str
    """human, auto, bulk, bounce."""
    reason: str
    """The header or sign that decided; empty for a human who said nothing about answers."""

    @property
    def may_be_answered(self) -> bool:
        """Whether an automatic answer is allowed."""
        return self.kind == HUMAN and not self.reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    """A mail that was given back, or is late."""

    is_final: bool
    """Whether nobody tries again."""
    ids: tuple[str, ...]
    """Message ids of what was given back."""
    status: str
    """As `5.1.1` (RFC 3463); empty if the server gave none."""


def judge(top: Headers, *, sender: Address | None, content_type: str, report: str) -> Verdict:
    """Say who wrote, by the headers of the mail; `report` is the type of a multipart/report."""
    if _is_bounce(top, sender=sender, content_type=content_type, report=report):
        return Verdict(kind=BOUNCE, reason="delivery-status" if report else "null sender")
    submitted = headers.first(top, "auto-submitted").split(";")[0].strip().lower()
    if submitted and submitted != "no":  # RFC 3834 5: whatever else it may say.
        return Verdict(kind=AUTO, reason="auto-submitted")
    if content_type == "multipart/report":
        return Verdict(kind=AUTO, reason=report or "report")
    if reason := _answers(top):
        return Verdict(kind=AUTO, reason=reason)
    if (reason := _is_list(top)) or (reason := _is_machine(sender)):
        return Verdict(kind=BULK, reason=reason)
    return Verdict(kind=HUMAN, reason=_suppressed(top))


def _is_bounce(top: Headers, *, sender: Address | None, content_type: str, report: str) -> bool:
    if content_type == "multipart/report" and report:
        return report == "delivery-status"  # RFC 3464; a receipt (RFC 8098) is none.
    if headers.first(top, "x-failed-recipients"):  # Exim.
        return True
    if headers.every(top, "x-ms-exchange-message-is-ndr"):  # Exchange, which keeps the type mixed.
        return True
    is_null = headers.first(top, "return-path").strip() == "<>"  # RFC 5321 4.5.5.
    return is_null and sender is not None and bool(_RETURNS.match(sender.local))  # qmail.


def _answers(top: Headers) -> str:
    """Name the sign that a machine has answered by itself."""
    for name in (*_ANSWERS, MARK):
        if headers.every(top, name):
            return name
    if headers.first(top, "precedence").strip().lower() == "auto_reply":
        return "precedence"
    return "null sender" if headers.first(top, "return-path").strip() == "<>" else ""


def _is_machine(sender: Address | None) -> str:
    if sender is None:
        return "no sender"
    return "sender" if _MACHINES.match(sender.local) else ""


def _suppressed(top: Headers) -> str:
    """Name the wish of a human's program that no machine should answer him (Exchange)."""
    name = "x-auto-response-suppress"
    wish = headers.first(top, name).lower()
    return name if any(word in wish for word in ("all", "autoreply", "oof")) else ""


def _is_list(top: Headers) -> str:
    for name in ("list-id", "list-post", "list-unsubscribe", "list-help"):  # RFC 2369, RFC 2919.
        if headers.every(top, name):
            return name
    precedence = headers.first(top, "precedence").strip().lower()
    return "precedence" if precedence in ("bulk", "junk", "list") else ""


def bounce(*, top: Headers, reports: list[str], returned: list[str], text: str) -> Bounce:
    """Give what a server says of the mail that it gives back."""
    said = "\n".join(reports)
    action = re.search(r"^action:\s*([a-z]+)", said, re.I | re.M)
    status = re.search(r"^status:\s*(\d\.\d{1,3}\.\d{1,3})", said, re.I | re.M)
    found = [each for part in [*returned, text] for each in _QUOTED_ID.findall(part)]
    answered = headers.ids(headers.every(top, "in-reply-to", "references"))
    code = status[1] if status else ""
    is_late = (action and action[1].lower() != "failed") or code.startswith(("4", "2"))
    return Bounce(
        is_final=not is_late,
        ids=tuple(dict.fromkeys([*found, *answered])),
        status=code,
    )
