"""
How well each leg was heard in each talk, told when it is over, so that yesterday can be looked up.

An agent's leg is followed from the bridge to the end of his talk, one outside for as long as its
item is open. The media tells of a leg every five seconds (ng.md): a shorter talk leaves nothing.

Refuses: legs of colleagues who were asked and did not take the customer, and of those who write,
though their headset may be on; to judge a line.
"""

from collections.abc import Callable
from dataclasses import dataclass

from callfloor.core import events, facts
from callfloor.floor.ids import customer_leg
from callfloor.floor.quality import Quality, Sum


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    client: str
    leg: str
    agent: str | None
    trunk: str | None
    sum: Sum


class Heard:
    """The legs of all open items."""

    def __init__(self, *, quality: Quality, happen: Callable[[events.Event], None]) -> None:
        """Begin with none; `happen` enters what was measured."""
        self._quality = quality
        self._happen = happen
        self._items: dict[str, list[_Line]] = {}

    def __len__(self) -> int:
        """Count the legs that are followed."""
        return sum(len(lines) for lines in self._items.values())

    def settled(self, fact: facts.Fact) -> None:
        """Follow what begins with a fact, and tell of what has ended with it."""
        match fact:
            case facts.Arrived(channel="call", item=item, client=client, trunk=trunk):
                self._follow(item, client, customer_leg(item), trunk=trunk)
            case facts.Restored(channel="call", item=item, client=client):
                self._follow(item, client, customer_leg(item))
            case facts.Dialing(item=item, client=client, leg=leg, trunk=trunk):
                self._forget(item, leg)  # Until now nobody knew by which trunk it goes.
                self._follow(item, client, leg, trunk=trunk)
            case facts.Bridged(item=item, client=client, leg=leg, agent=agent):
                if item in self._items:  # A call: its customer's leg is here until it is closed.
                    self._follow(item, client, leg, agent=agent)
            case facts.TalkEnded(item=item, agent=agent):
                self._end(item, lambda line: line.agent == agent)
            case facts.Closed(item=item):
                self._end(item, lambda line: True)

    def _follow(
        self,
        item: str,
        client: str,
        leg: str,
        *,
        agent: str | None = None,
        trunk: str | None = None,
    ) -> None:
        lines = self._items.setdefault(item, [])
        if any(line.leg == leg for line in lines):
            return
        found = self._quality.follow(leg)
        lines.append(_Line(client=client, leg=leg, agent=agent, trunk=trunk, sum=found))

    def _forget(self, item: str, leg: str) -> None:
        for line in self._items.get(item, ()):
            if line.leg == leg:
                self._quality.follow_no_more(leg, line.sum)
        self._items[item] = [line for line in self._items.get(item, ()) if line.leg != leg]

    def _end(self, item: str, is_over: Callable[[_Line], bool]) -> None:
        lines = self._items.pop(item, [])
        left = [line for line in lines if not is_over(line)]
        if left:
            self._items[item] = left
        for line in lines:
            if is_over(line):
                self._quality.follow_no_more(line.leg, line.sum)
                if line.sum.packets:
                    self._happen(_measured(item, line))


def _measured(item: str, line: _Line) -> events.LineMeasured:
    whole = line.sum
    return events.LineMeasured(
        item=item,
        client=line.client,
        leg=line.leg,
        agent=line.agent,
        trunk=line.trunk,
        packets=whole.packets,
        lost=whole.lost,
        jitter_ms=round(whole.jitter_us / whole.packets / 1000, 1),
        mos=round(whole.opinion / whole.packets / 100, 2),
        mos_worst=whole.worst / 100,
    )
