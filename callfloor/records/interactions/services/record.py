"""
The projection: facts of a journal become rows, each exactly once.

A batch is opened, folded and encrypted first; then one short transaction writes its rows, its
domain events and how far it has come. A batch that is given twice changes nothing the second time.
"""

import logging
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models, transaction

from callfloor.core import facts
from callfloor.core.plan import PROBE_TRUNK
from callfloor.kernel import events as outbox
from callfloor.kernel.journal import FactRow
from callfloor.kernel.keys import ring
from callfloor.records.customers import services as customers
from callfloor.records.customers.services import Caller, Callers
from callfloor.records.interactions.models import (
    AgentWork,
    Explanation,
    Interaction,
    LineQuality,
    MissedOffer,
    ProjectionState,
    QueueEntry,
    TimelineEntry,
)
from callfloor.records.interactions.services import course as courses
from callfloor.records.interactions.services import seats, sums
from callfloor.records.interactions.services.steps import Changes, Course, Step
from callfloor.records.people import services as people
from callfloor.records.routing import queries as routing_queries
from callfloor.records.routing import services as routing
from callfloor.wire import fail

log = logging.getLogger(__name__)

OPEN_MAX = 20_000  # Courses kept in memory, some 5 kB each; older ones are loaded again.
NEVER_CHANGED = {"id", "note", "customer", "written", "due_at", "preferred", "leaving", "seen_at"}
"""What the projection does not write again: that is the agent's note, or his customer's."""
SKIPPED = (
    facts.AgentChanged,
    facts.DeviceChanged,
    facts.HelpChanged,
    facts.PlanApplied,
    facts.Alarmed,
    facts.EmergencyChanged,
)
"""Facts that are about no interaction."""

Seals = Callable[[list[str]], Mapping[str, bytes]]


class Overtaken(Exception):
    """Another process projects the same journal and was faster; nothing was written here."""


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """What a batch has come to."""

    facts: int
    seq: int
    """The last fact's number."""
    write_seconds: float
    """How long the write transaction took."""


