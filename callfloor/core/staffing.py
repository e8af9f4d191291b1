"""
How many heads a load of work needs: Erlang B, C and A, exactly.

Loads are in erlangs (contacts per second times seconds of work), 0 to some ten thousand, fractional
or not; heads are whole. Everything is summed from positive terms, so that nothing cancels; what
would overflow is scaled.

Sources: Erlang, "Løsning af nogle Problemer fra Sandsynlighedsregningen" (1917), for B and C; Palm
(1957) and Mandelbaum and Zeltyn, "The Palm/Erlang-A queue" (2004), for patience. Refuses: several
skills, queues and breaks, of which Erlang knows nothing; the twin does.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

HEADS_MAX = 1_000_000  # A search that has not ended there was asked for what cannot be.
_FAR = 1e-17  # A term so small against its sum changes no digit of it.
_LARGE = 1e250  # Sums are scaled down from here, far below what a float holds (1.8e308).


class Unreachable(ValueError):
    """No number of heads reaches the goal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What is promised: a share answered within some seconds, and how busy heads may be."""

    share: float
    seconds: float
    occupancy_max: float = 1.0

    def __post_init__(self) -> None:
        assert 0 <= self.share <= 1, "a share is from 0 to 1"
        assert self.seconds >= 0, "nobody is answered before he calls"
        assert 0 < self.occupancy_max <= 1, "heads are busy for a share of their time"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What callers meet, of all that come."""

    waits: float
    """The chance of having to wait."""
    asa_seconds: float
    """Mean wait of those who are answered, with 0 for whoever need not wait; inf if all wait."""
    service_level: float
    """The share answered within the goal's seconds."""
    abandoned: float
    """The share that gives up."""
    occupancy: float
    """The share of time in which a head is busy."""


# --- Erlang B -------------------------------------------------------------------------------------


def erlang_b(load: float, heads: int) -> float:
    """
    Give the chance that all heads are busy where nobody waits.

    1/B is the sum of n!/((n-k)! load^k) over k = 0..n: its terms fall from the first as soon as n
    is not above the load, so that some square roots of the load are enough of them.
    """
    _asserts(load, heads)
    if load == 0:
        return 1.0 if heads == 0 else 0.0
    return 1.0 / _inverse_b(load, heads)


def _inverse_b(load: float, heads: int) -> float:
    total = term = 1.0
    for left in range(heads, 0, -1):
        term *= left / load
        total += term
        if term < total * _FAR and left <= load:
            break
        if total > _LARGE:
            return math.inf  # B is under 1e-250: nobody ever meets that.
    return total


# --- Erlang C -------------------------------------------------------------------------------------


def erlang_c(load: float, heads: int) -> float:
    """Give the chance of having to wait where nobody gives up; 1 if heads do not suffice."""
    _asserts(load, heads)
    if load == 0:
        return 1.0 if heads == 0 else 0.0
    return 1.0 if heads <= load else _c_of(1.0 / _inverse_b(load, heads), load, heads)


def _c_of(blocked: float, load: float, heads: int) -> float:
    return heads * blocked / (heads - load * (1.0 - blocked))


def waiting_c(*, load: float, heads: int, handling_seconds: float, seconds: float) -> Waiting:
    """Say what callers meet who never give up; `seconds` are the goal's."""
    assert handling_seconds > 0, "work takes time"
    waits = erlang_c(load, heads)
    if waits == 0 or load < heads:
        spare = max(heads - load, 0.0)
        return Waiting(
            waits=waits,
            asa_seconds=waits * handling_seconds / spare if waits else 0.0,
            service_level=1.0 - waits * math.exp(-spare * seconds / handling_seconds),
            abandoned=0.0,
            occupancy=load / heads if heads else 0.0,
        )
    return Waiting(waits=1.0, asa_seconds=math.inf, service_level=0.0, abandoned=0.0, occupancy=1.0)


def heads_c(*, load: float, handling_seconds: float, goal: Goal) -> int:
    """
    Give the fewest heads that keep a goal where nobody gives up.

    Each number of heads is tried from the first that could do, by the recursion of 1/B; with one
    head fewer the goal is missed. Raises Unreachable for a share of 1 after a time.
    """
    _asserts(load, 0)
    if load == 0:
        return 0
    if goal.share >= 1:
        raise Unreachable("No number of heads answers everybody in time.")
    heads = max(math.floor(load) + 1, math.floor(load / goal.occupancy_max))
    while load / heads > goal.occupancy_max:
        heads += 1
    return _climbed(load, heads, goal.share, goal.seconds / handling_seconds)


