"""What an agent's desk may ask, and the command that it becomes."""

import pytest

from callfloor.core import events
from callfloor.web import commands

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("fields", "event"),
    [
        ({"do": "ready"}, events.ReadyAsked(agent="anna")),
        ({"do": "away", "reason": "lunch"}, events.AwayAsked(agent="anna", reason="lunch")),
        ({"do": "answer", "offer": "i/1"}, events.OfferAnswered(agent="anna", offer="i/1")),
        (
            {"do": "mute", "item": "i", "muted": True},
            events.MuteAsked(agent="anna", item="i", muted=True),
        ),
        (
            {"do": "transfer", "item": "i", "to_agent": "bela"},
            events.TransferAsked(agent="anna", item="i", to_agent="bela"),
        ),
        (
            {"do": "keys", "item": "i", "keys": "12#"},
            events.KeysAsked(agent="anna", item="i", count=3),
        ),
        (
            {"do": "consult", "item": "i", "queue": "help"},
            events.ConsultAsked(agent="anna", item="i", queue="help"),
        ),
        ({"do": "complete", "item": "i"}, events.TransferCompleted(agent="anna", item="i")),
        ({"do": "conference", "item": "i"}, events.ConferenceAsked(agent="anna", item="i")),
        (
            {"do": "call", "client": "acme", "to_agent": "bela"},
            events.CallAsked(agent="anna", item="", leg="", client="acme", to_agent="bela"),
        ),
        (
            {"do": "supervise", "item": "i", "of": "bela", "mode": "whisper"},
            events.SuperviseAsked(agent="anna", item="i", of="bela", mode="whisper"),
        ),
        (
            {"do": "finish", "item": "i", "disposition": "solved"},
            events.WorkFinished(agent="anna", item="i", disposition="solved"),
        ),
    ],
)
def test_each_word_becomes_its_command(fields, event):
    assert commands.build("anna", fields) == event


def test_no_message_speaks_for_another():
    event = commands.build("anna", {"do": "away", "reason": "lunch", "agent": "bela", "by": "bela"})
    assert event == events.AwayAsked(agent="anna", reason="lunch", by=None)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"do": "item_arrived"},
        {"do": "away"},
        {"do": "hold", "item": 7},
        {"do": "hold", "item": ""},
        {"do": "hold", "item": "x" * 201},
        {"do": "mute", "item": "i", "muted": "yes"},
        {"do": ["ready"]},
        {"do": "call", "client": "acme"},
        {"do": "call", "client": "acme", "number": "1" * 41},
        {"do": "consult", "item": "i"},
        {"do": "supervise", "item": "i", "of": "bela", "mode": "record"},
    ],
)
def test_what_no_desk_sends_is_misunderstood(fields):
    with pytest.raises(commands.Misunderstood):
        commands.build("anna", fields)


@pytest.mark.parametrize(
    ("fields", "beside"),
    [
        ({"do": "call", "client": "acme", "number": "+36 1 555"}, {"number": "+36 1 555"}),
        ({"do": "call", "client": "acme", "to_agent": "bela", "number": "1"}, {}),
        ({"do": "consult", "item": "i", "number": "112"}, {"number": "112"}),
        ({"do": "keys", "item": "i", "keys": "12#"}, {"keys": "12#"}),
        ({"do": "hold", "item": "i", "number": "1"}, {}),
    ],
)
def test_a_number_goes_beside_its_command_and_never_in_it(fields, beside):
    event = commands.build("anna", fields)
    assert commands.beside(event, fields) == beside
    assert "555" not in repr(event)
