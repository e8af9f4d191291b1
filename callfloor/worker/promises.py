"""
Appointments go to the floor when their time has come, and what came of them is written down.

What was told stands in the journal and what is to be told in the records, so that it goes on after
any end of worker, floor or link. Refuses: to route.
"""

import contextlib
import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from callfloor.kernel import journal
from callfloor.kernel.link import FloorAway, FloorRefused
from callfloor.records.outreach.services import handing
from callfloor.records.outreach.services.handing import Handed

log = logging.getLogger(__name__)

Message = dict[str, Any]


class Promises:
    """The road from the appointments to the floor."""

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

    def run(self, now: datetime) -> None:
        """Hand over what is due, and settle what is over."""
        with contextlib.suppress(FloorAway):  # The next round offers it again.
            self._hand_over(now)
        handing.settle(now=now)

    def _hand_over(self, now: datetime) -> None:
        rows = handing.due(now=now)
        if not rows:
            return
        with journal.opened(self._journal_path) as opened:
            known = opened.arrived(items=[row.item for row in rows]) if opened else set()
        for row in rows:
            if row.item in known:  # The answer was lost on its way.
                handing.taken(appointment_id=row.id, item=row.item)
            else:
                self._offer(row, now)

    def _offer(self, row: Handed, now: datetime) -> None:
        try:
            answer = self._send(_message(row))
        except FloorRefused as refused:
            why = refused.code.removeprefix("floor.")
            log.error("promise.refused", extra={"promise": row.id, "refusal": why})
            handing.broken(appointment_id=row.id, reason=why, now=now)
            self._alarm("no_callback", f"{row.id}: {why}")
            return
        handing.taken(appointment_id=row.id, item=str(answer.get("item") or row.item))


def _message(row: Handed) -> Message:
    told = {
        "type": "promise",
        "item": row.item,
        "client": row.client,
        "queue": row.queue,
        "of": f"appointment:{row.id}",
        "number": row.number,
        "language": row.language or None,
        "since": row.since.timestamp(),
        "due": row.due.timestamp(),
        "preferred": row.preferred,
    }
    return {name: value for name, value in told.items() if value is not None}
