"""
What is promised for a kind of case: the centre's file, else the standard, on the plan's calendars.

Refuses: to judge a case. Whoever reads a clock is given what it is read by.
"""

from callfloor.core.calendars import Calendar
from callfloor.records.cases.models import CaseRule
from callfloor.records.cases.rules import state
from callfloor.records.cases.rules.state import Promise
from callfloor.records.routing import queries as routing

CASES = "cases"
"""The calendar that counts for cases, where a plan has one of this name."""
_calendars: dict[str, dict[str, Calendar]] = {}


def promise_of(*, kind: str) -> Promise:
    """Give what is promised for a kind by the plan that holds."""
    row = CaseRule.objects.filter(kind=kind).first()
    if row is None:
        return state.standard_promise(kind, calendar=_standard_calendar())
    calendar = calendars().get(row.calendar)
    standard = state.standard_promise(kind, calendar=calendar)
    return Promise(
        calendar=calendar,
        answer={**standard.answer, **row.answer},
        solve={**standard.solve, **row.solve},
    )


def _standard_calendar() -> Calendar | None:
    """Give the plan's calendar of cases, or its only one; None if nobody can say which it is."""
    known = calendars()
    if CASES in known:
        return known[CASES]
    return next(iter(known.values())) if len(known) == 1 else None


def calendars() -> dict[str, Calendar]:
    """Give the calendars of the plan that holds, read once for each version."""
    version = routing.plan_version() or ""
    if version not in _calendars:
        plan = routing.current_plan()
        _calendars.clear()  # A plan is replaced, never gone back and forth between.
        _calendars[version] = {
            source.key: Calendar(source) for source in (plan.calendars if plan else ())
        }
    return _calendars[version]
