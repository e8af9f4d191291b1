"""
What is written to the centre, as it comes over the link: chats, mails, cases, and who left a chat.

The worker offers whatever the records hold open and the journal does not know (link.md), and it may
offer the same again at any time: each enters once. An address that the plan does not have is said
to be so, by item, and nothing is lost by it, for the records keep what was written.

Refuses: texts and addresses of customers. An item is a name, a channel and an address of ours.
"""

import math
from collections import OrderedDict
from typing import Any

from callfloor.core import events, plan
from callfloor.floor.floor import Floor
from callfloor.floor.link import Message, Reply

ITEMS_MAX = 200  # Of one message: a fifth of a second's work, so that no call waits for it.
KNOWN_MAX = 10_000  # Ids kept of what entered; the worker asks the journal for all that is older.
TEXT_CHARS_MAX = 200  # Ids have 36 characters, addresses of ours at most 64.


class Malformed(Exception):
    """A field is missing or of the wrong kind."""


class Texts:
    """The door for what is written."""

    def __init__(self, *, floor: Floor) -> None:
        self._floor = floor
        self._known: OrderedDict[str, None] = OrderedDict()

    def arrive(self, message: Message, reply: Reply) -> None:
        """Enter items that are new; say after the commit which could not be, and why."""
        refused = {}
        for row in _rows(message):
            try:
                code = self._enter(_arrived(row))
            except Malformed:  # The others of the same message are good.
                code = "malformed"
            if code is not None:
                refused[row["item"]] = code
        self._answer(message, reply, refused=refused)

    def leave(self, message: Message, reply: Reply) -> None:
        """Let customers leave who have closed what they wrote in; who is not there has left."""
        for row in _rows(message):
            item = self._floor.exchange.house.items.get(text(row, "item"))
            if item is not None and item.channel != plan.CALL and item.customer_here:
                reason = text_or_none(row, "reason") or "hung_up"
                self._floor.happen(events.CustomerLeft(item=item.id, reason=reason))
        self._answer(message, reply)

    def _enter(self, event: events.ItemArrived) -> str | None:
        house = self._floor.exchange.house
        if event.item in house.items or event.item in self._known:
            return None
        number = house.lookup.numbers.get(event.called)
        if number is None:
            return "no_such_address"
        if plan.channel_of(event.called) != event.channel:
            return "wrong_channel"
        self._known[event.item] = None
        if len(self._known) > KNOWN_MAX:
            self._known.popitem(last=False)
        self._floor.happen(event)
        return None

    def _answer(self, message: Message, reply: Reply, **told: Any) -> None:
        done = {"type": "done", "id": message.get("id"), **told}
        self._floor.keep((), lambda: reply({**done, "seq": self._floor.seq}))


def text(message: Message, name: str) -> str:
    """
    Give a field that holds some text.

    Raises Malformed.
    """
    value = message.get(name)
    if not isinstance(value, str) or not value:
        raise Malformed(name)
    return value


def text_or_none(message: Message, name: str) -> str | None:
    """Give a field that may be left out; None for anything that is no text."""
    value = message.get(name)
    return value if isinstance(value, str) and value else None


def _rows(message: Message) -> list[Message]:
    rows = message.get("items")
    if not isinstance(rows, list) or len(rows) > ITEMS_MAX:
        raise Malformed("items")
    for row in rows:
        if not isinstance(row, dict) or len(text(row, "item")) > TEXT_CHARS_MAX:
            raise Malformed("item")
    return rows


def _arrived(row: Message) -> events.ItemArrived:
    channel = text(row, "channel")
    if channel not in plan.WRITTEN:
        raise Malformed("channel")
    return events.ItemArrived(
        item=text(row, "item"),
        channel=channel,
        called=text(row, "called"),
        leg="",
        since=instant(row, "since"),
        due=instant(row, "due"),
        customer=text_or_none(row, "customer"),
        language=text_or_none(row, "language"),
        preferred=text_or_none(row, "preferred"),
    )


def instant(row: Message, name: str) -> float | None:
    """
    Give a field that holds UTC seconds; None if it is left out.

    Raises Malformed.
    """
    value = row.get(name)
    if value is None:
        return None
    if type(value) not in (int, float) or not math.isfinite(value):
        raise Malformed(name)
    return float(value)
