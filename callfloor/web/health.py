"""
Whether calls can be taken: the link, the media, the worker's heartbeat.

Refuses: to judge anything else. Whoever watches gets the same shape whether it is well or not.
"""

import asyncio
import datetime as dt
import weakref
from typing import Any

from django.db import Error, close_old_connections

from callfloor import __version__
from callfloor.kernel import health as beats
from callfloor.web.feed import Feed

WORKER_SECONDS = 10.0  # The worker beats every second or so; ten are a fault, not a pause.
ASKED_EVERY = dt.timedelta(seconds=1)
UP, DOWN = "up", "down"


def report(
    *, is_linked: bool, health: dict[str, Any], worker_age_seconds: float | None
) -> tuple[bool, dict[str, Any]]:
    """Return whether calls can be taken, and what `/healthz` says."""
    is_fresh = worker_age_seconds is not None and worker_age_seconds <= WORKER_SECONDS
    media = health.get("media") or {}
    up = {
        "web": True,
        "floor": is_linked,
        "media": bool(is_linked and media.get("up")),
        "worker": is_fresh,
    }
    is_well = all(up.values())
    body = {
        "status": "ok" if is_well else "not ready",
        "version": __version__,
        "processes": {name: UP if is_up else DOWN for name, is_up in up.items()},
    }
    return is_well, body


def worker_age_seconds(now: dt.datetime) -> float | None:
    """Return how old the worker's last beat is, None if it never gave one (a thread's work)."""
    close_old_connections()
    try:
        beat = beats.beats().get("worker")
    except Error:  # The tables are not there before the first start has made them.
        return None
    return (now - beat.at).total_seconds() if beat else None


class _Beat:
    """The age of the worker's last beat, asked for once a second however many want to know."""

    def __init__(self, feed: Feed, now: dt.datetime) -> None:
        self.asked_at = now
        self.age = asyncio.ensure_future(feed.in_thread(worker_age_seconds, now))


_beats: "weakref.WeakKeyDictionary[Feed, _Beat]" = weakref.WeakKeyDictionary()


async def check(feed: Feed, *, is_linked: bool) -> tuple[bool, dict[str, Any]]:
    """Return whether calls can be taken, and what `/healthz` says, now."""
    now = dt.datetime.now(tz=dt.UTC)
    beat = _beats.get(feed)
    # Nobody signs in for this page: a flood of it must not fill the threads that sessions need.
    if beat is None or not dt.timedelta() <= now - beat.asked_at < ASKED_EVERY:
        beat = _beats[feed] = _Beat(feed, now)
    age = await asyncio.shield(beat.age)
    linked = is_linked and feed.board is not None
    return report(is_linked=linked, health=feed.health, worker_age_seconds=age)
