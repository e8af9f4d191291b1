"""A mailbox is complete, its addresses lead to one client, and none stands in two of them."""

import pytest

from callfloor.blueprint.check import check
from callfloor.blueprint.tests.samples import GOOD

pytestmark = pytest.mark.pure

MAIL = (
    GOOD.replace(
        "flows:\n",
        "  post: {name: Post, client: north, channel: mail, tiers: [{requires: {help: 1}}],"
        " dispositions: [done]}\n"
        "flows:\n  letters: {first: wait, steps: {wait: {do: queue, queue: post}}}\n",
    )
    .replace(
        "trunks:\n  local",
        '  "help@n.example": {client: north, flow: letters, language: en}\n'
        '  "more@n.example": {client: north, flow: letters, language: en}\n'
        "mail:\n"
        "  box: {addresses: [help@n.example], incoming: {host: mail.n.example, user: help},"
        " outgoing: {host: mail.n.example}}\n"
        "trunks:\n  local",
    )
    .replace("    skills: {help: 3}\n", "    skills: {help: 3}\n    capacity: {call: 1, mail: 2}\n")
)
SERVERS = "incoming: {host: mail.n.example, user: help}, outgoing: {host: mail.n.example}"

CASES = [
    ("E115", f", {SERVERS}}}", "}", "mail.box"),
    ("E116", "[help@n.example]", "[help+a@n.example]", "mail.box.addresses.0"),
    ("E117", "[help@n.example]", "[help@n.example, halp@n.example]", "mail.box.addresses.1"),
    ("E118", "[help@n.example]", "[help@n.example, help@n.example]", "mail.box.addresses.1"),
    (
        "E119",
        '"more@n.example": {client: north',
        '"more@n.example": {client: south',
        "mail.box.addresses",
    ),
]


def found(text):
    """Give ids and places of what is wrong."""
    return {
        (each.id.removeprefix("blueprint."), each.path) for each in check(text, file="x").findings
    }


def test_a_mailbox_that_is_complete_has_no_finding():
    assert found(MAIL) == set()
    blueprint = check(MAIL, file="x").blueprint
    assert blueprint.mail["box"].incoming.port == 993
    assert blueprint.mail["box"].acknowledge


@pytest.mark.parametrize(("fault", "old", "new", "place"), CASES, ids=[c[0] for c in CASES])
def test_one_fault_is_found_at_its_place(fault, old, new, place):
    assert MAIL.count(old) == 1
    text = MAIL.replace(old, new)
    if fault == "E119":
        text = text.replace("[help@n.example]", "[help@n.example, more@n.example]")
    assert (fault, place) in found(text)
