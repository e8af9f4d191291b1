"""
From a blueprint's `demand` to the twin's people of one day.

The rates of the day come from profile, weekday and a factor of its own; who sits there when comes
from the shifts on the local clock, so that a night of changing clocks is as long as it is. Refuses
today's date: days come in.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from zoneinfo import ZoneInfo

from callfloor.blueprint import hours
from callfloor.blueprint.compile import compile_plan
from callfloor.blueprint.schema import Blueprint
from callfloor.blueprint.schema import demand as demands
from callfloor.core.plan import CALL, PROBE_TRUNK, FloorPlan, channel_of
from callfloor.twin import experiment, lots, people

SPEECH_CHARACTERS_SECOND = 15.0  # As in the schema's limit on the length of prompts.
FINEST_MINUTES = (60, 30, 15, 5, 1)  # The parts of a day that a profile is cut into.

Periods = list[tuple[int, int]]


class NoDemand(Exception):
    """The file does not say who calls when, so there is nothing to simulate."""

    hint = "Write a `demand:` section, or measure one: `callfloor calibrate --data FOLDER`."

    def __init__(self) -> None:
        super().__init__("The file says nothing of who calls when (`demand`).")


def working_days(blueprint: Blueprint, *, first: datetime.date, many: int) -> list[datetime.date]:
    """
    Return `many` days from `first` on, without weekdays on which nobody calls.

    Raises NoDemand if there are none.
    """
    demand = _demand_of(blueprint)
    week = [first + datetime.timedelta(days=ahead) for ahead in range(7)]
    called = [day for day in week if _is_called(demand, day)]
    if not called:
        raise NoDemand
    return [
        called[place % len(called)] + datetime.timedelta(weeks=place // len(called))
        for place in range(many)
    ]


def on(
    blueprint: Blueprint, *, plan: FloorPlan, day: datetime.date, seed: people.Seed
) -> people.Demand:
    """
    Draw the people of a day: how busy it is, and who of the planned is there.

    Raises NoDemand. Equal arguments give equal people; who is absent and how busy a number is
    depend on the seed, the day and the name alone.
    """
    demand = _demand_of(blueprint)
    trunks = [trunk.key for trunk in plan.trunks if trunk.key != PROBE_TRUNK]
    return people.Demand(
        numbers=tuple(
            _number(number, entry, day=day, seed=seed, trunk=trunks[0] if trunks else None)
            for number, entry in sorted(demand.numbers.items())
        ),
        shifts=tuple(_shifts(blueprint, demand, plan=plan, day=day, seed=seed)),
        works=tuple(_works(blueprint, demand)),
        answer_seconds=demand.answer_seconds,
        miss_share=demand.miss_share,
        slowing=demand.slowing,
        reached_share=demand.reached_share,
        prompts=tuple(_prompts(blueprint)),
    )


def variant(blueprint: Blueprint, *, days: Iterable[datetime.date]) -> experiment.Variant:
    """
    Make what the twin tries: the plan that the floor would have, and who comes on which day.

    Raises NoDemand.
    """
    demand = _demand_of(blueprint)
    floor_plan = compile_plan(blueprint, years={day.year for day in days})

    def people_of(day: datetime.date, seed: people.Seed) -> people.Demand:
        return on(blueprint, plan=floor_plan, day=day, seed=seed)

    cost = None if demand.cost_hour is None else float(demand.cost_hour)
    return experiment.Variant(plan=floor_plan, people=people_of, cost_hour=cost)


def _demand_of(blueprint: Blueprint) -> demands.Demand:
    if blueprint.demand is None or not blueprint.demand.numbers:
        raise NoDemand
    return blueprint.demand


# --- who calls ------------------------------------------------------------------------------------


def _is_called(demand: demands.Demand, day: datetime.date) -> bool:
    return any(
        entry.contacts_day * _weekday_factor(entry, day) > 0 for entry in demand.numbers.values()
    )


def _weekday_factor(entry: demands.NumberDemand, day: datetime.date) -> float:
    for days_, factor in entry.weekdays.items():
        if day.weekday() in _weekdays(days_):
            return factor
    return 1.0


def contacts_of(entry: demands.NumberDemand, days: Sequence[datetime.date]) -> float:
    """Return how many contacts a number has in the mean of some days."""
    return entry.contacts_day * sum(_weekday_factor(entry, day) for day in days) / len(days)


def _number(
    number: str,
    entry: demands.NumberDemand,
    *,
    day: datetime.date,
    seed: people.Seed,
    trunk: str | None,
) -> people.NumberDemand:
    luck = lots.gamma(f"{seed}/{day}/busy/{number}", spread=entry.day_spread)
    contacts = entry.contacts_day * _weekday_factor(entry, day) * luck
    channel = channel_of(number)
    return people.NumberDemand(
        number=number,
        channel=channel,
        per_hour=tuple(contacts * share for share in _profile(entry.hours)),
        patience_seconds=entry.patience_seconds,
        choices=tuple(
            (step, tuple(sorted(names.items()))) for step, names in sorted(entry.choices.items())
        ),
        repeat_share=entry.repeat_share,
        repeat_after_seconds=entry.repeat_after_seconds,
        known_share=entry.known_share,
        trunk=trunk if channel == CALL else None,
    )


def _profile(weights: dict[str, float]) -> list[float]:
    """Give the share of the day's contacts per hour, by equal parts of the day."""
    periods = {_period(text): weight for text, weight in weights.items() if weight > 0}
    if not periods:
        return [1 / 24]
    total = sum((end - begin) / 60 * weight for (begin, end), weight in periods.items())
    width = next(
        width
        for width in FINEST_MINUTES
        if all(edge % width == 0 for period in periods for edge in period)
    )
    return [
        sum(weight for (begin, end), weight in periods.items() if begin <= minute < end) / total
        for minute in range(0, hours.MINUTES_OF_DAY, width)
    ]


