"""
What the centre's file says of cases: kinds, stages, times, and whose open time counts.

The file is written once; here it only becomes rows that clocks are read by. Refuses: to fold cases
anew; the worker does so when another plan holds.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from callfloor.records.cases.models import CaseCalendar, CaseRule
from callfloor.records.cases.rules import kinds


@dataclass(frozen=True, kw_only=True)
class RuleData:
    """A kind of case as the file has it."""

    stages: tuple[str, ...] = ()
    """Empty for those of the kind."""
    answer: kinds.Said
    """Priority to seconds; what is left out is standard."""
    solve: kinds.Said
    warn_share: float
    escalates: tuple[str, ...]


def take_rules(
    *, rules: Mapping[str, RuleData], calendar: str | None, calendars: Mapping[str, str]
) -> None:
    """Bring the rows to what the file says; `calendars` are by client."""
    for kind, data in rules.items():
        assert kind in kinds.KINDS, f"no kind {kind}"
        values = {
            "stages": list(data.stages),
            "answer": dict(data.answer),
            "solve": dict(data.solve),
            "warn_share": data.warn_share,
            "escalates": list(data.escalates),
        }
        CaseRule.objects.update_or_create(kind=kind, defaults=values)
    CaseRule.objects.exclude(kind__in=list(rules)).delete()
    CaseCalendar.objects.all().delete()
    rows = [CaseCalendar(client_id=client, calendar=key) for client, key in calendars.items()]
    if calendar is not None:
        rows.append(CaseCalendar(client_id=None, calendar=calendar))
    CaseCalendar.objects.bulk_create(rows)
