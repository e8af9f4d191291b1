"""
How far a chat is, as its customer sees it. Pure.

Refuses: names of agents and queues; a customer is told where he stands and no more.
"""

from typing import Any

Plain = dict[str, Any]
WITH_AGENT = ("talking", "held", "wrap_up")


class Places:
    """Who stands where in line, worked out once for each queue however many ask."""

    def __init__(self) -> None:
        self._by_queue: dict[str, dict[str, int]] = {}

    def of(self, board: Plain, queue: str, item: str) -> int | None:
        """Return an item's place in its queue from 1; None if it does not wait there."""
        if queue not in self._by_queue:
            waiting = board["queues"].get(queue, {"waiting": {}})["waiting"]
            order = sorted(waiting, key=lambda key: (waiting[key]["born"], key))
            self._by_queue[queue] = {key: place for place, key in enumerate(order, start=1)}
        return self._by_queue[queue].get(item)


def state_of(board: Plain | None, item: str, places: Places) -> Plain:
    """Return the state of a chat that is open in the records, with its place in line."""
    row = board["items"].get(item) if board is not None else None
    if board is None or row is None:
        return {"state": "arriving"}  # It is on the way to the floor, or back from it.
    if row["state"] in WITH_AGENT:
        return {"state": "agent"}
    place = places.of(board, row["queue"] or "", item)
    return {"state": "queue", "place": place} if place is not None else {"state": "queue"}
