"""
What was written in a contact, as pages show it: who said what, and the files.

Refuses: to open anything by itself; the messages come from a query that has checked.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from callfloor.kernel.access import Someone
from callfloor.records.interactions.queries.messages import MessageRow
from callfloor.records.people import queries as people


@dataclass(frozen=True, kw_only=True)
class Line:
    """One message on a page."""

    number: int
    at: datetime
    who: str
    kind: str
    """text, file, event."""
    look: str
    """The class of its box: mine (ours), note, event, or nothing for the customer's."""
    text: str
    state: str
    """What became of it if it was to be sent on, in words; empty if there is nothing to say."""
    kilobytes: int | None
    id: str
    mail: dict[str, Any] | None
    """What is said of the mail that it came as (connectors/imap/intake.py)."""
    is_stuck: bool
    """Whether a person may have it sent once more."""


def lines(rows: list[MessageRow], *, person: Someone, customer: str) -> list[Line]:
    """Return messages as lines."""
    authors = {row.author for row in rows if row.author}
    names = people.names_of(keys=sorted(authors))
    return [_line(row, names=names, customer=customer) for row in rows]


def _line(row: MessageRow, *, names: dict[str, str], customer: str) -> Line:
    is_event = row.kind == "event"
    who = customer if row.direction == "in" else names.get(row.author or "", _("The center"))
    size = row.data.get("bytes") if row.kind == "file" else None
    return Line(
        number=row.number,
        at=row.at,
        who=who,
        kind=row.kind,
        look="event" if is_event else {"out": "mine", "note": "note"}.get(row.direction, ""),
        text=EVENTS[row.text]() if is_event and row.text in EVENTS else row.text,
        state=STATES[row.state]() if row.state in STATES else "",
        kilobytes=max(1, round(size / 1024)) if size else None,
        id=row.id,
        mail=row.data.get("mail"),
        is_stuck=row.direction == "out" and row.state in ("failed", "unknown"),
    )


EVENTS = {
    "by_mail": lambda: _("The customer wants answers by e-mail too when away."),
    "not_told_no_address": lambda: _(
        "The customer was not reached, and no address is known to write to."
    ),
    "not_told_not_wanted": lambda: _(
        "The customer was not reached, and has asked not to be written to."
    ),
    "known_already": lambda: _("Somebody else here has the number or address that was given."),
}
"""What is said of something that happened, by its key."""
STATES = {
    "to_send": lambda: _("will be sent by e-mail"),
    "sent": lambda: _("sent by e-mail"),
    "failed": lambda: _("could not be sent"),
    "unknown": lambda: _("nobody knows whether it was sent"),
}
"""What became of a message that was to be sent on."""