class Recorder:
    """
    Projects one journal; keeps the open courses in memory between batches.

    There must be one per journal in the whole centre. `tick` gives seconds for measuring only.
    """

    def __init__(
        self, *, source: str, simulated: bool, seals: Seals, tick: Callable[[], float]
    ) -> None:
        self._source = source
        self._simulated = simulated
        self._seals = seals
        self._tick = tick
        self._courses: OrderedDict[str, Course] = OrderedDict()
        self._seats = seats.Seats(source=source, simulated=simulated)
        self._known: set[tuple[str, str]] = set()
        self._seq: int | None = None

    def position(self) -> int:
        """Give the number of the last fact that was projected, 0 if none was."""
        state = ProjectionState.objects.filter(source=self._source).first()
        return state.seq if state else 0

    def record(self, rows: Sequence[FactRow], *, now: datetime) -> Recorded:
        """
        Project a batch of facts, which must be in order and follow the last one.

        Facts that were projected before are left out; after an exception nothing was written.
        """
        before = self._seq if self._seq is not None else self.position()
        fresh = [row for row in rows if row.seq > before]
        if not fresh:
            return Recorded(facts=0, seq=before, write_seconds=0.0)
        try:
            written = self._project(fresh, before=before, now=now)
        except BaseException:
            self._courses.clear()  # They may hold what was never written.
            self._seats.forget()
            self._seq = None
            raise
        self._seq = fresh[-1].seq
        self._let_go()
        return Recorded(facts=len(fresh), seq=fresh[-1].seq, write_seconds=written)

    def park(self, row: FactRow) -> None:
        """
        Leave out a fact that cannot be written, so that all others go on.

        To be called only when `record` has failed for this fact alone, and not because the
        database was away. The journal still has it.
        """
        log.error("projection.parked", extra={"fact": row.name, "seq": row.seq})
        self._courses.clear()
        self._seats.forget()
        self._seq = None
        ProjectionState.objects.update_or_create(
            source=self._source, defaults={"seq": row.seq, "at": courses.instant(row.at)}
        )

    def _project(self, rows: list[FactRow], *, before: int, now: datetime) -> float:
        rows_of_items = [row for row in rows if _is_of_item(row)]
        self._ensure_known(rows_of_items, now=now)
        self._load(_begun_elsewhere(rows_of_items))
        callers, typed = self._open(rows_of_items, now=now)
        self._load({row.fact.item for row in rows_of_items} - callers.by_item.keys())
        changes = Changes(source=self._source)
        for row in rows_of_items:
            self._take(row, callers, typed, changes)
        self._apply_languages(changes, callers)
        changes.missed += seats.missed(rows_of_items, courses=self._courses, source=self._source)
        self._seat(rows, changes, now=now)
        return self._write(changes, callers, before=before, last=rows[-1], now=now)

    def _seat(self, rows: list[FactRow], changes: Changes, *, now: datetime) -> None:
        """Write down what agents were, and make sure that they have rows to point to."""
        told = [row for row in rows if isinstance(row.fact, seats.TOLD_BY)]
        if not told:
            return
        zone = ZoneInfo(routing_queries.zone() or "UTC")
        changes.seating = self._seats.take(told, zone=zone)
        found = {("agent", key) for key in changes.seating.agents} - self._known
        clients = {("client", key) for key in changes.seating.clients} - self._known
        if found or clients:
            keys = {key for _, key in found}
            people.ensure_known(clients={key for _, key in clients}, people=keys, now=now)
            self._known |= found | clients

    def _open(
        self, rows: list[FactRow], *, now: datetime
    ) -> tuple[Callers, dict[int, tuple[str | None, bytes | None]]]:
        """Open what is sealed: callers become customers, digits are read with their keys."""
        sealed = [row for row in rows if getattr(row.fact, "sealed", None)]
        wrapped = self._seals([row.fact.item for row in sealed])
        keys = {item: ring.item_key(each) for item, each in wrapped.items()}
        arrived = [row for row in rows if isinstance(row.fact, facts.Arrived)]
        arrived = [row for row in arrived if row.fact.item not in self._courses]
        callers = customers.prepare_callers(
            [self._caller(row, key=keys.get(row.fact.item)) for row in arrived], now=now
        )
        typed = [row for row in sealed if isinstance(row.fact, facts.Typed)]
        return callers, self._digits(typed, keys, callers)

    def _caller(self, row: FactRow, *, key: bytes | None) -> Caller:
        fact: facts.Arrived = row.fact
        known = ring.item_value(fact.sealed, key=key, item=fact.item) if fact.sealed and key else {}
        known = known if isinstance(known, dict) else {}
        return Caller(
            item=fact.item,
            client=fact.client,
            token=fact.caller,
            number=known.get("number"),
            name=known.get("name"),
            at=courses.instant(row.at),
            simulated=self._is_simulated(fact),
        )

    def _is_simulated(self, fact: facts.Arrived) -> bool:
        """Say whether a call is no customer's: of the twin's journal, or a test call."""
        return self._simulated or fact.trunk == PROBE_TRUNK

    def _digits(
        self, typed: list[FactRow], keys: Mapping[str, bytes | None], callers: Callers
    ) -> dict[int, tuple[str | None, bytes | None]]:
        """Give digits and the customer's key by the number of the fact."""
        self._load({row.fact.item for row in typed} - callers.by_item.keys())
        subjects = {row.seq: self._subject(row.fact.item, callers) for row in typed}
        own = ring.get(subjects={subject for subject in subjects.values() if subject})
        digits = {}
        for row in typed:
            key = keys.get(row.fact.item)
            value = ring.item_value(row.fact.sealed, key=key, item=row.fact.item) if key else None
            text = value if isinstance(value, str) else None
            digits[row.seq] = (text, own.get(subjects[row.seq] or ""))
        return digits

    def _subject(self, item: str, callers: Callers) -> str | None:
        if item in callers.by_item:
            return callers.by_item[item].subject
        course = self._courses.get(item)
        return f"customer:{course.interaction.customer_id}" if course else None

    def _take(
        self,
        row: FactRow,
        callers: Callers,
        typed: Mapping[int, tuple[str | None, bytes | None]],
        changes: Changes,
    ) -> None:
        digits, key = typed.get(row.seq, (None, None))
        at = courses.instant(row.at)
        step = Step(seq=row.seq, at=at, fact=row.fact, digits=digits, key=key)
        item = row.fact.item
        if isinstance(row.fact, facts.Arrived) and item not in self._courses:
            customer = callers.by_item[item]
            self._courses[item] = courses.begin(
                step, customer_id=customer.id, simulated=self._is_simulated(row.fact)
            )
        course = self._courses.get(item)
        if course is None:
            log.error("projection.orphan", extra={"fact": row.name, "seq": row.seq})
            return
        courses.take(course, step, changes)

    def _apply_languages(self, changes: Changes, callers: Callers) -> None:
        """A language that a caller has chosen is his customer's from now on."""
        missing = changes.languages.keys() - callers.by_item.keys()
        callers.by_item |= customers.of_items(
            {item: self._courses[item].interaction.customer_id for item in missing}
        )
        for item, language in changes.languages.items():
            if item in callers.by_item:
                callers.by_item[item].language = language

    def _load(self, items: Iterable[str]) -> None:
        """Bring courses into memory that an earlier batch, or an earlier process, has begun."""
        missing = [item for item in items if item not in self._courses]
        if not missing:
            return
        for interaction in Interaction.objects.filter(id__in=missing).order_by("id"):
            self._courses[interaction.id] = Course(interaction=interaction)
        for entry in QueueEntry.objects.filter(interaction_id__in=missing).order_by("entry"):
            self._courses[entry.interaction_id].entries[entry.entry] = entry
        for part in AgentWork.objects.filter(interaction_id__in=missing).order_by("part"):
            self._courses[part.interaction_id].work.append(part)

    def _write(
        self, changes: Changes, callers: Callers, *, before: int, last: FactRow, now: datetime
    ) -> float:
        began = self._tick()
        with transaction.atomic():
            self._advance(before=before, last=last)
            customers.write_callers(callers)
            places = sums.touched(changes)
            _write_rows(changes)
            sums.add_up(places, simulated=self._simulated)
            seats.write(changes.seating, simulated=self._simulated)
            outbox.publish_all(changes.events, now=now)
            fail.point("worker.in_batch")
        return self._tick() - began

    def _advance(self, *, before: int, last: FactRow) -> None:
        """Say how far the projection is, in one statement that also locks out a second one."""
        values = {"seq": last.seq, "at": courses.instant(last.at)}
        mine = ProjectionState.objects.filter(source=self._source, seq=before)
        if mine.update(**values):
            return
        if before or ProjectionState.objects.filter(source=self._source).exists():
            raise Overtaken(self._source)
        ProjectionState.objects.create(source=self._source, **values)

    def _ensure_known(self, rows: list[FactRow], *, now: datetime) -> None:
        """Make sure that clients, people and queues which facts name have rows to point to."""
        named = {pair for row in rows for pair in _named(row.fact)} - self._known
        if not named:
            return
        clients = {row.fact.client for row in rows}
        agents = {key for kind, key in named if kind == "agent"}
        people.ensure_known(clients=clients, people=agents, now=now)
        owners = {row.fact.queue: row.fact.client for row in rows if _queue_of(row.fact)}
        routing.ensure_known(queues={key: (owners[key], "call") for key in owners}, now=now)
        self._known |= named

    def _let_go(self) -> None:
        over = [item for item, course in self._courses.items() if course.is_over]
        for item in over:
            del self._courses[item]
        while len(self._courses) > OPEN_MAX:
            self._courses.popitem(last=False)


