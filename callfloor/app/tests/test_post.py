"""The demo's mails take the road of every mail, and what agents answer leaves to nobody."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from callfloor.blueprint.check import check
from callfloor.core.plan import MAIL
from tests.records.accounts import ACCOUNT, HELP
from tests.records.fixtures import data, scene

__all__ = ["data", "scene"]

pytestmark = [
    pytest.mark.db,
    pytest.mark.django_db(transaction=True, databases=["default", "keys"]),
]

DEMO = (Path(__file__).parents[3] / "blueprints" / "demo.yaml").read_text(encoding="utf-8")
SERVED = """
mail:
  help:
    addresses: ["help@halden.example"]
    outgoing: {host: smtp.halden.example, port: 587}
"""
NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
SENDER = ("A. Blomqvist", "a.blomqvist1@customer.example")


@pytest.fixture
def office(scene):
    """Give a post office of one address."""
    from callfloor.app.demo.post import Post

    return Post([ACCOUNT])


def brought(office, number=1):
    from callfloor.app.demo import post

    raw = post.letter(
        account=ACCOUNT, said=("My bill", "It is high."), sender=SENDER, number=number, now=NOW
    )
    (item,) = office.bring(account=ACCOUNT, raw=raw, now=NOW)
    return item


def said(item):
    from callfloor.records.interactions.models import Message

    rows = Message.objects.filter(interaction=item).order_by("number")
    return [(row.direction, row.author_id, row.state) for row in rows]


def test_a_mail_is_a_contact_with_a_case_and_is_acknowledged(office):
    from callfloor.records.cases.queries import contacts
    from callfloor.records.interactions.models import Interaction

    item = brought(office)
    row = Interaction.objects.get(id=item)
    assert (row.channel, row.called, row.simulated) == (MAIL, HELP, False)
    assert contacts.case_of(interaction_id=item).stage == "new"
    assert said(item) == [("in", None, "kept"), ("out", None, "to_send")]
    assert office.heard(item=item) == 1


def test_what_an_agent_answers_leaves(office):
    item = brought(office)
    office.say(item=item, agent="anna", text="It is settled.", number=0)
    office.say(item=item, agent="anna", text="It is settled.", number=0)
    office.take_out(now=NOW)
    assert said(item) == [("in", None, "kept"), ("out", None, "sent"), ("out", "anna", "sent")]


def test_an_answered_matter_is_closed_by_whoever_may(office):
    from callfloor.records.cases.queries import contacts

    first, second = brought(office), brought(office, number=2)
    assert first != second
    office.settle(item=first, agent="cili", said="Looked up.", now=NOW)
    assert contacts.case_of(interaction_id=first).stage == "closed"
    office.settle(item=second, agent="ivan", said="Looked up.", now=NOW)
    assert contacts.case_of(interaction_id=second).stage == "new"


def test_addresses_of_a_real_mailbox_are_left_to_it():
    from callfloor.app.demo import post

    blueprint = check(DEMO, file="demo.yaml").blueprint
    assert blueprint is not None
    (account,) = post.accounts(blueprint)
    assert (account.client, account.addresses) == ("halden", ("help@halden.example",))
    assert account.name == "Halden Water and Energy"
    real = check(DEMO + SERVED, file="demo.yaml").blueprint
    assert real is not None
    assert post.accounts(real) == []
