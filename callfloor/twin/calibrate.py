"""
What the records say of who calls when, how long it takes and how long they wait: fitted, and how
well it fits.

Facts of past days come in, figures with their intervals go out. Whoever was answered had more
patience than he needed, so his wait counts as far as it went (censoring). Refuses files and
databases, and to hide that a figure rests on few calls.

Sources: the exponential's maximum likelihood under censoring is waiting time over abandonments;
Brown et al., "Statistical analysis of a telephone call center" (2005) for log-normal talks.
"""

import datetime
import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from statistics import NormalDist
from zoneinfo import ZoneInfo

from callfloor.core import facts, plan
from callfloor.twin import people
from callfloor.twin import slowing as slowings

HALF_HOURS = 48
REPEAT_SECONDS = 3600.0  # Who calls again within the hour after giving up, calls for the same.
RANG = frozenset({"answered", "no_answer", "busy", "declined"})
"""Ends of dialing that are the customer's and not the line's."""
FEW = 30  # Under so many observations a fit is told, and not judged.
KOLMOGOROV_99 = 1.628  # A bridge stays under it with 99 % (Kolmogorov's distribution).
LILLIEFORS_99 = 1.035  # The same for a normal whose mean and spread are fitted (Stephens 1974).
NORMAL_95 = NormalDist().inv_cdf(0.975)
NORMAL_99 = NormalDist().inv_cdf(0.995)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A fitted figure."""

    value: float
    low: float
    high: float
    """The 95 % interval."""
    count: int
    """How many observations it rests on."""
    fits: bool | None = None
    """Whether the shape that the twin draws from is that of the records; None if too few."""

    def contradicts(self, assumed: float) -> bool:
        """Say whether the records speak against an assumed value, at 99 %."""
        if self.count < FEW:
            return False
        wider = NORMAL_99 / NORMAL_95
        low = self.value - (self.value - self.low) * wider
        high = self.value + (self.high - self.value) * wider
        return not low <= assumed <= high


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberFit:
    """Who dials one number."""

    contacts_day: Fit
    weekdays: dict[int, float]
    """Factor by weekday (Monday 0), of those that were seen."""
    half_hours: tuple[float, ...]
    """Share of the day's calls by half hour."""
    same_profile: bool | None
    """Whether one profile does for all weekdays; None if too few."""
    day_spread: float
    weekday_error: float
    """Standard error of a weekday's mean, as a part of it: what so few days leave unknown."""
    patience: Fit | None
    repeat_share: float
    repeat_after_seconds: float
    choices: dict[str, dict[str, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFit:
    """How long the work of one queue takes; texts as if each were alone in its agent's hands."""

    handling: Fit
    spread: float
    wrap_up: Fit | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """Everything that was fitted."""

    days: tuple[datetime.date, ...]
    numbers: dict[str, NumberFit]
    queues: dict[str, QueueFit]
    answer_seconds: Fit | None
    miss_share: float
    slowing: Fit | None
    """By how much each further contact in hand lengthens texts; None if there were too few."""
    reached_share: float | None
    """Of calls back that got through to a telephone, how many were picked up; None of none."""


@dataclass(slots=True)
class _Number:
    arrivals: list[float] = field(default_factory=list)
    repeats: list[float] = field(default_factory=list)
    """How long after giving up somebody called again."""
    gave_up: int = 0
    waits: list[tuple[float, bool]] = field(default_factory=list)
    """Wait, and whether it ended by giving up."""
    choices: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))


@dataclass(slots=True)
class _Seen:
    """What is collected from the facts."""

    numbers: dict[str, _Number] = field(default_factory=lambda: defaultdict(_Number))
    talks: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    notes: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    rings: list[float] = field(default_factory=list)
    offers: int = 0
    missed: int = 0
    dialed: int = 0
    reached: int = 0
    called_back: set[str] = field(default_factory=set)
    hands: slowings.Hands = field(default_factory=slowings.Hands)


