"""Session descriptions as they go out: values to text, in the order of RFC 8866's grammar."""

from __future__ import annotations

from callfloor.wire.errors import LocalError
from callfloor.wire.sdp.values import Attribute, Codec, Media, Session


def encode(session: Session) -> bytes:
    """Write a description; LocalError if a value holds a line break."""
    lines = [
        "v=0",
        f"o={session.username} {session.origin_id} {session.version} {_address(session.host)}",
        f"s={session.name}",
        f"c={_address(session.host)}",
        "t=0 0",
    ]
    if session.bundle:
        lines.append(f"a=group:BUNDLE {' '.join(session.bundle)}")
    if session.ice_lite:
        lines.append("a=ice-lite")
    lines += map(_write_attribute, session.attributes)
    for media in session.media:
        lines += _write_media(media, session.host)
    text = "\r\n".join(lines)
    if text.count("\n") != len(lines) - 1 or text.count("\r") != len(lines) - 1:
        raise LocalError("line break inside an SDP value")
    return f"{text}\r\n".encode("utf-8", "surrogateescape")


def _write_media(media: Media, session_host: str) -> list[str]:
    lines = [f"m={media.kind} {media.port} {media.protocol} {' '.join(media.formats)}"]
    if media.host and media.host != session_host:
        lines.append(f"c={_address(media.host)}")
    for codec in media.codecs:
        lines += _write_codec(codec)
    typed: list[Attribute] = [
        ("mid", media.mid),
        ("ptime", None if media.ptime_ms is None else str(media.ptime_ms)),
        ("ice-ufrag", media.ice_ufrag),
        ("ice-pwd", media.ice_pwd),
        ("fingerprint", media.fingerprint),
        ("setup", media.setup),
        *[("candidate", str(candidate)) for candidate in media.candidates],
    ]
    lines += [f"a={name}:{value}" for name, value in typed if value is not None]
    if media.rtcp_mux:
        lines.append("a=rtcp-mux")
    lines.append(f"a={media.direction}")
    return [*lines, *map(_write_attribute, media.attributes)]


def _write_codec(codec: Codec) -> list[str]:
    channels = f"/{codec.channels}" if codec.channels > 1 else ""
    lines = [f"a=rtpmap:{codec.payload} {codec.name}/{codec.clock}{channels}"]
    return [*lines, f"a=fmtp:{codec.payload} {codec.fmtp}"] if codec.fmtp else lines


def _write_attribute(attribute: Attribute) -> str:
    name, value = attribute
    return f"a={name}" if value is None else f"a={name}:{value}"


def _address(host: str) -> str:
    return f"IN {'IP6' if ':' in host else 'IP4'} {host}"
