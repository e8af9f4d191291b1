"""
The periods that a list can be limited to, as local days half-open.

Pure: `now` comes in; the zone is the one that Django has active.
"""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

CHOICES = (
    ("", _("Any time")),
    ("today", _("Today")),
    ("yesterday", _("Yesterday")),
    ("week", _("Last 7 days")),
    ("month", _("Last 30 days")),
)
DAYS_BACK = {"today": (0, None), "yesterday": (1, 1), "week": (6, None), "month": (29, None)}
"""Days before today of the first day, and how many days; None means until now."""


def bounds(period: str, *, now: dt.datetime) -> tuple[dt.datetime | None, dt.datetime | None]:
    """Return from and to of a period, nothing for an unknown one."""
    if period not in DAYS_BACK:
        return None, None
    back, days = DAYS_BACK[period]
    first = timezone.localtime(now).date() - dt.timedelta(days=back)
    last = None if days is None else first + dt.timedelta(days=days)
    return _midnight(first), None if last is None else _midnight(last)


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))
