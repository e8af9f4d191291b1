"""
One mail, read: bytes in, a frozen value out.

Refuses: any exception but PeerError, and to be asked before the bytes are kept (R48).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from email.message import Message

from callfloor.wire.errors import PeerError
from callfloor.wire.mail import bodies, headers, html, verdict
from callfloor.wire.mail.bodies import File
from callfloor.wire.mail.headers import Address, Headers
from callfloor.wire.mail.verdict import Bounce, Verdict

SUBJECT_CHARACTERS_MAX = 500
RECIPIENTS = ("delivered-to", "x-original-to", "envelope-to", "to", "cc")
"""The server's own word comes before what the sender wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A mail that could be read."""

    sender: Address | None
    """From; Sender or Return-Path if there is none."""
    answer_to: Address | None
    """Where an answer goes: Reply-To, else the sender."""
    recipients: tuple[Address, ...]
    subject: str
    message_id: str
    """Without brackets; empty if it has none."""
    thread: tuple[str, ...]
    """Message ids that it answers, the nearest first."""
    sent_at: float | None
    """By the sender's clock."""
    language: str
    """Content-Language, empty if not said."""
    text: str
    is_cut: bool
    """Whether the text was longer than is kept beside the original."""
    html: str
    """Cleaned, empty if there is none."""
    files: tuple[File, ...]
    verdict: Verdict
    bounce: Bounce | None
    marks: tuple[str, ...]
    """What stands in our own loop header."""
    checks: dict[str, str]
    """spf, dkim, dmarc as our own server found them."""


def mail(raw: bytes, *, trusted: str = "") -> Mail:
    """
    Read a mail; `trusted` is the name by which our own server signs its checks.

    Raises PeerError if it cannot be read, and nothing else.
    """
    try:
        message = bodies.parsed(raw)
        return _mail(message, trusted=trusted)
    except PeerError:
        raise
    except Exception as error:  # The library's parser raises whatever it trips over.
        raise PeerError(f"a mail that cannot be read: {type(error).__name__}") from error


def file(raw: bytes, *, number: int) -> tuple[File, bytes] | None:
    """
    Give one file of a mail, None if there is none of this number.

    Raises PeerError.
    """
    try:
        parts = bodies.of(bodies.parsed(raw))
    except PeerError:
        raise
    except Exception as error:
        raise PeerError(f"a mail that cannot be read: {type(error).__name__}") from error
    found = next((each for each in parts.files if each.number == number), None)
    return (found, parts.bytes_of[number]) if found is not None else None


def fingerprint(raw: bytes) -> str:
    """
    Give what tells one mail from another, whatever way it came and whatever number it has.

    Message-ID, From, Date, Subject and the bytes of the body: two mails that some broken program
    gives the same Message-ID are two, and one without any is the same at each look (R31). Nothing
    here can fail: it is asked before the mail is kept.
    """
    head, _, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    wanted = (b"message-id:", b"from:", b"date:", b"subject:")
    unfolded = head.replace(b"\n ", b" ").replace(b"\n\t", b" ")
    lines = [line.strip() for line in unfolded.split(b"\n") if line.lower().startswith(wanted)]
    digest = hashlib.sha256()
    for part in (*lines, b"", body.strip()):
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def _mail(message: Message, *, trusted: str) -> Mail:
    top = headers.of(message)
    parts = bodies.of(message)
    text, is_cut = bodies.shown_text(parts)
    sender = _sender(top)
    report = str(message.get_param("report-type") or "").lower()
    kind = message.get_content_type()
    judged = verdict.judge(top, sender=sender, content_type=kind, report=report)
    is_bounce = judged.kind == verdict.BOUNCE
    answers = headers.addresses(headers.every(top, "reply-to"))
    return Mail(
        sender=sender,
        answer_to=answers[0] if answers else sender,
        recipients=_recipients(top),
        subject=headers.words(headers.first(top, "subject"))[:SUBJECT_CHARACTERS_MAX],
        message_id=next(iter(headers.ids(headers.every(top, "message-id"))), ""),
        thread=_thread(top),
        sent_at=headers.instant(headers.first(top, "date")),
        language=headers.first(top, "content-language").split(",")[0].strip().lower()[:12],
        text=text,
        is_cut=is_cut,
        html=html.safe("\n".join(parts.htmls)) if parts.htmls else "",
        files=tuple(parts.files),
        verdict=judged,
        bounce=_bounce(top, parts, text) if is_bounce else None,
        marks=tuple(headers.every(top, verdict.MARK)),
        checks=headers.authentication(top, trusted=trusted),
    )


def _sender(top: Headers) -> Address | None:
    for name in ("from", "sender", "return-path"):
        found = headers.addresses(headers.every(top, name))
        if found:
            return found[0]
    return None


def _recipients(top: Headers) -> tuple[Address, ...]:
    found = [each for name in RECIPIENTS for each in headers.addresses(headers.every(top, name))]
    return tuple({each.key: each for each in reversed(found)}.values())[::-1]


def _thread(top: Headers) -> tuple[str, ...]:
    answered = headers.ids(headers.every(top, "in-reply-to"))
    before = headers.ids(headers.every(top, "references"))
    return tuple(dict.fromkeys([*answered, *reversed(before)]))


def _bounce(top: Headers, parts: bodies.Parts, text: str) -> Bounce:
    return verdict.bounce(top=top, reports=parts.reports, returned=parts.returned, text=text)
