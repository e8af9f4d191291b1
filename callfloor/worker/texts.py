"""
What is written goes to the floor: whatever the records hold open and the floor has not heard of.

Nothing of it is kept in memory: what is still to be told stands in the records, what was told
stands in the journal, so that it goes on after any end of worker, floor or link. Refuses: to route,
and to wait for the floor inside of a transaction.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from callfloor.kernel import journal
from callfloor.kernel.link import FloorAway, FloorRefused
from callfloor.records.interactions.queries import roads as queries
from callfloor.records.interactions.queries.roads import Road

log = logging.getLogger(__name__)

BATCH = 100  # Half of what the floor takes in one message; the rest follows in the next round.
AGAIN = timedelta(seconds=30)
"""How long an item rests that the floor has no address for: a new plan may know it."""

Message = dict[str, Any]


class Texts:
    """The road from the records to the floor."""

    def __init__(
        self,
        *,
        journal_path: Path,
        send: Callable[[Message], Message],
        alarm: Callable[[str, str], None],
    ) -> None:
        self._journal_path = journal_path
        self._send = send
        self._alarm = alarm
        self._resting: dict[str, datetime] = {}
        """Items that were refused, and when they are offered again."""
        self._let_go: set[str] = set()
        """Items whose customer's going this floor has heard of."""

    def welcome(self) -> None:
        """Take note that another floor listens: it has to be told of who is gone."""
        self._let_go = set()

    def run(self, now: datetime) -> None:
        """Offer what is new, and let go who has closed what he wrote in."""
        try:
            self._offer(now)
            self._leave()
        except FloorAway:  # It all stands in the records; the next round offers it again.
            return

    # --- in ---------------------------------------------------------------------------------------

    def _offer(self, now: datetime) -> None:
        resting = {item for item, until in self._resting.items() if until > now}
        roads = queries.roads_to_floor(limit=BATCH, without=resting)
        roads = self._unknown(roads)
        if not roads:
            return
        answer = self._ask({"type": "texts", "items": [_row(road) for road in roads]})
        refused = answer.get("refused", {})
        for road in roads:
            code = refused.get(road.item)
            if code is None:
                self._resting.pop(road.item, None)
            else:
                self._rest(road, code, now)

    def _unknown(self, roads: list[Road]) -> list[Road]:
        """Leave out what the journal knows already: the projection is only a little behind."""
        if not roads:
            return roads
        with journal.opened(self._journal_path) as opened:
            known = opened.arrived(items=[road.item for road in roads]) if opened else set()
        return [road for road in roads if road.item not in known]

    def _rest(self, road: Road, code: str, now: datetime) -> None:
        """Say once that something cannot be routed; it stays where it is, and is offered again."""
        if road.item not in self._resting:
            log.error("text.refused", extra={"item": road.item, "refusal": code})
            self._alarm("no_such_address", f"{road.item}: {road.called} ({code})")
        self._resting[road.item] = now + AGAIN

    # --- out --------------------------------------------------------------------------------------

    def _leave(self) -> None:
        gone = queries.leaving(limit=BATCH, without=self._let_go)
        with journal.opened(self._journal_path) as opened:
            known = opened.arrived(items=gone) if opened and gone else set()
        # Whoever leaves before the floor heard of him is let go after it has.
        told = [item for item in gone if item in known]
        if told:
            self._ask({"type": "left", "items": [{"item": item} for item in told]})
            self._let_go.update(told)

    def _ask(self, message: Message) -> Message:
        try:
            return self._send(message)
        except FloorRefused as refused:  # A fault of ours; the rows stay and are looked at.
            log.error("text.not_taken", extra={"refusal": refused.code})
            raise FloorAway from refused


def _row(road: Road) -> Message:
    row = {
        "item": road.item,
        "channel": road.channel,
        "called": road.called,
        "since": road.since.timestamp(),
        "due": road.due_at.timestamp() if road.due_at else None,
        "customer": road.customer,
        "language": road.language,
        "preferred": road.preferred,
    }
    return {name: value for name, value in row.items() if value is not None}
