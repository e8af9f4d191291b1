"""
Whether the floor runs by the plan that the records hold; if not, it is given that one.

A plan that was applied while nobody could tell the floor is so never lost. Refuses: to make a plan.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from callfloor.core import codec
from callfloor.kernel.link import FloorAway, FloorRefused
from callfloor.records.routing import queries

log = logging.getLogger(__name__)

Message = dict[str, Any]


class Plans:
    """Keeps the floor at the records' plan."""

    def __init__(self, *, send: Callable[[Message], Any]) -> None:
        self._send = send
        self._on_floor: str | None = None

    def welcome(self, message: Message) -> None:
        """Take note of the plan by which the floor runs; it says so at each change."""
        self._on_floor = str(message["plan"]["version"])

    def run(self, now: datetime) -> None:
        """Give the floor the records' plan if it has another; it answers with a new welcome."""
        wanted = queries.plan_version()
        if self._on_floor is None or wanted is None or wanted == self._on_floor:
            return
        floor_plan = queries.current_plan()
        assert floor_plan is not None, "a version without its plan"
        log.info("plan.sent", extra={"plan": wanted})
        try:
            self._send({"type": "plan", "plan": codec.to_plain(floor_plan)})
        except FloorAway:
            self._on_floor = None  # It says at its next welcome what it has.
        except FloorRefused as refused:
            log.error("plan.refused", extra={"plan": wanted, "refusal": refused.code})
            self._on_floor = None
