"""
A case as somebody may hold it: asked for by the one way, open if it must be, noted in the audit.

The refusals that several steps share stand here.
"""

import contextlib
from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from callfloor.kernel import audit
from callfloor.kernel.access import Someone
from callfloor.kernel.errors import Refusal
from callfloor.records.cases.queries import rows
from callfloor.records.cases.services.change import Change, changing


class NothingWritten(Refusal):
    """The text is empty."""

    code = "cases.nothing_written"
    message = _("Nothing is written here.")


class IsClosed(Refusal):
    """The case is closed."""

    code = "cases.closed"
    message = _("This case is closed. Reopen it first.")


class IsOpen(Refusal):
    """The case is open."""

    code = "cases.open"
    message = _("This case is open already.")


class NotThisStep(Refusal):
    """The case cannot take this step from where it is."""

    code = "cases.not_this_step"
    message = _("This step is not possible here.")


class FieldsMissing(Refusal):
    """Something must be known first."""

    code = "cases.fields_missing"
    message = _("Some of what must be known is missing.")

    def __init__(self, fields: tuple[str, ...] = ()) -> None:
        super().__init__(*fields)
        self.fields = fields


@contextlib.contextmanager
def held(
    person: Someone,
    case_id: str,
    *,
    now: datetime,
    permission: str = "cases.write",
    must_be_open: bool = True,
) -> Iterator[Change]:
    """
    Hold a case that the person may change; each event that is added stands in the audit log.

    Raises NotFound, Forbidden, IsClosed.
    """
    rows.require(person, permission, case_id)
    with changing(case_id=case_id, by=person.key, now=now) as change:
        if must_be_open and not change.state.is_open:
            raise IsClosed
        yield change
        for event in change.added:
            note(person, event.kind, change.case.id, change.case.client_id, now=now)


def note(person: Someone, what: str, case_id: str, client: str, *, now: datetime) -> None:
    """Note in the audit log what somebody did with a case."""
    audit.note(
        by=person.key, action=f"case.{what}", about=f"case:{case_id}", client=client, now=now
    )


def said(text: str) -> str:
    """Give what was written, without the space around it. Raises NothingWritten."""
    if not text.strip():
        raise NothingWritten
    return text.strip()
