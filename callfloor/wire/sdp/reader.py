"""
Session descriptions as they come: text to values (RFC 8866).

Lines may end in LF alone and come in any order behind v=0, as peers write them. Refuses: anything
that two readers could understand differently, with PeerError.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from callfloor.wire.errors import PeerError
from callfloor.wire.sdp.values import (
    DIRECTIONS,
    EVENT,
    STATIC,
    Attribute,
    Candidate,
    Codec,
    Media,
    Session,
)

BYTES_MAX = 65_535  # It rides in one datagram.
LINES_MAX = 2_000  # A browser's offer with audio and video has about 150.
MEDIA_MAX = 16  # A browser that bundles audio, video and data has 3.
NUMBER_DIGITS_MAX = 20  # Origin ids are 64-bit numbers.


def parse(data: bytes) -> Session:
    """Read a description; PeerError if it is malformed."""
    if len(data) > BYTES_MAX:
        raise PeerError(f"SDP of {len(data)} bytes")
    raws = data.decode("utf-8", "surrogateescape").replace("\r\n", "\n").strip("\n").split("\n")
    lines = [_line(raw) for raw in raws]
    if not lines or lines[0] != ("v", "0") or len(lines) > LINES_MAX:
        raise PeerError("SDP does not begin with v=0")
    starts = [i for i, (kind, _) in enumerate(lines) if kind == "m"]
    if len(starts) > MEDIA_MAX:
        raise PeerError(f"SDP with {len(starts)} media")
    top = _Section(lines[: starts[0]] if starts else lines)
    ends = [*starts[1:], len(lines)]
    media = tuple(_media(_Section(lines[a:b]), top) for a, b in zip(starts, ends, strict=False))
    return _session(top, media)


@dataclass(slots=True)
class _Section:
    """The lines from one m= to the next, or before the first; taken attributes are removed."""

    lines: list[tuple[str, str]]
    attributes: list[Attribute] = field(init=False)

    def __post_init__(self) -> None:
        self.attributes = [_attribute(value) for kind, value in self.lines if kind == "a"]

    def first(self, kind: str) -> str | None:
        return next((value for key, value in self.lines if key == kind), None)

    def peek(self, name: str) -> str | None:
        return next((value or "" for key, value in self.attributes if key == name), None)

    def take(self, name: str) -> str | None:
        values = self.take_all(name)
        return values[0] if values else None

    def take_all(self, name: str) -> list[str]:
        values = [value or "" for key, value in self.attributes if key == name]
        if values:
            self.attributes = [pair for pair in self.attributes if pair[0] != name]
        return values


def _line(raw: str) -> tuple[str, str]:
    if "\r" in raw or raw[1:2] != "=" or not raw[0].isalpha():
        raise PeerError(f"not an SDP line: {raw[:40]!r}")
    return raw[0], raw[2:]


def _attribute(value: str) -> Attribute:
    name, colon, rest = value.partition(":")
    if not name:
        raise PeerError("attribute without a name")
    return name, rest if colon else None


def _session(top: _Section, media: tuple[Media, ...]) -> Session:
    username, origin_id, version, host = _origin(top.first("o"))
    groups = [group.split() for group in top.take_all("group")]
    bundle = next((tuple(group[1:]) for group in groups if group[:1] == ["BUNDLE"]), ())
    for name in ("ice-ufrag", "ice-pwd", "fingerprint", "setup", *DIRECTIONS):
        top.take(name)
    return Session(
        username=username,
        origin_id=origin_id,
        version=version,
        host=_connection(top.first("c")) or host,
        name=top.first("s") or "-",
        media=media,
        bundle=bundle,
        ice_lite=top.take("ice-lite") is not None,
        attributes=tuple(top.attributes),
    )


def _origin(value: str | None) -> tuple[str, str, int, str]:
    fields = (value or "").split()
    if len(fields) != 6:
        raise PeerError("o= is missing or malformed")
    largest = 10**NUMBER_DIGITS_MAX
    return fields[0], str(_number(fields[1], largest)), _number(fields[2], largest), fields[5]


def _connection(value: str | None) -> str:
    if value is None:
        return ""
    fields = value.split()
    if len(fields) != 3 or fields[0] != "IN" or fields[1] not in ("IP4", "IP6"):
        raise PeerError(f"c= is malformed: {value[:40]!r}")
    return fields[2].partition("/")[0]


def _media(section: _Section, top: _Section) -> Media:
    kind, port, protocol, formats = _media_line(section.lines[0][1])
    host = _connection(section.first("c")) or _connection(top.first("c"))
    if port and not host:
        raise PeerError("media without a connection")
    ptime = section.take("ptime")
    return Media(
        kind=kind,
        port=port,
        protocol=protocol,
        formats=formats,
        host=host,
        codecs=_codecs(section, formats) if "RTP/" in protocol else (),
        direction=_direction(section, top),
        mid=section.take("mid"),
        rtcp_mux=section.take("rtcp-mux") is not None,
        ptime_ms=None if ptime is None else _number(ptime.partition(".")[0], 1_000),
        ice_ufrag=section.take("ice-ufrag") or top.peek("ice-ufrag"),
        ice_pwd=section.take("ice-pwd") or top.peek("ice-pwd"),
        fingerprint=section.take("fingerprint") or top.peek("fingerprint"),
        setup=section.take("setup") or top.peek("setup"),
        candidates=tuple(map(parse_candidate, section.take_all("candidate"))),
        attributes=tuple(section.attributes),
    )


def _media_line(value: str) -> tuple[str, int, str, tuple[str, ...]]:
    fields = value.split()
    if len(fields) < 4:
        raise PeerError(f"m= is malformed: {value[:40]!r}")
    kind, port, protocol, *formats = fields
    return kind, _number(port.partition("/")[0], 65_535), protocol, tuple(formats)


def _direction(section: _Section, top: _Section) -> str:
    found = [name for name in DIRECTIONS if section.take(name) is not None]
    found += [name for name in DIRECTIONS if top.peek(name) is not None]
    return found[0] if found else "sendrecv"


def _codecs(section: _Section, formats: Iterable[str]) -> tuple[Codec, ...]:
    maps = dict(map(_rtpmap, section.take_all("rtpmap")))
    params = dict(map(_fmtp, section.take_all("fmtp")))
    codecs: list[Codec] = []
    for text in formats:
        payload = _number(text, 127)
        known = maps.get(payload) or (*STATIC.get(payload, ("", 0)), 1)
        name, clock, channels = known
        if name:
            codecs.append(
                Codec(
                    payload=payload,
                    name=name,
                    clock=clock,
                    channels=channels,
                    fmtp=params.get(payload, ""),
                )
            )
    return tuple(codecs)


def _rtpmap(value: str) -> tuple[int, tuple[str, int, int]]:
    payload, _, encoding = value.partition(" ")
    name, *rest = encoding.strip().split("/")
    if not name or not 1 <= len(rest) <= 2:
        raise PeerError(f"rtpmap is malformed: {value[:40]!r}")
    name = EVENT if name.lower() == EVENT else name.upper()
    channels = _number(rest[1], 255) if len(rest) == 2 else 1
    return _number(payload, 127), (name, _number(rest[0], 10**6), channels)


def _fmtp(value: str) -> tuple[int, str]:
    payload, _, params = value.partition(" ")
    return _number(payload, 127), params.strip()


def parse_candidate(value: str) -> Candidate:
    """Read the value of a candidate attribute; PeerError if it is malformed."""
    fields = value.split()
    if len(fields) < 8 or fields[6] != "typ":
        raise PeerError(f"candidate is malformed: {value[:80]!r}")
    return Candidate(
        foundation=fields[0],
        component=_number(fields[1], 256),
        transport=fields[2].lower(),
        priority=_number(fields[3], 2**32 - 1),
        host=fields[4],
        port=_number(fields[5], 65_535),
        kind=fields[7],
        extra=" ".join(fields[8:]),
    )


def _number(text: str, largest: int) -> int:
    plain = text.isascii() and text.isdigit() and len(text) <= NUMBER_DIGITS_MAX
    if not plain or int(text) > largest:
        raise PeerError(f"not a number here: {text[:40]!r}")
    return int(text)
