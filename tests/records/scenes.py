"""
A centre with a floor's journal for tests and benches: real keys, real seals, real rows.

The floor's own writer makes the journal; the facts are those of calls as the exchange tells them.
"""

import itertools
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import IntegrityError
from django.db.transaction import atomic

from callfloor.core import codec, facts
from callfloor.core.plan import (
    AgentPlan,
    AwayReason,
    ClientPlan,
    End,
    FloorPlan,
    FlowPlan,
    NumberPlan,
    QueuePlan,
    TierPlan,
)
from callfloor.floor import journal as floor_journal
from callfloor.floor.seals import Seals
from callfloor.kernel import fields
from callfloor.kernel.access import Rights
from callfloor.kernel.journal import Journal, opened
from callfloor.kernel.keys import files
from callfloor.records.interactions.services import Recorder
from callfloor.records.people.models import ApiToken, Client, Person
from callfloor.records.people.services import PersonData
from callfloor.records.routing import services as routing
from callfloor.records.routing.models import Queue

__all__ = [
    "ApiToken",
    "Client",
    "IntegrityError",
    "Journal",
    "Person",
    "Queue",
    "atomic",
    "facts",
    "fields",
    "floor_journal",
    "opened",
]

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC).timestamp()
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
AGENTS = ("anna", "bela", "cili")


def plan() -> FloorPlan:
    """Give a plan of two clients with three queues; anna and cili share both clients."""
    tier = TierPlan(after_seconds=0, requires=(("talk", 1),))
    queue: dict[str, Any] = {"channel": "call", "tiers": (tier,)}
    clients = {"anna": ("acme", "zeta"), "bela": ("acme",), "cili": ("acme", "zeta")}
    return FloorPlan(
        version="v1",
        centre="Sample",
        timezone="Europe/Budapest",
        clients=(
            ClientPlan(key="acme", languages=("en", "hu")),
            ClientPlan(key="zeta", languages=("fa",)),
        ),
        agents=tuple(
            AgentPlan(key=key, clients=clients[key], skills=(("talk", 3),), team="day")
            for key in AGENTS
        ),
        queues=(
            QueuePlan(key="billing", client="acme", **queue),
            QueuePlan(key="orders", client="acme", **queue),
            QueuePlan(key="zeta_help", client="zeta", **queue),
        ),
        flows=(FlowPlan(key="main", version=1, first="end", steps=(End(key="end"),)),),
        numbers=(
            NumberPlan(number="900", client="acme", flow="main", language="en"),
            NumberPlan(number="901", client="zeta", flow="main", language="fa"),
        ),
        calendars=(),
        away_reasons=(AwayReason(key="lunch", paid=False),),
    )


def people() -> list[PersonData]:
    """Give the people of the plan, a manager of each client, and one of both."""
    both = ("acme", "zeta")
    return [
        PersonData(key="anna", name="Anna Árvai", roles=("agent",), clients=both, team="day"),
        PersonData(key="bela", name="Béla Barta", roles=("agent",), clients=("acme",), team="day"),
        PersonData(key="cili", name="Cili Csonka", roles=("team_leader",), clients=both),
        PersonData(key="mara", name="Mara Molnár", roles=("manager",), clients=both),
        PersonData(key="adam", name="Adam Acker", roles=("manager",), clients=("acme",)),
        PersonData(key="zoe", name="Zoe Zand", roles=("manager",), clients=("zeta",)),
        PersonData(key="ivan", name="Ivan Ilin", roles=("it_support",), clients=both),
    ]


NAMES = routing.CentreNames(
    centre="Sample centre",
    clients={"acme": {"en": "Acme", "hu": "Akme"}, "zeta": {"en": "Zeta"}},
    teams={"day": {"en": "Day"}},
    skills={"talk": {"en": "Talking"}},
    queues={"billing": {"en": "Billing", "hu": "Számlázás"}, "orders": {"en": "Orders"}},
    away_reasons={"lunch": {"en": "Lunch", "hu": "Ebéd"}},
)
DISPOSITIONS = [
    routing.DispositionData(key="solved", client="acme", names={"en": "Solved", "hu": "Megoldva"}),
    routing.DispositionData(key="later", client="acme", names={"en": "Later"}),
    routing.DispositionData(key="solved", client="zeta", names={"en": "Solved for Zeta"}),
]


