"""
The parts of a MIME tree: what is read, what is shown, what is a file.

Refuses: trees that nobody writes (too deep, too many parts), which are a PeerError.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from typing import Any

from callfloor.wire.errors import PeerError
from callfloor.wire.mail import headers, html

DEPTH_MAX = 30  # A forwarded forward of a forward has ten.
PARSED_DEPTH_MAX = 100  # The parser asks every open level at each line; a forward makes three.
PARTS_MAX = 500  # A mail with every picture of a holiday has a hundred.
TEXT_CHARACTERS_MAX = 190_000  # Below what a message of an interaction may hold.
NAME_CHARACTERS_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file that hangs on a mail."""

    number: int
    """Its place in the mail, by which it is asked for."""
    name: str
    """As its sender called it, without folders; empty if he did not."""
    content_type: str
    """As its sender says, which proves nothing."""
    size: int
    """Bytes after decoding."""


@dataclass(slots=True, kw_only=True)
class Parts:
    """What was found in a tree."""

    texts: list[str] = field(default_factory=list)
    htmls: list[str] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    reports: list[str] = field(default_factory=list)
    """What a server says of a mail that it gives back (message/delivery-status)."""
    returned: list[str] = field(default_factory=list)
    """The head of the mail that is given back."""
    bytes_of: dict[int, bytes] = field(default_factory=dict)
    """Files by number."""
    count: int = 0


class _Part(Message):
    """A part that knows how deep it lies, so that a bottomless mail is not parsed to its end."""

    depth = 0

    def attach(self, payload: Any) -> None:
        """
        Take a part in; the parser does it before it reads that part.

        Raises PeerError if it lies too deep.
        """
        payload.depth = self.depth + 1
        if payload.depth > PARSED_DEPTH_MAX:
            raise PeerError("a mail deeper than anybody writes")
        super().attach(payload)


def parsed(raw: bytes) -> Message:
    """
    Parse a mail.

    Raises PeerError if it is too deep, and whatever the library's parser trips over.
    """
    return BytesParser(_Part, policy=compat32).parsebytes(raw)


def of(message: Message) -> Parts:
    """
    Walk the tree.

    Raises PeerError if it is too deep or too large.
    """
    parts = Parts()
    _walk(message, parts, depth=0)
    return parts


def shown_text(parts: Parts) -> tuple[str, bool]:
    """Give the text to read, and whether it had to be cut."""
    text = "\n\n".join(each for each in parts.texts if each.strip())
    if not text.strip():
        text = "\n\n".join(html.text(each) for each in parts.htmls)
    text = headers.clean(text).strip("\n")
    return text[:TEXT_CHARACTERS_MAX], len(text) > TEXT_CHARACTERS_MAX


def _walk(part: Message, parts: Parts, *, depth: int) -> None:
    parts.count += 1
    if depth > DEPTH_MAX or parts.count > PARTS_MAX:
        raise PeerError("a mail of more parts than anybody writes")
    kind = part.get_content_type()
    payload = part.get_payload()
    if kind in ("message/delivery-status", "text/rfc822-headers") or (
        kind.startswith("message/") and isinstance(payload, list)
    ):
        _mail_in_mail(part, parts, kind=kind)
    elif kind == "multipart/alternative" and isinstance(payload, list):
        _alternative(part, parts, depth=depth)
    elif isinstance(payload, list):
        for child in payload:
            if isinstance(child, Message):
                _walk(child, parts, depth=depth + 1)
    else:
        _leaf(part, parts, kind=kind)


def _alternative(part: Message, parts: Parts, *, depth: int) -> None:
    """Take the richest plain text and the richest HTML, not the same thing three times."""
    inner = Parts(count=parts.count)
    inner.files, inner.bytes_of = parts.files, parts.bytes_of
    for child in part.get_payload():
        if isinstance(child, Message):
            _walk(child, inner, depth=depth + 1)
    parts.count = inner.count
    parts.texts += inner.texts[-1:]
    parts.htmls += inner.htmls[-1:]
    parts.reports += inner.reports
    parts.returned += inner.returned


def _leaf(part: Message, parts: Parts, *, kind: str) -> None:
    raw = part.get_payload(decode=True)
    raw = raw if isinstance(raw, bytes) else b""
    name = name_of(part)
    is_file = part.get_content_disposition() == "attachment" or bool(name)
    if is_file or kind not in ("text/plain", "text/html"):
        # An empty main part without a name is a mail without a body, not a file.
        if raw or name:
            _keep(parts, name=name, kind=kind, raw=raw)
        return
    text = headers.decoded(raw, charset=_charset(part))
    (parts.htmls if kind == "text/html" else parts.texts).append(text)


def _mail_in_mail(part: Message, parts: Parts, *, kind: str) -> None:
    payload = part.get_payload()
    if isinstance(payload, list):
        inner = [child for child in payload if isinstance(child, Message)]
        text = "\n".join(_head(child) for child in inner)
        raw = b"\n".join(child.as_bytes() for child in inner)
    else:
        given = part.get_payload(decode=True)
        raw = given if isinstance(given, bytes) else b""
        text = headers.decoded(raw, charset="utf-8")
    if kind == "message/delivery-status":
        parts.reports.append(text)
        return
    parts.returned.append(text)
    _keep(parts, name=name_of(part), kind=kind, raw=raw)


def _head(message: Message) -> str:
    return "\n".join(f"{name}: {value}" for name, value in headers.of(message)) + "\n"


def _keep(parts: Parts, *, name: str, kind: str, raw: bytes) -> None:
    number = len(parts.files) + 1
    parts.files.append(File(number=number, name=name, content_type=kind, size=len(raw)))
    parts.bytes_of[number] = raw


def name_of(part: Message) -> str:
    """Give the name of a file without folders and tricks."""
    given = part.get_filename() or ""
    name = headers.words(str(given).encode("utf-8", "replace").decode("utf-8", "replace"))
    return name.replace("\\", "/").rpartition("/")[2].replace("\n", " ")[:NAME_CHARACTERS_MAX]


def _charset(part: Message) -> str:
    given = part.get_content_charset()
    return given if isinstance(given, str) else "utf-8"
