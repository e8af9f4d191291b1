"""
Readers who see the same, and what was last sent to them: one view, one encoding, many browsers.

A browser that reads too slowly loses its backlog and gets a fresh snapshot instead; one that comes
back with an event id that is still kept gets only what it missed. Refuses: to know who they are.
"""

import asyncio
import json
from collections import OrderedDict, deque
from typing import Any

from callfloor.web import view
from callfloor.web.view import Names, Plain, Sight

BACKLOG_MESSAGES_MAX = 64  # At 20 flushes a second more than three seconds behind.
BACKLOG_BYTES_MAX = 1024 * 1024  # F12: at most 1 MiB for each slow browser.
KEPT_PATCHES = 200  # Ten seconds of a busy floor: a browser that lost its line for a moment.


def event(name: str, data: Plain, *, id_: str) -> bytes:
    """Return a server-sent event; JSON has no line breaks of its own."""
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f"id: {id_}\nevent: {name}\ndata: {body}\n\n".encode()


class Reader:
    """One browser's stream: what it has yet to be sent."""

    def __init__(self) -> None:
        self.wake = asyncio.Event()
        self.is_gone = False
        self._waiting: deque[bytes] = deque()
        self._bytes = 0
        self._is_behind = False

    def push(self, message: bytes) -> None:
        """Add a message, or drop all if there are too many."""
        if not self._is_behind:
            self._waiting.append(message)
            self._bytes += len(message)
            if len(self._waiting) > BACKLOG_MESSAGES_MAX or self._bytes > BACKLOG_BYTES_MAX:
                self.fall_behind()
        self.wake.set()

    def fall_behind(self) -> None:
        """Forget what waits; the next message is a snapshot."""
        self._waiting.clear()
        self._bytes = 0
        self._is_behind = True
        self.wake.set()

    def end(self) -> None:
        """Send nothing more: the rights are gone."""
        self.is_gone = True
        self.wake.set()

    def take(self) -> tuple[bytes, bool]:
        """Return all that waits, and whether a snapshot is owed instead."""
        self.wake.clear()
        behind, self._is_behind = self._is_behind, False
        messages = b"".join(self._waiting)
        self._waiting.clear()
        self._bytes = 0
        return messages, behind


class Group:
    """All readers of one sight."""

    def __init__(self, sight: Sight) -> None:
        self.sight = sight
        self.readers: set[Reader] = set()
        self.names: Names | None = None
        """What the readers were last told things are called."""
        self._view: Plain | None = None
        self._last_id = ""
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._resets = 0

    def snapshot(self, *, now: float) -> bytes:
        """Return the whole view as an event."""
        assert self._view is not None, "a group is refreshed before anybody reads it"
        return event("snapshot", {**self._view, "now": now}, id_=self._last_id)

    def missed(self, last_id: str) -> bytes | None:
        """Return the patches after an event id, None if it is not known any more."""
        if last_id not in self._kept:
            return None
        ids = list(self._kept)
        return b"".join(self._kept[id_] for id_ in ids[ids.index(last_id) + 1 :])

    def reset(self, board: Plain, names: Names, *, id_: str) -> None:
        """Take a new board: everybody gets a snapshot."""
        self.names = names
        self._view = view.whole(board, self.sight, names)
        self._resets += 1
        self._last_id = f"{id_}/{self._resets}"  # The same event, but maybe other names.
        self._kept.clear()
        self._kept[self._last_id] = b""
        for reader in self.readers:
            reader.fall_behind()

    def update(
        self, board: Plain, names: Names, changed: "Changed", *, id_: str, now: float
    ) -> None:
        """Send what has changed in the rows that were touched."""
        patch = self._patch(board, names, changed)
        if not patch:
            return
        message = event("patch", {**patch, "now": now}, id_=id_)
        self._last_id = id_
        self._kept[id_] = message
        while len(self._kept) > KEPT_PATCHES:
            self._kept.popitem(last=False)
        for reader in self.readers:
            reader.push(message)

    def _patch(self, board: Plain, names: Names, changed: "Changed") -> Plain:
        seen = self._view
        assert seen is not None, "a group is reset before it is updated"
        patch: Plain = {}
        for section, keys in (("agents", changed.agents), ("queues", changed.queues)):
            before = {key: seen[section].get(key) for key in keys}
            after = view.rows(board, self.sight, names, section, keys)
            rows = view.changes(before, after)
            if rows:
                patch[section] = rows
                # A new dict: a snapshot that is being sent may still hold the old one.
                kept = {**seen[section], **rows}
                seen[section] = {key: row for key, row in kept.items() if row is not None}
        beside = {
            "day": board["day"],
            "alarms": view.alarms(board, self.sight),
            "emergencies": view.emergencies(board, self.sight, names),
        }
        for name, value in beside.items():
            if seen[name] != value:
                patch[name] = seen[name] = value
        return patch


class Changed:
    """The keys that a batch of facts has touched."""

    def __init__(self) -> None:
        self.agents: set[str] = set()
        self.queues: set[str] = set()
        self.items: set[str] = set()
        self.is_new_plan = False
        """Whether a plan was applied, after which anybody's rights may be others."""
        self.is_switched = False
        """Whether an emergency was switched on or off."""

    def add(self, board: Plain, fact: Any) -> None:
        """Note what a fact may have changed, once before and once after it is applied."""
        agents, queues = view.touched(board, fact)
        self.agents |= agents
        self.queues |= queues
        if fact.get("item"):
            self.items.add(fact["item"])
        if fact["is"] == "EmergencyChanged":
            self.is_switched = True

    def __bool__(self) -> bool:
        return bool(self.agents or self.queues or self.items or self.is_switched)

    def all_of(self, board: Plain) -> None:
        """Note everything: the day has turned, or the plan has changed."""
        self.agents |= set(board["agents"])
        self.queues |= set(board["queues"])
