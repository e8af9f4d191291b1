"""
The bytes of one mail that goes out.

Headers are written here and not by the library, which encodes a long message id as words and so
cuts the thread. Refuses: a line break in a header (it is taken out), and addresses that only a
server with SMTPUTF8 would take (LocalError).
"""

from __future__ import annotations

import base64
import hashlib
import quopri
from dataclasses import dataclass
from email.utils import format_datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

from callfloor.wire.errors import LocalError
from callfloor.wire.mail import verdict
from callfloor.wire.mail.headers import Address, clean

if TYPE_CHECKING:
    from datetime import datetime

LINE_MAX = 76
WORD_BYTES = 42  # In base64 with its frame 75 characters, the most of one word (RFC 2047 2).
REFERENCES_MAX = 20  # The first and the last nineteen: servers cut longer ones anyhow.
NAME_MAX = 60  # A longer one is written as words, which can be folded.
PARAMETER_CHARACTERS = 60  # Of one piece of a long file name; with its key it fits into a line.
SPECIALS = set('()<>[]:;@\\,."')


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosed:
    """A file that goes with a mail."""

    name: str
    type: str
    """Its media type without parameters, as `image/png`."""
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A mail to be written."""

    sender: Address
    to: Address
    reply_to: str = ""
    """With the reference of the case; empty for the sender's own."""
    subject: str
    text: str
    message_id: str
    """Without brackets."""
    references: tuple[str, ...] = ()
    """What it answers, the oldest first; the last one is what it answers directly."""
    at: datetime
    language: str = ""
    is_automatic: bool = False
    """Whether nobody wrote it: RFC 3834 says what such a mail must carry."""
    mark: str = ""
    """The mark of our own automatic mail."""
    files: tuple[Enclosed, ...] = ()


def mail(out: Outgoing) -> bytes:
    """
    Write a mail.

    Raises LocalError for an address that cannot be written in ASCII.
    """
    lines = [
        f"From: {_mailbox(out.sender)}",
        f"To: {_mailbox(out.to)}",
        *([f"Reply-To: <{ascii_address(out.reply_to)}>"] if out.reply_to else []),
        _folded("Subject", _words(_line(out.subject))),
        f"Date: {format_datetime(out.at)}",
        f"Message-ID: <{_line(out.message_id)}>",
        *_thread(out.references),
        *([f"Content-Language: {_line(out.language)}"] if out.language else []),
        *(_automatic(out) if out.is_automatic else []),
        "MIME-Version: 1.0",
    ]
    if not out.files:
        return _part([*lines, *TEXT_HEADERS], _body(out.text))
    # "=_" stands neither in quoted-printable nor in base64 text (RFC 2045 6.7).
    boundary = f"=_{hashlib.sha256(out.message_id.encode()).hexdigest()[:32]}"
    head = _part([*lines, f'Content-Type: multipart/mixed; boundary="{boundary}"'], b"")
    parts = [_part(TEXT_HEADERS, _body(out.text)), *(_enclosed(each) for each in out.files)]
    line = b"--" + boundary.encode()
    return head + b"".join(line + b"\r\n" + each + b"\r\n" for each in parts) + line + b"--\r\n"


TEXT_HEADERS = [
    "Content-Type: text/plain; charset=utf-8",
    "Content-Transfer-Encoding: quoted-printable",
]


def _part(headers: list[str], body: bytes) -> bytes:
    return "\r\n".join(headers).encode("ascii") + b"\r\n\r\n" + body


def _enclosed(file: Enclosed) -> bytes:
    """Write a file as a part that is saved and not shown (RFC 2183)."""
    charset = "; charset=utf-8" if file.type == "text/plain" else ""
    headers = [
        f"Content-Type: {_line(file.type)}{charset}",
        "Content-Transfer-Encoding: base64",
        ";\r\n ".join(["Content-Disposition: attachment", *_file_name(_line(file.name))]),
    ]
    return _part(headers, base64.encodebytes(file.content).replace(b"\n", b"\r\n"))


