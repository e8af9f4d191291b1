"""Callbacks and appointments in words."""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from callfloor.desk.interactions import words
from callfloor.records.interactions.queries.callbacks import CallbackRow
from callfloor.ui.templatetags.ui import clock, long_day

STATES = {
    "waits": gettext_lazy("waits for an agent"),
    "calls": gettext_lazy("calls himself just now"),
    "rings": gettext_lazy("rings for an agent"),
    "dialed": gettext_lazy("is being called"),
    "talks": gettext_lazy("talks"),
}
"""Where a callback stands."""
BECAME = {
    "booked": gettext_lazy("booked"),
    "handed": gettext_lazy("is being called"),
    "kept": gettext_lazy("kept"),
    "late": gettext_lazy("reached too late"),
    "broken": gettext_lazy("not kept"),
    "cancelled": gettext_lazy("called off"),
}
"""What became of an appointment."""
TONES = {"kept": "good", "late": "warn", "broken": "bad"}
REASONS = {
    "not_reached": gettext_lazy("nobody was reached"),
    "erased": gettext_lazy("the customer was erased"),
    "bad_number": gettext_lazy("wrong number"),
    "lost": gettext_lazy("lost by our fault"),
    "lost_by_system": gettext_lazy("lost by our fault"),
    "customer_called": gettext_lazy("the customer called and was answered"),
}


def state(row: CallbackRow) -> str:
    """Say where a callback stands, as "the queue opens on Monday at 09:00"."""
    if row.state != "later" or row.until is None:
        return str(STATES.get(row.state, row.state))
    when = {"day": long_day(dt.datetime.date(row.until.astimezone())), "time": clock(row.until)}
    if row.reason == "closed":
        return _("The queue opens: %(day)s, %(time)s") % when
    return f"{words.ending(row.reason)} · " + _("again: %(day)s, %(time)s") % when