def fit(
    *, rows: Iterable[tuple[float, facts.Fact]], days: Sequence[datetime.date], zone: ZoneInfo
) -> Fitted:
    """Fit all figures to the facts of whole local days, in their order."""
    assert days, "without a day there is nothing to fit"
    seen = _collect(rows)
    texts = seen.hands.texts
    slowing = _slowing_fit(texts)
    for text in texts:
        used = slowing.value if slowing is not None else people.SLOWING
        seen.talks[text.queue].append(text.alone(used))
    return Fitted(
        days=tuple(days),
        numbers={
            key: _number_fit(number, days, zone)
            for key, number in sorted(seen.numbers.items())
            if number.arrivals
        },
        queues={
            key: QueueFit(
                handling=_mean_fit(talks, shape=_is_lognormal(talks)),
                spread=_spread(talks),
                wrap_up=_mean_fit(seen.notes[key]) if seen.notes[key] else None,
            )
            for key, talks in sorted(seen.talks.items())
        },
        answer_seconds=_mean_fit(seen.rings) if seen.rings else None,
        miss_share=seen.missed / seen.offers if seen.offers else 0.0,
        slowing=slowing,
        reached_share=seen.reached / seen.dialed if seen.dialed else None,
    )


# --- collecting -----------------------------------------------------------------------------------


def _collect(rows: Iterable[tuple[float, facts.Fact]]) -> _Seen:
    seen = _Seen()
    called: dict[str, str] = {}
    callers: dict[str, str] = {}
    left: dict[tuple[str, str], float] = {}
    rang: dict[str, float] = {}
    for at, fact in rows:
        seen.hands.tell(at, fact)
        if isinstance(fact, facts.Arrived):
            if fact.direction == "in" and fact.trunk != plan.PROBE_TRUNK:
                called[fact.item] = fact.called
                _arrived(seen.numbers[fact.called], fact, at, callers, left)
            elif fact.direction == "callback":
                seen.called_back.add(fact.item)
        elif isinstance(fact, facts.DialEnded):
            if fact.item in seen.called_back and fact.outcome in RANG:
                seen.dialed += 1
                seen.reached += fact.outcome == "answered"
        elif isinstance(fact, facts.Chose):
            if fact.choice is not None and fact.item in called:
                seen.numbers[called[fact.item]].choices[fact.step][fact.choice] += 1
        elif isinstance(fact, facts.Dequeued):
            _dequeued(seen, fact, at, called, callers, left)
        elif isinstance(fact, facts.Ringing):
            rang[fact.offer] = at
            rang[f"{fact.item}/{fact.agent}"] = at
            seen.offers += 1
        elif isinstance(fact, facts.RingEnded):
            seen.missed += fact.outcome == "missed"
        elif isinstance(fact, facts.Bridged):
            since = rang.get(f"{fact.item}/{fact.agent}")
            if since is not None and not fact.again:
                seen.rings.append(at - since)
        elif isinstance(fact, facts.TalkEnded):
            is_text = seen.hands.is_text(fact.item)  # The hands know how long it took alone.
            if fact.item in called and fact.ended_by != "consult" and not is_text:
                seen.talks[fact.queue].append(fact.talk_seconds + fact.hold_seconds)
        elif isinstance(fact, facts.Finished) and fact.item in called:
            seen.notes[fact.queue].append(fact.wrap_seconds)
    return seen


def _arrived(
    number: _Number,
    fact: facts.Arrived,
    at: float,
    callers: dict[str, str],
    left: dict[tuple[str, str], float],
) -> None:
    """Count a first call, or a second one of somebody who had given up."""
    if fact.caller is not None:
        callers[fact.item] = fact.caller
        since = left.pop((fact.called, fact.caller), None)
        if since is not None and at - since <= REPEAT_SECONDS:
            number.repeats.append(at - since)
            return
    number.arrivals.append(at)


