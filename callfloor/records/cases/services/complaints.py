"""
A complaint's own way: acknowledged, decided with a reason, appealed; whom it is about is named and
told.

Nobody decides what is about himself (`kernel.access.not_ones_own`), nor says whom it is about; an
appeal is decided by somebody who has not decided before.
"""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from callfloor.kernel import access
from callfloor.kernel.access import Someone
from callfloor.kernel.errors import Refusal
from callfloor.records.cases.services import floor, telling
from callfloor.records.cases.services.change import Change
from callfloor.records.cases.services.held import NotThisStep, held, said
from callfloor.records.people import queries as people

DECISIONS = ("upheld", "partly", "rejected")


class DecidedBefore(Refusal):
    """Somebody would decide the appeal against his own decision."""

    code = "cases.decided_before"
    message = _("You have decided this before. An appeal is decided by somebody else.")


def acknowledge(*, person: Someone, case_id: str, now: datetime) -> None:
    """Tell the customer in writing that the complaint is there, once. Raises NotThisStep."""
    with held(person, case_id, now=now) as change:
        _complaint(change)
        if any(each.kind == "acknowledged" for each in change.happenings):
            raise NotThisStep
        change.add("acknowledged")
        telling.tell(change, "acknowledged", now=now)


def decide(*, person: Someone, case_id: str, decision: str, reason: str, now: datetime) -> None:
    """
    Decide a complaint with a reason, which the customer is told.

    Raises Forbidden, NothingWritten, NotThisStep, OwnMatter for the person it is about, and
    DecidedBefore on an appeal.
    """
    if decision not in DECISIONS:
        raise NotThisStep
    with held(person, case_id, now=now, permission="cases.decide") as change:
        _complaint(change)
        if change.state.stage == "decided":
            raise NotThisStep
        access.not_ones_own(person, about_of(change) or "")
        if any(each.kind == "decided" and each.by == person.key for each in change.happenings):
            raise DecidedBefore
        change.add("decided", {"decision": decision}, text=said(reason))
        telling.tell(change, "decided", now=now, text=said(reason))


def appeal(*, person: Someone, case_id: str, text: str, now: datetime) -> None:
    """Take down that the customer does not accept the decision. Raises NotThisStep."""
    with held(person, case_id, now=now, must_be_open=False) as change:
        appealed(change, said(text), now=now)


def appealed(change: Change, text: str, *, now: datetime) -> None:
    """Bring a held complaint before somebody else; its clock begins to run again."""
    _complaint(change)
    if not change.state.decision:
        raise NotThisStep
    if not change.state.is_open:
        change.add("reopened", {"stage": "decided"})
    change.add("appealed", text=text)
    telling.tell(change, "appealed", now=now)


def name(*, person: Someone, case_id: str, about: str | None, now: datetime) -> None:
    """
    Say who is complained about, somebody else than before, or with None that it is nobody.

    From then on the case and its contacts do not exist for him. It leaves him if he owns it, and
    the line, which could bring it to him. Raises NotFound (also for a foreign colleague),
    Forbidden, NotThisStep if it is said already, and OwnMatter for whoever it is about.
    """
    with held(person, case_id, now=now, must_be_open=False) as change:
        _complaint(change)
        before = change.state
        for each in (before.about, about):
            access.not_ones_own(person, each or "")
        if about == before.about:
            raise NotThisStep
        if about is not None and about not in people.colleagues(person=person):
            raise access.NotFound
        change.add("named", {"about": about})
        if about is None:
            return
        if before.owner == about:
            data = {"owner": None, "team": before.team, "was": about, "why": "about"}
            change.add("offered", data)
        floor.withdraw(change)


def release(*, person: Someone, case_id: str, now: datetime) -> None:
    """Let the person complained about see the complaint, once it is decided."""
    with held(person, case_id, now=now, permission="cases.decide", must_be_open=False) as change:
        _complaint(change)
        if not change.state.decision or change.case.hidden_from_id is None:
            raise NotThisStep
        change.add("released")


def about_of(change: Change) -> str | None:
    """Give the person complained about, also after the release."""
    return change.state.about


def _complaint(change: Change) -> None:
    if change.case.kind != "complaint":
        raise NotThisStep
