"""
The counters of a queue on the board, and the row of a queue that the plan has no more.

Refuses: to know which queues there are, and when a day begins.
"""

from typing import Any

from callfloor.core import facts, plan

COUNTERS = (
    "offered", "answered", "within_goal", "abandoned", "short_abandoned", "callback_asked",
    "message_left", "diverted", "lost", "waiting", "wait_seconds", "longest_wait_seconds",
)  # fmt: skip
_COUNTED_AS = {
    "answered": "answered",
    "abandoned_in_queue": "abandoned",
    "callback_asked": "callback_asked",
    "message_left": "message_left",
    "diverted": "diverted",
    "lost_by_system": "lost",
}

Plain = dict[str, Any]


def new_counters() -> Plain:
    """Begin to count."""
    return dict.fromkeys(COUNTERS, 0)


def count_outcome(counters: Plain, fact: facts.Dequeued) -> None:
    """Count how a wait has ended."""
    counters[_COUNTED_AS[fact.outcome]] += 1
    counters["within_goal"] += fact.within_goal
    counters["short_abandoned"] += fact.short
    counters["wait_seconds"] += fact.waited_seconds
    if fact.waited_seconds > counters["longest_wait_seconds"]:
        counters["longest_wait_seconds"] = fact.waited_seconds


def gone_queue(fact: facts.Queued, channel: str) -> Plain:
    """Make the row of a queue that the plan has no more; its goal is not promised any longer."""
    usual = plan.QueuePlan(key=fact.queue, client=fact.client, channel=channel, tiers=())
    return {
        "client": fact.client,
        "channel": channel,
        "goal_seconds": usual.goal_seconds,
        "goal_share": usual.goal_share,
        "waiting": {},
        "today": new_counters(),
        "halves": {},
    }
