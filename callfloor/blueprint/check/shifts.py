"""Shifts: who sits there when, within the rules of labour, and whether every queue has somebody."""

import itertools
from collections import defaultdict
from collections.abc import Iterator

from callfloor.blueprint import hours, organisation
from callfloor.blueprint.check.demand import no_hours
from callfloor.blueprint.check.queues import serves
from callfloor.blueprint.check.wording import unknown
from callfloor.blueprint.findings import Problem
from callfloor.blueprint.schema import Blueprint
from callfloor.blueprint.schema.demand import Shift
from callfloor.blueprint.schema.rules import Labour

Path = tuple[str, ...]
HOUR = 60
WEEK = 7 * hours.MINUTES_OF_DAY


def problems(blueprint: Blueprint) -> Iterator[Problem]:
    """Find what is wrong with the shifts of the demand."""
    if blueprint.demand is None:
        return
    labour = blueprint.rules.labour
    for index, shift in enumerate(blueprint.demand.shifts):
        path = ("demand", "shifts", str(index))
        yield from _names(blueprint, shift, path)
        yield from _days(shift, path)
        yield from _one(shift, labour, path)
    members = _members(blueprint)
    yield from _people(blueprint.demand.shifts, members, labour)
    if blueprint.demand.shifts:
        yield from _unserved(blueprint, members)


def _names(blueprint: Blueprint, shift: Shift, path: Path) -> Iterator[Problem]:
    for place, kind, names, known, fault in (
        ("people", "person", shift.people, blueprint.people, "E019"),
        ("teams", "team", shift.teams, blueprint.teams, "E017"),
    ):
        for index, name in enumerate(names):
            at = (*path, place, str(index))
            yield from unknown(fault=fault, kind=kind, name=name, known=known, path=at)


def _days(shift: Shift, path: Path) -> Iterator[Problem]:
    for index, text in enumerate(shift.days):
        if hours.weekdays(text) is None:
            hint = "Write `mon`, or `mon-fri` from an earlier to a later day."
            at = (*path, "days", str(index))
            yield Problem(id="E051", path=at, wrong=f"`{text}` are no days.", hint=hint)


def _one(shift: Shift, labour: Labour, path: Path) -> Iterator[Problem]:
    """Look at a shift by itself: its length and its breaks."""
    period = hours.shift(shift.hours)
    if period is None:
        yield no_hours(shift.hours, (*path, "hours"))
        return
    breaks: list[tuple[int, int]] = []
    for index, text in enumerate(shift.breaks):
        pause = hours.pause(text, period)
        at = (*path, "breaks", str(index))
        if pause is None:
            yield no_hours(text, at)
        elif not period[0] <= pause[0] < pause[1] <= period[1]:
            wrong = f"The break `{text}` does not lie within `{shift.hours}`."
            yield Problem(id="E102", path=at, wrong=wrong, hint="Move it into the shift.")
        elif hours.overlap([*breaks, pause]):
            wrong = f"`{text}` overlaps another break."
            yield Problem(id="E052", path=at, wrong=wrong, hint="Join the two, or part them.")
        breaks += [pause] if pause is not None else []
    yield from _length(period, breaks, labour, path)


def _length(
    period: tuple[int, int], breaks: list[tuple[int, int]], labour: Labour, path: Path
) -> Iterator[Problem]:
    length = (period[1] - period[0]) / HOUR
    if length > labour.day_hours_max:
        wrong = f"A shift of {length:g} h is longer than `rules.labour` allows."
        hint = f"Keep it to {labour.day_hours_max:g} h, or change `day_hours_max`."
        yield Problem(id="E103", path=(*path, "hours"), wrong=wrong, hint=hint)
    paused = sum(to - from_ for from_, to in breaks)
    if length > labour.break_after_hours and paused < labour.break_minutes_min:
        wrong = f"A shift of {length:g} h has {paused} minutes of break."
        hint = f"Add `breaks:` of {labour.break_minutes_min:g} minutes at least."
        yield Problem(id="E104", path=(*path, "hours"), wrong=wrong, hint=hint)


# --- One person's shifts --------------------------------------------------------------------------


def _members(blueprint: Blueprint) -> dict[str, tuple[int, ...]]:
    """Give by person the shifts that he has."""
    teams: dict[str, list[str]] = defaultdict(list)
    for key, person in blueprint.people.items():
        teams[person.team or ""].append(key)
    found: dict[str, list[int]] = defaultdict(list)
    shifts = blueprint.demand.shifts if blueprint.demand is not None else []
    for index, shift in enumerate(shifts):
        named = {*shift.people, *(key for team in shift.teams for key in teams.get(team, ()))}
        for key in sorted(named & blueprint.people.keys()):
            found[key].append(index)
    return {key: tuple(indices) for key, indices in found.items()}


