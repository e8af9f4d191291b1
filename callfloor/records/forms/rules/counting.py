"""
Where runs stall: how long each node was open, how often it was the last, and what was chosen.

A run drops off at the node that was open when its interaction ended. Refuses: means. One agent who
went for coffee would hide the others, so it is the median and the ninth tenth (nearest rank).
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Step:
    """One answer of a run."""

    node: str
    seconds: float
    choice: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class NodeCount:
    """What was seen of one node."""

    node: str
    answered: int
    dropped: int
    """Runs that ended here without an answer."""
    median_seconds: float | None
    high_seconds: float | None
    """Nine of ten were quicker."""
    choices: Mapping[str, int]
    reasons: Mapping[str, int]

    @property
    def reached(self) -> int:
        """How often it was open."""
        return self.answered + self.dropped

    @property
    def drop_share(self) -> float | None:
        """Which share ended here; None if nobody came."""
        return self.dropped / self.reached if self.reached else None


def counted(
    order: Sequence[str], *, steps: Iterable[Step], stopped_at: Iterable[str]
) -> list[NodeCount]:
    """Give each node's counts, in the order of the form."""
    by_node: dict[str, list[Step]] = {key: [] for key in order}
    for step in steps:
        by_node.setdefault(step.node, []).append(step)
    stopped = Counter(stopped_at)
    return [_count(key, by_node[key], stopped[key]) for key in by_node]


def _count(key: str, steps: list[Step], dropped: int) -> NodeCount:
    seconds = sorted(step.seconds for step in steps)
    return NodeCount(
        node=key,
        answered=len(steps),
        dropped=dropped,
        median_seconds=rank(seconds, 0.5),
        high_seconds=rank(seconds, 0.9),
        choices=Counter(step.choice for step in steps if step.choice),
        reasons=Counter(step.reason for step in steps if step.reason),
    )


def rank(values: Sequence[float], share: float) -> float | None:
    """Give the nearest-rank quantile of sorted values; None of none."""
    return values[max(0, math.ceil(share * len(values)) - 1)] if values else None
