"""
Simulated people: who calls when, how patient he is, how long work takes, when agents sit there.

Every draw of a caller belongs to his number and his place among its callers, so that two runs of
one seed have the same callers whatever the floor does with them (common random numbers). Refuses to
know the exchange.
"""

import datetime
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from callfloor.twin import lots

HOUR = 3600.0
DAY_MINUTES = 1440
SLOWING = 0.25
"""
How much longer a chat takes for each further contact in hand, if nobody has measured it.

Operations report 18 minutes a chat at 1.5 chats in hand, 22 at 2.5 and 30 at 3.5, which is 0.25
between the first two and 0.40 between the first and the last; and that going from 2 chats to 3
brings 25 to 35 % more and not 50 %, which is 0.25 to 0.13 (ccplanning.net, "Chat concurrency and
AHT"). That a chat server is shared by limited processor sharing: Luo and Zhang, "Staffing and
control of instant messaging contact centers", Operations Research 61 (2013).
"""

Seed = int | str


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberDemand:
    """Who dials one number."""

    number: str
    per_hour: tuple[float, ...]
    """
    Calls per hour, by equal parts of the local day: 24 values are its hours, 48 its half hours,
    and one value counts for all day.
    """
    channel: str = "call"
    patience_seconds: float = 180.0
    """Mean patience in a queue, exponential."""
    handling_seconds: float = 240.0
    """Mean talk, log-normal."""
    handling_spread: float = 0.6
    """Standard deviation of the talk over its mean; 1 with `exponential` is M/M."""
    wrap_seconds: float = 20.0
    """Mean time that an agent takes for the note, log-normal with the same spread."""
    exponential: bool = False
    """Whether talks and notes are exponential, for comparison with theory."""
    choices: tuple[tuple[str, tuple[tuple[str, float], ...]], ...] = ()
    """By flow step: choice names and their weights; without it all are alike."""
    leave_share: float = 0.0
    """The share of callers who leave the line by a key, if one is offered."""
    repeat_share: float = 0.3
    """The share of those who gave up and call again."""
    repeat_after_seconds: float = 900.0
    """Mean time until they do, exponential."""
    known_share: float = 0.5
    """The share of callers whom the records know."""
    trunk: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """How long one kind of work takes; where it is told, it goes before what the number says."""

    handling_seconds: float = 240.0
    """Mean talk of somebody at level 5, log-normal."""
    handling_spread: float = 0.6
    """Standard deviation over mean, of talk and note."""
    wrap_seconds: float = 20.0
    """Mean time for the note, log-normal."""
    newcomer_factor: float = 1.0
    """How much longer the talk takes at level 1 than at level 5; between them it is linear."""
    skills: tuple[str, ...] = ()
    """The skills that count; the lowest of them is the level, and none is level 5."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """One agent's time in his seat, in seconds from the start, with his breaks."""

    agent: str
    begins: float
    ends: float
    breaks: tuple[tuple[float, float, str], ...] = ()
    """From, to, and the reason of being away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """All simulated people of a centre."""

    numbers: tuple[NumberDemand, ...]
    shifts: tuple[Shift, ...] | None = None
    """None seats every agent of the plan for the whole time."""
    works: tuple[tuple[str, Work], ...] = ()
    """By queue, or by `flow.step` where that step queues; the step goes before the queue."""
    answer_seconds: float = 3.0
    """Mean time until an agent answers what rings, exponential."""
    slowing: float = SLOWING
    """How much longer a text takes for each further contact that its agent has in hand."""
    miss_share: float = 0.0
    """The share of offers that an agent lets ring out."""
    decline_share: float = 0.0
    crash_per_hour: float = 0.0
    """How often a seated agent's line is lost, for some seconds or for good."""
    return_seconds: float = 60.0
    """Mean time until an agent who missed an offer is back."""
    reached_share: float = 0.8
    """The share of calls back that their customer picks up; the others ring out."""
    key_seconds: float = 3.0
    """Mean time until a caller presses a key that is asked for."""
    wrong_share: float = 0.0
    """The share of keys that mean nothing."""
    consult_share: float = 0.0
    """The share of talks in which the agent asks somebody."""
    consult_seconds: float = 40.0
    """Mean length of such a question, exponential."""
    calls_out_per_hour: float = 0.0
    """How often a seated agent calls a number or a colleague."""
    out_zone: str | None = None
    """The zone that is called."""
    watch_per_hour: float = 0.0
    """How often a seated agent hears into another's call."""
    message_seconds: float = 20.0
    prompt_seconds: float = 4.0
    """Length of every prompt that `prompts` does not name."""
    prompts: tuple[tuple[str, float], ...] = ()


