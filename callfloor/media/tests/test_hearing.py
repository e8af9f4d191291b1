"""
Who hears whom, with tones: in every ear and in both channels of the recording.

Four telephones speak, each on a tone of its own, while a table of rows is in force. Whom one may
hear is loud there, everybody else is below -60 dB; what a leader whispers is in no recording.
"""

import asyncio

import pytest

from callfloor.media import sound
from callfloor.media.tests import peers, recorded
from callfloor.media.tests.peers import FULL
from callfloor.wire import ccr

pytestmark = pytest.mark.wire

TONES = {"customer": 443, "agent": 1_009, "leader": 1_709, "second": 2_711}
SILENT_DB, LOUD_DB = -60, -20
LAST = 50  # Packets to look at: a second after everything has settled.
SKIPPED = 2_400  # Samples of a recording before everybody speaks.
SILENCE = set(sound.SILENCE.values())


def everybody(*names: str) -> list[tuple[str, str]]:
    """Give the pairs of a room in which everybody hears everybody."""
    return [(ear, mouth) for ear in names for mouth in names if ear != mouth]


TALK = everybody("customer", "agent")
MODES = {
    "talk": TALK,
    "listen": [*TALK, ("leader", "customer"), ("leader", "agent")],
    "whisper": [*TALK, ("leader", "customer"), ("leader", "agent"), ("agent", "leader")],
    "join": everybody("customer", "agent", "leader"),
    "take over": everybody("customer", "leader"),
    "consult": everybody("agent", "second"),
    "consult, and the leader listens": [
        *everybody("agent", "second"), ("leader", "agent"), ("leader", "second"),
    ],
    "conference": everybody("customer", "agent", "second"),
    "conference of four": everybody("customer", "agent", "second", "leader"),
    "conference, and the leader whispers": [
        *everybody("customer", "agent", "second"), ("agent", "leader"),
        *[("leader", name) for name in ("customer", "agent", "second")],
    ],
    "agent muted": [("agent", "customer")],
    "held": [],
}  # fmt: skip


async def quartet(scene) -> dict[str, peers.Phone]:
    return {
        "customer": await scene.phone("customer"),
        "agent": await scene.phone("agent", call="agent:a"),
        "leader": await scene.phone("leader", call="agent:l", codec="PCMA"),
        "second": await scene.phone("second", call="agent:s"),
    }


async def spoken(phones: dict[str, peers.Phone], ears: set[str]) -> None:
    """Let everybody speak until each ear has heard more than it is asked about."""
    for name, phone in phones.items():
        phone.speak(TONES[name])
    wanted = {ear: len(phones[ear].speech()) + LAST + 5 for ear in ears}
    for ear, frames in wanted.items():
        await phones[ear].heard(frames)
    await asyncio.gather(*[said(phone, LAST + 20) for phone in phones.values()])


async def said(phone: peers.Phone, frames: int) -> None:
    await peers.until(lambda: phone.phase >= frames * sound.FRAME_SAMPLES)


def loud_in(samples, where: object) -> set[str]:
    """
    Give the names of those who are heard; anything between loud and silent fails.

    On a busy machine a telephone that speaks late makes a click, which has energy everywhere: so
    who is silent must be that in some half second, while a leak would be in each of them.
    """
    levels = {name: [peers.level(part, TONES[name]) for part in parts(samples)] for name in TONES}
    loud = {name for name in TONES if max(levels[name]) > LOUD_DB}
    leaks = {name: levels[name] for name in TONES.keys() - loud if min(levels[name]) > SILENT_DB}
    assert not leaks, (where, leaks)
    return loud


def parts(samples) -> list:
    """Cut half seconds that overlap."""
    size = LAST * sound.FRAME_SAMPLES // 2
    return [samples[at : at + size] for at in range(0, len(samples) - size + 1, size // 4)]


@pytest.mark.parametrize("mode", MODES)
async def test_each_ear_and_each_channel_has_whom_it_may(scene, mode):
    """R46 and the laws of supervision: nobody is heard where the table does not say so."""
    phones = await quartet(scene)
    rows = MODES[mode]
    await scene.mix(*[(ear, mouth, FULL) for ear, mouth in rows])
    await recorded.record(scene.floor)
    ears = {ear for ear, _ in rows}
    await spoken(phones, ears)
    _, _, reader = await recorded.stop(scene)
    hears = {name: {mouth for ear, mouth in rows if ear == name} for name in phones}
    for ear in ears:
        assert loud_in(phones[ear].sound(LAST), ear) == hears[ear]
    for deaf in phones.keys() - ears:
        assert {packet.payload for packet in phones[deaf].packets} <= SILENCE
    left, right = ccr.render(reader)[SKIPPED:].astype(float).T
    assert loud_in(left, "left") == {"customer"}
    assert loud_in(right, "right") == hears["customer"]
