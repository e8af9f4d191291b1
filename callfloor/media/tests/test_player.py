"""Prompts are heard whole, one after the other, and never is there silence instead of one."""

import itertools
import wave

import pytest

from callfloor.media import player, sound
from callfloor.media.tests.peers import FULL, level, until
from callfloor.wire import dtmf

pytestmark = pytest.mark.wire

FALLBACK = 425


def write(scene, name: str, *, hertz: float, seconds: float, rate: int = 8_000) -> None:
    path = scene.folder / "prompts" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        tone = sound.tone(hertz=hertz, seconds=seconds, amplitude=12_000)
        file.writeframes(tone.astype("<i2").tobytes())


async def play(scene, *files: str, repeat: int = 0, play: str = "p1") -> None:
    leg = {"call_id": "item-1", "from_tag": "customer"}
    await scene.floor.ok("play media", **leg, play=play, files=list(files), repeat=repeat)


class TestPlay:
    @pytest.mark.parametrize("codec", ["PCMU", "PCMA"])
    async def test_plays_each_file_whole_and_tells_the_end(self, scene, codec):
        write(scene, "hu/welcome.wav", hertz=700, seconds=0.1)
        write(scene, "hu/menu.wav", hertz=1_300, seconds=0.11)
        phone = await scene.phone("customer", codec=codec)
        await play(scene, "hu/welcome.wav", "hu/menu.wav")
        told = await scene.floor.event("played", from_tag="customer", play="p1")
        assert (told["failed"], told["call-id"]) == (0, "item-1")
        await phone.heard(11)  # 5 packets, then 5½ filled up with silence.
        assert len(phone.packets) == 11
        assert level(phone.sound()[:800], 700) > -15
        assert level(phone.sound()[800:1_680], 1_300) > -15
        assert level(phone.sound()[:800], 1_300) < -60

    async def test_is_one_stream_at_the_speed_of_sound(self, scene):
        write(scene, "a.wav", hertz=700, seconds=0.3)
        phone = await scene.phone("customer")
        await play(scene, "a.wav")
        await scene.floor.event("played")
        await phone.heard(15)
        steps = [
            ((after.sequence - before.sequence) % 2**16, (after.timestamp - before.timestamp))
            for before, after in itertools.pairwise(phone.packets)
        ]
        assert {(one, stamp % 2**32) for one, stamp in steps} == {(1, 160)}
        assert [packet.marker for packet in phone.packets] == [True] + [False] * 14

    async def test_repeats_for_ever_until_it_is_stopped(self, scene):
        write(scene, "music.wav", hertz=700, seconds=0.06)
        phone = await scene.phone("customer")
        await play(scene, "music.wav", repeat=1)
        await phone.heard(10)
        await scene.floor.ok("stop media", call_id="item-1", from_tag="customer")
        count = len(phone.packets)
        await scene.floor.ok("ping")
        assert len(phone.packets) <= count + 1
        assert scene.floor.count("played") == 0
        assert not scene.worker._ticker._sounds

    async def test_takes_the_place_of_what_is_heard_and_gives_it_back(self, scene):
        write(scene, "a.wav", hertz=700, seconds=0.2)
        customer = await scene.phone("customer")
        agent = await scene.phone("agent", call="agent:a")
        await scene.mix(("customer", "agent", FULL), ("agent", "customer", FULL))
        await play(scene, "a.wav")
        agent.burst(1_009, 5)
        customer.burst(443, 5)
        await scene.floor.event("played")
        await agent.heard(5)
        assert customer.level(1_009) < -60
        heard = len(customer.packets)
        agent.burst(1_009, 5)
        await customer.heard(heard + 5)
        assert customer.level(1_009, last=5) > -15
        sequences = [packet.sequence for packet in customer.packets]
        assert sequences == [(sequences[0] + i) % 2**16 for i in range(len(sequences))]

    async def test_a_new_one_ends_the_one_before_without_a_word(self, scene):
        write(scene, "a.wav", hertz=700, seconds=5)
        write(scene, "b.wav", hertz=1_300, seconds=0.04)
        await scene.phone("customer")
        await play(scene, "a.wav", play="first")
        await play(scene, "b.wav", play="second")
        await scene.floor.event("played", play="second")
        assert scene.floor.count("played") == 0

    async def test_ends_with_its_leg(self, scene):
        write(scene, "a.wav", hertz=700, seconds=5)
        await scene.phone("customer")
        await play(scene, "a.wav", repeat=1)
        await scene.floor.ok("delete", call_id="item-1")
        assert not scene.worker._ticker._sounds


