"""
Every failpoint of the product: which process passes it, when, and how often before it is killed.

`test_points.py` compares this list with the code, so that no point is forgotten.
"""

from dataclasses import dataclass

LOAD, START, QUIET, PLAN, STOP = "load", "start", "quiet", "plan", "stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A place where a process is killed."""

    name: str
    process: str
    """floor, media or worker."""
    needs: str = LOAD
    """What makes it pass: calls, its start, a second without calls, a new plan, SIGTERM."""
    passes: tuple[int, int] = (1, 1)
    """The first and the last passage at which it may be killed; drawn for each round."""


def _floor(name: str, needs: str = LOAD, passes: tuple[int, int] = (1, 1)) -> Point:
    return Point(name=name, process="floor", needs=needs, passes=passes)


def _media(name: str, passes: tuple[int, int]) -> Point:
    return Point(name=name, process="media", passes=passes)


def _worker(name: str, passes: tuple[int, int] = (1, 4)) -> Point:
    return Point(name=name, process="worker", passes=passes)


POINTS = (
    _floor("floor.starting", START),
    _floor("floor.restoring", START, (1, 3)),
    _floor("floor.listening", START),
    _floor("floor.before_commit", LOAD, (8, 60)),
    _floor("floor.after_commit", LOAD, (8, 60)),
    _floor("floor.before_actions", LOAD, (8, 80)),
    _floor("floor.between_actions", LOAD, (20, 120)),
    _floor("journal.in_transaction", LOAD, (8, 60)),
    _floor("recordings.row_kept", LOAD, (1, 6)),
    _floor("recordings.before_end_kept", LOAD, (1, 6)),
    _floor("floor.plan_drafted", PLAN),
    _floor("floor.plan_replaced", PLAN),
    _floor("journal.board_snapshot", STOP),
    _floor("journal.before_checkpoint", QUIET),
    _floor("journal.after_checkpoint", QUIET),
    _media("media.leg_made", (5, 12)),
    _media("media.between_packets", (100, 600)),
    _media("recorder.opened", (1, 6)),
    _media("recorder.chunk_written", (2, 12)),
    _media("recorder.before_last_chunk", (1, 6)),
    _media("recorder.before_close", (1, 6)),
    _media("recorder.before_told", (1, 6)),
    _worker("worker.before_batch"),
    _worker("worker.in_batch"),
    _worker("worker.after_batch"),
    _worker("outbox.before_delivery"),
    _worker("outbox.in_reaction"),
    _worker("outbox.after_reaction"),
    _worker("recordings.key_taken_over"),
    _worker("recordings.seal_overwritten"),
)

MAIL_POINTS = (
    *(_worker(f"mail.{name}") for name in ("fetched", "kept", "looked_at", "before_taken")),
    *(_worker(f"mail.{name}") for name in ("taken", "before_doubt", "in_doubt", "submitted")),
    *(_worker(f"mail.{name}", (1, 1)) for name in ("sent", "before_quarantined")),
)
"""Passed where mail comes and goes: killed at in `tests/faults/test_mail_killed.py`."""
