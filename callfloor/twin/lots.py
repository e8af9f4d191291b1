"""
Lots: draws that belong to a name, so that one thing's luck never moves another's.

Two variants of a centre are compared on common random numbers: the third caller of a number has
the same patience in both, whatever was drawn before him. A stream shared by everybody cannot do
that, and a `random.Random` for each caller costs more than simulating him; so a lot is the hash of
its name. Durations come by the inverse of their distribution, so that a longer mean makes every
one of them longer. Refuses to know what is drawn.
"""

import math
import random
import struct
from hashlib import blake2b
from statistics import NormalDist

_EIGHT = struct.Struct("<8Q")
_UNIT = 2.0**-53
_LEAST = 2.0**-54  # Where an inverse has no value at 0, half of the smallest step stands for it.
_inverse = NormalDist().inv_cdf


class Lots:
    """The row of draws of one name, each in [0, 1)."""

    __slots__ = ("_left", "_name", "_rows")

    def __init__(self, name: str) -> None:
        self._name = name
        self._rows = 0
        self._left: list[float] = []

    def draw(self) -> float:
        """Give the next draw."""
        if not self._left:
            text = f"{self._name}/{self._rows}".encode()
            row = _EIGHT.unpack(blake2b(text, digest_size=64).digest())
            self._left = [(each >> 11) * _UNIT for each in reversed(row)]
            self._rows += 1
        return self._left.pop()

    def exponential(self, mean: float) -> float:
        """Draw an exponential time."""
        return exponential(self.draw(), mean=mean)


def exponential(luck: float, *, mean: float) -> float:
    """Turn a draw into an exponential time."""
    return -math.log1p(-luck) * mean


def lognormal(luck: float, *, mean: float, spread: float) -> float:
    """Turn a draw into a log-normal time; `spread` is its standard deviation over its mean."""
    if spread <= 0:
        return mean
    variance = math.log1p(spread * spread)
    middle = math.log(mean) - variance / 2
    return math.exp(middle + math.sqrt(variance) * _inverse(luck or _LEAST))


def gamma(name: str, *, spread: float) -> float:
    """Draw a factor of mean 1 that is gamma distributed, for a name of its own."""
    if spread <= 0:
        return 1.0
    shape = 1.0 / (spread * spread)
    return random.Random(name).gammavariate(shape, 1.0 / shape)
