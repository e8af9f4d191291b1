"""
The sums of a simulated day, kept while it runs: per queue, client, language and person.

Nothing but sums, so that days can be added and rows need not be kept. Refuses to divide: measures
are made of the sums in `report`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from callfloor.core import facts, plan, presence

BUSY = frozenset({presence.RINGING, presence.TALKING, presence.WRAP_UP})
"""States that count as work; a telephone that rings can take nothing else."""
CENTRE = "centre"

Place = tuple[str, str]
"""What is counted: centre, queue, client, language or person, and its key."""


@dataclass(slots=True)
class Sums:
    """What is added up; times in seconds."""

    offered: float = 0.0
    answered: float = 0.0
    abandoned: float = 0.0
    within: float = 0.0
    """Answered within the queue's goal."""
    short: float = 0.0
    """Abandonments before the queue's threshold."""
    answer_waits: float = 0.0
    """Waiting of those who were answered."""
    waits: float = 0.0
    """Waiting of everybody."""
    handled: float = 0.0
    """Contacts whose talk has ended."""
    work: float = 0.0
    """Talk, holds and notes."""
    busy: float = 0.0
    """Ringing, talk and note of those who may do this work, whatever they did."""
    present: float = 0.0
    """That, and being ready."""
    seated: float = 0.0
    """From the begin to the end of a shift, breaks included."""


@dataclass(slots=True)
class Day:
    """All sums of one simulated day."""

    places: dict[Place, Sums] = field(default_factory=dict)

    def of(self, kind: str, key: str) -> Sums:
        """Give the sums of a place, zero if nothing was counted."""
        place = kind, key
        found = self.places.get(place)
        if found is None:
            found = self.places[place] = Sums()
        return found


@dataclass(slots=True)
class _Contact:
    client: str
    language: str


class Tally:
    """Listens to the facts of a day."""

    def __init__(self, floor_plan: plan.FloorPlan) -> None:
        self.day = Day()
        self._plan = floor_plan
        self._since: float | None = None
        self._contacts: dict[str, _Contact] = {}
        self._states: dict[str, tuple[str, float]] = {}
        self._spoken: dict[str, set[str]] = {}
        self._heed: dict[type[Any], Callable[[float, Any], None]] = {
            facts.Arrived: self._arrived,
            facts.LanguageSet: self._language_set,
            facts.Queued: self._queued,
            facts.Dequeued: self._dequeued,
            facts.TalkEnded: self._talk_ended,
            facts.Finished: self._finished,
            facts.AgentChanged: self._agent_changed,
        }

    def tell(self, at: float, fact: facts.Fact) -> None:
        """Take a fact in."""
        if self._since is None:
            self._since = at
        heed = self._heed.get(type(fact))
        if heed is not None:
            heed(at, fact)

    def close(self, *, shifts: list[tuple[str, float]]) -> Day:
        """
        End the day and give its sums; `shifts` are agents and how long each sat there.

        What those who may serve a queue were busy and present is the queue's; a client has that of
        its queues, a language that of the queues in which it was spoken.
        """
        for agent, seconds in shifts:
            self.day.of("person", agent).seated += seconds
            self.day.of(CENTRE, CENTRE).seated += seconds
        servers = {
            queue.key: _servers(self._plan, queue, at=self._since) for queue in self._plan.queues
        }
        pools: dict[Place, set[str]] = {(CENTRE, CENTRE): {each.key for each in self._plan.agents}}
        for queue in self._plan.queues:
            pools["queue", queue.key] = servers[queue.key]
            pools.setdefault(("client", queue.client), set()).update(servers[queue.key])
        for language, queues in self._spoken.items():
            pools["language", language] = set().union(*(servers[key] for key in queues))
        for (kind, key), agents in pools.items():
            sums = self.day.of(kind, key)
            for agent in sorted(agents):
                his = self.day.of("person", agent)
                sums.busy += his.busy
                sums.present += his.present
        return self.day

    # --- contacts ---------------------------------------------------------------------------------

    def _arrived(self, at: float, fact: facts.Arrived) -> None:
        self._contacts[fact.item] = _Contact(client=fact.client, language=fact.language)

    def _language_set(self, at: float, fact: facts.LanguageSet) -> None:
        self._contacts[fact.item].language = fact.language

    def _places(self, item: str, queue: str) -> list[Sums]:
        contact = self._contacts[item]
        self._spoken.setdefault(contact.language, set()).add(queue)
        of = self.day.of
        return [
            of("queue", queue),
            of("client", contact.client),
            of("language", contact.language),
            of(CENTRE, CENTRE),
        ]

    def _queued(self, at: float, fact: facts.Queued) -> None:
        for sums in self._places(fact.item, fact.queue):
            sums.offered += 1

    def _dequeued(self, at: float, fact: facts.Dequeued) -> None:
        answered = fact.outcome == "answered"
        abandoned = fact.outcome == "abandoned_in_queue"
        for sums in self._places(fact.item, fact.queue):
            sums.waits += fact.waited_seconds
            if answered:
                sums.answered += 1
                sums.within += fact.within_goal
                sums.answer_waits += fact.waited_seconds
            elif abandoned:
                sums.abandoned += 1
                sums.short += fact.short

    def _talk_ended(self, at: float, fact: facts.TalkEnded) -> None:
        seconds = fact.talk_seconds + fact.hold_seconds
        for sums in (*self._places(fact.item, fact.queue), self.day.of("person", fact.agent)):
            sums.handled += 1
            sums.work += seconds

    def _finished(self, at: float, fact: facts.Finished) -> None:
        for sums in (*self._places(fact.item, fact.queue), self.day.of("person", fact.agent)):
            sums.work += fact.wrap_seconds

    # --- agents -----------------------------------------------------------------------------------

    def _agent_changed(self, at: float, fact: facts.AgentChanged) -> None:
        state, since = self._states.get(fact.agent, (presence.SIGNED_OUT, at))
        self._states[fact.agent] = fact.state, at
        if state in BUSY or state == presence.READY:
            sums = self.day.of("person", fact.agent)
            sums.present += at - since
            if state in BUSY:
                sums.busy += at - since


def _servers(floor_plan: plan.FloorPlan, queue: plan.QueuePlan, *, at: float | None) -> set[str]:
    """Give who may be given the queue's work in any of its tiers, on the day of an instant."""
    return {
        agent.key
        for agent in floor_plan.agents
        if queue.client in agent.clients
        and dict(agent.capacity).get(queue.channel, 0) > 0
        and any(_may(dict(agent.skills), tier) for tier in queue.tiers)
        and plan.has_proofs(agent, queue, at=at)
    }


def _may(skills: dict[str, int], tier: plan.TierPlan) -> bool:
    return all(skills.get(skill, 0) >= level for skill, level in tier.requires)