def _begun_elsewhere(rows: Iterable[FactRow]) -> set[str]:
    """Name the items whose row is there before their first fact: what is written comes so."""
    return {
        row.fact.item
        for row in rows
        if isinstance(row.fact, facts.Arrived) and row.fact.channel != "call"
    }


def _is_of_item(row: FactRow) -> bool:
    if row.fact is None:
        log.error("projection.unknown_fact", extra={"fact": row.name, "seq": row.seq})
        return False
    return not isinstance(row.fact, SKIPPED)


def _queue_of(fact: Any) -> str | None:
    return getattr(fact, "queue", None)


def _named(fact: Any) -> Iterable[tuple[str, str]]:
    yield "client", fact.client
    if queue := _queue_of(fact):
        yield "queue", queue
    for name in ("agent", "to_agent"):
        if agent := getattr(fact, name, None):
            yield "agent", agent


def _write_rows(changes: Changes) -> None:
    _upsert(Interaction, changes.interactions.values())
    for item, due_at in changes.dues.items():
        Interaction.objects.filter(id=item, due_at=None).update(due_at=due_at)
    if changes.closed_texts:
        Interaction.objects.filter(id__in=changes.closed_texts).update(leaving=False)
    _upsert(QueueEntry, changes.entries.values())
    _upsert(AgentWork, changes.work.values())
    TimelineEntry.objects.bulk_create(changes.timeline, ignore_conflicts=True)
    Explanation.objects.bulk_create(changes.explanations, ignore_conflicts=True)
    LineQuality.objects.bulk_create(changes.lines, ignore_conflicts=True)
    MissedOffer.objects.bulk_create(changes.missed, ignore_conflicts=True)


def _upsert(model: type[models.Model], rows: Collection[Any]) -> None:
    """Write rows whether they are there or not, many in one statement."""
    names = {each.name for each in model._meta.concrete_fields} - NEVER_CHANGED
    model._default_manager.bulk_create(
        rows, update_conflicts=True, unique_fields=["id"], update_fields=sorted(names)
    )