def _people(
    shifts: list[Shift], members: dict[str, tuple[int, ...]], labour: Labour
) -> Iterator[Problem]:
    alike: dict[tuple[int, ...], list[str]] = defaultdict(list)
    for person, indices in members.items():
        alike[indices].append(person)
    for indices, people in alike.items():
        who = f"`{people[0]}`" + (f" and {len(people) - 1} more" if len(people) > 1 else "")
        path = ("demand", "shifts", str(indices[-1]), "hours")
        if problem := _week([shifts[index] for index in indices], labour, who, path):
            yield problem


def _week(shifts: list[Shift], labour: Labour, who: str, path: Path) -> Problem | None:
    times = sorted(_times(shifts))
    # After the week's last shift comes the first one again, and a night may reach into it.
    around = [*times, *((from_ + WEEK, to + WEEK) for from_, to in times[:1])]
    if any(other[0] < one[1] for one, other in itertools.pairwise(around)):
        wrong = f"{who} would sit here and in another shift at the same time."
        return Problem(id="E105", path=path, wrong=wrong, hint="Give each hour one shift.")
    worked = sum(_worked(shift) for shift in shifts) / HOUR
    if worked > labour.week_hours_max:
        wrong = f"{who} would work {worked:g} h a week, more than `rules.labour` allows."
        hint = f"Keep it to {labour.week_hours_max:g} h, or change `week_hours_max`."
        return Problem(id="E106", path=path, wrong=wrong, hint=hint)
    blocks = _blocks(times)
    rest = min(_rests(blocks), default=WEEK) / HOUR
    if rest < labour.rest_hours_min:
        wrong = f"{who} would rest {rest:g} h between two days of work."
        hint = f"Leave {labour.rest_hours_min:g} h, or change `rest_hours_min`."
        return Problem(id="E107", path=path, wrong=wrong, hint=hint)
    return None


def _times(shifts: list[Shift]) -> Iterator[tuple[int, int]]:
    """Yield from and to in minutes of the week; Sunday's night ends after the week."""
    for shift in shifts:
        if (period := hours.shift(shift.hours)) is None:
            continue
        for day in _weekdays(shift):
            begin = day * hours.MINUTES_OF_DAY
            yield begin + period[0], begin + period[1]


def _weekdays(shift: Shift) -> set[int]:
    return {day for text in shift.days for day in hours.weekdays(text) or ()}


def _worked(shift: Shift) -> int:
    """Return the minutes of work in a week, without the breaks (directive 2003/88/EC, art. 2)."""
    period = hours.shift(shift.hours) or (0, 0)
    pauses = [pause for text in shift.breaks if (pause := hours.pause(text, period))]
    day = period[1] - period[0] - sum(to - from_ for from_, to in pauses)
    return day * len(_weekdays(shift))


def _blocks(times: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join what follows without a gap: a night may be written in two parts, to 24:00 and after."""
    blocks: list[tuple[int, int]] = []
    for from_, to in times:
        if blocks and blocks[-1][1] == from_:
            blocks[-1] = (blocks[-1][0], to)
        else:
            blocks.append((from_, to))
    if len(blocks) > 1 and blocks[-1][1] == WEEK + blocks[0][0]:  # From Sunday to Monday.
        first = blocks.pop(0)
        blocks[-1] = (blocks[-1][0], WEEK + first[1])
    return blocks


def _rests(blocks: list[tuple[int, int]]) -> Iterator[int]:
    """Yield the minutes between two days of work; the parts of one day have no night between."""
    if not blocks:
        return
    for one, other in itertools.pairwise([*blocks, (blocks[0][0] + WEEK, 0)]):
        if one[0] // hours.MINUTES_OF_DAY != other[0] // hours.MINUTES_OF_DAY:
            yield other[0] - one[1]


def _unserved(blueprint: Blueprint, members: dict[str, tuple[int, ...]]) -> Iterator[Problem]:
    there = sorted(organisation.takers(blueprint) & members.keys())
    for key, queue in blueprint.queues.items():
        able = [each for each in blueprint.people.values() if serves(each, queue)]
        if able and not any(serves(blueprint.people[who], queue) for who in there):
            wrong = f"Nobody who can serve `{key}` has a shift in `demand`."
            hint = "Add somebody with its skills to a shift; calls would only wait."
            yield Problem(id="W108", path=("queues", key), wrong=wrong, hint=hint)
