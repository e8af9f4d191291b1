"""What is told about a line: loss, jitter, the way there and back, and how it sounds."""

import random

import pytest

from callfloor.media import quality
from callfloor.media import worker as worker_module
from callfloor.media.reports import Reports
from callfloor.media.stream import Incoming, Outgoing
from callfloor.media.tests.peers import FULL, until
from callfloor.wire import rtp

pytestmark = pytest.mark.wire

PACKET_SECONDS = 0.02


def received(*, count: int = 250, loss: float = 0.0, jitter: float = 0.0) -> Incoming:
    """Give what is counted of 5 s of speech over a line with so much loss and delay to and fro."""
    dice = random.Random(7)
    incoming = Incoming()
    arrivals = []
    for number in range(count):
        at = 10 + number * PACKET_SECONDS + dice.uniform(0, 2 * jitter)
        if dice.random() >= loss or number in (0, count - 1):
            arrivals.append((at, number))
    for at, number in sorted(arrivals):
        incoming.take(number, number * 160, 1, at)
    return incoming


class TestRow:
    def test_of_a_clean_line(self):
        incoming, reports = received(), Reports()
        reports.make(incoming, Outgoing(), now=15.0, utc=1e9)
        assert reports.row("leg", incoming) == ("leg", 250, 0, 0, 441)

    def test_of_a_line_that_loses_one_in_twenty(self):
        """About 12 of 250 are missing, and it sounds as the E-model says."""
        incoming, reports = received(loss=0.05), Reports()
        reports.make(incoming, Outgoing(), now=15.0, utc=1e9)
        _, packets, lost, jitter_us, opinion = reports.row("leg", incoming)
        assert packets + lost == 250
        assert 7 <= lost <= 18
        assert jitter_us == 0
        assert opinion == round(100 * quality.mos(loss=lost / 250))
        assert opinion < 420

    def test_tells_the_jitter_of_a_restless_line(self):
        """Uniform delays of up to 20 ms differ by a third of that on average (RFC 3550, 6.4.1)."""
        incoming = received(jitter=0.01)
        assert 4_000 < incoming.jitter_us < 10_000

    def test_is_of_the_interval_only(self):
        incoming, reports = received(loss=0.3), Reports()
        reports.make(incoming, Outgoing(), now=15.0, utc=1e9)
        first = reports.row("leg", incoming)
        for number in range(250, 500):
            incoming.take(number, number * 160, 1, 10 + number * PACKET_SECONDS)
        reports.make(incoming, Outgoing(), now=20.0, utc=1e9)
        assert first[2] > 50
        assert reports.row("leg", incoming) == ("leg", 250, 0, 0, 441)

    def test_is_none_if_nothing_came_since(self):
        incoming, reports = received(), Reports()
        for _ in range(2):
            reports.make(incoming, Outgoing(), now=15.0, utc=1e9)
        assert reports.row("leg", incoming) is None


class TestRoundTrip:
    def answered(self, reports: Reports, out: Outgoing, *, held: float, now: float, **changes):
        """Let the far side answer our report after it held it so long."""
        (ours,) = rtp.parse_rtcp(reports.make(Incoming(), out, now=100.0, utc=1e9))
        assert isinstance(ours, rtp.SenderReport)
        fields = {
            "ssrc": out.ssrc, "lost_fraction": 0, "lost_total": 0, "highest_sequence": 1,
            "jitter": 0, "last_sender_report": ours.ntp >> 16 & 0xFFFFFFFF,
            "delay_since_last": int(held * 65_536), **changes,
        }  # fmt: skip
        report = rtp.ReceiverReport(ssrc=5, reports=(rtp.Report(**fields),))
        reports.take(rtp.encode_rtcp([report], cname="x"), Incoming(), out, now)

    def spoken(self) -> Outgoing:
        out = Outgoing()
        out.own(source=self, payload=b"x" * 160, kind=0, now=99.0)
        return out

    def test_is_what_remains_of_the_time_since_our_report(self):
        reports, out = Reports(), self.spoken()
        self.answered(reports, out, held=2.0, now=102.3)
        assert reports.round_trip_seconds == pytest.approx(0.3, abs=0.001)

    def test_counts_half_for_what_a_listener_hears(self):
        incoming, reports, out = received(), Reports(), self.spoken()
        self.answered(reports, out, held=2.0, now=102.9)
        reports.make(incoming, out, now=105.0, utc=1e9 + 5)
        assert reports.mos_hundredths(incoming) == round(
            100 * quality.mos(loss=0, round_trip_ms=900)
        )

    @pytest.mark.parametrize("changes", [{"ssrc": 1}, {"last_sender_report": 7}])
    def test_of_another_stream_or_report_is_not_ours(self, changes):
        reports, out = Reports(), self.spoken()
        self.answered(reports, out, held=2.0, now=102.3, **changes)
        assert reports.round_trip_seconds == 0

    def test_is_never_negative(self):
        reports, out = Reports(), self.spoken()
        self.answered(reports, out, held=9.0, now=102.3)
        assert reports.round_trip_seconds == 0


async def test_the_floor_is_told_of_each_leg_that_speaks(scene, monkeypatch):
    """The legs share the turns of the watch; here there is one turn instead of fifty."""
    customer = await scene.phone("customer")
    await scene.phone("agent", call="agent:a")
    await scene.mix(("agent", "customer", FULL))
    customer.burst(443, 10)
    customer.seq = (customer.seq + 10) % 2**16
    customer.burst(443, 10)
    await until(lambda: scene.worker.legs["customer"].incoming.packets == 20)
    monkeypatch.setattr(worker_module, "REPORT_TURNS", 1)
    event = await scene.floor.event("quality")
    ((name, packets, lost, jitter_us, opinion),) = event["legs"]
    assert (name, packets, lost) == ("customer", 20, 10)
    assert jitter_us > 0  # They came in one heap.
    assert 100 <= opinion < 300
    answer = await scene.floor.ok("query", call_id="item-1", from_tag="customer")
    assert answer["round-trip-us"] == 0
    await scene.floor.ok("ping")
    assert scene.floor.count("quality") == 0
