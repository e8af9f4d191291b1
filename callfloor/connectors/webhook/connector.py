"""
Sends what is due, some to each system at a time, and notes what came of it.

Requests wait in lanes of their own; rows are written between them, by one thread. Refuses: to hold
a transaction while somebody is waited for.
"""

import logging
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from callfloor import __version__
from callfloor.connectors.webhook import client, deliveries, signing
from callfloor.connectors.webhook.client import Outcome
from callfloor.connectors.webhook.deliveries import Due

log = logging.getLogger(__name__)

LANES = 4  # Systems that are waited for at once.
ALARM = "webhook_off"

Alarm = Callable[[str, str], None]


class Sender:
    """Tells other systems; one of them in one worker."""

    def __init__(self, *, allowed: Collection[str], alarm: Alarm) -> None:
        self._allowed = frozenset(allowed)
        self._alarm = alarm
        self._lanes = ThreadPoolExecutor(max_workers=LANES, thread_name_prefix="webhook")

    def run(self, *, now: datetime) -> int:
        """Send one round; give how many tries there were."""
        by_hook: dict[str, list[Due]] = {}
        for each in deliveries.due(now=now):
            by_hook.setdefault(each.hook, []).append(each)
        tries = 0
        for done in self._lanes.map(lambda rows: self._tell(rows, now), by_hook.values()):
            for row, outcome in done:
                self._settle(row, outcome, now=now)
                tries += 1
        return tries

    def close(self) -> None:
        """Begin nothing more."""
        self._lanes.shutdown(wait=False, cancel_futures=True)

    def _tell(self, rows: list[Due], now: datetime) -> list[tuple[Due, Outcome]]:
        """Send to one system, until it does not answer at all: the rest would wait for nothing."""
        done: list[tuple[Due, Outcome]] = []
        for row in rows:
            sent = client.post(
                url=row.url, headers=_headers(row, now), body=row.body, allowed=self._allowed
            )
            done.append((row, sent))
            if sent.status is None:
                break
        return done

    def _settle(self, row: Due, outcome: Outcome, *, now: datetime) -> None:
        if outcome.is_good:
            deliveries.settle(delivery=row.id, hook=row.hook, now=now)
            return
        fault = str(outcome.status) if outcome.status is not None else outcome.fault
        log.warning("webhook.not_taken", extra={"hook": row.hook, "fault": fault})
        if deliveries.postpone(delivery=row.id, hook=row.hook, fault=fault, now=now):
            self._alarm(ALARM, row.hook)


def _headers(row: Due, now: datetime) -> Mapping[str, str]:
    signed = signing.headers(
        secret=row.secret, id_=row.event, timestamp=int(now.timestamp()), body=row.body
    )
    return {
        "Content-Type": "application/json",
        "User-Agent": f"Callfloor/{__version__}",
        "Connection": "close",
        **signed,
    }
