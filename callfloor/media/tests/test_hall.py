"""Many sums at once are the sums that each would be alone."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callfloor.media import hall, sound
from callfloor.media.tests.test_leg import pair

pytestmark = pytest.mark.pure

LAWS = (sound.PCMU, sound.PCMA)
FRAME = sound.FRAME_SAMPLES


class TestFeed:
    def test_waits_for_forty_milliseconds_and_then_flows(self):
        feed = hall.Feed()
        frame = sound.encode(sound.tone(hertz=400, seconds=0.02, amplitude=9_000), sound.PCMU)
        feed.push(frame, sound.PCMU)
        assert feed.pull() is None
        feed.push(frame, sound.PCMU)
        assert [feed.pull() is not None for _ in range(3)] == [True, True, False]
        feed.push(frame, sound.PCMU)
        assert feed.pull() is None

    def test_a_burst_does_not_become_delay(self):
        feed = hall.Feed()
        for _ in range(50):
            feed.push(b"\x80" * FRAME, sound.PCMU)
        pulled = 0
        while feed.pull() is not None:
            pulled += 1
        assert pulled <= hall.QUEUE_MAX

    @pytest.mark.parametrize("size", [80, 160, 240, 320])
    def test_takes_packets_of_any_length(self, size):
        feed = hall.Feed()
        said = np.random.default_rng(3).bytes(960)
        for at in range(0, 960, size):
            feed.push(said[at : at + size], sound.PCMU)
        assert b"".join(feed.pull() or b"" for _ in range(6)) == said

    def test_fills_the_end_of_what_was_said_with_silence(self):
        feed = hall.Feed()
        feed.push(b"\x10" * 360, sound.PCMA)
        pulled = [feed.pull() for _ in range(4)]
        assert pulled[2] == b"\x10" * 40 + b"\xd5" * 120
        assert pulled[3] is None

    def test_another_law_begins_anew(self):
        feed = hall.Feed()
        for law in (sound.PCMU, sound.PCMU, sound.PCMA, sound.PCMA):
            feed.push(bytes([law]) * FRAME, law)
        assert [feed.pull(), feed.pull(), feed.pull()] == [b"\x08" * FRAME, b"\x08" * FRAME, None]


def seated(laws: list[int], rows: list[tuple[int, int, float]]) -> tuple[hall.Hall, list]:
    """Make legs of these laws in a hall in which (ear, mouth, gain) are heard."""
    legs = []
    for number, law in enumerate(laws):
        leg, _, _ = pair()
        leg.name, leg.law, leg._speech = str(number), law, law
        legs.append(leg)
    room = hall.Hall()
    for ear in dict.fromkeys(row[0] for row in rows):
        room.seat(legs[ear], [(legs[mouth], gain) for who, mouth, gain in rows if who == ear])
        legs[ear].choose()
    return room, legs


@st.composite
def rooms(draw):
    """Draw laws of up to six legs and who hears whom at which gain."""
    laws = draw(st.lists(st.sampled_from(LAWS), min_size=2, max_size=6))
    pairs = [(ear, mouth) for ear in range(len(laws)) for mouth in range(len(laws)) if ear != mouth]
    chosen = draw(st.lists(st.sampled_from(pairs), min_size=1, unique=True))
    gain = st.sampled_from([1.0, 1.0, 0.25, 0.0, 2.5])
    return laws, [(ear, mouth, draw(gain)) for ear, mouth in chosen]


@settings(max_examples=60, deadline=None)
@given(rooms(), st.integers(0, 2**32 - 1), st.integers(0, 63))
def test_each_ear_hears_the_sum_of_its_mouths(room_drawn, seed, silent):
    """Whatever the laws, the gains and who is silent; compared with sums made one by one."""
    laws, rows = room_drawn
    room, legs = seated(laws, rows)
    dice = np.random.default_rng(seed)
    said = {}
    for number, leg in enumerate(legs):
        if not silent >> number & 1:
            said[number] = dice.bytes(FRAME)
            for feed in leg.feeds:
                feed.push(said[number], laws[number])
                feed.push(said[number], laws[number])
    room.tick(1.0)
    for ear, leg in enumerate(legs):
        heard = [(mouth, gain) for who, mouth, gain in rows if who == ear and mouth in said]
        if not heard:
            assert leg.transport.sent == []
            continue
        total = sum(
            (sound.decode(said[mouth], laws[mouth]) * np.float32(gain)).astype(np.int32)
            for mouth, gain in heard
        )
        expected = sound.encode(np.clip(total, -32_768, 32_767).astype(np.int16), laws[ear])
        assert [packet[12:] for packet in leg.transport.sent] == [expected]


def test_a_mouth_is_pulled_once_for_all_its_ears():
    room, legs = seated([0, 0, 0], [(0, 2, 1.0), (1, 2, 1.0)])
    assert len(legs[2].feeds) == 1
    room.leave(legs[0], [legs[2]])
    assert len(legs[2].feeds) == 1
    assert legs[0].mix is None
    room.leave(legs[1], [legs[2]])
    assert legs[2].feeds == []
    assert room.is_empty


def test_an_ear_that_hears_a_prompt_gets_no_sum_and_is_not_left_behind():
    room, legs = seated([0, 0, 0], [(0, 2, 1.0), (1, 2, 1.0)])
    legs[0].own = object()
    for number in range(4):
        legs[2].feeds[0].push(bytes([number]) * FRAME, sound.PCMU)
    room.tick(1.0)
    legs[0].choose()
    room.tick(1.02)
    heard = [[packet[12] for packet in leg.transport.sent] for leg in legs]
    assert heard == [[1], [0, 1], []]


def test_an_ear_whose_sending_fails_silences_no_other():
    room, legs = seated([0, 0, 0], [(0, 2, 1.0), (1, 2, 1.0)])

    def fail(_packet: bytes) -> None:
        raise ZeroDivisionError

    legs[0].transport.send = fail
    for _ in range(4):
        legs[2].feeds[0].push(b"\x01" * FRAME, sound.PCMU)
    with pytest.raises(ZeroDivisionError):
        room.tick(1.0)
    room.tick(1.02)
    assert len(legs[1].transport.sent) == 1
