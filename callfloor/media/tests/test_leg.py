"""Nothing that comes in from outside breaks a leg."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callfloor.media.leg import Leg
from callfloor.wire import sdp

pytestmark = pytest.mark.pure


class Ear:
    """A transport that keeps what is sent."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.send = self.send_rtcp = self.sent.append

    def watch(self, now: float) -> None:
        pass

    def close(self) -> None:
        pass


def pair() -> tuple[Leg, Leg, list[dict]]:
    told: list[dict] = []
    legs = []
    for name in ("mouth", "ear"):
        leg = Leg(call="i", name=name, kind="rtp", tell=lambda **fields: told.append(fields))
        offered = sdp.offer(host="127.0.0.1", port=9, origin_id=1)
        answer = sdp.answer(offered, host="127.0.0.1", port=8, origin_id=2)
        leg.negotiate(answer.media[0], events=101, now=0.0)
        leg.transport = Ear()
        legs.append(leg)
    legs[0].ears.append(legs[1])
    return legs[0], legs[1], told


@given(st.binary(max_size=60), st.sampled_from([b"", b"\x80\x00", b"\x90\x65", b"\xbf\x88"]))
def test_noise_is_counted_or_forwarded_and_no_more(noise, head):
    mouth, ear, told = pair()
    mouth.receive(head + noise, 1.0)
    mouth.receive_rtcp(head + noise, 1.0)
    assert len(ear.transport.sent) <= 1
    assert {fields["event"] for fields in told} <= {"up", "dtmf"}


def test_other_payloads_are_not_forwarded():
    """Comfort noise or a codec that was not agreed would be noise in the other's ear."""
    mouth, ear, _ = pair()
    for kind in (3, 13, 18, 96, 127):
        mouth.receive(bytes([0x80, kind]) + bytes(10) + b"x" * 20, 1.0)
    assert ear.transport.sent == []
    assert mouth.unknown == 5


def test_a_leg_without_a_transport_is_heard_by_nobody_and_breaks_nothing():
    mouth, ear, _ = pair()
    ear.transport = None
    mouth.receive(bytes([0x80, 0]) + bytes(10) + b"x" * 160, 1.0)
    ear.report(now=2.0, utc=2.0)
    ear.watch(2.0)
    ear.close()
    assert ear.outgoing.packets == 0


def test_reports_are_a_sign_of_life_of_a_telephone():
    """Whoever suppresses silence sends no sound, but is there."""
    mouth, _, told = pair()
    mouth.receive(bytes([0x80, 0]) + bytes(10) + b"x" * 160, 1.0)
    mouth.receive_rtcp(b"\x80\xc9\x00\x01" + bytes(4), 20.0)
    mouth.watch(30.0)
    assert [fields["event"] for fields in told] == ["up"]
    mouth.watch(40.0)
    assert [fields["event"] for fields in told] == ["up", "lost"]


def test_who_hears_nobody_is_kept_alive_by_silence():
    """Carriers end a call in which they hear nothing, so a muted one is not left without."""
    mouth, ear, _ = pair()
    mouth.receive(bytes([0x80, 0]) + bytes(10) + b"x" * 160, 1.0)
    ear.receive(bytes([0x80, 0]) + bytes(10) + b"x" * 160, 1.0)
    sent = ear.transport.sent
    ear.watch(1.9)
    assert len(sent) == 1  # What the mouth said; it is too early for more.
    ear.watch(2.0)
    ear.watch(2.1)
    assert [packet[12:] for packet in sent[1:]] == [b"\xff" * 160]
    ear.watch(3.0)
    assert len(sent) == 3


def test_who_has_not_shown_himself_is_sent_no_silence():
    _, ear, _ = pair()
    ear.watch(60.0)
    assert ear.transport.sent == []
