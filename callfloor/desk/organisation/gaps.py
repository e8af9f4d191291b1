"""
What is missing in a language: agents by the day and hour of each client's numbers, and prompts.

Pure: the plan, and what the centre's file says of prompts and shifts. A language is a skill like
any other: its key is the language's code (`hu`) or name (`hungarian`), or ends with one of them.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from callfloor.core import plan as plans
from callfloor.core.plan import CalendarPlan, FloorPlan, FlowPlan, NumberPlan

CALLED = {
    "en": "english",
    "es": "spanish",
    "fa": "persian",
    "fr": "french",
    "hu": "hungarian",
    "ru": "russian",
}
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HALF_MINUTES = 30
HALVES = 24 * 60 // HALF_MINUTES
LEVEL = 4
"""From this level on somebody serves customers in a language (seed item of row F10)."""


@dataclass(frozen=True, kw_only=True)
class Day:
    """A weekday of one client's language."""

    weekday: int
    """Monday is 0."""
    fewest: int | None
    """How many agents there are when there are fewest; None if nobody can call."""
    empty: tuple[tuple[int, int], ...] = ()
    """From and to, in minutes of the day, when there is nobody."""


@dataclass(frozen=True, kw_only=True)
class Served:
    """A client's language through the week."""

    client: str
    language: str
    is_known: bool
    """Whether any skill of this centre says who speaks it."""
    days: tuple[Day, ...] = ()

    @property
    def is_gap(self) -> bool:
        """Say whether a caller may find nobody."""
        return not self.is_known or any(day.fewest == 0 for day in self.days)


@dataclass(frozen=True, kw_only=True)
class Unsaid:
    """A prompt that a caller of a flow may need in a language in which it does not exist."""

    client: str
    language: str
    flow: str
    prompt: str


@dataclass(frozen=True, kw_only=True)
class Skilled:
    """How many agents have a skill, and which queues ask for it."""

    skill: str
    queues: tuple[str, ...]
    anybody: int
    enough: int
    """How many have it at the level that was asked for."""


Halves = frozenset[tuple[int, int]]
"""Weekday and half hour of the day."""
ALWAYS: Halves = frozenset((day, half) for day in range(7) for half in range(HALVES))


def served(
    plan: FloorPlan, *, shifts: Iterable[Mapping[str, Any]], level: int = LEVEL
) -> list[Served]:
    """Give each client's languages with how many agents have them, day by day."""
    at_work = _at_work(plan, list(shifts))
    open_at = _open(plan)
    return [
        _served(plan, client.key, language, at_work, open_at.get(client.key, frozenset()), level)
        for client in plan.clients
        for language in languages(plan, client.key)
    ]


def languages(plan: FloorPlan, client: str) -> list[str]:
    """Give the languages of a client: its own, then those that its numbers and flows speak."""
    found = [language for each in plan.clients if each.key == client for language in each.languages]
    flows = {flow.key: flow for flow in plan.flows}
    for number in plan.numbers:
        if number.client == client:
            found += [number.language, *_chosen(flows.get(number.flow))]
    return list(dict.fromkeys(found))


def _chosen(flow: FlowPlan | None) -> list[str]:
    return [step.language for step in (flow.steps if flow else ()) if isinstance(step, plans.Speak)]


def is_language(skill: str, language: str) -> bool:
    """Say whether a skill is speaking a language, by its code or its English name."""
    called = (language, CALLED.get(language, language))
    return skill in called or skill.endswith(tuple(f"_{name}" for name in called))


def _served(
    plan: FloorPlan,
    client: str,
    language: str,
    at_work: Mapping[str, Halves],
    open_at: Halves,
    level: int,
) -> Served:
    skills = {key for agent in plan.agents for key, _ in agent.skills if is_language(key, language)}
    if not skills:
        return Served(client=client, language=language, is_known=False)
    speakers = Counter(
        at_work[agent.key]
        for agent in plan.agents
        if client in agent.clients and any(k in skills and at >= level for k, at in agent.skills)
    )
    days = tuple(_day(weekday, speakers, open_at) for weekday in range(7))
    return Served(client=client, language=language, is_known=True, days=days)


def _day(weekday: int, speakers: Counter[Halves], open_at: Halves) -> Day:
    halves = [half for half in range(HALVES) if (weekday, half) in open_at]
    if not halves:
        return Day(weekday=weekday, fewest=None)
    there = {
        half: sum(count for at, count in speakers.items() if (weekday, half) in at)
        for half in halves
    }
    empty = [half for half in halves if not there[half]]
    return Day(weekday=weekday, fewest=min(there.values()), empty=tuple(_periods(empty)))


def _periods(halves: list[int]) -> Iterator[tuple[int, int]]:
    """Join half hours that touch into periods, in minutes of the day."""
    begin: int | None = None
    for place, half in enumerate(halves):
        begin = half if begin is None else begin
        if place + 1 == len(halves) or halves[place + 1] != half + 1:
            yield begin * HALF_MINUTES, (half + 1) * HALF_MINUTES
            begin = None


