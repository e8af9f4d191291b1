"""Actions done on lines and media, and what they report made into events."""

import pytest

from callfloor.core import actions, events
from callfloor.floor.tests import stand

pytestmark = pytest.mark.twin


@pytest.fixture
def house(tmp_path):
    """Start a floor on the stand."""
    return stand.Stand(tmp_path).start()


def call(house, call_id="one"):
    """Bring a call to its greeting; give item and leg."""
    house.receive(stand.invite(call_id=call_id, branch=call_id))
    tag = house.answers()[-1].to.tag
    house.receive(stand.request("ACK", call_id=call_id, branch=f"{call_id}k", to_tag=tag))
    item = house.facts("Arrived")[-1].item
    return item, f"c:{item}"


def talk(house, agent="anna"):
    """Bring a call to a talk; give item and leg."""
    item, leg = call(house)
    house.played()
    house.hands.on_key(leg, "1")
    house.hands.on_key(leg, "#")
    house.played()
    house.happen(events.OfferAnswered(agent=agent, offer=house.facts("Ringing")[-1].offer))
    return item, leg


class TestPrompts:
    def test_files_are_those_of_the_language(self, house):
        call(house)
        assert house.media.of("play")[0]["files"] == ["en/hello.wav"]

    def test_a_prompt_that_is_nowhere_is_over_at_once(self, house):
        (house.folder / "prompts" / "en" / "hello.wav").unlink()
        house.hands._prompts.refresh()
        call(house)
        assert [fact.step for fact in house.facts("StepEntered")] == ["hello", "choose"]
        assert ("prompt_missing", "en/hello.wav") in house.notes


class TestDevices:
    def test_a_device_counts_once_it_is_heard(self, house):
        legs = []
        house.hands.connect_device(
            "anna", kind="webrtc", sdp="x", then=lambda leg, sdp: legs.append((leg, sdp))
        )
        assert house.facts("DeviceChanged") == []
        assert legs[0][1] == stand.OUR_SDP
        house.hands.on_up(legs[0][0])
        assert house.facts("DeviceChanged")[-1].up is True

    def test_a_reload_takes_the_call_to_the_new_leg_and_drops_the_old_one(self, house):
        old = house.seat("anna")
        item, leg = talk(house)
        legs = []
        house.hands.connect_device(
            "anna", kind="webrtc", sdp="x", then=lambda leg, _sdp: legs.append(leg)
        )
        house.hands.on_up(legs[0])
        assert set(house.media.of("mix")[-1]["rows"]) == {(leg, legs[0], 1.0), (legs[0], leg, 1.0)}
        assert len(house.media.of("start_recording")) == 1
        assert {"call": "agent:anna", "leg": old} in house.media.of("delete")
        assert house.facts("Bridged")[-1].again is True
        assert house.facts("Bridged")[-1].item == item

    def test_a_lost_line_keeps_the_customer_and_found_brings_him_back(self, house):
        leg = house.seat("anna")
        talk(house)
        house.hands.on_lost(leg)
        assert house.facts("Held")[-1].reason == "device_lost"
        house.step(3.0)
        house.hands.on_up(leg)
        assert house.facts("Bridged")[-1].again is True
        assert house.media.of("delete") == []

    def test_a_silent_leg_is_given_back_when_its_agent_leaves(self, house):
        leg = house.seat("anna")
        house.hands.on_lost(leg)
        house.happen(events.AgentSignedOut(agent="anna"))
        assert house.media.of("delete") == [{"call": "agent:anna", "leg": leg}]

    def test_a_second_offer_replaces_one_that_was_never_heard(self, house):
        legs = []
        for _ in range(2):
            house.hands.connect_device(
                "anna", kind="webrtc", sdp="x", then=lambda leg, _sdp: legs.append(leg)
            )
        assert house.media.of("delete") == [{"call": "agent:anna", "leg": legs[0]}]


class TestMediaLost:
    def test_calls_are_interrupted_and_agents_are_without_audio(self, house):
        agent_leg = house.seat("anna")
        item, leg = talk(house)
        house.hands.on_media_lost([leg, agent_leg, "of nobody"])
        assert house.facts("Interrupted")[-1].cause == "media_lost"
        assert house.requests()[-1].method == "BYE"
        assert house.floor.board.snapshot()["agents"]["anna"]["device"] is False
        rows = house.journal.read("SELECT item, partial FROM recordings")
        assert rows == [(item, 1)]

    def test_legs_of_nobody_are_no_event(self, house):
        house.hands.on_media_lost(["of nobody"])
        assert house.journal.read("SELECT * FROM journal WHERE name = 'MediaLost'") == []


class TestKeys:
    def test_a_key_after_the_call_is_nothing(self, house):
        _, leg = call(house)
        house.hands.left(leg, "hung_up")
        before = len(house.told)
        house.hands.on_key(leg, "1")
        house.hands.on_played(leg, "x", failed=False)
        assert len(house.told) == before

    def test_an_agents_keys_are_sent_and_never_written(self, house):
        house.seat("anna")
        item, leg = talk(house)
        sealed = house.seals.digits(item, "9876")
        house.happen(events.KeysAsked(agent="anna", item=item, count=4, sealed=sealed))
        assert house.media.of("send_keys") == [{"leg": leg, "keys": "9876"}]

    def test_typed_digits_are_reported_when_the_wait_is_over(self, house):
        _, leg = call(house)
        house.played()
        house.hands.on_key(leg, "1")
        house.hands.on_key(leg, "4")
        house.hands.on_key(leg, "2")
        house.played()
        house.step(10.5)
        assert [(fact.label, fact.count) for fact in house.facts("Typed")] == [
            ("help", 1),
            ("Customer number", 2),
        ]


class TestBrowserKeypad:
    def test_keys_come_by_item(self, house):
        item, _ = call(house)
        house.played()
        house.hands.press(item, "1")
        assert house.facts("Chose")[-1].choice == "help"
        house.hands.press("no such item", "1")


def test_every_action_can_be_done(house):
    assert set(house.hands._do) == set(actions.Action.__args__)
