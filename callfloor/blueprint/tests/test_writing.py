"""Addresses to which somebody may write: where they lead, and who could answer there."""

import pytest

from callfloor.blueprint.check import check
from callfloor.blueprint.compile import compile_plan
from callfloor.blueprint.tests.samples import GOOD

pytestmark = pytest.mark.pure

QUEUES = (
    "  chats: {name: Chats, client: north, channel: chat, tiers: [{requires: {}}],\n"
    "    dispositions: [done], ring_seconds: 60}\n"
    "  letters: {name: Letters, client: north, channel: mail, tiers: [{requires: {}}],\n"
    "    dispositions: [done], lead_seconds: 1800, goal: {seconds: 86400}}\n"
)
FLOWS = (
    "  chats: {first: wait, steps: {wait: {do: queue, queue: chats}}}\n"
    "  letters: {first: wait, steps: {wait: {do: queue, queue: letters}}}\n"
    "  shut: {first: bye, steps: {bye: {do: end, outcome: closed_hours}}}\n"
    "  late: {first: ring, steps: {ring: {do: callback, prompt: hello, queue: care}}}\n"
)
NUMBERS = (
    '  "chat:shop": {client: north, flow: chats, language: en}\n'
    '  "help@n.example": {client: north, flow: letters, language: en}\n'
)
"""What a centre needs beside its calls."""


def written() -> str:
    """Give the sample with a chat and a mail queue, and an agent who takes both."""
    text = GOOD.replace("queues:\n", f"queues:\n{QUEUES}", 1)
    text = text.replace("flows:\n", f"flows:\n{FLOWS}", 1)
    text = text.replace("numbers:\n", f"numbers:\n{NUMBERS}", 1)
    return text.replace(
        "  ann:\n", "  ann:\n    capacity: {call: 1, chat: 3, mail: 2}\n    beside_call: 1\n", 1
    )


CASES = (
    ("E120", "flow: chats, language", "flow: main, language", "numbers.chat:shop.flow"),
    ("E120", "flow: letters, language", "flow: chats, language", "numbers.help@n.example.flow"),
    ("E121", "flow: letters, language", "flow: shut, language", "numbers.help@n.example.flow"),
    ("E121", "flow: chats, language", "flow: late, language", "numbers.chat:shop.flow"),
    ("E032", '"chat:shop"', '"chat:Shop"', "numbers.chat:Shop"),
    ("E032", '"help@n.example"', '"help@n"', "numbers.help@n"),
    ("E041", ", chat: 3, mail: 2", ", mail: 2", "queues.chats"),
)
"""The fault, what is changed and into what, and where it is found."""


def test_a_centre_that_is_written_to_has_no_finding():
    checked = check(written(), file="good.yaml")
    assert [str(each) for each in checked.findings if each.severity == "error"] == []


@pytest.mark.parametrize(("fault", "old", "new", "path"), CASES)
def test_what_is_wrong_is_found_where_it_stands(fault, old, new, path):
    text = written()
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the sample"
    text = text.replace(old, new)
    checked = check(text, file="bad.yaml")
    found = [(each.id, each.path) for each in checked.findings if each.severity == "error"]
    assert (f"blueprint.{fault}", path) in found


def test_a_chat_may_end_outside_the_hours_and_a_mail_may_not():
    text = written().replace("flow: chats, language", "flow: shut, language")
    checked = check(text, file="good.yaml")
    assert "blueprint.E121" not in {each.id for each in checked.findings}


def test_the_floor_learns_what_lies_beside_a_call_and_when_a_mail_is_due():
    blueprint = check(written(), file="good.yaml").blueprint
    assert blueprint is not None
    floor_plan = compile_plan(blueprint, years=[2026])
    [ann] = [each for each in floor_plan.agents if each.key == "ann"]
    assert (ann.capacity, ann.beside_call) == ((("call", 1), ("chat", 3), ("mail", 2)), 1)
    queues = {each.key: each for each in floor_plan.queues}
    assert (queues["chats"].channel, queues["chats"].ring_seconds) == ("chat", 60.0)
    assert (queues["letters"].channel, queues["letters"].lead_seconds) == ("mail", 1800.0)
