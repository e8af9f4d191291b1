"""R25: each event is told at least once, whatever fails, and the other side counts it once."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from callfloor.connectors.webhook import connector, deliveries, hooks, kinds, signing
from callfloor.connectors.webhook.client import Outcome
from callfloor.connectors.webhook.models import Delivery, Hook
from callfloor.kernel import access
from callfloor.kernel import events as outbox
from callfloor.kernel.models import AuditEntry
from callfloor.kernel.testing import own_reactions
from callfloor.records.cases.events import CaseOpened
from callfloor.records.customers.events import CustomersMerged
from callfloor.records.interactions.events import InteractionClosed
from callfloor.records.people.models import PersonRole
from tests.records import scenes

pytestmark = [pytest.mark.db, pytest.mark.django_db(databases=["default", "keys"])]

NOW = scenes.NOW
SECRET = bytes(range(32))
URL = "https://shop.example.org/hook"


def hook(*, key="mara", client="acme", url=URL, wanted=("interaction.closed",), number=1):
    """Let a system be told."""
    return hooks.make(
        person=scenes.person(key), client=client, name="Shop", url=url, kinds=wanted, allowed=(),
        secret=SECRET, now=NOW, chance=number.to_bytes(10, "big"),
    ).id  # fmt: skip


def closed(number=1, *, client="acme", simulated=False):
    """Give an event."""
    return InteractionClosed(
        interaction_id=f"call-{number}", client=client, channel="call", outcome="answered",
        queue="billing", agent="anna", closed_at=NOW, simulated=simulated,
    )  # fmt: skip


@dataclass
class Sink:
    """Another system: it fails as it is told, and counts what it has taken by its key."""

    fails: int = 0
    """Of a hundred."""
    status: int = 503
    tries: dict[str, int] = field(default_factory=dict)
    taken: dict[str, int] = field(default_factory=dict)

    def post(self, *, url, headers, body, allowed):
        """Take a request, or fail."""
        assert url == URL
        at = float(headers[signing.TIMESTAMP])
        assert signing.is_signed(secret=SECRET, given=headers, body=body, now=at)
        id_ = headers[signing.ID]
        self.tries[id_] = self.tries.get(id_, 0) + 1
        digest = hashlib.sha256(f"{id_}:{self.tries[id_]}".encode()).digest()
        if digest[0] * 100 < self.fails * 256:
            if digest[1] % 2:  # It has taken it, and its answer was lost.
                self.taken[id_] = self.taken.get(id_, 0) + 1
                return Outcome(status=None, fault="timeout")
            return Outcome(status=self.status)
        self.taken[id_] = self.taken.get(id_, 0) + 1
        return Outcome(status=200)


@pytest.fixture
def sink(monkeypatch):
    """Put a system at the other end of the wire."""
    made = Sink()
    monkeypatch.setattr(connector.client, "post", made.post)
    return made


@pytest.fixture
def alarms():
    """Keep alarms."""
    return []


@pytest.fixture
def sender(alarms):
    """Give what sends."""
    made = connector.Sender(allowed=(), alarm=lambda name, detail: alarms.append((name, detail)))
    yield made
    made.close()


def run_until_told(sender, *, now=NOW, rounds=2_000):
    """Let time pass to whatever is due next until nothing waits; give the last instant."""
    for _ in range(rounds):
        row = Delivery.objects.filter(state="waiting").order_by("try_at").first()
        if row is None:
            return now
        now = max(now, row.try_at)
        sender.run(now=now)
    raise AssertionError("something waits for ever")


def tell(count, sender, sink):
    """Tell a number of events, and assert that each came."""
    mine = hook()
    for number in range(count):
        deliveries.write(closed(number))
    run_until_told(sender)
    assert len(sink.taken) == count
    assert set(sink.taken) == set(Delivery.objects.values_list("event", flat=True))
    assert Delivery.objects.filter(hook_id=mine, state="told").count() == count
    assert sum(sink.tries.values()) > count


def test_r25_each_of_many_events_reaches_a_system_that_fails_a_third(scene, sender, sink, alarms):
    sink.fails = 30
    tell(150, sender, sink)
    assert alarms == []


@pytest.mark.long
def test_r25_a_thousand_events(scene, sender, sink):
    sink.fails = 30
    tell(1_000, sender, sink)


def test_a_reaction_that_runs_twice_tells_one_thing(scene, sender, sink):
    hook()
    deliveries.write(closed())
    deliveries.write(closed())
    assert Delivery.objects.count() == 1


def test_only_of_its_client_and_its_kinds_and_nothing_simulated(scene):
    hook()
    deliveries.write(closed(1, client="zeta"))
    deliveries.write(closed(2, simulated=True))
    merged = CustomersMerged(customer="a", into="b", client="acme", merged_at=NOW)
    deliveries.write(merged)
    assert not Delivery.objects.exists()


def test_what_goes_out_is_ids_and_nothing_else(scene):
    hook(wanted=("case.opened",))
    opened = CaseOpened(
        case_id="1", reference="CF-2026-000001", client="acme", kind="query", customer="c",
        origin=None, code="", opened_at=NOW, simulated=False,
    )  # fmt: skip
    deliveries.write(opened)
    assert json.loads(Delivery.objects.get().body) == {
        "type": "case.opened",
        "timestamp": "2026-03-02T12:00:00+00:00",
        "client": "acme",
        "data": {
            "case_id": "1", "reference": "CF-2026-000001", "kind": "query", "customer": "c",
            "origin": None, "code": "",
        },
    }  # fmt: skip


def test_fields_of_every_kind_are_fields_of_its_event():
    for kind in kinds.KINDS.values():
        assert {kind.at, "client", *kind.fields} <= set(kind.event.__dataclass_fields__), kind.key


def test_the_outbox_leaves_out_what_nobody_wants(scene, django_assert_max_num_queries):
    with own_reactions():
        outbox.join([outbox.on(InteractionClosed, deliveries.write, wanted=deliveries.is_wanted)])
        with scenes.atomic():
            outbox.publish_all([("a", closed(number)) for number in range(20)], now=NOW)
        with django_assert_max_num_queries(5):
            assert outbox.deliver(now=NOW).delivered >= 20
        hook()
        with scenes.atomic():
            outbox.publish(closed(99), subject="a", now=NOW)
        outbox.deliver(now=NOW)
    assert Delivery.objects.count() == 1


def test_rests_grow_and_are_spread():
    rests = [
        (deliveries.again_at(event="e", tries=tries, now=NOW) - NOW).total_seconds()
        for tries in range(len(deliveries.AGAIN_SECONDS))
    ]
    for rest, said in zip(rests, deliveries.AGAIN_SECONDS, strict=True):
        assert 0.8 * said <= rest <= 1.2 * said
    assert deliveries.again_at(event="e", tries=len(rests), now=NOW) is None
    others = {deliveries.again_at(event=f"e{n}", tries=3, now=NOW) for n in range(50)}
    assert len(others) == 50


def test_a_system_that_fails_for_days_is_switched_off_with_an_alarm(scene, sender, sink, alarms):
    mine = hook()
    sink.fails = 100
    for day in range(7):
        deliveries.write(closed(day))
        sender.run(now=NOW + timedelta(days=day))
    row = Hook.objects.get(id=mine)
    assert (row.is_on, row.off_reason, row.failing_since) == (False, "failing", NOW)
    assert alarms == [("webhook_off", mine)]
    sink.fails = 0
    later = NOW + timedelta(days=8)
    assert sender.run(now=later) == 0
    hooks.switch(person=scenes.person("mara"), hook=mine, on=True, now=later)
    run_until_told(sender, now=later)
    assert len(sink.taken) >= 5
    assert Hook.objects.get(id=mine).failing_since is None


def test_a_system_that_is_gone_is_switched_off_at_once(scene, sender, sink, alarms):
    mine = hook()
    sink.fails, sink.status = 100, 410
    for number in range(20):  # Half of them time out before one says so.
        deliveries.write(closed(number))
    for step in range(20):
        sender.run(now=NOW + timedelta(seconds=step))
    assert Hook.objects.get(id=mine).off_reason == "gone"
    assert alarms == [("webhook_off", mine)]


def test_what_its_owner_may_not_know_any_more_is_not_told(scene):
    mine = hook()
    PersonRole.objects.filter(person_id="mara").delete()
    deliveries.write(closed())
    assert not Delivery.objects.exists()
    assert Hook.objects.get(id=mine).off_reason == "rights"


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"key": "anna"}, access.Forbidden),
        ({"key": "zoe"}, access.NotFound),
        ({"key": "ivan", "wanted": ("case.opened",)}, access.Forbidden),
        ({"wanted": ()}, hooks.NoKinds),
        ({"wanted": ("other",)}, hooks.NoKinds),
        ({"url": "http://shop.example.org/"}, hooks.WrongAddress),
        ({"url": "https://169.254.169.254/"}, hooks.WrongAddress),
        ({"url": "https://[::1]/"}, hooks.WrongAddress),
    ],
)
def test_what_cannot_be_is_refused(scene, said, fault):
    with pytest.raises(fault):
        hook(**said)
    assert not Hook.objects.exists()


def test_making_and_removing_is_noted_and_the_secret_does_not_lie_in_clear(scene):
    mine = hook()
    assert SECRET not in bytes(Hook.objects.get().secret)
    hooks.switch(person=scenes.person("mara"), hook=mine, on=False, now=NOW)
    with pytest.raises(access.NotFound):
        hooks.remove(person=scenes.person("zoe"), hook=mine, now=NOW)
    hooks.remove(person=scenes.person("mara"), hook=mine, now=NOW)
    noted = AuditEntry.objects.filter(about=f"hook:{mine}").order_by("number")
    assert [row.action for row in noted] == ["hook.made", "hook.off", "hook.removed"]


def test_what_was_told_long_ago_is_forgotten(scene, sender, sink):
    hook()
    deliveries.write(closed())
    sender.run(now=NOW)
    assert deliveries.forget(now=NOW + timedelta(days=6)) == 0
    assert deliveries.forget(now=NOW + timedelta(days=8)) == 1
