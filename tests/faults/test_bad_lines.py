"""Calls and sound over lines that lose, double, delay and reorder."""

import asyncio
import contextlib
import random

import pytest

from callfloor.app.demo.phone import Phone
from callfloor.kernel.keys import files as key_files
from callfloor.wire import ccr, sdp, seal
from tests import impairment, phones, small_centre
from tests.faults import ledger
from tests.faults.load import Call, Seat
from tests.impairment import Weather
from tests.journeys import waiting

pytestmark = pytest.mark.journey

CALLS, AT_ONCE = 200, 40
SIGNALS = Weather(
    loss=0.1, duplication=0.1, reordering=0.1, delay_seconds=0.02, jitter_seconds=0.015
)
SOUND = Weather(loss=0.05, duplication=0.02, delay_seconds=0.04, jitter_seconds=0.025)
HEARD_SECONDS = 0.3
SET_UP_SECONDS = 40.0  # RFC 3261 gives an INVITE 32 s; at 10 % loss it takes a few.
TALK_SECONDS = 6.0


class Ledgered:
    """What a caller of `load.Call` reports to."""

    def __init__(self):
        self.answered, self.set_up_seconds = [], []


async def call_and_leave(phone, kept, gate):
    """Make one call, listen for a moment, hang up; say whether it was set up."""
    async with gate:
        call = Call(kept)
        offer = sdp.encode(sdp.offer(host="127.0.0.1", port=9, origin_id=1)).decode()
        line = phone.dial(
            "900", caller="+36301110001", name="Bad Line", offer=offer,
            answered=call.heard, ended=call.over,
        )  # fmt: skip
        await asyncio.wait_for(call.answered.wait(), SET_UP_SECONDS)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(call.ended.wait(), HEARD_SECONDS)
        line.hang_up()


async def test_two_hundred_calls_over_a_bad_line_are_set_up_and_ended(tmp_path):
    """R5, R13: 10 % lost, doubled and overtaken each way: every call once, and none stays."""
    async with small_centre.running(tmp_path, small_centre.small_plan()) as centre:
        async with impairment.udp(
            ("127.0.0.1", centre.sip), there=SIGNALS, back=SIGNALS, seed=3
        ) as line:
            phone = Phone(server=line.address, draw=random.Random(3))
            await phone.open("127.0.0.1")
            kept, gate = Ledgered(), asyncio.Semaphore(AT_ONCE)
            await asyncio.gather(*(call_and_leave(phone, kept, gate) for _ in range(CALLS)))
            await waiting.until(lambda: not still_open(tmp_path), SET_UP_SECONDS)
            lost = len(line.lost)
            phone.close()
        assert len(kept.answered) == CALLS
        assert len(ledger.facts(tmp_path, "Arrived")) == CALLS, "an item for each call, not two"
        assert ledger.not_ended_once(tmp_path) == []
        assert lost > CALLS / 10, "the line was bad"


def still_open(data):
    """Say whether an item has no end yet."""
    return ledger.ask(data, "SELECT 1 FROM open_items LIMIT 1")


class NumberedPhone(phones.RtpPhone):
    """Says in each packet which one it is."""

    def __init__(self, mouth):
        super().__init__(mouth)
        self.said = 0

    def frame(self, sequence):
        """Make the payload of a packet."""
        self.said = sequence + 1
        return numbered(sequence)


def numbered(sequence):
    """Write a number in bytes that no codec changes."""
    return sequence.to_bytes(4, "big") * (phones.FRAME_BYTES // 4)


async def test_sound_over_a_bad_line_is_recorded_where_it_belongs(tmp_path):
    """R23, R24: 5 % lost, 2 % doubled, 25 ms of jitter: each packet that came is in its place."""
    async with small_centre.running(tmp_path, small_centre.small_plan()) as centre:
        link = await centre.connect("web")
        seat = Seat("agent-0", await phones.RtpPhone.open(), talks_seconds=TALK_SECONDS)
        await seat.join(link)
        phone = Phone(server=("127.0.0.1", centre.sip), draw=random.Random(4))
        await phone.open("127.0.0.1")
        mouth = await NumberedPhone.open()
        call = Call(Ledgered())
        answers = []
        line = phone.dial(
            "900", caller="+36301110001", name="Bad Sound", offer=mouth.offer(),
            answered=lambda answer: (answers.append(answer), call.heard(answer)), ended=call.over,
        )  # fmt: skip
        await asyncio.wait_for(call.answered.wait(), SET_UP_SECONDS)
        port = sdp.parse(answers[0].encode()).audio.port
        async with impairment.udp(("127.0.0.1", port), there=SOUND, seed=4) as bad:
            mouth.talk_to(answers[0].replace(str(port), str(bad.address[1])))
            await asyncio.wait_for(call.ended.wait(), TALK_SECONDS + 10)
            mouth.close()
            lost = {int.from_bytes(packet[12:16], "big") for packet in bad.lost}
        line.hang_up()
        await waiting.until(lambda: not ledger.unfinished(tmp_path))
        seat.close()
        phone.close()
        await link.close()
    assert lost
    frames = customer_frames(tmp_path)
    places = {int.from_bytes(payload[:4], "big"): at_ms for at_ms, payload in frames}
    first, last = min(places), max(places)
    assert set(range(first, last + 1)) - places.keys() == lost & set(range(first, last + 1))
    assert last - first > TALK_SECONDS / phones.FRAME_SECONDS * 0.9
    offsets = {at_ms - 20 * number for number, at_ms in places.items()}
    assert len(offsets) == 1, "each packet lies where its timestamp says"


def customer_frames(data):
    """Open the only recording; give instant and payload of the customer's frames."""
    ((path, partial),) = ledger.ask(data, "SELECT path, partial FROM recordings")
    assert not partial
    sound = (data / "recordings" / path).read_bytes()
    keys = key_files.read(data=data)
    data_key = seal.unseal(ccr.read_head(sound).sealed_key, private_key=keys.private)
    reader = ccr.Reader(sound, data_key=data_key)
    assert not reader.partial
    return [(frame.at_ms, frame.payload) for frame in reader.frames() if frame.channel == 0]
