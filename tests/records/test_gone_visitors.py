"""A visitor who never comes back leaves the line; what he wrote stays, and goes on by mail."""

from datetime import timedelta

import pytest

from callfloor.core import events
from callfloor.floor.tests.test_texts import MAIL, take
from callfloor.records.interactions.models import Interaction, Message
from callfloor.records.interactions.queries import messages as readings
from callfloor.records.interactions.services import chats, gone, messages
from tests.records.test_texts_on_the_floor import NOW, Centre

pytestmark = [pytest.mark.db, pytest.mark.django_db(databases=["default", "keys"])]

LIMIT = 600


@pytest.fixture
def centre(data):
    """Give a centre whose floor has just begun."""
    return Centre(data)


@pytest.fixture
def item(centre):
    """Give a chat that waits in line."""
    made = centre.write()
    messages.write(interaction_id=made, direction="in", text="Hello?", now=NOW)
    centre.round()
    return made


def at(seconds):
    """Give an instant after the start."""
    return NOW + timedelta(seconds=seconds)


def let_go(seconds):
    """Look who is gone."""
    return gone.let_go(now=at(seconds))


def outcome(item):
    """Give how a contact ended."""
    return Interaction.objects.get(id=item).outcome


def test_whoever_is_not_seen_and_says_nothing_has_left(centre, item):
    assert let_go(LIMIT - 1) == []
    assert let_go(LIMIT) == [item]
    assert let_go(LIMIT) == []
    centre.house.step(LIMIT)
    centre.round(LIMIT)
    assert outcome(item) == "abandoned_in_queue"
    rows = readings.of_interaction(interaction_id=item)
    assert [row.text for row in rows] == ["Hello?"]
    assert Interaction.objects.count() == 1


def test_an_open_page_keeps_his_place(centre, item):
    gone.note_seen(ids=[item], now=at(500))
    assert let_go(500 + LIMIT - 1) == []
    assert let_go(500 + LIMIT) == [item]


def test_what_he_writes_keeps_his_place(centre, item):
    messages.write(interaction_id=item, direction="in", text="Still here", now=at(500))
    assert let_go(500 + LIMIT - 1) == []
    messages.write(interaction_id=item, direction="out", text="One moment", now=at(900))
    assert let_go(500 + LIMIT) == [item]


def test_what_an_agent_has_in_hand_is_his(centre, item):
    centre.house.happen(events.AgentSignedIn(agent="anna", ready=True))
    take(centre.house, "anna")
    centre.project()
    assert let_go(10 * LIMIT) == []


def test_who_wants_answers_by_mail_is_answered_by_mail(centre, item):
    messages.write(interaction_id=item, direction="in", text="My bill is wrong.", now=at(5))
    chats.continue_by_mail(interaction_id=item, now=at(6))
    assert let_go(6 + LIMIT) == [item]
    centre.house.step(LIMIT + 6)
    centre.round(LIMIT + 6)
    assert outcome(item) == "abandoned_in_queue"
    mail = Interaction.objects.get(channel="mail")
    assert (mail.called, mail.customer_id, mail.outcome) == (MAIL, "nora", "")
    [row] = readings.of_interaction(interaction_id=mail.id)
    assert (row.direction, row.text) == ("in", "Hello?\n\nMy bill is wrong.")
    assert let_go(10 * LIMIT) == []
    assert Message.objects.filter(interaction=mail).count() == 1
