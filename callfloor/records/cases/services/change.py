"""
The one door to a case: it is held, events are appended, its columns are folded anew, others told.

Everything of one change lies in one transaction. Refuses: to decide whether somebody may.
"""

import contextlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from callfloor.kernel import events as outbox
from callfloor.kernel import fields, ids
from callfloor.kernel.errors import Refusal
from callfloor.kernel.keys import ring
from callfloor.records.cases import events
from callfloor.records.cases.models import Case, CaseEvent, CaseInteraction
from callfloor.records.cases.queries import policy
from callfloor.records.cases.rules import state, words
from callfloor.records.cases.rules.state import Clocks, Happening, State
from callfloor.records.interactions.services import CallerErased, hiding

TEXT_CHARACTERS_MAX = 20_000  # Ten pages; a longer one is a file.
EVENTS_MAX = 5_000  # A case with more events is a machine that answers a machine.
HIDING = frozenset({"opened", "attached", "named", "released"})
"""Events after which other contacts are hidden from the person complained about, or none."""


class TextTooLong(Refusal):
    """What was written is longer than any that people write."""

    code = "cases.too_long"
    message = _("This text is too long.")


class TooManyEvents(Refusal):
    """Nothing more fits into the case."""

    code = "cases.full"
    message = _("Nothing more fits into this case. Open a new one.")


class Change:
    """A case that is held, to which events are added."""

    def __init__(self, case: Case, *, by: str | None, now: datetime) -> None:
        self.case = case
        self.by = by
        self.now = now
        self.happenings = happenings_of(case)
        self.added: list[CaseEvent] = []
        self._key: bytes | None = None

    @property
    def state(self) -> State:
        """How the case stands with what was added so far."""
        return state.fold(self.happenings)

    def add(self, kind: str, data: Mapping[str, Any] | None = None, *, text: str = "") -> CaseEvent:
        """
        Append an event; raises TextTooLong, TooManyEvents, CallerErased.

        Secrets are taken out of what people of ours write, not of a customer's own words.
        """
        assert kind in state.KINDS, f"no event {kind}"
        if len(text) > TEXT_CHARACTERS_MAX:
            raise TextTooLong
        if self.case.events >= EVENTS_MAX:
            raise TooManyEvents
        at = self._present()
        event = CaseEvent(
            id=ids.derive(
                kind="case_event",
                source=f"{self.case.id}:{self.case.events + 1}",
                at=at.timestamp(),
            ),
            case=self.case,
            client_id=self.case.client_id,
            number=self.case.events + 1,
            at=at,
            kind=kind,
            by_id=self.by,
            data=dict(data or {}),
        )
        if text:
            own = words.masked(text) if self.by is not None else text
            fields.encrypt(event, "text", own, key=self._subject_key())
        event.save(force_insert=True)
        self.case.events += 1
        self.happenings.append(_happening(event))
        self.added.append(event)
        return event

    def fold_now(self) -> None:
        """Bring the columns to the events so far, for whoever reads them before the end."""
        fold(self.case, self.happenings, now=self._present())

    def settle(self) -> None:
        """Fold the events into the columns and tell the others."""
        if not self.added:
            return
        found, clocks = fold(self.case, self.happenings, now=self._present())
        self.case.save()
        if self.case.kind == "complaint" and HIDING.intersection(e.kind for e in self.added):
            _hide_contacts(self.case)
        for event in self.added:
            self._publish(event, found, clocks)

    def _present(self) -> datetime:
        """Give now, or the last event's instant: two processes' clocks may differ by a little."""
        if not self.happenings:
            return self.now
        return max(self.now, datetime.fromtimestamp(self.happenings[-1].at, UTC))

    def _subject_key(self) -> bytes:
        if self._key is None:
            subject = self.case.key_subject
            self._key = ring.get(subjects=[subject]).get(subject)
        if self._key is None:
            raise CallerErased
        return self._key

    def _publish(self, event: CaseEvent, found: State, clocks: Clocks) -> None:
        case, subject = self.case, f"case:{self.case.id}"
        if event.kind == "opened":
            told: Any = _opened(case)
        elif event.kind == "closed":
            told = _closed(case, clocks, at=event.at)
        else:
            told = events.CaseChanged(
                case_id=case.id,
                reference=case.reference,
                client=case.client_id,
                number=event.number,
                change=event.kind,
                by=event.by_id,
                owner=found.owner,
                team=found.team,
                due_at=case.due_at,
                changed_at=event.at,
                simulated=case.simulated,
            )
        outbox.publish(told, subject=subject, now=self.now)


