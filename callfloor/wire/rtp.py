"""
RTP and RTCP packets: bytes to values and back (RFC 3550), and what else may come in on that port.

Refuses: a socket, a jitter buffer, encryption (SRTP is undone before and done after this).
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from callfloor.wire.errors import PeerError

VERSION_BITS = 0x80  # Version 2 in the two upper bits.
HEAD_BYTES = 12
REPORTS_MAX = 31  # The count has five bits.
NTP_EPOCH_OFFSET = 2_208_988_800  # Seconds from 1900 to 1970 (RFC 5905 section 6).

_HEAD = struct.Struct("!BBHII")
_REPORT = struct.Struct("!IIIIII")
_SENDER = struct.Struct("!IQIII")
_SR, _RR, _SDES, _BYE = 200, 201, 202, 203


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """One RTP packet."""

    payload_type: int
    """0 to 127."""
    sequence: int
    """0 to 65,535, grows by one per packet."""
    timestamp: int
    """32 bits, in samples."""
    ssrc: int
    """32 bits, names the stream."""
    payload: bytes
    """Without header extension and padding."""
    marker: bool = False
    """First packet after silence, or of a key."""
    csrcs: tuple[int, ...] = ()
    """Who was mixed into the payload."""

    def encode(self) -> bytes:
        """Write the packet, without header extension."""
        assert len(self.csrcs) <= 15, "four bits of count"
        head = _HEAD.pack(
            VERSION_BITS | len(self.csrcs),
            (self.marker << 7) | self.payload_type,
            self.sequence,
            self.timestamp,
            self.ssrc,
        )
        if not self.csrcs:
            return head + self.payload
        return head + struct.pack(f"!{len(self.csrcs)}I", *self.csrcs) + self.payload


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What one receiver tells about one sender (RFC 3550 section 6.4.1)."""

    ssrc: int
    """The stream it is about."""
    lost_fraction: float
    """Part lost since the report before, 0 to 255/256."""
    lost_total: int
    """Packets lost since the beginning; negative if duplicates came."""
    highest_sequence: int
    """Cycles in the upper 16 bits, the highest sequence number in the lower."""
    jitter: int
    """In samples."""
    last_sender_report: int
    """Middle 32 bits of the NTP time of the last SR; 0 if there was none."""
    delay_since_last: int
    """Units of 1/65,536 s between that SR and this report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderReport:
    """SR: what a sender sent, and what it hears."""

    ssrc: int
    """The sender."""
    ntp: int
    """64-bit NTP time of sending; see `ntp_time`."""
    timestamp: int
    """The same instant in samples."""
    packets: int
    """Packets sent."""
    payload_bytes: int
    """Payload bytes sent."""
    reports: tuple[Report, ...] = ()
    """One per stream heard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiverReport:
    """RR: what somebody hears who sends nothing."""

    ssrc: int
    """The receiver."""
    reports: tuple[Report, ...] = ()
    """One per stream heard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Goodbye:
    """BYE: these streams end."""

    ssrcs: tuple[int, ...]
    """Those that end."""


Rtcp = SenderReport | ReceiverReport | Goodbye


def kind(data: bytes) -> str:
    """Say what a datagram on a media port is: rtp, rtcp, stun, dtls or unknown (RFC 7983)."""
    first = data[0] if data else 255
    if 128 <= first <= 191 and len(data) >= 2:
        return "rtcp" if 192 <= data[1] <= 223 else "rtp"  # RFC 5761 section 4.
    if first <= 3:
        return "stun"
    return "dtls" if 20 <= first <= 63 else "unknown"


def parse(data: bytes) -> Packet:
    """Read an RTP packet, skipping its header extension; PeerError if it is none."""
    start, end = payload_span(data)
    bits, kind_bits, sequence, timestamp, ssrc = _HEAD.unpack_from(data)
    count = bits & 0x0F
    return Packet(
        payload_type=kind_bits & 0x7F,
        sequence=sequence,
        timestamp=timestamp,
        ssrc=ssrc,
        payload=data[start:end],
        marker=kind_bits >= 0x80,
        csrcs=struct.unpack_from(f"!{count}I", data, HEAD_BYTES) if count else (),
    )


def payload_span(data: bytes) -> tuple[int, int]:
    """Give where the payload begins and ends; PeerError if this is no whole RTP packet."""
    if len(data) < HEAD_BYTES or data[0] & 0xC0 != VERSION_BITS:
        raise PeerError("not an RTP packet")
    bits = data[0]
    start, end = HEAD_BYTES + 4 * (bits & 0x0F), len(data)
    if bits & 0x10:
        if start + 4 > end:
            raise PeerError("RTP header extension is cut off")
        start += 4 + 4 * int.from_bytes(data[start + 2 : start + 4], "big")
    if bits & 0x20:
        end -= max(data[-1], 1)  # The last octet counts itself (RFC 3550 section 5.1).
    if start > end:
        raise PeerError("RTP packet is shorter than its header says")
    return start, end


def parse_rtcp(data: bytes) -> list[Rtcp]:
    """Read a compound packet; kinds that are not typed are skipped. PeerError if it is cut off."""
    packets: list[Rtcp] = []
    at = 0
    while at < len(data):
        if len(data) - at < 4 or data[at] & 0xC0 != VERSION_BITS:
            raise PeerError("not an RTCP packet")
        end = at + 4 + 4 * int.from_bytes(data[at + 2 : at + 4], "big")
        if end > len(data):
            raise PeerError("RTCP packet is cut off")
        packet = _rtcp(data[at + 1], data[at] & 0x1F, data[at + 4 : end])
        if packet is not None:
            packets.append(packet)
        at = end
    return packets


def encode_rtcp(packets: Sequence[Rtcp], *, cname: str) -> bytes:
    """Write a compound packet; the CNAME goes behind the first report (RFC 3550 section 6.1)."""
    first = packets[0]
    assert not isinstance(first, Goodbye), "a compound begins with a report"
    parts = [_encode_rtcp(packet) for packet in packets]
    parts.insert(1, _encode_cname(first.ssrc, cname))
    return b"".join(parts)


def ntp_time(utc_seconds: float) -> int:
    """Turn seconds since 1970 into a 64-bit NTP time."""
    return int((utc_seconds + NTP_EPOCH_OFFSET) * 2**32) & (2**64 - 1)


def is_newer(sequence: int, than: int) -> bool:
    """Say whether one 16-bit sequence number comes after another, wrapping (RFC 1982)."""
    return 0 < (sequence - than) & 0xFFFF < 0x8000


def _rtcp(kind_code: int, count: int, body: bytes) -> Rtcp | None:
    if kind_code == _SR:
        _need(body, _SENDER.size + count * _REPORT.size)
        ssrc, ntp, timestamp, packets, payload_bytes = _SENDER.unpack_from(body)
        return SenderReport(
            ssrc=ssrc,
            ntp=ntp,
            timestamp=timestamp,
            packets=packets,
            payload_bytes=payload_bytes,
            reports=_reports(body, _SENDER.size, count),
        )
    if kind_code == _RR:
        _need(body, 4 + count * _REPORT.size)
        ssrc = int.from_bytes(body[:4], "big")
        return ReceiverReport(ssrc=ssrc, reports=_reports(body, 4, count))
    if kind_code == _BYE:
        _need(body, 4 * count)
        return Goodbye(ssrcs=struct.unpack_from(f"!{count}I", body))
    return None


def _need(body: bytes, size: int) -> None:
    if len(body) < size:
        raise PeerError("RTCP packet is shorter than its count says")


def _reports(body: bytes, at: int, count: int) -> tuple[Report, ...]:
    return tuple(_report(body, at + index * _REPORT.size) for index in range(count))


def _report(body: bytes, at: int) -> Report:
    ssrc, lost, highest, jitter, last, delay = _REPORT.unpack_from(body, at)
    total = lost & 0xFFFFFF
    return Report(
        ssrc=ssrc,
        lost_fraction=(lost >> 24) / 256,
        lost_total=total - 0x1000000 if total & 0x800000 else total,
        highest_sequence=highest,
        jitter=jitter,
        last_sender_report=last,
        delay_since_last=delay,
    )


def _encode_rtcp(packet: Rtcp) -> bytes:
    if isinstance(packet, Goodbye):
        body = struct.pack(f"!{len(packet.ssrcs)}I", *packet.ssrcs)
        return _framed(_BYE, len(packet.ssrcs), body)
    reports = b"".join(map(_encode_report, packet.reports))
    if isinstance(packet, ReceiverReport):
        return _framed(_RR, len(packet.reports), packet.ssrc.to_bytes(4, "big") + reports)
    sender = _SENDER.pack(
        packet.ssrc,
        packet.ntp,
        packet.timestamp,
        packet.packets & 0xFFFFFFFF,
        packet.payload_bytes & 0xFFFFFFFF,
    )
    return _framed(_SR, len(packet.reports), sender + reports)


def _encode_report(report: Report) -> bytes:
    fraction = min(int(report.lost_fraction * 256), 255)
    total = max(min(report.lost_total, 0x7FFFFF), -0x800000) & 0xFFFFFF
    return _REPORT.pack(
        report.ssrc,
        fraction << 24 | total,
        report.highest_sequence,
        report.jitter,
        report.last_sender_report,
        report.delay_since_last,
    )


def _encode_cname(ssrc: int, cname: str) -> bytes:
    name = cname.encode()
    assert len(name) <= 255, "one octet of length"
    chunk = ssrc.to_bytes(4, "big") + bytes((1, len(name))) + name
    return _framed(_SDES, 1, chunk + bytes(4 - len(chunk) % 4))


def _framed(kind_code: int, count: int, body: bytes) -> bytes:
    assert count <= REPORTS_MAX, "five bits of count"
    assert len(body) % 4 == 0, "words of four bytes"
    return struct.pack("!BBH", VERSION_BITS | count, kind_code, len(body) // 4) + body
