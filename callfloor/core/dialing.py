"""
Who may be dialed, and on which trunk: the gates against toll fraud, as figures and stable codes.

A line out counts from the moment it is dialed: against the calls at once of its client and trunk,
and as one minute of its zone's price until the far side answers; from then on every minute that has
begun. So no order of events leads past a cap: a minute that nobody asked for is never promised.
A running call is never cut because of them.

Refuses: to know a number. The floor turns one into a zone and a seal, and says whether it is an
emergency number; that one passes every gate.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import ceil

from callfloor.core import plan

MINUTE = 60.0
HOUR = 3600.0
LOOK_BACK_SECONDS = 26 * HOUR  # A calendar day has 25 hours at most, and the last hour rolls.


@dataclass(slots=True, eq=False)
class Line:
    """One leg to the outside, from dialing to its end."""

    client: str
    trunk: str
    cost_minute: int
    """Minor units of money for each minute that has begun."""
    answered_at: float | None = None
    ended_at: float | None = None

    def minutes(self, *, since: float, now: float) -> int:
        """Count the minutes that began after `since`; one while nobody has answered."""
        if self.answered_at is None:
            return 1 if self.ended_at is None else 0
        end = now if self.ended_at is None else self.ended_at
        begun = max(1, ceil((end - self.answered_at) / MINUTE))
        # Minute k began at answered_at + 60 k; those at or before `since` are of another hour.
        before = int((since - self.answered_at) // MINUTE) + 1 if since >= self.answered_at else 0
        return max(0, begun - before)


@dataclass(slots=True)
class Ledger:
    """Every line out that still counts for something."""

    running: dict[str, Line] = field(default_factory=dict)
    """By leg."""
    ended: dict[str, deque[Line]] = field(default_factory=dict)
    """By client: those that were answered, by their end."""

    def dial(self, *, leg: str, client: str, trunk: str, cost_minute: int, now: float) -> None:
        """Count a leg that is dialed."""
        assert leg not in self.running, f"leg {leg} is dialed twice"
        ended = self.ended.get(client)
        while ended and (ended[0].ended_at or now) < now - LOOK_BACK_SECONDS:
            ended.popleft()
        self.running[leg] = Line(client=client, trunk=trunk, cost_minute=cost_minute)

    def restore(self, line: Line) -> None:
        """Count a line that ended before the floor began, after those before it."""
        self.ended.setdefault(line.client, deque()).append(line)

    def answer(self, *, leg: str, now: float) -> None:
        """Let the minutes of a leg begin."""
        self.running[leg].answered_at = now

    def end(self, *, leg: str, now: float) -> Line | None:
        """Count a leg no more as running; give it if it was."""
        line = self.running.pop(leg, None)
        if line is not None and line.answered_at is not None:
            line.ended_at = now
            self.ended.setdefault(line.client, deque()).append(line)
        return line

    def calls(self, client: str) -> int:
        """Count the client's lines that are dialed or connected."""
        return sum(line.client == client for line in self.running.values())

    def minutes_of_hour(self, *, client: str, now: float) -> int:
        """Count the minutes that began in the last hour."""
        since = now - HOUR
        return sum(line.minutes(since=since, now=now) for line in self._lines(client))

    def cost_of_day(self, *, client: str, day_from: float, now: float) -> int:
        """Add up what the minutes that began since `day_from` cost, in minor units of money."""
        since = _before(day_from)
        lines = self._lines(client)
        return sum(line.minutes(since=since, now=now) * line.cost_minute for line in lines)

    def _lines(self, client: str) -> Iterable[Line]:
        yield from self.ended.get(client, ())
        yield from (line for line in self.running.values() if line.client == client)


def _before(instant: float) -> float:
    """Give what is earlier than an instant by less than any clock can tell."""
    return instant - 1e-6


def gate(
    *,
    ledger: Ledger,
    client: plan.ClientPlan,
    zone: plan.ZonePlan | None,
    may_call: bool,
    day_from: float,
    now: float,
) -> str | None:
    """
    Say why a client's call to a zone may not be dialed (a stable code), or None.

    `day_from` is the instant at which the centre's calendar day began, by the clock of `now`.
    """
    if not may_call:
        return "calls_out_not_allowed"
    if zone is None or zone.key not in client.zones:
        return "zone_not_allowed"
    if ledger.calls(client.key) >= client.calls_out_max:
        return "too_many_calls"
    if ledger.minutes_of_hour(client=client.key, now=now) + 1 > client.minutes_hour_max:
        return "toll_limit"
    if client.cost_day_max is not None:
        spent = ledger.cost_of_day(client=client.key, day_from=day_from, now=now)
        if spent + zone.cost_minute > client.cost_day_max:
            return "cost_limit"
    return None


def next_trunk(
    *,
    client: plan.ClientPlan,
    trunks: dict[str, plan.TrunkPlan],
    calls: dict[str, int],
    tried: tuple[str, ...] = (),
    emergency: bool = False,
) -> str | None:
    """
    Name the first of the client's trunks that has not been tried and is not full, or None.

    An emergency call passes a full trunk, and goes by any trunk of the plan if the client has none.
    """
    keys = (*client.trunks, *trunks) if emergency else client.trunks
    for key in keys:
        trunk = trunks.get(key)
        if trunk is None or trunk.uri is None or key in tried:
            continue
        if emergency or calls.get(key, 0) < trunk.calls_max:
            return key
    return None
