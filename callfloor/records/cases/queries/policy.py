"""
What is promised for a kind of case: the centre's file, else the standard, on the plan's calendars.

Refuses: to judge a case. Whoever reads a clock is given what it is read by.
"""

from callfloor.core.calendars import Calendar
from callfloor.kernel import quick
from callfloor.records.cases.models import CaseCalendar, CaseRule
from callfloor.records.cases.rules import kinds, state
from callfloor.records.cases.rules.state import Promise
from callfloor.records.routing import queries as routing

CASES = "cases"
"""The calendar that counts for cases, where a plan has one of this name."""
_calendars: dict[str, dict[str, Calendar]] = {}


def promise_of(*, kind: str, client: str) -> Promise:
    """Give what is promised for a kind to a client's customers, by the file that holds."""
    calendar = calendar_of(client=client)
    row = quick.first(CaseRule, "WHERE kind = %s", [kind])
    if row is None:
        return state.standard_promise(kind, calendar=calendar)
    return Promise(
        calendar=calendar,
        answer=kinds.targets(kind=kind, goal="answer", said=row.answer),
        solve=kinds.targets(kind=kind, goal="solve", said=row.solve),
        warn_share=row.warn_share,
        escalates=frozenset(row.escalates),
    )


def basis() -> tuple[object, ...]:
    """Give all that promises are read by, to see whether it has changed."""
    rules = CaseRule.objects.order_by("kind").values_list(
        "kind", "stages", "answer", "solve", "warn_share", "escalates"
    )
    said = CaseCalendar.objects.order_by("client_id", "id").values_list("client_id", "calendar")
    return (routing.plan_version(), tuple(rules), tuple(said))


def used_kinds() -> tuple[str, ...]:
    """Give the kinds that the centre uses, in their order; what no customer opens is among them."""
    named = set(CaseRule.objects.values_list("kind", flat=True))
    own = {key for key, kind in kinds.KINDS.items() if not kind.has_customer}
    return tuple(key for key in kinds.KINDS if not named or key in named | own)


def stages_of(*, kind: str) -> tuple[str, ...]:
    """Give the stages of a kind in this centre, from new to closed."""
    row = quick.first(CaseRule, "WHERE kind = %s", [kind])
    return tuple(row.stages) if row is not None and row.stages else kinds.KINDS[kind].stages


def calendar_of(*, client: str) -> Calendar | None:
    """Give the calendar that counts for a client's cases; None if every hour does."""
    sql = f"SELECT client_id, calendar FROM {quick.table(CaseCalendar)}"
    said: dict[str | None, str] = dict(quick.fetch(sql))
    named = said.get(client) or said.get(None)
    return calendars().get(named) if named else _standard_calendar()


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
