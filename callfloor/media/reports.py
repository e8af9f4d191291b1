"""
RTCP of one leg: what is told about its two streams, what the far side tells, and how it sounds.

Refuses: a socket, and to count packets; that is `stream`.
"""

from __future__ import annotations

from collections.abc import Iterable

from callfloor.media import quality
from callfloor.media.stream import Incoming, Outgoing
from callfloor.wire import rtp

REPORTS_KEPT = 2  # A far side may answer the report before the last.

Row = tuple[str, int, int, int, int]
"""Leg, packets, lost, jitter in microseconds, MOS in hundredths."""


class Reports:
    """See the module."""

    def __init__(self) -> None:
        self.round_trip_seconds = 0.0  # Until a far side's report tells it.
        self._sent_at: dict[int, float] = {}  # By the middle of the NTP time in the report.

    def make(self, incoming: Incoming, outgoing: Outgoing, *, now: float, utc: float) -> bytes:
        """
        Give what RTCP owes: a sender report if anything was sent, else a receiver report.

        A new interval of what comes in begins.
        """
        block = incoming.report(now)
        reports = (block,) if block else ()
        packet: rtp.Rtcp
        if outgoing.packets:
            ntp = rtp.ntp_time(utc)
            self._note_sent(ntp >> 16 & 0xFFFFFFFF, now)
            packet = rtp.SenderReport(
                ssrc=outgoing.ssrc, ntp=ntp, timestamp=outgoing.ts, packets=outgoing.packets,
                payload_bytes=outgoing.octets, reports=reports,
            )  # fmt: skip
        else:
            packet = rtp.ReceiverReport(ssrc=outgoing.ssrc, reports=reports)
        # RFC 7022: a name that says nothing about machine or person.
        return rtp.encode_rtcp([packet], cname=f"{outgoing.ssrc:08x}")

    def _note_sent(self, ntp: int, now: float) -> None:
        if len(self._sent_at) >= REPORTS_KEPT:
            del self._sent_at[next(iter(self._sent_at))]
        self._sent_at[ntp] = now

    def take(self, data: bytes, incoming: Incoming, outgoing: Outgoing, now: float) -> None:
        """Take one packet of the far side; PeerError if it is malformed."""
        for packet in rtp.parse_rtcp(data):
            if isinstance(packet, rtp.SenderReport) and packet.ssrc == incoming.ssrc:
                incoming.note_report(packet.ntp, now)
            if not isinstance(packet, rtp.Goodbye):
                self._note_blocks(packet.reports, outgoing.ssrc, now)

    def _note_blocks(self, blocks: Iterable[rtp.Report], ssrc: int, now: float) -> None:
        """Take the way there and back from what is said of our stream (RFC 3550, 6.4.1)."""
        for block in blocks:
            sent_at = self._sent_at.get(block.last_sender_report)
            if block.ssrc == ssrc and sent_at is not None:
                trip = now - sent_at - block.delay_since_last / 65_536
                if trip >= 0:  # Else its clock or its sums are wrong.
                    self.round_trip_seconds = trip

    def row(self, name: str, incoming: Incoming) -> Row | None:
        """Give the row of the event `quality` for the last interval, None if nothing came."""
        packets, lost = incoming.interval.packets, incoming.interval.lost
        if not packets:
            return None
        return name, packets, lost, incoming.jitter_us, self.mos_hundredths(incoming)

    def mos_hundredths(self, incoming: Incoming) -> int:
        """Tell what a listener would say of the last interval."""
        packets, lost = incoming.interval.packets, incoming.interval.lost
        opinion = quality.mos(
            loss=lost / max(1, packets + lost),
            jitter_ms=incoming.jitter_us / 1_000,
            round_trip_ms=self.round_trip_seconds * 1_000,
        )
        return round(opinion * 100)
