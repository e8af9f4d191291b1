"""
What agents have in hand at once: the more there is, the longer each text takes.

With n contacts in hand an agent works on each text among them at 1 / (1 + slowing * (n - 1)) of
his speed, and what runs is timed anew whenever n changes. A call in hand counts, and so does its
note, but a call itself takes as long as its caller talks. One contact alone takes what it takes.

Refuses to draw anything: how long a contact would take alone comes in.
"""

from collections.abc import Callable
from dataclasses import dataclass

from callfloor.core import exchange


@dataclass(slots=True, eq=False)
class _Running:
    """A text that an agent works on."""

    agent: str
    item: str
    left: float
    """Seconds that it would still take alone."""
    since: float
    slower: float
    """How many times longer than alone it takes at present."""
    gen: int = 0
    """Counts the ends that were made void."""


class Hands:
    """Every text in hand, with the time that it still takes."""

    def __init__(
        self,
        *,
        machine: exchange.Exchange,
        slowing: float,
        at: Callable[..., None],
        done: Callable[[str, str], None],
    ) -> None:
        self._machine = machine
        self._slowing = slowing
        self._at = at
        self._done = done
        self._texts: dict[str, dict[str, _Running]] = {}

    def begin(self, agent: str, item: str, *, seconds: float, now: float) -> None:
        """Let an agent work on a text that would take so long alone."""
        slower = self._slower(agent)
        running = _Running(agent=agent, item=item, left=seconds, since=now, slower=slower)
        texts = self._texts.setdefault(agent, {})
        before = texts.get(item)
        if before is not None:
            before.gen += 1  # It has come back to him.
        texts[item] = running
        self._at(now + seconds * slower, self._over, running, 0)

    def changed(self, agent: str, *, now: float) -> None:
        """Time anew what an agent works on, if he has more or less in hand than before."""
        texts = self._texts.get(agent)
        if not texts:
            return
        slower = self._slower(agent)
        for running in texts.values():
            if running.slower != slower:
                running.left = max(0.0, running.left - (now - running.since) / running.slower)
                running.since, running.slower = now, slower
                running.gen += 1
                self._at(now + running.left * slower, self._over, running, running.gen)

    def _slower(self, agent: str) -> float:
        many = len(self._machine.house.agents[agent].works)
        return 1.0 + self._slowing * max(0, many - 1)

    def _over(self, running: _Running, gen: int) -> None:
        if running.gen != gen:
            return
        texts = self._texts[running.agent]
        if texts.get(running.item) is running:
            del texts[running.item]
        self._done(running.agent, running.item)