@dataclass(slots=True)
class Caller:
    """One caller with everything that was drawn for him."""

    at: float
    demand: NumberDemand
    token: str
    patience: float
    talk_luck: float
    wrap_luck: float
    luck: tuple[float, float, float, float]
    """Uniform draws: choice, leaving the line, calling again, being known."""
    again_after: float
    keys: lots.Lots = field(compare=False)
    """How long he takes for keys, and whether he errs."""
    tries: int = 1

    @property
    def talk(self) -> float:
        """How long he talks, if only the number says it."""
        number = self.demand
        return _duration(number, number.handling_seconds, self.talk_luck)

    @property
    def wrap(self) -> float:
        """How long the note on him takes, if only the number says it."""
        return _duration(self.demand, self.demand.wrap_seconds, self.wrap_luck)


def talk_seconds(caller: Caller, *, work: Work, level: int) -> float:
    """Say how long a caller talks with somebody of a skill level."""
    slower = 1.0 + (work.newcomer_factor - 1.0) * (5 - level) / 4
    mean = work.handling_seconds * slower
    return lots.lognormal(caller.talk_luck, mean=mean, spread=work.handling_spread)


def wrap_seconds(caller: Caller, *, work: Work) -> float:
    """Say how long the note on a caller takes."""
    if work.wrap_seconds <= 0:
        return 0.0
    return lots.lognormal(caller.wrap_luck, mean=work.wrap_seconds, spread=work.handling_spread)


def callers(
    *, demand: Demand, seed: Seed, start_at: float, seconds: float, timezone: str
) -> list[Caller]:
    """Draw everybody who calls for the first time, in the order of their arrivals."""
    everybody: list[Caller] = []
    for number in demand.numbers:
        draw = random.Random(f"{seed}/arrivals/{number.number}")
        instants = _arrivals(number, draw, start_at, seconds, ZoneInfo(timezone))
        for count, at in enumerate(instants):
            everybody.append(_caller(number, seed, at, f"sim-{number.number}-{count}", tries=1))
    everybody.sort(key=_order)
    return everybody


def _order(caller: Caller) -> tuple[float, str]:
    return caller.at, caller.token


def _arrivals(
    number: NumberDemand, draw: random.Random, start_at: float, seconds: float, zone: ZoneInfo
) -> Iterator[float]:
    """Draw a Poisson process whose rate changes by the hour, by thinning."""
    highest = max(number.per_hour, default=0.0) / HOUR
    if highest <= 0:
        return
    at = start_at
    while True:
        at += draw.expovariate(highest)
        if at >= start_at + seconds:
            return
        if draw.random() * highest < _rate(number, at, zone):
            yield at


def _rate(number: NumberDemand, at: float, zone: ZoneInfo) -> float:
    parts = len(number.per_hour)
    if parts == 1:
        return number.per_hour[0] / HOUR
    local = datetime.datetime.fromtimestamp(at, zone)
    return number.per_hour[(local.hour * 60 + local.minute) * parts // DAY_MINUTES] / HOUR


def _caller(number: NumberDemand, seed: Seed, at: float, token: str, *, tries: int) -> Caller:
    his = lots.Lots(f"{seed}/{token}/{tries}")
    return Caller(
        at=at,
        demand=number,
        token=token,
        patience=his.exponential(number.patience_seconds),
        talk_luck=his.draw(),
        wrap_luck=his.draw(),
        luck=(his.draw(), his.draw(), his.draw(), his.draw()),
        again_after=his.exponential(number.repeat_after_seconds),
        keys=his,
        tries=tries,
    )


def _duration(number: NumberDemand, mean: float, luck: float) -> float:
    if mean <= 0:
        return 0.0
    if number.exponential:
        return lots.exponential(luck, mean=mean)
    return lots.lognormal(luck, mean=mean, spread=number.handling_spread)


def again(caller: Caller, *, at: float, seed: Seed) -> Caller:
    """Draw the next try of somebody who gave up."""
    return _caller(caller.demand, seed, at, caller.token, tries=caller.tries + 1)
