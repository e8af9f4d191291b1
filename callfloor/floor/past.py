"""
Reading the journal back for a start: what is open, who is seated, what the board showed.

Only the rows of open items and of the board's last minutes are read, so that a start is as quick
behind ten thousand contacts as behind none.

Refuses: to decide. What follows from the past is the exchange's matter, as for every other event.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from callfloor.core import codec, dialing, events, facts
from callfloor.floor.journal import Journal

Timed = tuple[float, facts.Fact]
"""A fact and the instant it was decided at."""

READY_AGAIN = frozenset({"ready", "ringing", "talking", "wrap_up", "reserved"})
"""States whose holders want work when the floor comes back; the work in hand is gone."""
OF_THE_EXCHANGE = (None, "arriving", "supervising")
"""Reasons that the exchange itself gave: to a new seat, and to a leader while he heard a call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What an earlier floor left behind."""

    epoch: int
    """The last epoch; 0 if there was none."""
    seq: int
    """The last row; 0 if there is none."""
    board: dict[str, Any] | None
    """The board's last snapshot that was kept."""
    later: tuple[Timed, ...]
    """Facts after that snapshot, in order."""
    items: tuple[events.ItemRestored, ...]
    """Items without a final state, in order of arrival."""
    lines: tuple[events.LineRestored, ...]
    """Lines that we had dialed, whose minutes still count against a cap."""
    seats: tuple[events.Event, ...]
    """What brings every agent back into his seat, in order of the agents' keys."""
    emergencies: tuple[events.EmergencyRestored, ...] = ()
    """What was on, by key."""


def read(journal: Journal) -> Past:
    """Read everything that a start needs."""
    last = journal.read("SELECT epoch, seq, at FROM journal ORDER BY seq DESC LIMIT 1")
    epoch, seq, at = last[0] if last else (0, 0, 0.0)
    kept = journal.read("SELECT seq, body FROM boards")
    board_seq, board = (kept[0][0], json.loads(kept[0][1])) if kept else (0, None)
    return Past(
        epoch=epoch,
        seq=seq,
        board=board,
        later=tuple(_facts_after(journal, board_seq)),
        items=tuple(_open_items(journal)),
        lines=tuple(_lines(journal, at - dialing.LOOK_BACK_SECONDS)),
        seats=tuple(_seats(journal)),
        emergencies=tuple(_emergencies(journal)),
    )


def restore_item(arrived_at: float, arrived: facts.Arrived, history: Iterable[Timed]) -> Any:
    """Build the event that brings an item back, from its facts in order."""
    timed = list(history)
    queue: str | None = None
    queued_at: float | None = None
    language, tries, entries, answered = arrived.language, 0, 0, False
    born_at, credit, due = arrived.born_at or arrived_at, 0.0, arrived.due
    rest_until: float | None = None
    calls = 0
    for at, fact in timed:
        if isinstance(fact, facts.Queued):
            if fact.entry != entries:  # Else it is the same wait, entered again by a start.
                queue, queued_at, entries = fact.queue, at, fact.entry
                born_at, credit = fact.born_at, fact.credit or 0.0
                due = due if fact.due is None else fact.due
            rest_until = None
        elif isinstance(fact, facts.Dequeued):
            queue = queued_at = None
        elif isinstance(fact, facts.CallbackPostponed):
            queue, rest_until, calls = fact.queue, fact.until, fact.calls
        elif isinstance(fact, facts.CallbackHeld | facts.CallbackReturned):
            queue, rest_until = fact.queue, fact.until
        elif isinstance(fact, facts.Bridged):
            answered = True
        elif isinstance(fact, facts.Ringing):
            tries += 1
        elif isinstance(fact, facts.LanguageSet):
            language = fact.language
    waits_to_be_called = arrived.direction == "callback" and queue is not None and not answered
    came_at = arrived_at if arrived.since is None else arrived.since
    return events.ItemRestored(
        item=arrived.item,
        channel=arrived.channel,
        client=arrived.client,
        called=arrived.called,
        arrived_at=born_at if waits_to_be_called else came_at,
        queue=queue,
        queued_at=queued_at,
        tries=tries,
        entries=entries,
        answered=answered,
        language=language,
        interrupted=arrived.channel == "call" and not waits_to_be_called,
        direction=arrived.direction,
        leg=arrived.leg or "",
        zone=arrived.zone,
        caller=arrived.caller if waits_to_be_called else None,
        sealed=arrived.sealed if waits_to_be_called else None,
        due=due,
        rest_until=rest_until,
        calls=calls,
        credit=0.0 if arrived.channel == "call" else credit,
        preferred=arrived.preferred,
        works=() if arrived.channel == "call" else tuple(_open_works(timed)),
    )


