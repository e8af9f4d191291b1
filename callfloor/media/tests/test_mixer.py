"""Who hears whom, as tones: whom one may hear is loud, whom one may not is below -60 dB."""

import pytest

from callfloor.media import sound
from callfloor.media.tests.peers import FULL, until

pytestmark = pytest.mark.wire

SILENCE = sound.SILENCE[sound.PCMU]  # Sent once a second to keep the line alive.

TONES = {"customer": 443, "agent": 1_009, "leader": 1_709}
LAST = 25  # Packets to look at: half a second after everything has settled.


async def trio(scene):
    return {
        "customer": await scene.phone("customer"),
        "agent": await scene.phone("agent", call="agent:a"),
        "leader": await scene.phone("leader", call="agent:l", codec="PCMA"),
    }


async def settle(phones, ears, speakers=tuple(TONES)) -> None:
    """Let everybody speak until each ear has heard more than it is asked about."""
    for name in speakers:
        phones[name].speak(TONES[name])
    wanted = {ear: len(phones[ear].speech()) + LAST + 5 for ear in ears}
    for ear, frames in wanted.items():
        await phones[ear].heard(frames)


def heard(phones, ear: str) -> set[str]:
    """Give the names of those whom an ear hears; anything between loud and silent fails."""
    loud = set()
    for name, hertz in TONES.items():
        decibels = phones[ear].level(hertz, last=LAST)
        assert not -60 < decibels < -40, (ear, name, decibels)
        if decibels >= -40:
            loud.add(name)
    return loud


MODES = {
    "listen": [("agent", "customer"), ("customer", "agent"), ("leader", "customer"),
               ("leader", "agent")],
    "whisper": [("agent", "customer"), ("agent", "leader"), ("customer", "agent"),
                ("leader", "customer"), ("leader", "agent")],
    "join": [("agent", "customer"), ("agent", "leader"), ("customer", "agent"),
             ("customer", "leader"), ("leader", "customer"), ("leader", "agent")],
    "consult": [("agent", "leader"), ("leader", "agent")],
}  # fmt: skip


@pytest.mark.parametrize("mode", MODES)
async def test_everybody_hears_whom_he_may(scene, mode):
    phones = await trio(scene)
    await scene.mix(*[(ear, mouth, FULL) for ear, mouth in MODES[mode]])
    ears = {ear for ear, _ in MODES[mode]}
    await settle(phones, ears)
    for ear in ears:
        assert heard(phones, ear) == {mouth for who, mouth in MODES[mode] if who == ear}
    for deaf in phones.keys() - ears:
        assert {packet.payload for packet in phones[deaf].packets} <= {SILENCE}


async def test_a_gain_is_a_factor(scene):
    """A quarter is 12 dB less."""
    phones = await trio(scene)
    await scene.mix(("agent", "customer", 250), ("leader", "customer", FULL))
    await settle(phones, ["agent", "leader"], speakers=["customer"])
    agent, leader = phones["agent"], phones["leader"]
    difference = leader.level(443, last=LAST) - agent.level(443, last=LAST)
    assert difference == pytest.approx(12.04, abs=0.3)


async def test_a_mix_that_is_repeated_costs_nothing(scene):
    """The floor may say it again; queues and streams go on."""
    phones = await trio(scene)
    rows = [(ear, mouth, FULL) for ear, mouth in MODES["listen"]]
    await scene.mix(*rows)
    before = scene.worker.legs["leader"].mix
    await scene.mix(*rows)
    assert scene.worker.legs["leader"].mix is before
    assert len(phones) == 3


async def test_one_mouth_less_is_relayed_again(scene):
    phones = await trio(scene)
    await scene.mix(*[(ear, mouth, FULL) for ear, mouth in MODES["listen"]])
    await scene.mix(("leader", "customer", FULL))
    leg = scene.worker.legs["leader"]
    assert leg.mix is None
    assert leg.own is None
    assert not scene.worker._ticker._sounds
    phones["customer"].burst(443, 3)
    await phones["leader"].heard(3)
    assert phones["agent"].packets == []


class TestReplace:
    async def test_an_agent_who_left_hears_nothing_more(self, scene):
        """Also if the new mix of the interaction does not name him any more."""
        phones = await trio(scene)
        await scene.mix(("agent", "customer", FULL), ("customer", "agent", FULL))
        rows = [("leader", "customer", FULL), ("customer", "leader", FULL)]
        await scene.mix(*rows, legs=["customer", "leader"])
        phones["agent"].burst(1_009, 5)
        phones["customer"].burst(443, 5)
        await phones["leader"].heard(5)
        assert phones["agent"].packets == []
        assert phones["customer"].packets == []

    async def test_a_mix_of_one_call_does_not_touch_another(self, scene):
        """An agent with two customers: the one on hold changes nothing for the other."""
        phones = await trio(scene)
        second = await scene.phone("second", call="item-2")
        both = [("second", "agent", FULL), ("agent", "second", FULL)]
        await scene.mix(*both, legs=["second", "agent"])
        await scene.mix(legs=["customer", "agent"])
        phones["agent"].burst(1_009, 5)
        second.burst(443, 5)
        await second.heard(5)
        await phones["agent"].heard(5)

    async def test_a_leg_that_ended_and_came_again_hears_nobody(self, scene):
        phones = await trio(scene)
        await scene.mix(*[(ear, mouth, FULL) for ear, mouth in MODES["join"]])
        await scene.floor.ok("delete", call_id="item-1")
        await phones["customer"].offer()
        phones["agent"].burst(1_009, 5)
        await phones["leader"].heard(1)
        assert phones["customer"].packets == []
        assert scene.worker.legs["customer"].ears == []

    async def test_nobody_hears_himself(self, scene):
        phones = await trio(scene)
        await scene.mix(("agent", "agent", FULL))
        phones["agent"].burst(1_009, 5)
        await until(lambda: scene.worker.legs["agent"].incoming.packets == 5)
        assert phones["agent"].packets == []
