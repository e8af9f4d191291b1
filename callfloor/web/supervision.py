"""
Which calls a leader may hear into: those of the own team and clients, and no other.

What is hidden from him, because somebody complains about him in it, is as foreign as another's.

Pure. Asked before any command leaves for the floor, and again whenever rights are looked at.
Refuses: to say whether a foreign call exists. Foreign and unknown are the same answer.
"""

from collections.abc import Collection
from typing import Any

from callfloor.core import events
from callfloor.core.events import Event
from callfloor.kernel.access import Rights

Plain = dict[str, Any]
PERMISSION = "floor.supervise"


def may(
    board: Plain, rights: Rights, event: Event, *, leader: str, hidden: Collection[str]
) -> bool:
    """Say whether a leader may send a command; ending is always allowed."""
    if isinstance(event, events.SuperviseEnded):
        return True
    if not rights.may(PERMISSION):
        return False
    if isinstance(event, events.SuperviseAsked):
        return event.item not in hidden and is_open(
            board, rights, item=event.item, of=event.of, leader=leader
        )
    if isinstance(event, events.TakeOverAsked):
        watched = watch_of(board, leader)
        if watched is None or watched["item"] != event.item or event.item in hidden:
            return False
        return is_open(board, rights, item=event.item, of=watched["of"], leader=leader)
    return False


def is_open(board: Plain, rights: Rights, *, item: str, of: str, leader: str) -> bool:
    """Say whether this call of this agent is one of the leader's own team and clients."""
    row, call = board["agents"].get(of), board["items"].get(item)
    if row is None or call is None or of == leader or row["item"] != item:
        return False
    if rights.team is not None and row["team"] != rights.team:
        return False
    return rights.sees(call["client"]) and call["client"] is not None


def watch_of(board: Plain, leader: str) -> Plain | None:
    """Return what a leader hears into now: item, of, mode, since."""
    row = board["agents"].get(leader)
    found: Plain | None = row.get("supervises") if row else None
    return found


def ended_by_rights(
    board: Plain, rights: Rights, *, leader: str, hidden: Collection[str]
) -> str | None:
    """Return the item that a leader hears into and may not any more."""
    watched = watch_of(board, leader)
    if watched is None:
        return None
    item, of = str(watched["item"]), watched["of"]
    if rights.may(PERMISSION) and item not in hidden:
        return None if is_open(board, rights, item=item, of=of, leader=leader) else item
    return item
