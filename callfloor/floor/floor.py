"""
The floor: brings what happens to the exchange and what it decides to the world, in this order only:

    happen(event) -> exchange.receive at once
                  -> the input and its facts into the next group commit
    committed     -> board, feed, then the actions in their order

Laws of this file: no action and no fact leaves the process before its commit; every input and every
fact is in the journal with the instant it was decided at; timers that are due fire before an event,
each at its own instant, so a late loop changes no decision. The one broad `except` of the house is
here: what fails parks its item, alarms, and the floor goes on.

Refuses: sockets (they are plain callables), Django, decisions.
"""

import json
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from callfloor.core import actions, board, codec, events, exchange, facts, plan
from callfloor.floor import journal
from callfloor.floor.commits import Commits, Then
from callfloor.floor.journal import Change, Row
from callfloor.floor.past import Past
from callfloor.wire import fail

FAULTS_MAX = 100  # Timers that fail before one event; each parks an item and cannot fail again.
BOARD_ROWS = 2_000  # Facts read again at a start, at most: 2,000 take about 0.05 s.

FeedRow = dict[str, Any]
Decided = tuple[facts.Fact, FeedRow]
"""A fact, and the row in which screens are told of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """All that the floor touches, as plain callables."""

    now: Callable[[], float]
    """The floor's clock, UTC seconds."""
    wake_at: Callable[[float | None], None]
    """Calls `Floor.wake` at this instant; replaces what was asked before; None for never."""
    perform: Callable[[actions.Action], None]
    """Does one action."""
    tell: Callable[[Sequence[FeedRow], int], None]
    """Shows facts, after the commit: rows of {seq, at, fact} and the last row's seq."""
    settled: Callable[[facts.Fact], None]
    """Hears each fact after its commit, for the floor's own keeping of legs and keys."""
    note: Callable[[str, str], None]
    """Logs an event of the floor by name, with a detail that names nobody."""


