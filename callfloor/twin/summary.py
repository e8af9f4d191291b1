"""
The sums of a run's rows, by queue and in all, for tests and benches.

Refuses: intervals and measures; `report` makes them of many days.
"""

from typing import Any

from callfloor.core import facts

Row = tuple[int, float, str, Any]
"""(seq, at, kind, body) as in the journal; kind is input or fact."""

SUMS = ("answered", "abandoned_in_queue", "callback_asked", "message_left", "diverted",
         "lost_by_system")  # fmt: skip


def summarize(rows: list[Row]) -> dict[str, Any]:
    """Count queue entries by outcome, in all and by queue, and items by final state."""
    entries = [body for _, _, _, body in rows if type(body) is facts.Dequeued]
    queued = [body for _, _, _, body in rows if type(body) is facts.Queued]
    talks = [body for _, _, _, body in rows if type(body) is facts.TalkEnded]
    final: dict[str, int] = {}
    for _, _, _, body in rows:
        if type(body) is facts.Closed:
            final[body.outcome] = final.get(body.outcome, 0) + 1
    queues = sorted({fact.queue for fact in queued})
    return {
        "contacts": sum(type(body) is facts.Arrived for _, _, _, body in rows),
        "final": dict(sorted(final.items())),
        "talk_seconds": sum(talk.talk_seconds for talk in talks),
        **_sums(entries, len(queued)),
        "queues": {
            key: _sums(
                [fact for fact in entries if fact.queue == key],
                sum(fact.queue == key for fact in queued),
            )
            for key in queues
        },
    }


def _sums(entries: list[facts.Dequeued], offered: int) -> dict[str, Any]:
    answered = [fact for fact in entries if fact.outcome == "answered"]
    waits = sum(fact.waited_seconds for fact in entries)
    sums: dict[str, Any] = {
        outcome: sum(fact.outcome == outcome for fact in entries) for outcome in SUMS
    }
    return {
        "offered": offered,
        **sums,
        "within_goal": sum(fact.within_goal for fact in answered),
        "short": sum(fact.short for fact in entries),
        "mean_wait_seconds": waits / len(entries) if entries else 0.0,
        "mean_answer_seconds": (
            sum(fact.waited_seconds for fact in answered) / len(answered) if answered else 0.0
        ),
    }
