"""
From a number that somebody wants called to what the exchange may know of it: zone, token, seal.

The person says whom he wants; item, leg, zone and whether it is an emergency are said here and by
nobody else. The number itself is sealed under the item's key and goes no further (I8: the gates of
the exchange decide by the zone).

Refuses: to dial, to decide; a number that cannot be read as one.
"""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

from callfloor.core import events, facts, plan
from callfloor.floor import ids, journal, numbers
from callfloor.floor.journal import Change
from callfloor.floor.seals import Seals


class BadNumber(Exception):
    """What was typed is no telephone number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A command made whole, and what has to be kept with it."""

    event: events.Event
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """Somebody who is to be called because one of us, or a page, has promised it."""

    item: str
    client: str
    queue: str
    of: str
    """The appointment, or the interaction in which he asked for it."""
    number: str
    language: str | None
    born_at: float | None
    """The instant that his place in line counts from; None for now."""
    due: float | None
    """When he was promised to be called."""
    preferred: str | None


class Callees:
    """Everybody who is called by number, or is a colleague."""

    def __init__(
        self,
        *,
        seals: Seals,
        names: ids.Ids,
        now: Callable[[], float],
        region: str | None,
    ) -> None:
        """Begin; `region` is the country in which national numbers are read."""
        self._seals = seals
        self._ids = names
        self._now = now
        self._region = region

    def call(
        self, asked: events.CallAsked, number: str | None, floor_plan: plan.FloorPlan
    ) -> Asked:
        """
        Make an agent's call whole: a new item, and for a number its leg, zone and seal.

        Raises BadNumber. Whoever does not let it happen must close the item's key again.
        """
        found = None if asked.to_agent is not None else self._read(number, floor_plan)
        item = self._ids.item(self._now())
        wrapped = self._seals.open_item(item)
        event = dataclasses.replace(asked, item=item)
        if found is not None:
            event = dataclasses.replace(
                event,
                leg=ids.customer_leg(item),
                zone=found.zone,
                emergency=found.is_emergency,
                callee=self._seals.token(found.number),
                sealed=self._seals.number(item, found.number),
            )
        return Asked(event=event, changes=(journal.sealed(item, wrapped),))

    def consult(
        self, asked: events.ConsultAsked, number: str | None, floor_plan: plan.FloorPlan
    ) -> Asked:
        """
        Make a question whole: for a number outside its leg, zone and seal.

        Raises BadNumber, also for an item whose key is gone (it is of an earlier epoch).
        """
        if number is None:
            return Asked(event=asked)
        found = self._read(number, floor_plan)
        if not self._seals.has(asked.item):
            raise BadNumber
        event = dataclasses.replace(
            asked,
            leg=ids.outside_leg(asked.item, self._ids.token()),
            zone=found.zone,
            emergency=found.is_emergency,
            callee=self._seals.token(found.number),
            sealed=self._seals.number(asked.item, found.number),
        )
        return Asked(event=event)

    def callback(self, closed: facts.Closed, floor_plan: plan.FloorPlan) -> Asked | None:
        """
        Make the item that waits for who asked to be called back; None if nobody knows his number.

        Called while the key of the item that has closed is still known.
        """
        number = self._seals.caller_of(closed.item)
        to_dial = numbers.to_dial(number, self._region) if number is not None else None
        if to_dial is None or closed.queue is None:
            return None
        item = self._ids.item(self._now())
        wrapped = self._seals.open_item(item)
        event = events.CallbackArrived(
            item=item,
            leg=ids.customer_leg(item),
            client=closed.client,
            queue=closed.queue,
            of=closed.item,
            born_at=ids.born_at(closed.item) if closed.arrived_at is None else closed.arrived_at,
            language=self._language(closed.client, floor_plan),
            zone=zone_of(to_dial, floor_plan),
            caller=self._seals.token(to_dial),
            sealed=self._seals.number(item, to_dial),
        )
        return Asked(event=event, changes=(journal.sealed(item, wrapped),))

    def promised(self, promise: "Promise", floor_plan: plan.FloorPlan) -> Asked:
        """
        Make the item that waits for whom somebody has promised a call.

        Raises BadNumber. Whoever does not let it happen must close the item's key again.
        """
        to_dial = numbers.to_dial(promise.number, self._region)
        if to_dial is None or promise.client not in {each.key for each in floor_plan.clients}:
            raise BadNumber
        wrapped = self._seals.open_item(promise.item)
        event = events.CallbackArrived(
            item=promise.item,
            leg=ids.customer_leg(promise.item),
            client=promise.client,
            queue=promise.queue,
            of=promise.of,
            born_at=self._now() if promise.born_at is None else promise.born_at,
            language=promise.language or self._language(promise.client, floor_plan),
            zone=zone_of(to_dial, floor_plan),
            caller=self._seals.token(to_dial),
            sealed=self._seals.number(promise.item, to_dial),
            due=promise.due,
            preferred=promise.preferred,
        )
        return Asked(event=event, changes=(journal.sealed(promise.item, wrapped),))

    def _language(self, client: str, floor_plan: plan.FloorPlan) -> str:
        clients = {each.key: each for each in floor_plan.clients}
        return clients[client].languages[0]

    def _read(self, number: str | None, floor_plan: plan.FloorPlan) -> "_Found":
        dialed = numbers.compact(number or "")
        if dialed in floor_plan.emergency:
            return _Found(number=dialed, zone=None, is_emergency=True)
        to_dial = numbers.to_dial(dialed, self._region)
        if to_dial is None:
            raise BadNumber
        return _Found(number=to_dial, zone=zone_of(to_dial, floor_plan), is_emergency=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    number: str
    zone: str | None
    is_emergency: bool


def zone_of(number: str, floor_plan: plan.FloorPlan) -> str | None:
    """Name the zone whose prefix fits a number (E.164) for the longest; None if none does."""
    fitting = [
        (len(prefix), zone.key)
        for zone in floor_plan.zones
        for prefix in zone.prefixes
        if number.startswith(prefix)
    ]
    return max(fitting)[1] if fitting else None