# --- who works ------------------------------------------------------------------------------------


def planned(blueprint: Blueprint, *, plan: FloorPlan, day: datetime.date) -> list[str]:
    """Return who is to sit there on a day, by key."""
    return sorted(_seats(blueprint, _demand_of(blueprint), plan=plan, day=day, is_absent=_nobody))


def _nobody(agent: str, begins: datetime.date) -> bool:
    """Say that nobody is absent."""
    return False


def _shifts(
    blueprint: Blueprint,
    demand: demands.Demand,
    *,
    plan: FloorPlan,
    day: datetime.date,
    seed: people.Seed,
) -> Iterator[people.Shift]:
    zone = ZoneInfo(blueprint.centre.timezone)

    def is_absent(agent: str, begins: datetime.date) -> bool:
        return lots.Lots(f"{seed}/{begins}/absent/{agent}").draw() < demand.absence_share

    seats = _seats(blueprint, demand, plan=plan, day=day, is_absent=is_absent)
    for agent, (periods, breaks) in sorted(seats.items()):
        for begin, end in _joined(periods):
            yield people.Shift(
                agent=agent,
                begins=_seconds(day, begin, zone),
                ends=_seconds(day, end, zone),
                breaks=tuple(
                    (_seconds(day, start, zone), _seconds(day, stop, zone), "break")
                    for start, stop in _joined(breaks)
                    if begin <= start and stop <= end
                ),
            )


def _seats(
    blueprint: Blueprint,
    demand: demands.Demand,
    *,
    plan: FloorPlan,
    day: datetime.date,
    is_absent: Callable[[str, datetime.date], bool],
) -> dict[str, tuple[Periods, Periods]]:
    """
    Give hours and breaks of everybody who sits there on a day, within it.

    Of a night the day has two parts: the end of one that began the day before, and the begin of
    its own. Who is absent is so for a whole shift, by the day on which it begins.
    """
    may_sit = {agent.key for agent in plan.agents}
    seats: dict[str, tuple[Periods, Periods]] = {}
    for begins, ahead in ((day - datetime.timedelta(days=1), hours.MINUTES_OF_DAY), (day, 0)):
        for shift in demand.shifts or [_whenever_called(blueprint, demand)]:
            period, pauses = _parts(shift, ahead)
            if not period or not any(begins.weekday() in _weekdays(each) for each in shift.days):
                continue
            for agent in _people_of(blueprint, shift):
                if agent in may_sit and not is_absent(agent, begins):
                    periods, breaks = seats.setdefault(agent, ([], []))
                    periods += period
                    breaks += pauses
    return seats