def _at_work(plan: FloorPlan, shifts: list[Mapping[str, Any]]) -> dict[str, Halves]:
    """Give when each agent is planned to be there; without any shifts everybody always is."""
    if not shifts:
        return {agent.key: ALWAYS for agent in plan.agents}
    found: dict[str, set[tuple[int, int]]] = {agent.key: set() for agent in plan.agents}
    for shift in shifts:
        days = {day for text in shift.get("days") or ("mon-fri",) for day in weekdays(text)}
        halves = {
            ((day + half // HALVES) % len(DAYS), half % HALVES)
            for day in days
            for half in _halves(*_shift_minutes(shift["hours"]))
        }
        for agent in plan.agents:
            if agent.key in shift.get("people", ()) or agent.team in shift.get("teams", ()):
                found[agent.key] |= halves
    return {key: frozenset(halves) for key, halves in found.items()}


def weekdays(text: str) -> range:
    """Give the weekdays of `mon` or `mon-fri`."""
    first, _, last = text.partition("-")
    return range(DAYS.index(first), DAYS.index(last or first) + 1)


def minutes(text: str) -> tuple[int, int]:
    """Give from and to of `08:00-12:30` in minutes of the day."""
    begin, _, end = text.partition("-")
    return _minute(begin), _minute(end)


def _shift_minutes(text: str) -> tuple[int, int]:
    """Give from and to of a shift; a night's end lies on the next day."""
    begin, end = minutes(text)
    return (begin, end) if begin < end else (begin, end + HALVES * HALF_MINUTES)


def _minute(text: str) -> int:
    hour, _, minute = text.partition(":")
    return int(hour) * 60 + int(minute)


def _halves(begin: int, end: int) -> range:
    """Give the half hours that lie at least partly within a period."""
    return range(begin // HALF_MINUTES, -(-end // HALF_MINUTES))


def _open(plan: FloorPlan) -> dict[str, Halves]:
    """Give when each client's numbers lead to people: as the calendars of their flows say."""
    flows = {flow.key: flow for flow in plan.flows}
    calendars = {calendar.key: calendar for calendar in plan.calendars}
    found: dict[str, Halves] = {}
    for number in plan.numbers:
        flow = flows.get(number.flow)
        if plans.channel_of(number.number) != plans.CALL:
            continue  # Whoever writes is answered when somebody is there.
        if flow is not None and _leads_to_people(flow):
            hours = _hours(number, flow, calendars)
            found[number.client] = found.get(number.client, frozenset()) | hours
    return found


def _leads_to_people(flow: FlowPlan) -> bool:
    return any(isinstance(step, plans.Enqueue) for step in flow.steps)


def _hours(number: NumberPlan, flow: FlowPlan, calendars: Mapping[str, CalendarPlan]) -> Halves:
    asked = [step.calendar for step in flow.steps if isinstance(step, plans.Hours)]
    if not asked:
        return ALWAYS
    return frozenset(
        (weekday, half)
        for key in asked
        if key in calendars
        for weekday, begin, end in calendars[key].weekly
        for half in _halves(begin, end)
    )


def unsaid(plan: FloorPlan, *, prompts: Mapping[str, Any]) -> list[Unsaid]:
    """
    Give what is missing of the prompts that the flows of each client's numbers say.

    A prompt that the file does not have is Callfloor's own, and those are there in every language.
    """
    flows = {flow.key: flow for flow in plan.flows}
    queues = {queue.key: queue for queue in plan.queues}
    found: dict[Unsaid, None] = {}
    for number in plan.numbers:
        if plans.channel_of(number.number) != plans.CALL:
            continue  # Nothing is said to who writes.
        for prompt in _said(flows.get(number.flow), queues):
            for language in languages(plan, number.client) if prompt in prompts else ():
                if language not in prompts[prompt]:
                    missing = Unsaid(
                        client=number.client, language=language, flow=number.flow, prompt=prompt
                    )
                    found[missing] = None
    return list(found)


def _said(flow: FlowPlan | None, queues: Mapping[str, plans.QueuePlan]) -> Iterator[str]:
    for step in flow.steps if flow else ():
        if prompt := getattr(step, "prompt", None):
            yield prompt
        if isinstance(step, plans.Enqueue) and step.queue in queues:
            yield from queues[step.queue].welcome


def skilled(plan: FloorPlan, *, level: int = LEVEL) -> list[Skilled]:
    """Give each skill that somebody has or a queue asks for, sorted."""
    asked: dict[str, list[str]] = {key: [] for agent in plan.agents for key, _ in agent.skills}
    for queue in plan.queues:
        for key in sorted({key for tier in queue.tiers for key, _ in tier.requires}):
            asked.setdefault(key, []).append(queue.key)
    levels = {
        key: [at for agent in plan.agents for skill, at in agent.skills if skill == key]
        for key in asked
    }
    return [
        Skilled(
            skill=key,
            queues=tuple(asked[key]),
            anybody=len(levels[key]),
            enough=sum(at >= level for at in levels[key]),
        )
        for key in sorted(asked)
    ]
