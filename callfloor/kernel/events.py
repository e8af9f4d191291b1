"""
The outbox: what has happened in the records is published in the transaction and delivered later.

At least once, in order per subject; a reaction that fails keeps its subject's later events
waiting and nobody else's. Each event's reactions and its mark lie in one transaction.
Refuses: delivery at once (no reaction may make a publishing service fail or wait).
"""

import dataclasses
import logging
import typing
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from callfloor.kernel.models import OutboxEvent
from callfloor.wire import fail

log = logging.getLogger(__name__)

BATCH = 200  # Events looked at in one go; between two the worker does its other work.
RETRY_FIRST_SECONDS = 1.0
RETRY_MAX_SECONDS = 300.0  # A fault of five minutes is noticed by then; the heartbeat shows it.
KEEP_DELIVERED = timedelta(days=7)  # Long enough to look at what a bad release has done.
INSERT_BATCH = 100  # Rows in one statement, below SQLite's limit of variables.


@dataclass(frozen=True, kw_only=True)
class Reaction:
    """A function that is called with every event of a class; it must be ready to run twice."""

    event: type[Any]
    run: Callable[[Any], None]
    wanted: Callable[[type[Any]], bool] | None = None
    """Says before a batch whether anybody waits for this class at all; None if somebody always
    does. What nobody waits for costs no transaction."""


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """What one round of delivery has done."""

    delivered: int
    failed: int


def on(
    event: type[Any],
    run: Callable[[Any], None],
    *,
    wanted: Callable[[type[Any]], bool] | None = None,
) -> Reaction:
    """Name a reaction; the composition root joins it."""
    return Reaction(event=event, run=run, wanted=wanted)


class _Joined:
    reactions: dict[str, list[Reaction]] = {}


def join(reactions: Iterable[Reaction]) -> None:
    """Say which reactions this centre has; done once by the composition root."""
    _Joined.reactions = {}
    for reaction in reactions:
        _Joined.reactions.setdefault(reaction.event.__name__, []).append(reaction)


def joined() -> tuple[Reaction, ...]:
    """Return the reactions that this centre has."""
    return tuple(each for found in _Joined.reactions.values() for each in found)


def publish(event: Any, *, subject: str, now: datetime) -> None:
    """Put an event into the outbox; must be called within the transaction that it tells of."""
    publish_all([(subject, event)], now=now)


def publish_all(events: Iterable[tuple[str, Any]], *, now: datetime) -> None:
    """Put events with their subjects into the outbox, in order."""
    assert transaction.get_connection().in_atomic_block, "published outside of a transaction"
    rows = [
        OutboxEvent(
            subject=subject, name=type(event).__name__, body=_plain(event), published_at=now
        )
        for subject, event in events
    ]
    OutboxEvent.objects.bulk_create(rows, batch_size=INSERT_BATCH)


def deliver(*, now: datetime) -> Delivery:
    """Run the reactions to what waits in the outbox, one batch of it."""
    fail.point("outbox.before_delivery")
    done: list[int] = []
    failed: set[str] = set()
    wanted: dict[str, list[Reaction]] = {}
    delivered = 0
    for row in _due(now):
        if row.subject in failed:
            continue
        if row.name not in wanted:
            wanted[row.name] = _wanted(row.name)
        reactions = wanted[row.name]
        if not reactions:
            done.append(row.id)
        elif _run(row, reactions, now=now):
            delivered += 1
        else:
            failed.add(row.subject)
    if done:
        OutboxEvent.objects.filter(id__in=done).update(delivered_at=now)
    return Delivery(delivered=delivered + len(done), failed=len(failed))


def waiting() -> int:
    """Count the events that are not delivered."""
    return OutboxEvent.objects.filter(delivered_at=None).count()


def forget_delivered(*, now: datetime) -> int:
    """Delete events that were delivered long ago; give how many."""
    old = OutboxEvent.objects.filter(delivered_at__lt=now - KEEP_DELIVERED)
    return old.delete()[0]


def _due(now: datetime) -> QuerySet[OutboxEvent]:
    waiting = OutboxEvent.objects.filter(delivered_at=None)
    resting = waiting.filter(try_after__gt=now).values("subject")
    return waiting.exclude(subject__in=resting).order_by("id")[:BATCH]


def _wanted(name: str) -> list[Reaction]:
    found = _Joined.reactions.get(name, [])
    return [each for each in found if each.wanted is None or each.wanted(each.event)]


def _run(row: OutboxEvent, reactions: list[Reaction], *, now: datetime) -> bool:
    try:
        with transaction.atomic():
            # First, and only if it still waits: a worker that slept may find its batch done by
            # another. The row is held until the reactions are, so nobody else begins them.
            still = OutboxEvent.objects.filter(id=row.id, delivered_at=None)
            if not still.update(delivered_at=now):
                return True
            for reaction in reactions:
                reaction.run(_event(reaction.event, row.body))
            fail.point("outbox.in_reaction")
        fail.point("outbox.after_reaction")
    except Exception as error:  # Whatever a reaction does must not stop the others.
        _postpone(row, error, now=now)
        return False
    return True


def _postpone(row: OutboxEvent, error: Exception, *, now: datetime) -> None:
    fault = type(error).__name__
    log.error("reaction.failed", extra={"event": row.name, "outbox_id": row.id, "fault": fault})
    rest = min(RETRY_FIRST_SECONDS * 2.0**row.tries, RETRY_MAX_SECONDS)
    OutboxEvent.objects.filter(id=row.id).update(
        tries=row.tries + 1, try_after=now + timedelta(seconds=rest), fault=fault
    )


_INSTANTS: dict[type[Any], frozenset[str]] = {}


def _instants(event: type[Any]) -> frozenset[str]:
    """Name the fields of an event that hold an instant, which JSON does not know."""
    if event not in _INSTANTS:
        hints = typing.get_type_hints(event)
        _INSTANTS[event] = frozenset(
            name for name, hint in hints.items() if datetime in (hint, *typing.get_args(hint))
        )
    return _INSTANTS[event]


def _plain(event: Any) -> dict[str, Any]:
    body = {field.name: getattr(event, field.name) for field in dataclasses.fields(event)}
    for name in _instants(type(event)):
        if body[name] is not None:
            body[name] = body[name].isoformat()
    return body


def _event(event: type[Any], body: dict[str, Any]) -> Any:
    values = dict(body)
    for name in _instants(event):
        if values[name] is not None:
            values[name] = datetime.fromisoformat(values[name])
    return event(**values)