def _dequeued(
    seen: _Seen,
    fact: facts.Dequeued,
    at: float,
    called: Mapping[str, str],
    callers: Mapping[str, str],
    left: dict[tuple[str, str], float],
) -> None:
    key = called.get(fact.item)
    if key is None:
        return
    gave_up = fact.outcome == "abandoned_in_queue"
    seen.numbers[key].waits.append((fact.waited_seconds, gave_up))
    if gave_up:
        seen.numbers[key].gave_up += 1
        if fact.item in callers:
            left[key, callers[fact.item]] = at


# --- who calls ------------------------------------------------------------------------------------


def _number_fit(number: _Number, days: Sequence[datetime.date], zone: ZoneInfo) -> NumberFit:
    counts = dict.fromkeys(days, 0)
    table: dict[int, Counter[int]] = defaultdict(Counter)
    for at in number.arrivals:
        local = datetime.datetime.fromtimestamp(at, zone)
        if local.date() in counts:
            counts[local.date()] += 1
            table[local.weekday()][local.hour * 2 + local.minute // 30] += 1
    usual = statistics.fmean(counts.values())
    factors = _factors(counts, usual)
    total = sum(counts.values())
    spread = _day_spread(counts, usual, factors)
    return NumberFit(
        contacts_day=_mean_fit([float(each) for each in counts.values()]),
        weekdays=factors,
        half_hours=tuple(
            sum(table[weekday][half] for weekday in table) / max(total, 1)
            for half in range(HALF_HOURS)
        ),
        same_profile=_is_same_profile(table),
        day_spread=spread,
        weekday_error=math.sqrt((spread**2 + 1 / max(usual, 1.0)) * len(factors) / len(days)),
        patience=patience(number.waits),
        repeat_share=len(number.repeats) / number.gave_up if number.gave_up else 0.0,
        repeat_after_seconds=statistics.fmean(number.repeats) if number.repeats else 0.0,
        choices={
            step: {name: float(many) for name, many in sorted(found.items())}
            for step, found in sorted(number.choices.items())
        },
    )


def _factors(counts: Mapping[datetime.date, int], usual: float) -> dict[int, float]:
    by_weekday: dict[int, list[int]] = defaultdict(list)
    for day, many in counts.items():
        by_weekday[day.weekday()].append(many)
    if not usual:
        return {}
    return {
        weekday: statistics.fmean(found) / usual for weekday, found in sorted(by_weekday.items())
    }


def _day_spread(
    counts: Mapping[datetime.date, int], usual: float, factors: Mapping[int, float]
) -> float:
    """
    Give how much days differ beyond what Poisson would do.

    Of a gamma-mixed Poisson, variance = mean + (mean * spread)^2; each weekday's mean was fitted,
    which takes one degree of freedom.
    """
    by_weekday: dict[int, list[int]] = defaultdict(list)
    for day, many in counts.items():
        by_weekday[day.weekday()].append(many)
    extra = weight = 0.0
    for weekday, found in by_weekday.items():
        mean = usual * factors.get(weekday, 0.0)
        if len(found) > 1 and mean > 0:
            extra += (statistics.variance(found) - mean) / mean**2 * (len(found) - 1)
            weight += len(found) - 1
    return math.sqrt(max(0.0, extra / weight)) if weight else 0.0


def _is_same_profile(table: Mapping[int, Counter[int]]) -> bool | None:
    """
    Judge by chi squared whether weekdays and half hours are independent, at 99 %.

    Hours are taken together until each is expected five times on the quietest weekday.
    """
    totals = {weekday: sum(found.values()) for weekday, found in table.items()}
    whole = sum(totals.values())
    if len(totals) < 2 or min(totals.values()) < FEW:
        return None
    least = min(totals.values()) / whole
    groups: list[list[int]] = [[]]
    filled = 0.0
    for half in range(HALF_HOURS):
        groups[-1].append(half)
        filled += sum(found[half] for found in table.values()) * least
        if filled >= 5:
            groups.append([])
            filled = 0.0
    tail = groups.pop()
    groups[-1].extend(tail)
    statistic = 0.0
    for group in groups:
        column = sum(table[weekday][half] for weekday in table for half in group)
        for weekday, row in totals.items():
            expected = row * column / whole
            found = sum(table[weekday][half] for half in group)
            statistic += (found - expected) ** 2 / expected
    freedom = (len(groups) - 1) * (len(totals) - 1)
    return freedom == 0 or statistic <= _chi_squared_99(freedom)


def _chi_squared_99(freedom: int) -> float:
    """Give the 99 % quantile (Wilson and Hilferty 1931)."""
    part = 2 / (9 * freedom)
    return float(freedom * (1 - part + NormalDist().inv_cdf(0.99) * math.sqrt(part)) ** 3)


# --- how long -------------------------------------------------------------------------------------


def patience(waits: Sequence[tuple[float, bool]]) -> Fit | None:
    """
    Fit mean patience to waits, of which those that ended otherwise than by giving up are cut off.

    None if nobody gave up. The shape is judged by how far abandonments, counted along the wait,
    ever are from what the fitted patience expects of everybody who still waits: of exponential
    patience that is a Brownian bridge.
    """
    quits = sum(gave_up for _, gave_up in waits)
    if not quits:
        return None
    total = math.fsum(waited for waited, _ in waits)
    mean = total / quits
    half = NORMAL_95 / math.sqrt(quits)
    return Fit(
        value=mean,
        low=mean * math.exp(-half),
        high=mean * math.exp(half),
        count=quits,
        fits=_farthest(waits, mean) <= KOLMOGOROV_99 if quits >= FEW else None,
    )


def survival(waits: Sequence[tuple[float, bool]]) -> list[tuple[float, float]]:
    """Give the share that still waits after each abandonment (Kaplan and Meier 1958)."""
    left, share = len(waits), 1.0
    found = []
    for waited, gave_up in sorted(waits):
        if gave_up:
            share *= 1 - 1 / left
            found.append((waited, share))
        left -= 1
    return found


def _farthest(waits: Sequence[tuple[float, bool]], mean: float) -> float:
    ordered = sorted(waits)
    quits = sum(gave_up for _, gave_up in ordered)
    before = list(accumulate((waited for waited, _ in ordered), initial=0.0))
    seen, farthest = 0, 0.0
    for place, (waited, gave_up) in enumerate(ordered):
        expected = (before[place] + waited * (len(ordered) - place)) / mean
        farthest = max(farthest, abs(seen - expected))
        seen += gave_up
        farthest = max(farthest, abs(seen - expected))
    return farthest / math.sqrt(quits)


def _mean_fit(values: Sequence[float], *, shape: bool | None = None) -> Fit:
    mean = statistics.fmean(values)
    error = statistics.stdev(values) / math.sqrt(len(values)) if len(values) > 1 else math.inf
    return Fit(
        value=mean,
        low=max(0.0, mean - NORMAL_95 * error),
        high=mean + NORMAL_95 * error,
        count=len(values),
        fits=shape,
    )


def _slowing_fit(texts: Sequence[slowings.Text]) -> Fit | None:
    if len(texts) < FEW or len({text.at_begin for text in texts}) < 2:
        return None
    value, low, high = slowings.estimate(texts, quantile=NORMAL_95)
    return Fit(value=value, low=low, high=high, count=len(texts))


def _spread(values: Sequence[float]) -> float:
    mean = statistics.fmean(values)
    return statistics.stdev(values) / mean if len(values) > 1 and mean > 0 else 0.0


def _is_lognormal(values: Sequence[float]) -> bool | None:
    """Judge by the distance of the logarithms from a normal with their mean and spread."""
    logs = sorted(math.log(each) for each in values if each > 0)
    if len(logs) < FEW:
        return None
    spread = statistics.stdev(logs)
    if spread == 0:
        return False
    normal = NormalDist(statistics.fmean(logs), spread)
    many = len(logs)
    farthest = max(
        max(abs(chance - place / many), abs(chance - (place + 1) / many))
        for place, chance in enumerate(normal.cdf(each) for each in logs)
    )
    root = math.sqrt(many)
    return farthest * (root - 0.01 + 0.85 / root) <= LILLIEFORS_99