def _file_name(name: str) -> list[str]:
    """Write a file's name as parameters, a long or foreign one in pieces (RFC 2231 3, 4)."""
    encoded = f"utf-8''{quote(name, safe='')}"
    if len(encoded) <= PARAMETER_CHARACTERS:
        return [f"filename*={encoded}"]
    return [
        f"filename*{number}*={encoded[start : start + PARAMETER_CHARACTERS]}"
        for number, start in enumerate(range(0, len(encoded), PARAMETER_CHARACTERS))
    ]


def _automatic(out: Outgoing) -> list[str]:
    """Write what keeps other machines from answering (RFC 3834 5, and what Exchange obeys)."""
    answered = "auto-replied" if out.references else "auto-generated"
    mark = [f"{verdict.MARK.title()}: {_line(out.mark)}"] if out.mark else []
    return [f"Auto-Submitted: {answered}", "X-Auto-Response-Suppress: All", *mark]


def _thread(references: tuple[str, ...]) -> list[str]:
    if not references:
        return []
    kept = references
    if len(references) > REFERENCES_MAX:
        kept = (references[0], *references[-(REFERENCES_MAX - 1) :])
    ids = [f"<{each}>" for each in kept if _is_plain(each)]
    if not ids:
        return []
    return [f"In-Reply-To: {ids[-1]}", "References: " + "\r\n ".join(ids)]


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable() and " " not in text


def _mailbox(who: Address) -> str:
    address = ascii_address(who.address)
    name = _line(who.name)
    if not name:
        return f"<{address}>"
    if not name.isascii() or len(name) > NAME_MAX:
        name = "\r\n ".join(_encoded(name))
    elif SPECIALS & set(name):
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        name = f'"{quoted}"'
    return (
        f"{name}\r\n <{address}>" if len(name) + len(address) > LINE_MAX else f"{name} <{address}>"
    )


def ascii_address(address: str) -> str:
    """
    Give an address as every server takes it; a domain in another script is written as xn--….

    Raises LocalError if it cannot be.
    """
    local, at, domain = _line(address).rpartition("@")
    try:
        # A bracket or a space would begin another address.
        plain = f"{local}{at}{domain.encode('idna').decode()}"
        plain.encode("ascii")
    except UnicodeError as error:
        raise LocalError("an address that needs SMTPUTF8") from error
    if (
        not local
        or not domain
        or not _is_plain(plain)
        or SPECIALS & set(local) - {"."}
        or "<" in domain
    ):
        raise LocalError("an address that cannot be written")
    return plain


def _line(text: str) -> str:
    return " ".join(clean(text).split())


def _words(text: str) -> list[str]:
    """Give a text as words that fit into lines; encoded ones if it is not ASCII (RFC 2047)."""
    return text.split(" ") if text.isascii() and "=?" not in text else _encoded(text)


def _encoded(text: str) -> list[str]:
    words, part = list[str](), b""
    for character in text:
        raw = character.encode("utf-8", "replace")
        if len(part) + len(raw) > WORD_BYTES:
            words.append(_word(part))
            part = b""
        part += raw
    return [*words, _word(part)]


def _word(part: bytes) -> str:
    return f"=?utf-8?B?{base64.b64encode(part).decode()}?="


def _folded(name: str, words: list[str]) -> str:
    lines, line = list[str](), f"{name}:"
    for word in words:
        if len(line) + 1 + len(word) > LINE_MAX and line.strip() != f"{name}:":
            lines.append(line)
            line = ""
        line += f" {word}"
    return "\r\n".join([*lines, line])


def _body(text: str) -> bytes:
    plain = clean(text).encode("utf-8", "replace")
    encoded = quopri.encodestring(plain.rstrip(b"\n") + b"\n")
    return encoded.replace(b"\n", b"\r\n")