def apply(now: datetime = NOW, *, more: Sequence[PersonData] = ()) -> None:
    """Bring the records to the plan of the scene, with more people, or other ones of a key."""
    everybody = {each.key: each for each in (*people(), *more)}
    routing.apply_centre(
        plan=plan(), people=[*everybody.values()], names=NAMES, dispositions=DISPOSITIONS, now=now
    )


def person(key: str) -> Person:
    """Give a person with fresh rights, as a request has him."""
    return Person.objects.get(key=key)


@dataclass(frozen=True)
class Someone:
    """Whoever asks, with the rights that a test needs."""

    key: str = "somebody"
    clients: tuple[str, ...] = ("acme",)
    may: tuple[str, ...] = ()

    @property
    def rights(self) -> Rights:
        """The rights as given."""
        return Rights(
            person=self.key, clients=frozenset(self.clients), permissions=frozenset(self.may)
        )


def recorder(scene: "Scene") -> Recorder:
    """Give a recorder as a fresh process has it."""

    def seals(items: list[str]) -> dict[str, bytes]:
        with opened(scene.path) as journal:
            assert journal is not None, "the scene's journal is there"
            return journal.seals(items=items)

    return Recorder(
        source=scene.path.stem,
        simulated=scene.path.stem == "history",
        seals=seals,
        tick=itertools.count().__next__,
    )


def project(scene: "Scene", *, now: datetime = NOW) -> Recorder:
    """Project what is new in the journal, as a fresh process would."""
    made = recorder(scene)
    with opened(scene.path) as journal:
        assert journal is not None, "the scene's journal is there"
        made.record(journal.facts(after=made.position(), limit=100_000), now=now)
    return made


def project_some(scene: "Scene", *, limit: int, now: datetime = NOW) -> int:
    """Project the next few facts, as a process that has just started; give how many."""
    made = recorder(scene)
    with opened(scene.path) as journal:
        assert journal is not None, "the scene's journal is there"
        return made.record(journal.facts(after=made.position(), limit=limit), now=now).facts


@dataclass
class Call:
    """What happens in one call, before it is written."""

    item: str
    at: float
    client: str = "acme"
    called: str = "900"
    queue: str = "billing"
    number: str | None = "+3615550100"
    name: str | None = None
    facts: list[tuple[float, object]] = field(default_factory=list)


class Scene:
    """A data folder with keys and a journal."""

    def __init__(self, data: Path, *, name: str = "journal.db", seed: int = 1) -> None:
        self.data = data
        self._name = Path(name).stem
        self.dice = random.Random(seed)
        files.create(data=data)
        keys = files.read(data=data)
        public = (data / "keys" / "centre.pub").read_bytes()
        self.seals = Seals(public_key=public, token_key=keys.token, draw=self.dice.randbytes)
        self.path = data / name
        self.journal = floor_journal.Journal(self.path)
        self._seq = itertools.count(1)
        self._items = itertools.count(1)

    def close(self) -> None:
        """Close the journal."""
        self.journal.close()

    def call(self, **values: Any) -> Call:
        """Begin a call; its item's key is kept as the floor would."""
        number = next(self._items)
        at = float(values.pop("at", START + number))
        call = Call(item=f"{self._name}-{number:06d}", at=at, **values)
        wrapped = self.seals.open_item(call.item)
        self.journal.write([], [floor_journal.sealed(call.item, wrapped)])
        self._arrive(call)
        return call

    def write(self, *calls: Call) -> int:
        """Write what the calls have come to into the journal; give its last number."""
        rows = []
        for at, fact in sorted(
            (pair for call in calls for pair in call.facts), key=lambda pair: pair[0]
        ):
            rows.append(self._row(at, fact))
        for call in calls:
            call.facts = []
        self.journal.write(rows, [])
        return rows[-1].seq

    def raw(self, *, at: float, name: str, body: str, item: str | None = None) -> int:
        """Write a row of which this version may know nothing."""
        seq = next(self._seq)
        row = floor_journal.Row(
            seq=seq, at=at, epoch=1, kind="fact", name=name, body=body, item=item
        )
        self.journal.write([row], [])
        return seq

    def _row(self, at: float, fact: object) -> floor_journal.Row:
        return floor_journal.Row(
            seq=next(self._seq),
            at=at,
            epoch=1,
            kind="fact",
            name=type(fact).__name__,
            body=codec.dumps(fact),
            item=getattr(fact, "item", None),
            client=getattr(fact, "client", None),
        )

    def _arrive(self, call: Call) -> None:
        token = self.seals.token(call.number) if call.number else None
        sealed = self.seals.caller(call.item, number=call.number, name=call.name)
        fact = facts.Arrived(
            item=call.item,
            client=call.client,
            channel="call",
            called=call.called,
            flow="main",
            flow_version=1,
            language="en",
            caller=token,
            trunk="line",
            sealed=sealed,
        )
        call.facts.append((call.at, fact))


