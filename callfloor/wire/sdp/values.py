"""
What a session description says, as values (RFC 8866; ICE and DTLS attributes as in RFC 8839, 8842).

Audio is typed; what is not typed is kept as raw attributes. Refuses: to read or write text.
"""

from __future__ import annotations

from dataclasses import dataclass

EVENT = "telephone-event"
CLOCK = 8_000  # G.711 samples per second; the events must count the same clock.
DIRECTIONS = ("sendrecv", "sendonly", "recvonly", "inactive")
STATIC = {
    0: ("PCMU", 8000), 3: ("GSM", 8000), 8: ("PCMA", 8000), 9: ("G722", 8000),
    13: ("CN", 8000), 18: ("G729", 8000),
}  # fmt: skip
"""Payload types that need no rtpmap (RFC 3551 section 6), as far as telephones use them."""

Attribute = tuple[str, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Codec:
    """One payload type."""

    payload: int
    """0 to 127."""
    name: str
    """The encoding, upper case for speech ("PCMU"), `telephone-event` for keys."""
    clock: int
    """Samples per second."""
    channels: int = 1
    """Interleaved channels."""
    fmtp: str = ""
    """Format parameters as written, empty if none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One address at which a peer may be reached (RFC 8839 section 5.1)."""

    foundation: str
    """Equal for candidates of equal type, base and server."""
    component: int
    """1 for RTP."""
    transport: str
    """Lower case: udp or tcp."""
    priority: int
    """Higher is tried first."""
    host: str
    """An address, or a name under .local that hides one."""
    port: int
    """1 to 65,535."""
    kind: str
    """host, srflx, prflx or relay."""
    extra: str = ""
    """raddr, rport, tcptype, generation and the like, as written."""

    def __str__(self) -> str:
        """Write the attribute's value."""
        text = (
            f"{self.foundation} {self.component} {self.transport} {self.priority} "
            f"{self.host} {self.port} typ {self.kind}"
        )
        return f"{text} {self.extra}" if self.extra else text


@dataclass(frozen=True, slots=True, kw_only=True)
class Security:
    """What one side brings to ICE and DTLS."""

    ice_ufrag: str
    """Name for connectivity checks."""
    ice_pwd: str
    """Password for connectivity checks."""
    fingerprint: str
    """Hash and certificate digest: "sha-256 AB:CD:…"."""
    setup: str
    """actpass in an offer, active or passive in an answer."""
    candidates: tuple[Candidate, ...] = ()
    """Where we can be reached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """One m= line with what belongs to it."""

    kind: str
    """audio, video, application …"""
    port: int
    """0 if refused; 9 for a browser whose candidates count instead."""
    protocol: str
    """RTP/AVP, UDP/TLS/RTP/SAVPF …"""
    formats: tuple[str, ...]
    """As written after the protocol."""
    host: str = ""
    """Where the media goes: the line's own connection or the session's."""
    codecs: tuple[Codec, ...] = ()
    """The formats that are payload types with a known encoding, in the order offered."""
    direction: str = "sendrecv"
    """As seen by the side that wrote it."""
    mid: str | None = None
    """Name of the line in a bundle."""
    rtcp_mux: bool = False
    """Whether RTCP shares the port."""
    ptime_ms: int | None = None
    """Milliseconds of sound per packet."""
    ice_ufrag: str | None = None
    """ICE name, the line's own or the session's."""
    ice_pwd: str | None = None
    """ICE password, the line's own or the session's."""
    fingerprint: str | None = None
    """Certificate digest, the line's own or the session's."""
    setup: str | None = None
    """DTLS role, the line's own or the session's."""
    candidates: tuple[Candidate, ...] = ()
    """ICE candidates."""
    attributes: tuple[Attribute, ...] = ()
    """Every other attribute as written; None for one without a value."""

    @property
    def is_held(self) -> bool:
        """Say whether the writer of this line does not want to hear (RFC 3264 section 8.4)."""
        return self.direction in ("sendonly", "inactive") or self.host == "0.0.0.0"

    @property
    def is_secure(self) -> bool:
        """Say whether this line needs ICE and DTLS-SRTP."""
        return self.fingerprint is not None and "SAVPF" in self.protocol

    def codec(self, name: str, clock: int = CLOCK) -> Codec | None:
        """Give the first payload type of an encoding, or None."""
        for codec in self.codecs:
            if codec.name == name and codec.clock == clock:
                return codec
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A whole description."""

    origin_id: str
    """Numeric string that names the session."""
    version: int
    """Grows by one with every change (RFC 3264 section 8)."""
    host: str
    """The address of o= for us; of the session's c= (or o=) for a peer."""
    media: tuple[Media, ...]
    """Every m= line in order."""
    username: str = "-"
    """First field of o=."""
    name: str = "-"
    """The s= line."""
    bundle: tuple[str, ...] = ()
    """The mids of the BUNDLE group."""
    ice_lite: bool = False
    """Whether the writer only answers connectivity checks."""
    attributes: tuple[Attribute, ...] = ()
    """Every other session attribute as written."""

    @property
    def audio(self) -> Media | None:
        """The first audio line that is not refused, or None."""
        for media in self.media:
            if media.kind == "audio" and media.port:
                return media
        return None
