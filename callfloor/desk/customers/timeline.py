"""
The story of a customer on one line of time: contacts, notes, consents, merges, and what
departments have put there (panels of the place `customer.timeline`).

Refuses: to decide who sees what; each part comes from a query that has checked it.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from callfloor.desk.customers import words
from callfloor.kernel import department
from callfloor.records.customers import queries
from callfloor.records.interactions.queries.thread import Thread
from callfloor.ui.requests import Request

PLACE = "customer.timeline"
TEMPLATES = "desk/customer_{}.html"


@dataclass(frozen=True)
class Entry:
    """One thing on the line."""

    at: dt.datetime
    template: str
    row: Any


def entries(request: Request, found: Thread, *, names: dict[str, str]) -> list[Entry]:
    """Return everything that is known of a customer, latest first."""
    together = found.customer.together
    made = [Entry(each.row.arrived_at, _of("contact"), each) for each in found.contacts]
    made += [
        Entry(note.at, _of("note"), {"note": note, "author": names.get(note.author, note.author)})
        for note in queries.notes_of(customer_ids=together)
    ]
    made += [
        Entry(said.at, _of("consent"), _consent(said, names=names))
        for said in queries.consents_of(customer_ids=together)
    ]
    made += _merges(queries.merges_of(customer_ids=together), names=names)
    made += _of_departments(request, together)
    return sorted(made, key=lambda each: each.at, reverse=True)


def _of(what: str) -> str:
    return TEMPLATES.format(what)


def _consent(said: queries.ConsentRow, *, names: dict[str, str]) -> dict[str, Any]:
    return {
        "said": said,
        "purpose": words.PURPOSES.get(said.purpose, said.purpose),
        "channel": words.CHANNELS.get(said.channel, said.channel),
        "kept_by": names.get(said.kept_by or "", ""),
    }


def _merges(found: Iterable[queries.MergeRow], *, names: dict[str, str]) -> list[Entry]:
    rows = list(found)
    called = queries.called(ids=[id_ for row in rows for id_ in (row.kept, row.customer)])
    made = []
    for row in rows:
        row_of = {
            "merge": row,
            "kept": called[row.kept].label,
            "customer": called[row.customer].label,
            "by": names.get(row.by, row.by),
            "undone_by": names.get(row.undone_by or "", ""),
        }
        made.append(Entry(row.at, _of("merge"), row_of))
        if row.undone_at is not None:
            made.append(Entry(row.undone_at, _of("unmerge"), row_of))
    return made


def _of_departments(request: Request, together: tuple[str, ...]) -> list[Entry]:
    """Return what departments know: their query gives objects with `at`, latest first."""
    return [
        Entry(row.at, panel.template, row)
        for panel in department.panels(place=PLACE, rights=request.user.rights)
        for row in panel.query(person=request.user, customers=together)
    ]
