"""
Who sits there at an instant, by the shifts of the file's demand.

Pure. Refuses: to guess for a file that says nothing of shifts.
"""

import datetime
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from callfloor.blueprint import hours
from callfloor.blueprint.schema import Blueprint
from callfloor.blueprint.schema.demand import Shift
from callfloor.core import plan


def is_dead(queue: str, *, at: float, blueprint: Blueprint, floor_plan: plan.FloorPlan) -> bool:
    """Say whether nobody serves a queue at an instant and no way leads out of it."""
    if blueprint.demand is None or not blueprint.demand.shifts:
        return False
    of = next(each for each in floor_plan.queues if each.key == queue)
    if of.overflow is not None:
        return False
    here = set(seated(at, blueprint=blueprint))
    return not any(agent.key in here and _serves(agent, of, at=at) for agent in floor_plan.agents)


def seated(at: float, *, blueprint: Blueprint) -> Iterator[str]:
    """Yield who has a shift at an instant (UTC seconds), in the centre's local time."""
    assert blueprint.demand is not None, "asked of files that say who sits there"
    local = datetime.datetime.fromtimestamp(at, ZoneInfo(blueprint.centre.timezone))
    for shift in blueprint.demand.shifts:
        if _covers(shift, local):
            yield from _people(shift, blueprint)


def _people(shift: Shift, blueprint: Blueprint) -> Iterator[str]:
    yield from shift.people
    for key, person in blueprint.people.items():
        if person.team in shift.teams:
            yield key


def _covers(shift: Shift, local: datetime.datetime) -> bool:
    period = hours.shift(shift.hours)
    days = {day for text in shift.days for day in hours.weekdays(text) or ()}
    minute = local.hour * 60 + local.minute
    # A night belongs to the day on which it begins.
    since = ((local.weekday(), minute), ((local.weekday() - 1) % 7, minute + hours.MINUTES_OF_DAY))
    return period is not None and any(
        day in days and period[0] <= each < period[1] for day, each in since
    )


def _serves(agent: plan.AgentPlan, queue: plan.QueuePlan, *, at: float) -> bool:
    skills = dict(agent.skills)
    if queue.client not in agent.clients or not plan.has_proofs(agent, queue, at=at):
        return False
    return any(
        all(skills.get(skill, 0) >= level for skill, level in tier.requires) for tier in queue.tiers
    )
