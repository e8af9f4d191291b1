"""
What is to be told to whom: written down with the event, tried until it is taken, then forgotten.

A try that fails is followed by another one later and later, for three days; a system that fails
for days is switched off. Refuses: to send anything, and to hold a row while somebody does.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

from callfloor.connectors.webhook import keeping, kinds
from callfloor.connectors.webhook.models import Delivery, Hook
from callfloor.records.people import queries as people

AGAIN_SECONDS = (5, 60, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""As the standard advises, near enough: after seconds at first, after a day at last."""
JITTER = 0.2
"""Of a rest, to either side: a thousand events that failed together do not come back together."""
OFF_AFTER = timedelta(days=5)  # Longer than a weekend with a holiday before it.
TOLD_KEPT = timedelta(days=7)
GIVEN_UP_KEPT = timedelta(days=30)  # As long somebody may still want them told.
AT_ONCE = 25
"""Of one system in one round: another's turn comes soon whatever this one does."""
GONE = 410  # RFC 9110 section 15.5.11: it will not be there again.


@dataclass(frozen=True, kw_only=True)
class Due:
    """A try that is due."""

    id: int
    hook: str
    url: str
    event: str
    body: bytes
    secret: bytes


def is_wanted(event: type[Any]) -> bool:
    """Say whether anybody wants to be told of a class of event at all."""
    key = next(kind.key for kind in kinds.KINDS.values() if kind.event is event)
    wanted = Hook.objects.filter(is_on=True).values_list("kinds", flat=True)
    return any(key in each for each in wanted)


def write(event: Any) -> None:
    """
    Write down who is told of an event; the second time nothing happens (a reaction).

    Whose owner may not know of it any more is switched off, and not told.
    """
    if kinds.is_simulated(event):
        return
    kind = kinds.kind_of(event)
    rows = Hook.objects.filter(client_id=event.client, is_on=True)
    wanted = [row for row in rows if kind.key in row.kinds]
    if not wanted:
        return
    message = kinds.message(event)
    at: datetime = getattr(event, kind.at)
    told = [row for row in wanted if _may_know(row, kind.permission, now=at)]
    Delivery.objects.bulk_create(
        [
            Delivery(
                hook=row, event=message.id, kind=kind.key, body=message.body, made_at=at, try_at=at
            )
            for row in told
        ],
        ignore_conflicts=True,
    )


def _may_know(row: Hook, permission: str, *, now: datetime) -> bool:
    rights = people.rights_of(key=row.owner_id)
    if rights is not None and rights.may(permission) and rights.sees(row.client_id):
        return True
    Hook.objects.filter(id=row.id).update(is_on=False, off_reason="rights", off_at=now)
    return False


def due(*, now: datetime) -> list[Due]:
    """Give tries that are due: some of each system, the oldest first."""
    waiting = Delivery.objects.filter(state="waiting", try_at__lte=now, hook__is_on=True)
    found: list[Due] = []
    for hook in Hook.objects.filter(id__in=waiting.values("hook")).order_by("id"):
        secret = keeping.opened(hook.secret, id_=hook.id)
        rows = waiting.filter(hook=hook).order_by("try_at", "id")[:AT_ONCE]
        found += [
            Due(
                id=row.id,
                hook=hook.id,
                url=hook.url,
                event=row.event,
                body=row.body.encode(),
                secret=secret,
            )
            for row in rows
        ]
    return found


def settle(*, delivery: int, hook: str, now: datetime) -> None:
    """Note that it was taken."""
    with transaction.atomic():
        mine = Delivery.objects.filter(id=delivery)
        mine.update(state="told", tries=F("tries") + 1, fault="", ended_at=now)
        Hook.objects.filter(id=hook).update(told_at=now, failing_since=None)


def postpone(*, delivery: int, hook: str, fault: str, now: datetime) -> bool:
    """Note that it was not taken; say whether its system was switched off for that."""
    with transaction.atomic():
        row = Delivery.objects.filter(id=delivery).first()
        if row is None:  # The system was removed meanwhile.
            return False
        again = again_at(event=row.event, tries=row.tries, now=now)
        row.tries, row.fault = row.tries + 1, fault
        if again is None:
            row.state, row.ended_at = "given_up", now
        else:
            row.try_at = again
        row.save(update_fields=["tries", "fault", "state", "ended_at", "try_at"])
        mine = Hook.objects.filter(id=hook, is_on=True)
        mine.update(failing_since=Coalesce("failing_since", Value(now)))
        if fault == str(GONE):
            return bool(mine.update(is_on=False, off_reason="gone", off_at=now))
        failing = mine.filter(failing_since__lte=now - OFF_AFTER)
        return bool(failing.update(is_on=False, off_reason="failing", off_at=now))


def again_at(*, event: str, tries: int, now: datetime) -> datetime | None:
    """Give when to try again after so many tries and one more; None if it was tried long enough."""
    if tries >= len(AGAIN_SECONDS):
        return None
    # Not dice: the same event rests as long each time that its day is played again.
    digest = hashlib.sha256(f"{event}:{tries}".encode()).digest()
    share = int.from_bytes(digest[:4], "big") / 2**32
    return now + timedelta(seconds=AGAIN_SECONDS[tries] * (1 + JITTER * (2 * share - 1)))


def again(*, hook: str, now: datetime) -> int:
    """Let all that a system has missed be tried again; give how many."""
    missed = Delivery.objects.filter(Q(state="given_up") | Q(state="waiting"), hook_id=hook)
    return missed.update(state="waiting", tries=0, try_at=now, ended_at=None)


def forget(*, now: datetime) -> int:
    """Delete what was told or given up long ago; give how many."""
    told = Q(state="told", ended_at__lt=now - TOLD_KEPT)
    lost = Q(state="given_up", ended_at__lt=now - GIVEN_UP_KEPT)
    return Delivery.objects.filter(told | lost).delete()[0]
