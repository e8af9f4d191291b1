"""
Agents' audio: which leg is whose, and whether it is heard.

A leg of an agent belongs to no item and stays up between calls. It counts once the media hears it;
a newer one takes the place of the older only then, so that a reload in a talk is never silent for
longer than it must be.

Refuses: to know a telephone's registration or a browser's page.
"""

from collections.abc import Callable, Iterable

from callfloor.core import events
from callfloor.floor import ids
from callfloor.floor.media_client import Media


class Devices:
    """Who is on which leg inside."""

    def __init__(
        self, *, media: Media, names: ids.Ids, happen: Callable[[events.Event], None]
    ) -> None:
        self._media = media
        self._ids = names
        self._happen = happen
        self._agents: dict[str, str] = {}
        self._current: dict[str, str] = {}
        self._coming: dict[str, str] = {}
        self._silent: set[str] = set()
        self._telephones: set[str] = set()

    def agent_of(self, leg: str) -> str | None:
        """Name the agent of a leg."""
        return self._agents.get(leg)

    def connect(
        self, agent: str, *, kind: str, sdp: str, then: Callable[[str, str | None], None]
    ) -> None:
        """Make a leg for an agent's audio; it counts once the media hears it."""
        leg = ids.agent_leg(agent, self._ids.token())
        self._drop(self._coming.pop(agent, None))
        self._coming[agent] = leg
        self._agents[leg] = agent
        self._media.offer(
            call=ids.agent_call(agent),
            leg=leg,
            kind=kind,
            sdp=sdp,
            then=lambda ours: then(leg, ours),
        )

    def current(self, agent: str) -> str | None:
        """Give the leg that counts, heard or not."""
        return self._current.get(agent)

    def is_heard(self, agent: str) -> bool:
        """Say whether an agent has audio."""
        leg = self._current.get(agent)
        return leg is not None and leg not in self._silent

    def take(self, agent: str, leg: str) -> None:
        """Let a telephone's leg count, which the media knows only while it rings or talks."""
        self._telephones.add(leg)
        self._agents[leg] = agent
        self._count(agent, leg)

    def lose(self, agent: str, leg: str) -> None:
        """Count a telephone's leg no more."""
        if self._current.get(agent) == leg:
            del self._current[agent]
            self._drop(leg)
            self._happen(events.DeviceLost(agent=agent, leg=leg))

    def heard(self, leg: str) -> None:
        """Let a leg count: sound arrives, for the first time or again."""
        agent = self._agents.get(leg)
        if agent is not None and leg not in self._telephones:
            self._count(agent, leg)

    def _count(self, agent: str, leg: str) -> None:
        if self._coming.get(agent) == leg:
            del self._coming[agent]
        old = self._current.get(agent)
        self._current[agent] = leg
        self._silent.discard(leg)
        self._happen(events.DeviceUp(agent=agent, leg=leg))
        if old != leg:
            self._drop(old)

    def silent(self, leg: str) -> None:
        """Act on a leg that the media hears nothing of."""
        agent = self._agents.get(leg)
        if agent is None or leg in self._telephones:
            return  # A telephone is asked first (`phones`).
        if self._current.get(agent) == leg:
            self._silent.add(leg)
            self._happen(events.DeviceLost(agent=agent, leg=leg))

    def lost_media(self, legs: Iterable[str]) -> list[str]:
        """Forget the legs that were gone with the worker; give those that were ours."""
        ours = [leg for leg in legs if leg in self._agents]
        for leg in ours:
            agent = self._agents.pop(leg)
            if self._current.get(agent) == leg:
                del self._current[agent]
        return ours

    def clear_seat(self, agent: str) -> None:
        """
        Give back what an agent who leaves does not use.

        A leg that is heard stays for the next sign-in; a silent one would stay for ever.
        """
        self._drop(self._coming.pop(agent, None))
        if self._current.get(agent) in self._silent:
            self._drop(self._current.pop(agent))

    def drop_all(self) -> None:
        """End every leg: the floor is about to stop."""
        for leg in list(self._agents):
            self._drop(leg)

    def _drop(self, leg: str | None) -> None:
        if leg is not None and leg in self._agents:
            agent = self._agents.pop(leg)
            self._silent.discard(leg)
            self._telephones.discard(leg)
            self._media.delete(call=ids.agent_call(agent), leg=leg)
