"""
A case goes up: to the line of the next level and to a leader, with all that was said and tried.

It is an ordinary step of routing, so it can be tried in the twin and staffed. Whoever had it keeps
reading it. The customer is told once.
"""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from callfloor.kernel.access import Someone
from callfloor.kernel.errors import Refusal
from callfloor.records.cases.models import Case
from callfloor.records.cases.queries import tried
from callfloor.records.cases.services import floor, telling
from callfloor.records.cases.services.change import Change
from callfloor.records.cases.services.held import held, said
from callfloor.records.people import queries as people
from callfloor.records.people.models import Person

LEVEL_MAX = 3  # First line, specialist, leader: whoever is above decides and does not pass on.


class AtTheTop(Refusal):
    """There is nobody above."""

    code = "cases.at_the_top"
    message = gettext_lazy("This case is at the highest level already.")


def escalate(*, person: Someone, case_id: str, reason: str, now: datetime) -> str | None:
    """
    Bring a case up with a reason; give the contact in the line above, None if there is no line.

    Raises NotFound, Forbidden, IsClosed, NothingWritten, AtTheTop.
    """
    with held(person, case_id, now=now) as change:
        if change.state.level >= LEVEL_MAX:
            raise AtTheTop
        return raised(change, said(reason), now=now)


def raised(change: Change, reason: str, *, now: datetime) -> str | None:
    """Bring a held case up; by a person, or by the centre itself when a promise was broken."""
    case = change.case
    level = min(change.state.level + 1, LEVEL_MAX)
    leader = leader_for(case, without={change.by, change.state.owner, case.hidden_from_id})
    has_line = floor.address_of(case.client_id, level) is not None and not case.hidden_from_id
    change.add(
        "escalated",
        {
            "level": level,
            "leader": leader,
            # Where no line brings it to somebody, it is the leader's.
            "owner": None if has_line else leader,
            "team": _team_of(leader) or change.state.team,
        },
        text=reason,
    )
    telling.tell(change, "escalated", now=now)
    return floor.bring(change, now=now, text=_handed_over(case, reason))


def leader_for(case: Case, *, without: set[str | None]) -> str | None:
    """
    Give the leader who is told: of the case's team before others, the first by name's key.

    Whoever may give cases to others is a leader here.
    """
    found = Person.objects.filter(is_active=True, client_rows__client_id=case.client_id)
    keys = found.exclude(key__in=[key for key in without if key]).order_by("key")
    rows = list(keys.values_list("key", "team_id"))
    leaders = [row for row in rows if _leads(row[0])]
    mine = [key for key, team in leaders if team is not None and team == case.team_id]
    return next(iter(mine + [key for key, _team in leaders]), None)


def _leads(key: str) -> bool:
    rights = people.rights_of(key=key)
    return rights is not None and rights.may("cases.assign") and rights.may("cases.write")


def _team_of(key: str | None) -> str | None:
    return Person.objects.filter(key=key).values_list("team_id", flat=True).first()


def _handed_over(case: Case, reason: str) -> str:
    """Write what whoever gets it reads first: why it comes, and what was tried."""
    lines = [f"{case.reference}: {reason}"]
    for text, worked in tried.of_case(case):
        lines.append(f"{'+' if worked else '–'} {text}")
    if len(lines) > 1:
        lines.insert(1, _("Tried so far:"))
    return "\n".join(lines)