def _open_works(history: Iterable[Timed]) -> list[tuple[str, str, float, float | None]]:
    """Give who had a written item in hand: agent, queue, since when, and since when his note."""
    works: dict[str, tuple[str, str, float, float | None]] = {}
    for at, fact in history:
        if isinstance(fact, facts.Bridged):
            works[fact.agent] = (fact.agent, fact.queue, at, None)
        elif isinstance(fact, facts.TalkEnded) and fact.agent in works:
            agent, queue, since, _ = works[fact.agent]
            works[fact.agent] = (agent, queue, since, at)
        elif isinstance(fact, facts.Finished):
            works.pop(fact.agent, None)
    return list(works.values())


def restore_seat(changed: facts.AgentChanged) -> list[events.Event]:
    """Build the events that bring an agent back, from the last that was said about him."""
    wants_away = changed.reason not in OF_THE_EXCHANGE and changed.state != "missed"
    ready = changed.state in READY_AGAIN and not wants_away
    back: list[events.Event] = [events.AgentSignedIn(agent=changed.agent, ready=ready)]
    if wants_away and changed.reason is not None:
        back.append(events.AwayAsked(agent=changed.agent, reason=changed.reason, by=changed.by))
    return back


def _facts_after(journal: Journal, seq: int) -> Iterable[Timed]:
    rows = journal.read(
        "SELECT at, body FROM journal WHERE seq > ? AND kind = 'fact' ORDER BY seq", (seq,)
    )
    return ((at, codec.loads(body)) for at, body in rows)


def _open_items(journal: Journal) -> Iterable[events.ItemRestored]:
    for (item,) in journal.read("SELECT item FROM open_items ORDER BY seq"):
        rows = journal.read(
            "SELECT at, body FROM journal WHERE item = ? AND kind = 'fact' ORDER BY seq", (item,)
        )
        timed = [(at, codec.loads(body)) for at, body in rows]
        for at, fact in timed[:1]:
            assert isinstance(fact, facts.Arrived), f"{item} begins with its arrival"
            yield restore_item(at, fact, timed)


def _lines(journal: Journal, since: float) -> Iterable[events.LineRestored]:
    """Read what was called out of late; an index holds these rows and no other."""
    rows = journal.read(
        "SELECT body FROM journal WHERE name = 'LineEnded' AND at > ? ORDER BY at, seq", (since,)
    )
    for (body,) in rows:
        ended: facts.LineEnded = codec.loads(body)
        yield events.LineRestored(
            client=ended.client,
            cost_minute=ended.cost_minute,
            answered_at=ended.answered_at,
            seconds=ended.seconds,
        )


def _seats(journal: Journal) -> Iterable[events.Event]:
    rows = journal.read(
        "SELECT journal.body FROM seats JOIN journal ON journal.seq = seats.seq "
        "ORDER BY seats.agent"
    )
    for (body,) in rows:
        yield from restore_seat(codec.loads(body))


def _emergencies(journal: Journal) -> Iterable[events.EmergencyRestored]:
    rows = journal.read(
        "SELECT journal.body FROM emergencies JOIN journal ON journal.seq = emergencies.seq "
        "ORDER BY emergencies.key"
    )
    for (body,) in rows:
        changed: facts.EmergencyChanged = codec.loads(body)
        if changed.by is not None and changed.since is not None and changed.until is not None:
            yield events.EmergencyRestored(
                key=changed.key, by=changed.by, since=changed.since, until=changed.until
            )
