"""The fixed list of commands is a wall."""

import pytest

from callfloor.core import codec, events
from callfloor.floor import commands

pytestmark = pytest.mark.pure


def test_a_command_is_read_as_it_was_written():
    event = events.AwayAsked(agent="anna", reason="lunch", by="leader")
    assert commands.read(codec.to_plain(event)) == event


@pytest.mark.parametrize(
    "plain",
    [
        None,
        "ReadyAsked",
        {},
        {"is": "ItemArrived", "item": "i", "channel": "call", "called": "900", "leg": "l"},
        {"is": "FloorStarted"},
        {"is": "ClockSet", "jump_seconds": 5.0},
        {"is": "ReadyAsked"},
        {"is": "ReadyAsked", "agent": 7},
        {"is": "ReadyAsked", "agent": None},
        {"is": "ReadyAsked", "agent": "anna", "more": "x"},
        {"is": "ReadyAsked", "agent": "x" * 201},
        {"is": "MuteAsked", "agent": "anna", "item": "i", "muted": 1},
        {"is": "KeysAsked", "agent": "anna", "item": "i", "count": True},
        {"is": "CallAsked", "agent": "anna", "client": "acme", "item": "i"},
        {"is": "CallAsked", "agent": "anna", "client": "acme", "zone": "home"},
        {"is": "CallAsked", "agent": "anna", "client": "acme", "emergency": True},
        {"is": "ConsultAsked", "agent": "anna", "item": "i", "leg": "x:i:1"},
        {"is": "AgentSignedIn", "agent": {"is": "AgentSignedIn", "agent": "x"}},
    ],
)
def test_anything_else_is_refused(plain):
    with pytest.raises(commands.BadCommand):
        commands.read(plain)


def test_no_command_can_say_what_only_the_floor_knows():
    names = {command.__name__ for command in commands.COMMANDS}
    assert names.isdisjoint(
        {"FloorStarted", "PlanChanged", "ClockSet", "ItemArrived", "ItemRestored", "CustomerLeft",
         "ChoiceMade", "DigitsEntered", "CallbackArrived", "DialAnswered", "PartyLeft",
         "DeviceUp", "DeviceLost", "MediaLost", "TimePassed"}
    )  # fmt: skip


def test_what_the_floor_says_of_a_call_may_stand_empty():
    asked = events.CallAsked(agent="anna", item="", leg="", client="acme")
    assert commands.read(codec.to_plain(asked)) == asked
    assert commands.read({"is": "CallAsked", "agent": "anna", "client": "acme"}) == asked
