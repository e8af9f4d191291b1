"""
What people ask of interactions.

    rows      a row of any list, and the words for outcomes and facts
    search    lists by filter, a customer's story
    detail    one interaction whole: timeline, reasons, recordings
    days      the sums of a day by queue and half hour
    card      who rings or talks now
    behind    which ones a figure counts
    abandoned who gave up, and who spoke with him since
    hidden    which running ones do not exist for somebody
    lines     how well people were heard
    roads     what the floor is yet to hear of
"""

from callfloor.records.interactions.queries.abandoned import AbandonedRow, Since, abandoned
from callfloor.records.interactions.queries.abandoned import Wanted as WantedAbandoned
from callfloor.records.interactions.queries.behind import Behind
from callfloor.records.interactions.queries.card import Card, TypedRow, card
from callfloor.records.interactions.queries.days import (
    DayNumbers,
    HalfHour,
    QueueDay,
    day_numbers,
)
from callfloor.records.interactions.queries.detail import (
    EntryRow,
    InteractionDetail,
    RecordingRow,
    TimelineRow,
    WorkRow,
    detail,
    may_listen,
)
from callfloor.records.interactions.queries.hidden import hidden_running
from callfloor.records.interactions.queries.lines import BadLines, LineRow, bad_lines
from callfloor.records.interactions.queries.rows import (
    InteractionRow,
    direction_label,
    outcomes,
)
from callfloor.records.interactions.queries.search import ORDERS, Filters, Story, search, story
from callfloor.records.interactions.rules import Counters

__all__ = [
    "ORDERS",
    "AbandonedRow",
    "BadLines",
    "Behind",
    "Card",
    "Counters",
    "DayNumbers",
    "EntryRow",
    "Filters",
    "HalfHour",
    "InteractionDetail",
    "InteractionRow",
    "LineRow",
    "QueueDay",
    "RecordingRow",
    "Since",
    "Story",
    "TimelineRow",
    "TypedRow",
    "WantedAbandoned",
    "WorkRow",
    "abandoned",
    "bad_lines",
    "card",
    "day_numbers",
    "detail",
    "direction_label",
    "hidden_running",
    "may_listen",
    "outcomes",
    "search",
    "story",
]
