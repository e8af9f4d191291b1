"""
The headers of a mail as text: raw bytes, encoded words, addresses, message ids.

Mail breaks every rule that there is, so nothing here raises because of what stands in a header:
what cannot be decoded is shown with replacement characters.
Refuses: the standard library's structured headers, which fail on short nonsense (R48).
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

VALUE_CHARACTERS_MAX = 20_000  # A References of a year-long thread; more is an attack on patience.
ADDRESSES_MAX = 200  # Recipients that are looked at; a mail to more people is a mailing.
IDS_MAX = 100  # Of one References; RFC 5322 gives no limit, a thread needs its last few.
ID_CHARACTERS_MAX = 500

_WORD = re.compile(r"=\?([^?\s*]{1,40})(?:\*[^?\s]{0,20})?\?([bBqQ])\?([^?]*)\?=")
_GAP = re.compile(r"(\?=)\s+(=\?)")  # White space between two encoded words is none (RFC 2047 6.2).
_ID = re.compile(r"<([^<>\s]{1,500})>")
_BROKEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
"""Control characters, and those that turn the direction of what follows: `exe.fdp` as `pdf.exe`."""

Headers = tuple[tuple[str, str], ...]
"""Names in lower case and unfolded values, in order; bytes that were not ASCII are decoded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Somebody in a header."""

    address: str
    """As written, with the domain in lower case."""
    name: str = ""

    @property
    def key(self) -> str:
        """The form by which two are compared: nobody tells people apart by capitals."""
        return self.address.lower()

    @property
    def local(self) -> str:
        """What stands before the @."""
        return self.address.rpartition("@")[0]


def of(message: Message) -> Headers:
    """Give the headers of a message or part, unfolded."""
    return tuple((name.lower(), _unfolded(str(value))) for name, value in message.raw_items())


def first(headers: Headers, name: str) -> str:
    """Give the first value of a header, empty if there is none."""
    return next((value for key, value in headers if key == name), "")


def every(headers: Headers, *names: str) -> list[str]:
    """Give all values of some headers in order."""
    return [value for key, value in headers if key in names]


def _unfolded(value: str) -> str:
    raw = value[:VALUE_CHARACTERS_MAX].encode("utf-8", "surrogateescape")
    return re.sub(r"\r?\n[ \t]?", " ", decoded(raw, charset="utf-8")).strip()


def decoded(raw: bytes, *, charset: str) -> str:
    """Decode bytes by a charset that may be wrong or unknown; nothing is lost without a mark."""
    for name in (charset, "utf-8"):
        try:
            return raw.decode(name)
        except (LookupError, UnicodeError, ValueError):  # ValueError: a NUL in the name.
            continue
    # Whoever says nothing of his charset and writes no UTF-8 wrote in the West in 9 of 10 cases.
    return raw.decode("cp1252", "replace")


def words(value: str) -> str:
    """Decode the encoded words of RFC 2047 and take out what would break a screen."""
    text, parts, end = _GAP.sub(r"\1\2", value), list[str](), 0
    run: list[tuple[str, bytes]] = []
    for found in _WORD.finditer(text):
        if found.start() > end:
            parts += [_joined(run), text[end : found.start()]]
            run = []
        run.append((found[1], _bytes_of(found[2], found[3])))
        end = found.end()
    parts += [_joined(run), text[end:]]
    return clean("".join(parts)).strip()


def clean(text: str) -> str:
    """Take out control characters and turns of direction; lines stay lines."""
    return _BROKEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _joined(run: list[tuple[str, bytes]]) -> str:
    """Decode neighbors of one charset together: a character may be cut between two words."""
    text, at = "", 0
    while at < len(run):
        charset, raw = run[at]
        at += 1
        while at < len(run) and run[at][0].lower() == charset.lower():
            raw += run[at][1]
            at += 1
        text += decoded(raw, charset=charset)
    return text


def _bytes_of(encoding: str, text: str) -> bytes:
    raw = text.encode("utf-8", "surrogateescape")
    if encoding in "qQ":
        return binascii.a2b_qp(raw.replace(b"_", b"=20"), header=True)
    try:
        return base64.b64decode(raw + b"=" * (-len(raw) % 4))
    except (binascii.Error, ValueError):
        return raw


def addresses(values: list[str]) -> tuple[Address, ...]:
    """Give the addresses of some headers; the names are decoded after the commas were found."""
    found = [_address(name, text) for name, text in getaddresses(values)[:ADDRESSES_MAX]]
    return tuple(each for each in found if each is not None)


def _address(name: str, text: str) -> Address | None:
    local, at, domain = clean(text).strip().rpartition("@")
    if not at or not local or not domain or len(text) > 320:  # RFC 3696: 64 + 1 + 255.
        return None
    return Address(address=f"{local}@{domain.lower()}", name=words(name)[:200])


def ids(values: list[str]) -> tuple[str, ...]:
    """Give the message ids of some headers without their brackets, each once, in order."""
    found = [each for value in values for each in _ID.findall(value)]
    return tuple(dict.fromkeys(found))[-IDS_MAX:]


def instant(value: str) -> float | None:
    """Give a Date in UTC seconds; None if it cannot be read."""
    try:
        return parsedate_to_datetime(value).timestamp()
    except (TypeError, ValueError, IndexError, OverflowError, OSError):
        return None


_RESULT = re.compile(r";\s*(spf|dkim|dmarc|arc)\s*=\s*([a-z]+)", re.I)


def authentication(headers: Headers, *, trusted: str) -> dict[str, str]:
    """
    Give what our own server found: spf, dkim, dmarc, each pass, fail, none ….

    Anybody may write an Authentication-Results (RFC 8601 5). Only those of the server that is
    trusted count, and only the block that was put on top: below the first Received after it
    stands what came from outside.
    """
    found: dict[str, str] = {}
    is_in_block = False
    for name, value in headers:
        if name == "received" and is_in_block:
            break
        if name != "authentication-results" or not trusted:
            continue
        said_by, _, results = value.partition(";")
        if said_by.strip().split(" ")[0].lower() != trusted.lower():
            continue
        is_in_block = True
        for method, result in _RESULT.findall(f";{results}"):
            found.setdefault(method.lower(), result.lower())
    return found
