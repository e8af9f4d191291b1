"""
Telling other systems, beside everything else that the worker does: a thread of its own.

Nothing of it is waited for by the projection. Refuses: to know what is told.
"""

import logging
import threading
from collections.abc import Callable, Collection
from datetime import UTC, datetime

from django.db import close_old_connections, connections

from callfloor.connectors.webhook.connector import Sender

log = logging.getLogger(__name__)

IDLE_SECONDS = 1.0  # How soon another system is told of something.
AFTER_FAULT_SECONDS = 5.0
END_SECONDS = 2.0  # Whoever does not answer is left alone then; he is told at the next start.


class Hooks:
    """All that this worker tells other systems."""

    def __init__(self, *, allowed: Collection[str], alarm: Callable[[str, str], None]) -> None:
        self._sender = Sender(allowed=allowed, alarm=alarm)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="webhooks", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """End between two tries."""
        self._stop.set()
        self._thread.join(END_SECONDS)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                close_old_connections()
                tries = self._sender.run(now=datetime.now(UTC))
            except Exception:  # The records are away or full: what is due is told later.
                log.exception("webhooks.failed")
                self._stop.wait(AFTER_FAULT_SECONDS)
                continue
            if not tries:
                self._stop.wait(IDLE_SECONDS)
        self._sender.close()
        connections.close_all()