@contextlib.contextmanager
def changing(*, case_id: str, by: str | None, now: datetime) -> Iterator[Change]:
    """Hold a case that was checked, until its events are written and its columns folded."""
    with transaction.atomic():
        change = Change(Case.objects.select_for_update().get(id=case_id), by=by, now=now)
        yield change
        change.settle()


def fold(case: Case, happenings: list[Happening], *, now: datetime) -> tuple[State, Clocks]:
    """Set a case's columns to the fold of its events; whoever calls saves it."""
    found = state.fold(happenings)
    promise = policy.promise_of(kind=case.kind, client=case.client_id)
    clocks = state.clocks(happenings, promise=promise, now=now.timestamp())
    for name in ("stage", "priority", "level", "waits_for", "emergency", "decision", "appealed"):
        setattr(case, name, getattr(found, name))
    case.owner_id, case.team_id, case.incident_id = found.owner, found.team, found.incident
    case.solved_at_once = found.solved_at_once
    case.hidden_from_id = None if found.released else found.about
    case.answered_at, case.closed_at = _at(found.answered_at), _at(found.closed_at)
    case.promised_at = _at(found.promised_at)
    case.answer_due_at = _owed(clocks, "answer")
    case.solve_due_at = _owed(clocks, "solve")
    owed = [due for due in (case.answer_due_at, case.solve_due_at) if due is not None]
    case.due_at = min(owed, default=None)
    case.look_at = _at(state.look_at(found, clocks))
    return found, clocks


def happenings_of(case: Case) -> list[Happening]:
    """Give the events of a case in order, without their texts."""
    found = CaseEvent.objects.filter(case_id=case.id).order_by("number").defer("text")
    return [_happening(event) for event in found]


def _hide_contacts(case: Case) -> None:
    """Hide the contacts of a complaint from the person it hides from, also one yet to be kept."""
    attached = CaseInteraction.objects.filter(case_id=case.id).order_by("id")
    contacts = [*attached.values_list("interaction_id", flat=True), case.origin]
    person = case.hidden_from_id
    hiding.hide(because_of=case.id, person=person, contacts=filter(None, contacts))


def _happening(event: CaseEvent) -> Happening:
    return Happening(
        number=event.number,
        at=event.at.timestamp(),
        kind=event.kind,
        by=event.by_id,
        data=event.data,
    )


def _at(value: float | None) -> datetime | None:
    return None if value is None else datetime.fromtimestamp(value, UTC)


def _owed(clocks: Clocks, goal: str) -> datetime | None:
    reading = clocks.of(goal)
    return _at(reading.due_at) if reading.is_running else None


def _opened(case: Case) -> events.CaseOpened:
    return events.CaseOpened(
        case_id=case.id,
        reference=case.reference,
        client=case.client_id,
        kind=case.kind,
        customer=case.customer_id,
        origin=case.origin or None,
        code=case.code,
        opened_at=case.opened_at,
        simulated=case.simulated,
    )


def _closed(case: Case, clocks: Clocks, *, at: datetime) -> events.CaseClosed:
    return events.CaseClosed(
        case_id=case.id,
        reference=case.reference,
        client=case.client_id,
        kind=case.kind,
        customer=case.customer_id,
        owner=case.owner_id,
        answered_in_time=not clocks.answer.is_breached,
        solved_in_time=not clocks.solve.is_breached,
        closed_at=at,
        simulated=case.simulated,
    )