class TestMissing:
    async def test_is_heard_as_a_tone_and_told(self, scene):
        write(scene, "there.wav", hertz=1_300, seconds=0.1)
        phone = await scene.phone("customer")
        await play(scene, "missing.wav", "there.wav")
        told = await scene.floor.event("played")
        assert told["failed"] == 1
        await phone.heard(55)
        assert level(phone.sound()[:4_000], FALLBACK) > -20
        assert level(phone.sound()[8_000:], 1_300) > -15

    async def test_is_told_at_once_when_it_would_repeat_for_ever(self, scene):
        phone = await scene.phone("customer")
        await play(scene, "missing.wav", repeat=1)
        assert (await scene.floor.event("played"))["failed"] == 1
        await phone.heard(5)
        assert phone.level(FALLBACK) > -20

    @pytest.mark.parametrize("name", ["../secret.wav", "/etc/passwd", "", "folder"])
    async def test_is_whatever_does_not_lie_below_the_folder(self, scene, name):
        (scene.folder / "prompts" / "folder").mkdir()
        write(scene, "../secret.wav", hertz=700, seconds=0.1)
        prompts = player.Prompts(scene.folder / "prompts")
        assert prompts.load([name])[1]

    async def test_is_whatever_is_no_prompt(self, scene):
        write(scene, "fast.wav", hertz=700, seconds=0.1, rate=16_000)
        write(scene, "empty.wav", hertz=700, seconds=0)
        (scene.folder / "prompts" / "noise.wav").write_bytes(b"RIFF" * 10)
        (scene.folder / "prompts" / "cut.wav").write_bytes(b"")
        prompts = player.Prompts(scene.folder / "prompts")
        for name in ("fast.wav", "empty.wav", "noise.wav", "cut.wav"):
            assert prompts.load([name])[1], name

    async def test_is_an_empty_list(self, scene):
        phone = await scene.phone("customer")
        await play(scene)
        await phone.heard(5)
        assert phone.level(FALLBACK) > -20


class TestPrompts:
    async def test_are_read_again_when_the_file_changed(self, scene):
        write(scene, "a.wav", hertz=700, seconds=0.1)
        prompts = player.Prompts(scene.folder / "prompts")
        first = prompts.load(["a.wav"])[0][0]
        assert prompts.load(["a.wav"])[0][0] is first
        write(scene, "a.wav", hertz=700, seconds=0.2)
        assert len(prompts.load(["a.wav"])[0][0][sound.PCMU]) == 1_600

    async def test_that_nobody_wants_make_room(self, scene, monkeypatch):
        monkeypatch.setattr(player, "CACHE_BYTES_MAX", 4_000)
        for name in "abc":
            write(scene, f"{name}.wav", hertz=700, seconds=0.1)
        prompts = player.Prompts(scene.folder / "prompts")
        for name in "abcba":
            prompts.load([f"{name}.wav"])
        assert prompts._bytes <= 4_000
        assert [path.name for path in prompts._cache] == ["b.wav", "a.wav"]


class TestKeys:
    async def test_are_pressed_one_after_the_other(self, scene):
        phone = await scene.phone("customer")
        leg = {"call_id": "item-1", "from_tag": "customer"}
        await scene.floor.ok("play DTMF", **leg, code="19#")
        decoder = dtmf.Decoder()

        def keys() -> str:
            events = [packet for packet in phone.packets if packet.payload_type == 101]
            found = [
                decoder.feed(event.payload, timestamp=event.timestamp, ssrc=event.ssrc)
                for event in events
            ]
            return "".join(key for key in found if key)

        await until(lambda: len(phone.packets) >= 3 * len(dtmf.press("1")))
        assert keys() == "19#"
        assert len({packet.timestamp for packet in phone.packets}) == 3
        assert sum(packet.marker for packet in phone.packets) == 3

    async def test_are_refused_where_they_mean_nothing(self, scene):
        await scene.phone("customer")
        leg = {"call_id": "item-1", "from_tag": "customer"}
        for code in ("", "x", "1" * 65):
            answer = await scene.floor.ask("play DTMF", **leg, code=code)
            assert answer["result"] == "error", code

    async def test_interrupt_a_prompt_and_give_it_back(self, scene):
        write(scene, "a.wav", hertz=700, seconds=5)
        phone = await scene.phone("customer")
        await play(scene, "a.wav")
        await phone.heard(3)
        await scene.floor.ok("play DTMF", call_id="item-1", from_tag="customer", code="1")
        await until(lambda: any(packet.payload_type == 101 for packet in phone.packets))
        await phone.heard(8)
        order = "".join("k" if packet.payload_type == 101 else "s" for packet in phone.packets)
        assert "sk" in order
        assert order.rstrip("s").endswith("k")


async def test_a_fault_in_one_leg_does_not_silence_another(scene, caplog):
    write(scene, "a.wav", hertz=700, seconds=0.1)
    phone = await scene.phone("customer")

    class Broken:
        def tick(self, now: float) -> None:
            raise ZeroDivisionError

    scene.worker._ticker.add(Broken())
    await play(scene, "a.wav")
    await scene.floor.event("played", failed=0)
    await phone.heard(5)
    faults = [record for record in caplog.records if record.exc_info]
    assert [record.exc_info[0] for record in faults] == [ZeroDivisionError]
