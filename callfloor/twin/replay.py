"""
Replay: what happened in an epoch goes through a fresh exchange, and the facts must be the same.

Bit for bit within one version of the code; across versions the differences are the report.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import zip_longest

from callfloor.core import codec, events, exchange, facts

Input = tuple[int, float, events.Event]
Stored = tuple[int, float, facts.Fact]
Text = tuple[int, float, str]
"""A row of the journal: place, instant, and the body as it is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One place where the replay decided something else."""

    place: int
    """Counts the epoch's facts from 0."""
    seq: int | None
    """The stored fact's place in the journal; None if the replay says more than was stored."""
    stored: str | None
    """(at, fact) as JSON."""
    replayed: str | None


def facts_of(inputs: Iterable[Input], *, until: float | None = None) -> list[Stored]:
    """
    Decide an epoch again; the first input is its FloorStarted.

    `until` lets time pass after the last input, as far as the journal had come.
    """
    machine: exchange.Exchange | None = None
    told: list[Stored] = []
    for seq, at, event in inputs:
        if isinstance(event, events.FloorStarted):
            machine = exchange.Exchange(event.plan)
        assert machine is not None, "an epoch begins with FloorStarted"
        happen(machine, event, at)
        told.extend((seq, instant, fact) for instant, fact in machine.timed_facts())
        machine.actions()
    if machine is not None and until is not None:
        happen(machine, events.TimePassed(), until)
        told.extend((0, instant, fact) for instant, fact in machine.timed_facts())
    return told


def happen(machine: exchange.Exchange, event: events.Event, at: float) -> None:
    """Let an event happen as the floor does: a fault of ours parks its item, and time goes on."""
    try:
        machine.receive(event, at)
    except AssertionError:
        reached, item = machine.reached, machine.in_hand
        if item is None:
            raise
        machine.park(item, at)
        if not reached:
            happen(machine, event, at)


def differences(
    *, inputs: Iterable[Input], stored: Iterable[Stored], most: int = 20
) -> list[Difference]:
    """
    Compare the stored facts of an epoch with those of its replay; none means equal.

    Facts that come after the last input (by timers) are replayed as far as they were stored.
    """
    texts = [(seq, at, codec.dumps(fact)) for seq, at, fact in stored]
    return _differences(list(inputs), texts, most=most)


def differences_of_text(
    *, inputs: Iterable[Text], stored: Iterable[Text], most: int = 20
) -> list[Difference]:
    """
    Compare as `differences` does, rows as the journal holds them.

    Stored facts are compared as they were written, so that a fact of another version of the code
    needs not be known to this one. Raises errors.UnknownRecord for such an input.
    """
    rows = [(seq, at, codec.loads(body)) for seq, at, body in inputs]
    return _differences(rows, list(stored), most=most)


def _differences(rows: list[Input], kept: list[Text], *, most: int) -> list[Difference]:
    until = max((at for _, at, _ in kept), default=None)
    if rows and until is not None:
        until = max(until, rows[-1][1])
    found: list[Difference] = []
    again = ((seq, at, codec.dumps(fact)) for seq, at, fact in facts_of(rows, until=until))
    for place, (old, new) in enumerate(zip_longest(kept, again)):
        before = _text(old) if old else None
        after = _text(new) if new else None
        if before != after:
            seq = old[0] if old else None
            found.append(Difference(place=place, seq=seq, stored=before, replayed=after))
            if len(found) >= most:
                break
    return found


def _text(row: Text) -> str:
    return f"{row[1]!r} {row[2]}"
