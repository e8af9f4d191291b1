"""
Two telephones of one agent answer in the same moment, a thousand times.

R1 (signalwire/freeswitch#2540), R8 (asterisk/asterisk#176), R9 (asterisk/asterisk#1557): exactly
one is bridged, the other gets CANCEL or BYE, nothing that is told mentions it, and a winner that
drops at once costs the customer nothing.
"""

import random

import pytest

from callfloor.core import events
from callfloor.floor.tests import handsets, stand
from callfloor.floor.tests.handsets import Handset

pytestmark = pytest.mark.twin

ROUNDS = 100
LONG_ROUNDS = 1_000
REGISTER_ROUNDS = 50  # Each round takes about a second, a registration lives 120.
SLIPS_IN = 10  # One winner in so many drops at once.


class Race:
    """One agent with two telephones, and customers one after the other."""

    def __init__(self, folder, seed):
        self.house = stand.Stand(folder, floor_plan=handsets.phone_plan()).start()
        self.house.happen(events.AgentSignedIn(agent="anna", ready=True))
        self.phones = [
            Handset(self.house, "anna-desk"),
            Handset(self.house, "anna-mobile", port=6_001, algorithm="MD5"),
        ]
        self.chance = random.Random(seed)
        self.kept = 0

    def clear(self):
        """Forget what was said, so that a round costs as much as the first."""
        for phone in self.phones:
            phone.register() if self.kept % REGISTER_ROUNDS == 0 else None
        self.kept += 1
        self.house.sent.clear()
        self.house.sent_to.clear()
        self.house.told.clear()
        self.house.media.asked.clear()
        for phone in self.phones:
            phone.heard()
            phone._read = 0

    def round(self, number):
        """Let a customer call, both telephones answer, and everybody hang up."""
        self.clear()
        call = handsets.caller(self.house, number)
        winner = self.answer_both()
        if number % SLIPS_IN == 0:
            winner.ask("BYE")
            winner = self.answer_both()
        self.check(winner)
        handsets.goodbye(self.house, *call, number)
        assert winner.give_in() == ["BYE"]
        self.house.step(1.0)
        assert len(self.house.hands.phones) == 0
        assert self.house.facts("AgentChanged")[-1].state == "ready"

    def answer_both(self):
        """Answer on both, 1 ms apart or together; give the first."""
        for phone in self.phones:
            assert phone.rings()
        apart = self.chance.choice([-0.001, 0.0, 0.001])
        first, second = self.phones if apart >= 0 else reversed(self.phones)
        first.lift()
        self.house.step(abs(apart))
        if self.chance.random() < 0.5:  # The CANCEL came before it was lifted.
            assert second.give_in() == ["CANCEL"]
        else:
            second.lift()
            self.house.step(0.001)
            # Not CANCEL alone: who has answered is hung up.
            assert second.give_in() == ["CANCEL", "ACK", "BYE"]
        return first

    def check(self, winner):
        """One is bridged, and of the other nobody hears."""
        assert "ACK" in winner.methods()
        bridged = self.house.facts("Bridged")
        assert [fact.again for fact in bridged] == [False, True][: len(bridged)]
        assert len(self.house.facts("Ringing")) == 1
        assert self.house.facts("RingEnded") == []
        answered = self.house.media.of("answer")[-1]
        assert answered["sdp"] == handsets.sdp_of(winner.source[1])
        leg = self.house.hands.devices.current("anna")
        assert leg in self.house.media.of("mix")[-1]["legs"]


@pytest.mark.parametrize(
    ("seed", "rounds"), [(20, ROUNDS), pytest.param(21, LONG_ROUNDS, marks=pytest.mark.long)]
)
def test_two_telephones_that_answer_at_once(tmp_path, seed, rounds):
    """R1, R8, R9."""
    race = Race(tmp_path, seed)
    for number in range(1, rounds + 1):
        try:
            race.round(number)
        except BaseException:
            print(f"seed {seed}, round {number}")
            raise
    race.house.step(40.0)
    assert len(race.house.signals._endpoint.transactions) == 0
