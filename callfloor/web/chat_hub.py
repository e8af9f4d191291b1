"""
Who looks at which written contact, and what he has yet to be told.

What this process writes is passed on at once; what others write (mail, the portal) is found by
asking twice a second how far each contact is, one statement for all that somebody looks at. A
reader has a number up to which he has everything, so that nothing comes twice or is left out (R28).
Refuses: any truth. Each row stands in the records before it is passed on.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from typing import Any, Protocol

from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from callfloor.records.interactions.queries import chats
from callfloor.records.interactions.queries import messages as queries
from callfloor.records.interactions.queries.messages import MESSAGES_MAX, MessageRow
from callfloor.records.interactions.services import gone

POLL_SECONDS = 0.5
SEEN_SECONDS = 30.0  # A visitor who never returns is counted in minutes.
TYPING_SECONDS = 6.0  # Whoever types says so every few seconds; a lost line is silent.

Plain = dict[str, Any]
log = logging.getLogger(__name__)


class InThread(Protocol):
    """What runs something that asks the database."""

    async def __call__(self, work: Callable[..., Any], *args: Any) -> Any:
        """Run it."""
        ...


def plain(row: MessageRow) -> Plain:
    """Return a message as screens get it."""
    return {
        "number": row.number,
        "direction": row.direction,
        "author": row.author,
        "at": row.at.timestamp(),
        "kind": row.kind,
        "text": row.text,
        "data": row.data,
        "state": row.state,
    }


class Reader:
    """
    Somebody who looks at a contact; `sent` is the last number that he was given.

    He is only ever given what follows it without a gap, so whatever way a message takes to him,
    nothing comes twice and nothing is left out.
    """

    def __init__(self, tell: Callable[[Plain], None], *, after: int, is_customer: bool) -> None:
        self.tell = tell
        self.sent = after
        self.is_customer = is_customer
        self.is_loading = True

    def give(self, rows: list[Plain]) -> list[Plain]:
        """Return what of some rows is new to him, in order, and count it as given."""
        new = [row for row in rows if row["number"] > self.sent]
        if new:
            self.sent = new[-1]["number"]
        return [row for row in new if not (self.is_customer and row["direction"] == "note")]

    def push(self, rows: list[Plain]) -> None:
        """Pass rows on, unless something before them is missing: the next look finds it all."""
        if self.is_loading or not rows or rows[0]["number"] > self.sent + 1:
            return
        new = self.give(rows)
        if new:
            self.tell({"messages": new})


class Room:
    """One contact that somebody looks at."""

    def __init__(self) -> None:
        self.is_open = True
        self.readers: dict[Reader, None] = {}

    @property
    def customer_here(self) -> bool:
        """Say whether a customer's page is open."""
        return any(reader.is_customer for reader in self.readers)

    def behind(self, written: int) -> list[Reader]:
        """Return who has not got everything up to a number."""
        return [each for each in self.readers if not each.is_loading and each.sent < written]


class Hub:
    """All contacts at which somebody looks in this process."""

    def __init__(self, *, in_thread: InThread) -> None:
        self._in_thread = in_thread
        self._rooms: dict[str, Room] = {}
        self._seen_at = float("-inf")

    # --- readers ---

    async def join(self, item: str, reader: Reader) -> list[Plain]:
        """Let somebody look, and return all that he has not got; the rest comes by itself."""
        room = self._rooms.setdefault(item, Room())
        was_here = room.customer_here
        room.readers[reader] = None
        try:
            found = await self._in_thread(_read, item, reader.sent)
        except BaseException:
            self.leave(item, reader)
            raise
        if reader.is_customer and not was_here:
            self._say_presence(room)
        reader.is_loading = False
        return reader.give(found)

    def leave(self, item: str, reader: Reader) -> None:
        """Let somebody look no more."""
        room = self._rooms.get(item)
        if room is None or reader not in room.readers:
            return
        del room.readers[reader]
        if not room.readers:
            del self._rooms[item]
        elif reader.is_customer and not room.customer_here:
            self._say_presence(room)

    def is_customer_here(self, item: str) -> bool:
        """Say whether the customer's page is open in this process."""
        room = self._rooms.get(item)
        return room is not None and room.customer_here

    @property
    def size(self) -> int:
        """How many contacts somebody looks at."""
        return len(self._rooms)

    # --- what happens ---

    def written(self, item: str, row: Plain) -> None:
        """Pass on what this process has just written."""
        room = self._rooms.get(item)
        for reader in list(room.readers) if room else ():
            reader.push([row])

    def typing(self, item: str, *, by_customer: bool, who: str = "") -> None:
        """Tell the others that somebody types just now."""
        room = self._rooms.get(item)
        for reader in list(room.readers) if room else ():
            if reader.is_customer != by_customer:
                reader.tell({"typing": TYPING_SECONDS, **({"who": who} if who else {})})

    def _say_presence(self, room: Room) -> None:
        for reader in list(room.readers):
            if not reader.is_customer:
                reader.tell({"here": room.customer_here})

    # --- what others write ---

    async def run(self) -> None:
        """Look again and again what others have written, for ever."""
        pause = asyncio.Event()
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(pause.wait(), POLL_SECONDS)
            try:
                await self.look()
            except DatabaseError as error:  # The next look comes soon, and finds it all.
                log.warning("chat.look_failed", extra={"fault": type(error).__name__})

    async def _note_seen(self) -> None:
        """Note twice a minute whose pages are open, so that nobody is taken for gone."""
        now = asyncio.get_running_loop().time()
        if now - self._seen_at < SEEN_SECONDS:
            return
        self._seen_at = now
        here = [item for item, room in self._rooms.items() if room.customer_here]
        if here:
            await self._in_thread(_seen, here)

    async def look(self) -> None:
        """Pass on what was written since the last look."""
        if not self._rooms:
            return
        await self._note_seen()
        marks = await self._in_thread(_marks, list(self._rooms))
        for item, mark in marks.items():
            room = self._rooms.get(item)
            if room is None:
                continue
            if behind := room.behind(mark.written):
                rows = await self._in_thread(_read, item, min(each.sent for each in behind))
                for reader in behind:
                    reader.push(rows[_first_after(rows, reader.sent) :])
            if room.is_open and not mark.is_open:
                room.is_open = False
                for reader in list(room.readers):
                    reader.tell({"state": "closed"})


def _first_after(rows: list[Plain], number: int) -> int:
    """Return the place of the first row after a number; the place after the last if none is."""
    return next((place for place, row in enumerate(rows) if row["number"] > number), len(rows))


def _seen(items: list[str]) -> None:
    close_old_connections()
    gone.note_seen(ids=items, now=timezone.now())


def _marks(items: list[str]) -> dict[str, chats.Mark]:
    close_old_connections()
    return chats.marks(ids=items)


def _read(item: str, after: int) -> list[Plain]:
    """Return all messages after a number, however many there are."""
    close_old_connections()
    rows: list[Plain] = []
    while True:
        some = queries.of_interaction(interaction_id=item, after=after)
        rows += [plain(row) for row in some]
        if len(some) < MESSAGES_MAX:
            return rows
        after = some[-1].number
