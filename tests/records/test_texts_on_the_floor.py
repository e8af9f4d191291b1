"""What is written goes the whole way: records, worker, a real floor, and back onto its own row."""

import json
import os
from datetime import UTC, datetime, timedelta

import pytest

from callfloor.core import events, invariants
from callfloor.core.plan import NumberPlan
from callfloor.floor.tests import stand
from callfloor.floor.tests.test_requests import Desk
from callfloor.floor.tests.test_texts import CHAT, MAIL, offer_of, take, text_plan
from callfloor.kernel import journal
from callfloor.kernel.keys import ring
from callfloor.kernel.link import FloorAway
from callfloor.records.customers.models import Customer
from callfloor.records.interactions.models import AgentWork, Interaction, QueueEntry
from callfloor.records.interactions.services import Recorder, messages
from callfloor.records.people.services import PersonData
from callfloor.records.routing.services import CentreNames, apply_centre
from callfloor.worker.texts import BATCH, Texts

pytestmark = [pytest.mark.db, pytest.mark.django_db(databases=["default", "keys"])]

NOW = datetime.fromtimestamp(stand.START, UTC)


class Centre:
    """Records, a worker's road and a floor on its stand, over one journal."""

    def __init__(self, folder):
        self.folder = folder
        self.desk = Desk(stand.Stand(folder, floor_plan=text_plan()).start())
        self.is_away = False
        self.alarms = []
        self.sent = 0
        self.texts = self.worker()
        people = [
            PersonData(key=key, name=key, roles=("agent",), clients=("acme",))
            for key in ("anna", "bela")
        ]
        names = CentreNames(centre="Test")
        apply_centre(plan=text_plan(), people=people, names=names, dispositions=[], now=NOW)
        customer = Customer.objects.create(
            id="nora", client_id="acme", first_seen_at=NOW, last_seen_at=NOW
        )
        ring.create(subjects=[customer.subject], now=NOW)

    @property
    def house(self):
        """The floor that runs now."""
        return self.desk.house

    def worker(self):
        """Start a worker: nothing is left of the one before."""
        self.texts = Texts(
            journal_path=self.folder / "journal.db",
            send=self.send,
            alarm=lambda *told: self.alarms.append(told),
        )
        return self.texts

    def send(self, message):
        """Carry a message over the link, as JSON."""
        if self.is_away:
            raise FloorAway
        self.sent += len(message["items"])
        fields = json.loads(json.dumps(message))
        [answer] = self.desk.ask(fields.pop("type"), **fields)
        assert answer["type"] == "done", answer
        return answer

    def kill(self):
        """Kill the floor and start another."""
        self.house.journal.close()
        later = stand.Stand(self.folder, floor_plan=self.house.floor.plan)
        later.now = self.house.now + 1.0
        self.desk = Desk(later.start())
        self.texts.welcome()

    def write(self, channel="chat", called=CHAT, **fields):
        """Let somebody write."""
        given = {"language": "en", "now": NOW, "chance": os.urandom(10), **fields}
        return messages.begin(
            channel=channel, client="acme", called=called, customer_id="nora", **given
        )

    def round(self, seconds=0.0):
        """Do what a round of the worker does: the road, then the projection."""
        now = NOW + timedelta(seconds=seconds)
        self.texts.run(now)
        self.project(now)

    def project(self, now=NOW):
        """Project what is new."""
        recorder = Recorder(source="journal", simulated=False, seals=lambda _: {}, tick=float)
        with journal.opened(self.folder / "journal.db") as opened:
            recorder.record(opened.facts(after=recorder.position(), limit=10_000), now=now)

    def arrivals(self):
        """Count what the floor took."""
        query = "SELECT count(*) FROM journal WHERE name = 'ItemArrived'"
        return self.house.journal.read(query)[0][0]


@pytest.fixture
def centre(data):
    """Give a centre whose floor has just begun."""
    return Centre(data)


def test_a_chat_is_answered_and_its_row_tells_everything(centre):
    item = centre.write()
    centre.round()
    house = centre.house
    house.happen(events.AgentSignedIn(agent="anna", ready=True))
    house.step(4.0)
    take(house, "anna")
    house.step(90.0)
    messages.leave(interaction_id=item)
    centre.round()
    house.step(10.0)
    house.happen(events.WorkFinished(agent="anna", item=item, disposition="solved"))
    centre.project()
    row = Interaction.objects.get()
    assert (row.id, row.channel, row.customer_id) == (item, "chat", "nora")
    assert (row.outcome, row.disposition, row.agent.key) == ("answered", "solved", "anna")
    assert (row.arrived_at, row.flow, row.to_floor, row.leaving) == (NOW, "chats", False, False)
    [entry] = QueueEntry.objects.all()
    assert (entry.queue_id, entry.outcome, entry.waited_seconds) == ("chats", "answered", 4.0)
    [work] = AgentWork.objects.all()
    assert (work.talk_seconds, work.wrap_seconds, work.ended_by) == (90.0, 10.0, "customer")
    assert Customer.objects.count() == 1
    assert row.explanations.exists()
    assert row.timeline.filter(kind="Bridged").exists()


