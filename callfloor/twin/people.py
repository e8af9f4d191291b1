"""
Simulated people: who calls when, how patient he is, how long work takes, when agents sit there.

Every draw of a caller is taken when he is made, in the order of arrivals, so that two runs of one
seed have the same callers whatever the floor does with them (common random numbers). Refuses to
know the exchange.
"""

import datetime
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

HOUR = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberDemand:
    """Who dials one number."""

    number: str
    per_hour: tuple[float, ...]
    """Calls per hour by the local hour of the day; one value counts for all 24."""
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
    answer_seconds: float = 3.0
    """Mean time until an agent answers what rings, exponential."""
    miss_share: float = 0.0
    """The share of offers that an agent lets ring out."""
    decline_share: float = 0.0
    crash_per_hour: float = 0.0
    """How often a seated agent's line is lost, for some seconds or for good."""
    return_seconds: float = 60.0
    """Mean time until an agent who missed an offer is back."""
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
    talk: float
    wrap: float
    luck: tuple[float, float, float, float]
    """Uniform draws: choice, leaving the line, calling again, being known."""
    again_after: float
    tries: int = 1


def callers(
    *, demand: Demand, draw: random.Random, start_at: float, seconds: float, timezone: str
) -> list[Caller]:
    """Draw everybody who calls for the first time, in the order of their arrivals."""
    everybody: list[Caller] = []
    for number in demand.numbers:
        instants = _arrivals(number, draw, start_at, seconds, ZoneInfo(timezone))
        for count, at in enumerate(instants):
            everybody.append(_caller(number, draw, at, f"sim-{number.number}-{count}"))
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
    if len(number.per_hour) == 1:
        return number.per_hour[0] / HOUR
    hour = datetime.datetime.fromtimestamp(at, zone).hour
    return number.per_hour[hour % len(number.per_hour)] / HOUR


def _caller(number: NumberDemand, draw: random.Random, at: float, token: str) -> Caller:
    return Caller(
        at=at,
        demand=number,
        token=token,
        patience=draw.expovariate(1 / number.patience_seconds),
        talk=_duration(number, number.handling_seconds, draw),
        wrap=_duration(number, number.wrap_seconds, draw),
        luck=(draw.random(), draw.random(), draw.random(), draw.random()),
        again_after=draw.expovariate(1 / number.repeat_after_seconds),
    )


def _duration(number: NumberDemand, mean: float, draw: random.Random) -> float:
    if mean <= 0:
        return 0.0
    if number.exponential:
        return draw.expovariate(1 / mean)
    variance = math.log(1 + number.handling_spread**2)
    return draw.lognormvariate(math.log(mean) - variance / 2, math.sqrt(variance))


def again(caller: Caller, *, at: float, draw: random.Random) -> Caller:
    """Draw the next try of somebody who gave up."""
    fresh = _caller(caller.demand, draw, at, caller.token)
    fresh.tries = caller.tries + 1
    return fresh