def _climbed(load: float, heads: int, share: float, length: float) -> int:
    """Climb from `heads` on until the share is reached; `length` is the goal in talks."""
    miss = 1.0 - share
    inverse = _inverse_b(load, heads)
    while heads < HEADS_MAX:
        spare = heads - load
        # C = n / (n - load + load * B) * B, with 1/B at hand.
        if heads / (spare * inverse + load) * math.exp(-spare * length) <= miss:
            return heads
        heads += 1
        inverse = 1.0 + heads / load * inverse
    raise Unreachable("No number of heads reaches the goal.")


def heads_c_many(*, loads: Sequence[float], handling_seconds: float, goal: Goal) -> list[int]:
    """
    Give what `heads_c` gives, for many loads at once: a year of half hours in some milliseconds.

    The same sums and the same climb, each step for all loads together. Raises Unreachable.
    """
    import numpy as np  # Takes 0.1 s to load, and who asks for one load needs none.

    load = np.asarray(loads, dtype=float)
    assert bool(np.all((load >= 0) & np.isfinite(load))), "a load is a number of erlangs"
    if goal.share >= 1 and bool(np.any(load > 0)):
        raise Unreachable("No number of heads answers everybody in time.")
    found = np.zeros(load.shape, dtype=int)
    working = load > 0
    found[working] = _many(load[working], goal, goal.seconds / handling_seconds)
    heads: list[int] = found.tolist()
    return heads


_CHECK_EVERY = 16  # To ask whether all sums have ended costs as much as a term of them.


def _many(load: "Floats", goal: Goal, length: float) -> "Floats":
    import numpy as np

    heads: Floats = np.maximum(np.floor(load) + 1, np.floor(load / goal.occupancy_max))
    while np.any(busy := load / heads > goal.occupancy_max):
        heads += busy
    inverse = _inverse_b_many(load, heads)
    miss = 1.0 - goal.share
    for _ in range(HEADS_MAX):
        spare = heads - load
        missed = heads / (spare * inverse + load) * np.exp(-spare * length) > miss
        if not missed.any():
            return heads
        heads += missed
        inverse = np.where(missed, 1.0 + heads / load * inverse, inverse)
    raise Unreachable("No number of heads reaches the goal.")


def _inverse_b_many(load: "Floats", heads: "Floats") -> "Floats":
    import numpy as np

    total, term = np.ones_like(load), np.ones_like(load)
    step, ratio = 1.0 / load, heads / load
    while True:
        for _ in range(_CHECK_EVERY):  # A term after the last is 0, and so are all after it.
            term *= ratio
            np.minimum(term, _LARGE, out=term)  # B is under 1e-250: nobody ever meets that.
            total += term
            ratio -= step
            np.maximum(ratio, 0.0, out=ratio)
        if np.all((term <= total * _FAR) & (ratio <= 1.0)):
            return total


# --- Erlang A -------------------------------------------------------------------------------------


def waiting_a(
    *,
    load: float,
    heads: int,
    handling_seconds: float,
    patience_seconds: float,
    seconds: float,
) -> Waiting:
    """
    Say what callers meet who give up after an exponential patience of this mean.

    All follows from the chain of how many are there: below the heads by Erlang B, above them by
    sums of rates n/handling + j/patience (Mandelbaum and Zeltyn 2004, section 3).
    """
    _asserts(load, heads)
    assert handling_seconds > 0 < patience_seconds, "work and patience take time"
    if load == 0:
        none = 1.0 if heads == 0 else 0.0
        return Waiting(waits=none, asa_seconds=0.0, service_level=1.0 - none,
                       abandoned=none, occupancy=0.0)  # fmt: skip
    if heads == 0:
        return Waiting(waits=1.0, asa_seconds=math.inf, service_level=0.0, abandoned=1.0,
                       occupancy=0.0)  # fmt: skip
    length = patience_seconds / handling_seconds
    line = _line(load, heads, length)
    free = _inverse_b(load, heads) - 1.0  # All states with a free head, against the first without.
    total = free * line.scale + line.sum
    abandoned = line.waiting / (load * length) / total
    served = 1.0 - abandoned
    in_time = _answered_within(load, heads, length, seconds / patience_seconds)
    return Waiting(
        waits=line.sum / total,
        asa_seconds=line.answered * patience_seconds / total / served,
        service_level=min(in_time, served),
        abandoned=abandoned,
        occupancy=min(load * served / heads, 1.0),
    )