def add(call: Call, after: float, kind: type, **values: object) -> None:
    """Let a fact of the call happen some seconds after its beginning."""
    call.facts.append((call.at + after, kind(item=call.item, client=call.client, **values)))


def in_queue(call: Call, *, entry: int = 1, after: float = 4.0) -> None:
    """Bring a call through its menu into its queue."""
    add(call, 1, facts.NoticeGiven)
    add(call, 2, facts.StepEntered, step="menu")
    add(call, 3, facts.Chose, step="menu", choice="billing")
    add(
        call, after, facts.Queued,
        queue=call.queue, entry=entry, position=1, born_at=call.at + after,
    )  # fmt: skip


def typed(scene: Scene, call: Call, digits: str, *, after: float = 3.5) -> None:
    """Let the caller type digits, which are sealed as the floor does it."""
    sealed = scene.seals.digits(call.item, digits)
    add(call, after, facts.Typed, label="customer_number", count=len(digits), sealed=sealed)


def answered(
    call: Call, agent: str, *, wait: float = 6.0, talk: float = 30.0, wrap: float = 5.0
) -> None:
    """Let an agent take the call, talk, and finish it."""
    at = 4.0 + wait
    why = {
        "rule": "longest_idle", "chosen": agent, "level": 3, "ready_seconds": 61.0, "tier": 0,
        "waited_seconds": wait, "eligible": [3], "idle": [2],
        "runners_up": [{"agent": "bela", "key": 12.0}],
    }  # fmt: skip
    offer = f"{call.item}-o1"
    add(call, at - 2, facts.Explained, queue=call.queue, offer=offer, why=why)
    add(
        call, at - 2, facts.Ringing,
        queue=call.queue, agent=agent, offer=offer, until=call.at + at + 13,
    )  # fmt: skip
    add(
        call, at, facts.Dequeued,
        queue=call.queue, entry=1, outcome="answered", waited_seconds=wait,
        queued_at=call.at + 4, within_goal=wait <= 20,
    )  # fmt: skip
    add(call, at, facts.Bridged, queue=call.queue, agent=agent, leg=f"a:{agent}:1")
    add(
        call, at + talk, facts.TalkEnded,
        queue=call.queue, agent=agent, talk_seconds=talk, hold_seconds=2.0, ended_by="customer",
    )  # fmt: skip
    add(call, at + talk, facts.Closed, outcome="answered", queue=call.queue)
    add(
        call, at + talk + wrap, facts.Finished,
        queue=call.queue, agent=agent, wrap_seconds=wrap, disposition="solved",
    )  # fmt: skip


def abandoned(call: Call, *, wait: float = 8.0, threshold: float = 5.0) -> None:
    """Let the caller leave the queue."""
    at, short = 4.0 + wait, wait < threshold
    add(
        call, at, facts.Dequeued,
        queue=call.queue, entry=1, outcome="abandoned_in_queue", waited_seconds=wait,
        queued_at=call.at + 4, short=short,
    )  # fmt: skip
    add(call, at, facts.Closed, outcome="abandoned_in_queue", queue=call.queue, short=short)