def _parts(shift: demands.Shift, ahead: int) -> tuple[Periods, Periods]:
    """Give what of a shift and its breaks lies within the day that begins so many minutes later."""
    period = hours.shift(shift.hours)
    assert period is not None, "the checks refuse hours that are none"
    pauses = [hours.pause(text, period) for text in shift.breaks]
    assert None not in pauses, "the checks refuse hours that are none"
    return _within([period], ahead), _within([each for each in pauses if each], ahead)


def _within(periods: Periods, ahead: int) -> Periods:
    found = [
        (max(begin - ahead, 0), min(end - ahead, hours.MINUTES_OF_DAY)) for begin, end in periods
    ]
    return [(begin, end) for begin, end in found if begin < end]


def _whenever_called(blueprint: Blueprint, demand: demands.Demand) -> demands.Shift:
    edges = [
        _period(text)
        for entry in demand.numbers.values()
        for text, weight in (entry.hours or {"00:00-24:00": 1.0}).items()
        if weight > 0
    ] or [(0, hours.MINUTES_OF_DAY)]
    begin, end = min(begin for begin, _ in edges), max(end for _, end in edges)
    return demands.Shift(
        people=sorted(blueprint.people),
        days=["mon-sun"],
        hours=f"{begin // 60:02}:{begin % 60:02}-{end // 60:02}:{end % 60:02}",
    )


def _people_of(blueprint: Blueprint, shift: demands.Shift) -> list[str]:
    teams = set(shift.teams)
    everybody = set(shift.people)
    everybody |= {key for key, person in blueprint.people.items() if person.team in teams}
    return sorted(everybody)


def _joined(periods: Periods) -> Periods:
    """Join periods that touch or overlap."""
    found: Periods = []
    for begin, end in sorted(periods):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((begin, end))
    return found


# --- how long it takes ----------------------------------------------------------------------------


def _works(blueprint: Blueprint, demand: demands.Demand) -> Iterator[tuple[str, people.Work]]:
    for key, queue in sorted(blueprint.queues.items()):
        skills = sorted(queue.tiers[0].requires)
        yield key, _work(demand.queues.get(key) or demands.QueueDemand(), skills=skills)
    for step, entry in sorted(demand.steps.items()):
        yield step, _work(entry, skills=[])


def _work(entry: demands.QueueDemand, *, skills: list[str]) -> people.Work:
    return people.Work(
        handling_seconds=entry.handling_seconds,
        handling_spread=entry.handling_spread,
        wrap_seconds=entry.wrap_up_seconds,
        newcomer_factor=entry.newcomer_factor,
        skills=tuple(entry.skills or skills),
    )


def _prompts(blueprint: Blueprint) -> Iterator[tuple[str, float]]:
    for key, texts in sorted(blueprint.prompts.items()):
        if texts:
            characters = sum(len(text) for text in texts.values()) / len(texts)
            yield key, characters / SPEECH_CHARACTERS_SECOND


# --- days and hours -------------------------------------------------------------------------------


def begin_of(day: datetime.date, *, zone: ZoneInfo) -> float:
    """Return the instant (UTC seconds) when a local day begins."""
    return datetime.datetime.combine(day, datetime.time(), zone).timestamp()


def _seconds(day: datetime.date, minute: int, zone: ZoneInfo) -> float:
    """Give the seconds from a day's begin until its clock shows a minute."""
    wall = datetime.datetime.combine(day, datetime.time()) + datetime.timedelta(minutes=minute)
    return wall.replace(tzinfo=zone).timestamp() - begin_of(day, zone=zone)


def _weekdays(text: str) -> Iterable[int]:
    found = hours.weekdays(text)
    assert found is not None, "the checks refuse days that are none"
    return found


def _period(text: str) -> tuple[int, int]:
    found = hours.period(text)
    assert found is not None, "the checks refuse hours that are none"
    return found
