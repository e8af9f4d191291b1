"""
How well people were heard: the lines of one interaction, and the bad ones of the last days.

Refuses: to judge anew. What is bad was said when the line ended.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from callfloor.kernel import access, quick
from callfloor.kernel.access import Someone
from callfloor.records.interactions.models import Interaction, LineQuality

BAD_MAX = 500  # Of the last days; who has more reads no list but calls his provider.


@dataclass(frozen=True, kw_only=True)
class LineRow:
    """One leg in one interaction."""

    interaction_id: str
    at: datetime
    """When it ended."""
    agent: str | None
    """Whose it was; None for a side outside."""
    trunk: str
    """By which a side outside was reached; empty for a browser."""
    packets: int
    lost: int
    loss_share: float
    """Lost over all that were sent."""
    jitter_ms: float
    mos: float
    mos_worst: float
    """Of the worst five seconds."""
    is_bad: bool


@dataclass(frozen=True, kw_only=True)
class BadLines:
    """The bad lines of an agent or a trunk on one day."""

    day: date
    agent: str | None
    trunk: str
    count: int
    worst: LineRow


def of_interaction(interaction: Interaction) -> tuple[LineRow, ...]:
    """Give the lines of an interaction that the reader may see, in the order of their ends."""
    tail = "WHERE interaction_id = %s ORDER BY at, id"
    return tuple(_row(each) for each in quick.models(LineQuality, tail, [interaction.id]))


def bad_lines(*, person: Someone, since: datetime, zone: tzinfo) -> tuple[BadLines, ...]:
    """
    Give what was bad since an instant by day, agent and trunk; the newest day and the worst first.

    Only of interactions that may exist for the person; who may ask is asked by the caller.
    """
    found = access.within(person, LineQuality.objects.filter(is_bad=True, at__gte=since))
    return _by_whose((_row(each) for each in found.order_by("-at", "id")[:BAD_MAX]), zone)


def _by_whose(rows: Iterable[LineRow], zone: tzinfo) -> tuple[BadLines, ...]:
    groups: dict[tuple[date, str | None, str], list[LineRow]] = {}
    for row in rows:
        groups.setdefault((row.at.astimezone(zone).date(), row.agent, row.trunk), []).append(row)
    found = [
        BadLines(
            day=day,
            agent=agent,
            trunk=trunk,
            count=len(lines),
            worst=min(lines, key=lambda line: (line.mos, line.interaction_id)),
        )
        for (day, agent, trunk), lines in groups.items()
    ]
    found.sort(key=lambda each: (-each.day.toordinal(), each.worst.mos, each.agent or ""))
    return tuple(found)


def _row(line: LineQuality) -> LineRow:
    sent = line.packets + line.lost
    return LineRow(
        interaction_id=line.interaction_id,
        at=line.at,
        agent=line.agent_id,
        trunk=line.trunk,
        packets=line.packets,
        lost=line.lost,
        loss_share=line.lost / sent if sent else 0.0,
        jitter_ms=line.jitter_ms,
        mos=line.mos,
        mos_worst=line.mos_worst,
        is_bad=line.is_bad,
    )