def test_messages_that_are_written_meanwhile_are_not_numbered_anew(centre):
    """The projection holds an older picture of the row, and must not write it over the newer."""
    item = centre.write()
    centre.round()
    first = messages.write(interaction_id=item, direction="in", text="hello", now=NOW)
    centre.house.happen(events.AgentSignedIn(agent="anna", ready=True))
    take(centre.house, "anna")
    centre.project()
    second = messages.write(interaction_id=item, direction="out", text="good day", now=NOW)
    assert (first.number, second.number) == (1, 2)


def test_nothing_is_lost_or_doubled_whoever_ends_in_between(centre):
    """Floor and worker are killed after every step; each item is taken once and closed once."""
    items = []
    for step in range(24):
        items.append(centre.write())
        centre.is_away = step % 5 == 1
        centre.texts.run(NOW)
        if step % 3 == 0:
            centre.kill()
        if step % 4 == 0:
            centre.worker()
        if step % 2:
            centre.project()
    centre.is_away = False
    centre.round()
    centre.kill()
    centre.round()
    assert centre.arrivals() == 24
    for item in items[:7]:
        messages.leave(interaction_id=item)
    centre.round()
    assert Interaction.objects.filter(outcome="abandoned_in_queue").count() == 7
    waiting = [item.id for item in centre.house.floor.exchange.house.items.values()]
    assert sorted(waiting) == sorted(items[7:])
    invariants.check(centre.house.floor.exchange)


def test_who_leaves_before_the_floor_has_heard_of_him_is_let_go_after_it_has(centre):
    centre.is_away = True
    item = centre.write()
    centre.round()
    assert messages.leave(interaction_id=item)
    centre.is_away = False
    centre.kill()
    centre.round()
    assert Interaction.objects.get().outcome == "abandoned_in_queue"
    assert not messages.leave(interaction_id=item)


def test_what_nobody_has_an_address_for_is_alarmed_once_and_comes_in_with_the_plan(centre):
    """Nothing is lost: it rests in the records, beside what goes on, until the plan knows it."""
    strange = centre.write(called="chat:new_shop")
    other = centre.write()
    centre.round()
    centre.round(seconds=5.0)
    centre.round(seconds=40.0)
    assert centre.alarms == [("no_such_address", f"{strange}: chat:new_shop (no_such_address)")]
    assert Interaction.objects.get(id=strange).to_floor
    assert not Interaction.objects.get(id=other).to_floor
    base = text_plan()
    shop = NumberPlan(number="chat:new_shop", client="acme", flow="chats", language="en")
    wider = text_plan(numbers=(*base.numbers, shop), version="2")
    centre.house.floor.happen(events.PlanChanged(plan=wider))
    centre.round(seconds=80.0)
    assert not Interaction.objects.get(id=strange).to_floor


def test_a_mail_gets_its_deadline_from_its_queue_unless_it_has_one(centre):
    owed = NOW + timedelta(hours=3)
    own = centre.write("mail", MAIL, due_at=owed)
    other = centre.write("mail", MAIL)
    centre.round()
    assert Interaction.objects.get(id=own).due_at == owed
    assert Interaction.objects.get(id=other).due_at == NOW + timedelta(days=1)


def test_an_owner_who_is_away_is_a_wish_and_no_condition(centre):
    """R17: what is written in a matter of somebody who is off waits for everybody else."""
    centre.house.happen(events.AgentSignedIn(agent="bela", ready=True))
    centre.write(preferred="anna")
    centre.round()
    assert offer_of(centre.house, "bela") is not None


def test_an_owner_who_is_there_gets_it_before_others(centre):
    for agent in ("bela", "anna"):
        centre.house.happen(events.AgentSignedIn(agent=agent, ready=True))
    centre.write(preferred="anna")
    centre.round()
    assert offer_of(centre.house, "anna") is not None


def test_more_than_a_batch_comes_in_order(centre):
    items = [centre.write(now=NOW + timedelta(milliseconds=n)) for n in range(BATCH + 20)]
    centre.round()
    centre.round()
    assert [fact.item for fact in centre.house.facts("Arrived")] == items
    assert centre.sent == BATCH + 20


def test_what_the_twin_writes_goes_to_no_floor(centre):
    centre.write(simulated=True)
    centre.round()
    assert centre.arrivals() == 0
