"""
Mutations of something whole: bits, bytes, pieces doubled, cut, moved, spliced, a grammar's marks.

The same seed gives the same inputs, so that a finding can be had again from its number.
"""

import random
from collections.abc import Callable, Sequence

INPUT_BYTES_MAX = 8_192  # Longer ones tell no more and cost time; length has a test of its own.
CHANGES_MAX = 6
INTERESTING = (0, 1, 0x7F, 0x80, 0xFF)

Change = Callable[[random.Random, bytearray, Sequence[bytes]], None]


def mutated(chance: random.Random, seeds: Sequence[bytes], words: Sequence[bytes]) -> bytes:
    """Make one input out of the seeds."""
    data = bytearray(chance.choice(seeds))
    for _ in range(chance.randint(1, CHANGES_MAX)):
        chance.choice(CHANGES)(chance, data, words or seeds)
    if chance.random() < 0.1:
        other = chance.choice(seeds)
        data[_place(chance, data) :] = other[chance.randint(0, len(other)) :]
    return bytes(data[:INPUT_BYTES_MAX])


def _place(chance: random.Random, data: bytearray) -> int:
    return chance.randint(0, len(data))


def _flip(chance: random.Random, data: bytearray, _words: Sequence[bytes]) -> None:
    if data:
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _set(chance: random.Random, data: bytearray, _words: Sequence[bytes]) -> None:
    if data:
        data[chance.randrange(len(data))] = chance.choice((*INTERESTING, chance.randrange(256)))


def _word(chance: random.Random, data: bytearray, words: Sequence[bytes]) -> None:
    at = _place(chance, data)
    data[at : at + chance.choice((0, 0, 1, 4))] = chance.choice(words)


def _cut(chance: random.Random, data: bytearray, _words: Sequence[bytes]) -> None:
    at = _place(chance, data)
    del data[at : at + chance.choice((1, 2, 8, 64, 512))]


def _double(chance: random.Random, data: bytearray, _words: Sequence[bytes]) -> None:
    at = _place(chance, data)
    piece = data[at : at + chance.choice((1, 4, 16, 64))]
    data[at:at] = piece * chance.choice((1, 1, 2, 20))


def _move(chance: random.Random, data: bytearray, _words: Sequence[bytes]) -> None:
    at = _place(chance, data)
    piece = data[at : at + chance.choice((1, 8, 40))]
    del data[at : at + len(piece)]
    to = _place(chance, data)
    data[to:to] = piece


def _noise(chance: random.Random, data: bytearray, _words: Sequence[bytes]) -> None:
    at = _place(chance, data)
    data[at:at] = chance.randbytes(chance.choice((1, 2, 4, 16)))


def _count(chance: random.Random, data: bytearray, _words: Sequence[bytes]) -> None:
    digits = [at for at, byte in enumerate(data) if 0x30 <= byte <= 0x39]
    if digits:
        at = chance.choice(digits)
        data[at : at + 1] = chance.choice((b"0", b"-1", b"65536", b"4294967296", b"1" * 20))


CHANGES: tuple[Change, ...] = (_flip, _set, _word, _word, _cut, _double, _move, _noise, _count)
