"""
By how much several contacts in hand lengthen each text, estimated from who had how much when.

How long a text would take alone has nothing to do with how much its agent had in hand when it
began. So the slowing is the one with which the times alone, worked back from those that were
observed, do not go with that number any more; and its interval is every value that the records do
not contradict (Robins and Tsiatis, "Correcting for non-compliance in randomized trials using rank
preserving structural failure time models", Communications in Statistics 20, 1991).

Refuses: to compare long texts with short ones, since a long one meets more beside it whatever it
does to it.
"""

import math
import statistics
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from callfloor.core import facts, plan

MOST = 2.0  # As in the schema; with 1, a second contact in hand gets nothing more done.
STEPS = 14  # Halvings: to a ten-thousandth.


@dataclass(slots=True, eq=False)
class Text:
    """One agent's part of something written."""

    queue: str
    at_begin: int
    """How much its agent had in hand when it began, itself included."""
    spent: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    """Seconds by how much was in hand."""
    since: float = 0.0

    def alone(self, slowing: float) -> float:
        """Say how long it would have taken alone."""
        return math.fsum(
            seconds / (1 + slowing * (many - 1)) for many, seconds in self.spent.items()
        )


class Hands:
    """Listens to facts, and knows who had what in hand when."""

    def __init__(self) -> None:
        self.texts: list[Text] = []
        """Those that have ended, in the order of their ends."""
        self._written: set[str] = set()
        self._works: dict[str, dict[str, Text]] = defaultdict(dict)

    def is_text(self, item: str) -> bool:
        """Say whether an item is written, and not spoken."""
        return item in self._written

    def tell(self, at: float, fact: facts.Fact) -> None:
        """Take a fact in."""
        if isinstance(fact, facts.Arrived):
            if fact.channel != plan.CALL and fact.direction == "in":
                self._written.add(fact.item)
        elif isinstance(fact, facts.Bridged):
            if not fact.again:
                self._begin(at, fact)
        elif isinstance(fact, facts.TalkEnded):
            self._pass_time(fact.agent, at)
            text = self._works[fact.agent].get(fact.item)
            if text is not None and fact.item in self._written:
                self.texts.append(text)
        elif isinstance(fact, facts.Finished):
            self._pass_time(fact.agent, at)
            self._works[fact.agent].pop(fact.item, None)
        elif isinstance(fact, facts.AgentChanged) and fact.state == "signed_out":
            self._works.pop(fact.agent, None)

    def _begin(self, at: float, fact: facts.Bridged) -> None:
        self._pass_time(fact.agent, at)
        works = self._works[fact.agent]
        works.pop(fact.item, None)
        works[fact.item] = Text(queue=fact.queue, at_begin=len(works) + 1, since=at)

    def _pass_time(self, agent: str, at: float) -> None:
        works = self._works[agent]
        for text in works.values():
            text.spent[len(works)] += at - text.since
            text.since = at


def estimate(texts: Sequence[Text], *, quantile: float) -> tuple[float, float, float]:
    """
    Estimate the slowing; give it and the bounds of what the records do not contradict.

    `quantile` is the normal's for the level of the interval. All three lie within 0 and `MOST`.
    """
    value, low, high = (_where(texts, level) for level in (0.0, quantile, -quantile))
    return value, low, high


def _where(texts: Sequence[Text], level: float) -> float:
    """Find the slowing that leaves as much connection; the more slowing, the less is left."""
    low, high = 0.0, MOST
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if _connection(texts, middle) > level else (low, middle)
    return (low + high) / 2


def _connection(texts: Sequence[Text], slowing: float) -> float:
    """
    Say how far from chance the times alone go with what was in hand, in standard errors.

    Both are taken against the mean of their queue: one's texts may be longer than another's.
    """
    by_queue: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for text in texts:
        alone = text.alone(slowing)
        if alone > 0:
            by_queue[text.queue].append((math.log(alone), float(text.at_begin)))
    times: list[float] = []
    in_hand: list[float] = []
    for pairs in by_queue.values():
        for found, values in zip((times, in_hand), zip(*pairs, strict=True), strict=True):
            mean = statistics.fmean(values)
            found.extend(value - mean for value in values)
    if not any(times) or not any(in_hand):
        return 0.0
    return statistics.correlation(times, in_hand) * math.sqrt(len(times))