def heads_a(*, load: float, handling_seconds: float, patience_seconds: float, goal: Goal) -> int:
    """
    Give the fewest heads that keep a goal where callers give up.

    More heads never answer fewer in time, so the place where the goal is reached is found by
    halving. Raises Unreachable for a share of 1.
    """
    _asserts(load, 0)
    if load == 0:
        return 0
    if goal.share >= 1:
        raise Unreachable("No number of heads answers everybody in time.")

    def is_kept(heads: int) -> bool:
        found = waiting_a(
            load=load,
            heads=heads,
            handling_seconds=handling_seconds,
            patience_seconds=patience_seconds,
            seconds=goal.seconds,
        )
        return found.service_level >= goal.share and found.occupancy <= goal.occupancy_max

    return _fewest(is_kept, guess=max(1, math.ceil(load)))


def _fewest(is_kept: Callable[[int], bool], *, guess: int) -> int:
    low, high = -1, guess  # At `low` the goal is missed, at `high` it is kept.
    while not is_kept(high):
        low, high = high, high * 2
        if high > HEADS_MAX:
            raise Unreachable("No number of heads reaches the goal.")
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_kept(middle) else (middle, high)
    return high


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """Sums over the states in which all heads are busy, against the first of them, scaled."""

    scale: float
    sum: float
    waiting: float
    """How many wait."""
    answered: float
    """Wait, in patiences, of those who come in these states and are answered."""


def _line(load: float, heads: int, length: float) -> _Line:
    """
    Sum over how many wait; `length` is patience in talks.

    Who comes while j wait is answered with the chance c/(c+j+1), c = heads * length, after the
    mean time 1/(c+1) + … + 1/(c+j+1) in patiences: each step towards a head is exponential.
    """
    calls, rate = load * length, heads * length
    term, scale = 1.0, 1.0
    total = waiting = answered = steps = 0.0
    place = 0
    while True:
        steps += 1.0 / (rate + place + 1)
        total += term
        waiting += place * term
        answered += term * rate / (rate + place + 1) * steps
        place += 1
        ratio = calls / (rate + place)
        term *= ratio
        # Beyond the peak the rest is less than a geometric row, weighted with its place.
        if ratio < 1 and term * (place + 1) < (waiting + total) * _FAR * (1 - ratio) ** 2:
            break
        if total > _LARGE:
            term, scale, total = term / _LARGE, scale / _LARGE, total / _LARGE
            waiting, answered = waiting / _LARGE, answered / _LARGE
    return _Line(scale=scale, sum=total, waiting=waiting, answered=answered)


def _answered_within(load: float, heads: int, length: float, after: float) -> float:
    """
    Give the share answered within a time, `after` in patiences.

    The wait that is offered has the density v(t) = exp(x * (1 - e^-t) - c * t), x = load * length
    and c = heads * length. Its integrals are incomplete gamma functions; with the series
    M(y) = M(1; c+1; y) the share is
    (free + heads/load * (M(x) - 1 - v * (M(x e^-t) - 1))) / (free + M(x)).
    """
    calls, rate = load * length, heads * length
    free = _inverse_b(load, heads) - 1.0
    if math.isinf(free):
        return 1.0
    now, now_log = _series(rate, calls)
    then, then_log = _series(rate, calls * math.exp(-after))
    density_log = -calls * math.expm1(-after) - rate * after
    late = then * math.exp(density_log + then_log - now_log)
    scale = math.exp(-now_log)
    inside = max(now - late, 0.0)
    return (free * scale + heads / load * inside) / (free * scale + scale + now)


def _series(rate: float, y: float) -> tuple[float, float]:
    """Give M(1; rate+1; y) - 1 as a number and the logarithm of its scale."""
    term, total, log = 1.0, 0.0, 0.0
    place = 0
    while True:
        place += 1
        ratio = y / (rate + place)
        term *= ratio
        total += term
        if ratio < 1 and term < total * _FAR * (1 - ratio):
            return total, log
        if total > _LARGE:
            term, total, log = term / _LARGE, total / _LARGE, log + math.log(_LARGE)


# --- around it ------------------------------------------------------------------------------------


def load_of(*, contacts: float, interval_seconds: float, handling_seconds: float) -> float:
    """Give the load, in erlangs, of so many contacts in an interval."""
    assert interval_seconds > 0, "an interval lasts"
    return contacts / interval_seconds * handling_seconds


def with_shrinkage(heads: int, *, share: float) -> int:
    """
    Give how many must be planned if a share of their time is lost (leave, illness, training).

    The share is taken as it is written: 21 heads at 0.3 are 30, though 21 / (1 - 0.3) as floats
    is a little more.
    """
    assert 0 <= share < 1, "somebody must be there"
    return math.ceil(heads / (1 - Fraction(str(share))))


def _asserts(load: float, heads: int) -> None:
    assert 0 <= load < math.inf, "a load is a number of erlangs"
    assert heads >= 0, "heads are counted"
