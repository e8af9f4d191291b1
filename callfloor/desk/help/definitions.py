"""
What each figure on a screen means; every figure links here by its key.

Refuses: the computing. That stands in core/board.py and in the records' queries.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Figure:
    """One figure: its name, what it means, how it is counted."""

    key: str
    name: Any
    meaning: Any


FIGURES = (
    Figure("waiting", _("Waiting"), _("Calls in a queue at this moment, ringing ones included.")),
    Figure(
        "longest",
        _("Longest wait"),
        _("How long the call has waited that has waited longest in its present queue."),
    ),
    Figure(
        "offered",
        _("Offered"),
        _(
            "Calls that entered a queue. Always the sum of answered, abandoned, callback asked, "
            "message left, diverted, lost and waiting. A transfer is a new entry."
        ),
    ),
    Figure("answered", _("Answered"), _("Queue entries that ended with an agent and the caller.")),
    Figure(
        "service_level",
        _("Service level"),
        _(
            "Answered within the goal, divided by offered without those still waiting and without "
            "short abandoned ones. The goal and what is short stand at each queue."
        ),
    ),
    Figure(
        "abandoned",
        _("Abandoned"),
        _("Callers who hung up in the queue, as a share of offered; short ones are left out."),
    ),
    Figure(
        "on_calls",
        _("On calls"),
        _("Agents who talk or hold, of all who are signed in."),
    ),
    Figure("ready", _("Ready"), _("Agents who would be given the next call.")),
    Figure(
        "average_wait",
        _("Average wait"),
        _("Seconds waited by all ended queue entries of today, divided by their number."),
    ),
    Figure(
        "handling",
        _("Average handling"),
        _("Talk, hold and wrap-up of today, divided by the calls answered."),
    ),
    Figure("calls", _("Calls each half hour"), _("Queue entries by the half hour they began in.")),
    Figure("talked", _("Talked"), _("Customer and agent connected, without hold.")),
    Figure("waited", _("Waited"), _("From entering the first queue to the answer, or to the end.")),
    Figure(
        "busy",
        _("Busy"),
        _("Talk, hold and wrap-up, divided by those plus the time spent ready; today."),
    ),
    Figure(
        "simulated",
        _("Simulated"),
        _("Made by the twin or by the demo's history. Never part of a real figure."),
    ),
)