class Floor:
    """The exchange with its journal, its timer and its board."""

    def __init__(
        self, *, first: plan.FloorPlan, past: Past, commits: Commits, ports: Ports, version: str
    ) -> None:
        self.epoch = past.epoch + 1
        self.seq = past.seq
        """The last row that is committed."""
        self.exchange = exchange.Exchange(first)
        self.board = _board_of(first, past)
        self.plan = first
        """What holds by what is committed."""
        self.next_plan = first
        """What holds for whatever happens next; the same, but while its commit is on its way."""
        self._version = version
        self._past = past
        self._commits = commits
        self._ports = ports
        self._now = 0.0
        self._next_seq = past.seq + 1
        self._board_seq = past.seq
        self._to_do: deque[partial[None]] = deque()
        self._is_settling = False

    # --- what comes in ---

    def start(self) -> None:
        """Begin the new epoch: what is open and who is seated enters as events."""
        started = events.FloorStarted(epoch=self.epoch, code_version=self._version, plan=self.plan)
        self.happen(started)
        past = self._past
        for event in (*past.emergencies, *past.lines, *past.items, *past.seats):
            fail.point("floor.restoring")
            if self.refusal(event) is None:
                self.happen(event)
            else:
                self._ports.note("not_restored", type(event).__name__)

    def refusal(self, event: events.Event) -> str | None:
        """Say why an event does not fit this moment, None if it does."""
        return self.exchange.refusal(event)

    def happen(
        self, event: events.Event, *, changes: Sequence[Change] = (), then: Then | None = None
    ) -> None:
        """
        Let something happen, now.

        `changes` go into the same transaction, `then` is called after it and before the actions.
        """
        now = self._advance()
        self._fire_due(now)
        self._receive(event, now)
        if isinstance(event, events.PlanChanged):
            self.next_plan = event.plan
            then = partial(self._use_plan, event.plan, then)
        row = self._row(at=now, kind="input", value=event, plain=codec.to_plain(event))
        self._commit([row], list(changes), then)
        self._rearm()

    def keep(self, changes: Sequence[Change], then: Then | None = None) -> None:
        """Commit changes beside the journal, then go on."""
        self._commits.append((), changes, then or _nothing)

    def wake(self) -> None:
        """Let the time pass: whatever is due happens."""
        self._fire_due(self._advance())
        self._rearm()

    def close(self) -> None:
        """Keep the board as it is, so that the next start reads nothing again."""
        self.keep([self._board_change()])

    def _use_plan(self, new: plan.FloorPlan, then: Then | None) -> None:
        self.plan = new
        self.board.use(new)
        if then is not None:
            then()

    # --- the exchange ---

    def _advance(self) -> float:
        # Never backwards, whatever the clock's resolution.
        self._now = max(self._now, self._ports.now())
        return self._now

    def _fire_due(self, now: float) -> None:
        due = self.exchange.timer()
        if due is not None and due <= now:
            self._receive(events.TimePassed(), now)
            self._commit([], [], None)

    def _receive(self, event: events.Event, at: float) -> None:
        for _ in range(FAULTS_MAX):
            try:
                self.exchange.receive(event, at)
                return
            except Exception as error:  # One item's fault must not end a thousand calls.
                self._park(event, at, error)
            if self.exchange.reached:  # Else a timer before it failed, and it is still to come.
                return

    def _park(self, cause: events.Event, at: float, error: Exception) -> None:
        item = self.exchange.in_hand
        # The text of an assertion is ours and names nobody; another error's might.
        text = str(error) if isinstance(error, AssertionError) else ""
        self._ports.note("parked", f"{type(cause).__name__}: {type(error).__name__} {text}")
        if item is None:
            return
        try:
            self.exchange.park(item, at)
        except Exception as second:  # Then it stays as it is; the invariants name it live.
            self._ports.note("not_parked", f"{item}: {type(second).__name__}")

    def _rearm(self) -> None:
        self._ports.wake_at(self.exchange.timer())

    # --- the journal ---

    def _row(self, *, at: float, kind: str, value: Any, plain: Any) -> Row:
        seq, self._next_seq = self._next_seq, self._next_seq + 1
        return Row(
            seq=seq,
            at=at,
            epoch=self.epoch,
            kind=kind,
            name=type(value).__name__,
            body=codec.write(plain),
            item=getattr(value, "item", None),
            client=getattr(value, "client", None),
        )

    def _commit(self, rows: list[Row], changes: list[Change], then: Then | None) -> None:
        decided: list[Decided] = []
        for at, fact in self.exchange.timed_facts():
            plain = codec.to_plain(fact)
            row = self._row(at=at, kind="fact", value=fact, plain=plain)
            rows.append(row)
            decided.append((fact, {"seq": row.seq, "at": at, "fact": plain}))
            changes.extend(_changes_of(fact, row.seq))
        to_do = self.exchange.actions()
        if not (rows or changes or to_do or then):
            return
        seq = self._next_seq - 1
        self._commits.append(rows, changes, lambda: self._committed(seq, decided, then, to_do))

    # --- after the commit ---

    def _committed(
        self,
        seq: int,
        decided: list[Decided],
        then: Then | None,
        to_do: list[actions.Action],
    ) -> None:
        self.seq = seq
        for fact, row in decided:
            self.board.apply(fact, row["at"])
        if decided:
            self._ports.tell([row for _, row in decided], seq)
        if then is not None:
            then()
        fail.point("floor.before_actions")
        for action in to_do:
            self._to_do.append(partial(self._ports.perform, action))
        for fact, _ in decided:
            self._to_do.append(partial(self._ports.settled, fact))
        self._settle()
        if seq - self._board_seq >= BOARD_ROWS:
            self.keep([self._board_change()])

    def _settle(self) -> None:
        # What is done may make more happen; that is done after the rest, not in between.
        if self._is_settling:
            return
        self._is_settling = True
        while self._to_do:
            self._do(self._to_do.popleft())
            fail.point("floor.between_actions")
        self._is_settling = False

    def _do(self, step: "partial[None]") -> None:
        try:
            step()
        except Exception as error:  # The same law as in _receive.
            self._failed(step.args[0], error)

    def _failed(self, what: Any, error: Exception) -> None:
        """Let a call go that something could not be done for, by events that a replay knows too."""
        name = type(what).__name__
        self._ports.note("not_done", f"{name}: {type(error).__name__}")
        self.happen(events.FaultNoticed(name="not_done", detail=name))
        leg = getattr(what, "leg", None)
        if leg is not None and not isinstance(what, actions.HangUp):
            self.happen(events.MediaLost(legs=(leg,)))

    def _board_change(self) -> Change:
        fail.point("journal.board_snapshot")
        self._board_seq = self.seq
        snapshot = self.board.snapshot()
        return journal.board_kept(
            seq=self.seq, at=self._now, body=json.dumps(snapshot, separators=(",", ":"))
        )


def _changes_of(fact: facts.Fact, seq: int) -> list[Change]:
    if isinstance(fact, facts.Arrived):
        return [journal.item_opened(fact.item, seq)]
    if isinstance(fact, facts.Closed):
        return [journal.item_closed(fact.item)]
    if isinstance(fact, facts.AgentChanged):
        if fact.state == "signed_out":
            return [journal.seat_left(fact.agent)]
        return [journal.seat_taken(fact.agent, seq)]
    if isinstance(fact, facts.EmergencyChanged):
        return [journal.emergency_on(fact.key, seq) if fact.on else journal.emergency_off(fact.key)]
    return []


def _board_of(first: plan.FloorPlan, past: Past) -> board.Board:
    shown = board.Board(first) if past.board is None else board.Board.restore(first, past.board)
    for at, fact in past.later:
        shown.apply(fact, at)
    return shown


def _nothing() -> None:
    """Nothing follows."""
