"""
Named places where a fault can be put into a running process, to prove that nothing is lost there.

`fail.point("floor.before_commit")` stands where a kill would hurt most. It does nothing until a
process has armed a trap, which it does only at its start and only if `CALLFLOOR_FAIL` says so:
`NAME[:COUNT][:kill|raise|stall]`, for example `recorder.opened:3:kill`. Every point is listed in
`tests/faults/points.py`, and a test finds a point that is missing there.

Refuses: to know how a process dies or stands still (the process says so when it arms a trap), and
to stay quiet: who arms a trap must say so in the log.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from callfloor.wire.errors import LocalError

VARIABLE = "CALLFLOOR_FAIL"
"""The environment variable that arms a trap in a process that starts."""
KILL, RAISE, STALL = "kill", "raise", "stall"
DEEDS = (KILL, RAISE, STALL)

Hook = Callable[[str], None]


class Injected(Exception):
    """The fault that was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What shall happen where."""

    name: str
    """The point."""
    count: int = 1
    """At its how-manieth passage, from 1."""
    deed: str = KILL
    """One of DEEDS."""


class _Armed:
    hook: Hook | None = None


def point(name: str) -> None:
    """Mark a place; costs a look at an attribute while nothing is armed."""
    if _Armed.hook is not None:
        _Armed.hook(name)


def parse(text: str) -> Order:
    """
    Read `NAME[:COUNT][:DEED]`.

    Raises LocalError if it is anything else.
    """
    name, *rest = text.split(":")
    count = int(rest.pop(0)) if rest and rest[0].isdecimal() else 1
    deed = rest.pop(0) if rest else KILL
    if not name or rest or deed not in DEEDS or count < 1:
        raise LocalError(f"{VARIABLE} is NAME[:COUNT][:{'|'.join(DEEDS)}], not {text!r}")
    return Order(name=name, count=count, deed=deed)


def arm(
    environment: Mapping[str, str],
    *,
    kill: Callable[[], None],
    stall: Callable[[], None],
    warn: Callable[[str], None],
) -> None:
    """
    Arm the trap that the environment asks for, if it asks for one.

    `kill` ends the process without a word, `stall` blocks its thread for a while, `warn` logs.
    """
    text = environment.get(VARIABLE)
    if text:
        order = parse(text)
        warn(f"fault injection is armed: {order.deed} at passage {order.count} of {order.name}")
        install(_trap(order, kill=kill, stall=stall))


def install(hook: Hook | None) -> None:
    """Call this with the name of each point that is passed; None for nothing any more."""
    _Armed.hook = hook


def _trap(order: Order, *, kill: Callable[[], None], stall: Callable[[], None]) -> Hook:
    passed = 0

    def hook(name: str) -> None:
        nonlocal passed
        if name != order.name:
            return
        passed += 1
        if passed != order.count:
            return
        if order.deed == RAISE:
            raise Injected(name)
        (kill if order.deed == KILL else stall)()

    return hook
