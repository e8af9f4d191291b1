"""
Simulated agents: each has a device with sound, answers, talks, wraps up, takes a break.

What is written they take here like a call; `desks` says what they do with it.

They do over the link what a person does on a page. Refuses: to sit in a newcomer's seat.
"""

import asyncio
import random
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from callfloor.app.demo import voice
from callfloor.core import codec, events, facts
from callfloor.kernel import link
from callfloor.kernel.errors import Refusal
from callfloor.wire.errors import PeerError

ANSWER_SECONDS = (1.0, 4.0)
MISSES = 0.02
BACK_AFTER_MISS_SECONDS = (5.0, 15.0)
HANGS_UP_FIRST = 0.3
TALK_SECONDS = (15.0, 60.0)
WRAP_SECONDS = 7.0
WRAP_SECONDS_MIN = 2.0
TAKES_BREAK = 0.06  # After a call.
BREAK_SECONDS = (30.0, 90.0)
AWAY_MAX = 1  # At once, so that somebody is always there.
DEVICE_AGAIN_SECONDS = 1.0


@dataclass(slots=True, kw_only=True)
class Agent:
    """One simulated agent."""

    key: str
    leg: voice.Leg | None = None
    state: str = "signed_out"
    timers: list[asyncio.TimerHandle] = field(default_factory=list)


class Agents:
    """All simulated agents of a centre."""

    def __init__(
        self,
        *,
        keys: list[str],
        dispositions: Mapping[str, list[str]],
        break_reasons: list[str],
        is_left: Callable[[str], bool],
        is_written: Callable[[str], bool],
        client: link.LinkClient,
        ticker: voice.Ticker,
        host: str,
        voices: Path,
        draw: random.Random,
    ) -> None:
        self.keys = frozenset(keys)
        self._agents = {key: Agent(key=key) for key in keys}
        self._dispositions = dispositions
        self._break_reasons = break_reasons
        self._is_left = is_left
        self._is_written = is_written
        self._client = client
        self._ticker = ticker
        self._host = host
        self._draw = draw
        self._said = [voice.load(path) for path in sorted(voices.glob("en/agent_*.wav"))]
        self._tasks: set[asyncio.Task[None]] = set()

    def seat(self, board: Mapping[str, Any]) -> None:
        """Bring everybody to the seat, after the floor's welcome with its board."""
        for agent in self._agents.values():
            known = board.get("agents", {}).get(agent.key, {})
            agent.state = known.get("state", "signed_out")
            self._stop_timers(agent)
            self._start(self._sit_down(agent, known))

    def take(self, fact: facts.Fact) -> None:
        """Hear what was decided about one of the agents."""
        agent = self._agents.get(getattr(fact, "agent", None) or "")
        if agent is None:
            return
        match fact:
            case facts.Ringing():
                self._rings(agent, fact)
            case facts.Bridged() if not self._is_written(fact.item):
                self._talks(agent, fact.item)
            case facts.TalkEnded() if not self._is_written(fact.item):
                self._quiet(agent)
            case facts.AgentChanged():
                self._changed(agent, fact)
            case facts.DeviceChanged(up=False):
                self._start(self._plug_in(agent))

    # --- the seat ---

    async def _sit_down(self, agent: Agent, known: Mapping[str, Any]) -> None:
        await self._plug_in(agent)
        if agent.state == "signed_out":
            await self.ask(events.AgentSignedIn(agent=agent.key, ready=True))
        elif agent.state == "wrap_up" and known.get("item"):
            await self._finish_found(agent, known)
        elif agent.state in ("away", "missed"):
            await self.ask(events.ReadyAsked(agent=agent.key))

    async def _finish_found(self, agent: Agent, known: Mapping[str, Any]) -> None:
        choices = next(iter(self._dispositions.values()))
        done = events.WorkFinished(agent=agent.key, item=known["item"], disposition=choices[0])
        await self.ask(done)

    async def _plug_in(self, agent: Agent) -> None:
        """Offer a device until the floor takes it."""
        self._unplug(agent)
        leg = agent.leg = voice.Leg(ssrc=self._draw.getrandbits(32))
        leg.talks = False
        offer = await leg.open(self._host)
        while agent.leg is leg:
            request = {"type": "device", "agent": agent.key, "kind": "rtp", "sdp": offer}
            try:
                leg.connect((await self._client.request(request))["sdp"])
            except (Refusal, PeerError):
                await asyncio.sleep(DEVICE_AGAIN_SECONDS)
                continue
            self._ticker.legs.add(leg)
            return

    def _unplug(self, agent: Agent) -> None:
        if agent.leg is not None:
            self._ticker.legs.discard(agent.leg)
            agent.leg.close()
            agent.leg = None

    # --- the work ---

    def _rings(self, agent: Agent, fact: facts.Ringing) -> None:
        if self._is_left(fact.item):
            self._ask_soon(events.OfferDeclined(agent=agent.key, offer=fact.offer))
        elif self._draw.random() >= MISSES:
            answer = events.OfferAnswered(agent=agent.key, offer=fact.offer)
            self._later(agent, self._draw.uniform(*ANSWER_SECONDS), self._ask_soon, answer)

    def _talks(self, agent: Agent, item: str) -> None:
        if agent.leg is not None:
            agent.leg.talks = True
            for place, frames in enumerate(self._said):
                pause = 0.4 if place == 0 else self._draw.uniform(4.0, 8.0)
                agent.leg.say(frames, after_seconds=pause)
        if self._draw.random() < HANGS_UP_FIRST:
            ended = events.HangUpAsked(agent=agent.key, item=item)
            self._later(agent, self._draw.uniform(*TALK_SECONDS), self._ask_soon, ended)

    def _quiet(self, agent: Agent) -> None:
        self._stop_timers(agent)
        if agent.leg is not None:
            agent.leg.hush()
            agent.leg.talks = False

    def _changed(self, agent: Agent, fact: facts.AgentChanged) -> None:
        agent.state = fact.state
        if fact.state == "wrap_up" and fact.item is not None:
            if self._is_written(fact.item):
                return  # `desks` finishes it.
            self._wraps_up(agent, fact)
        elif fact.state == "missed" or (fact.state == "away" and fact.by is not None):
            self._back_later(agent, BACK_AFTER_MISS_SECONDS)
        elif fact.state == "away":
            self._back_later(agent, BREAK_SECONDS)

    def _wraps_up(self, agent: Agent, fact: facts.AgentChanged) -> None:
        choices = self._dispositions.get(fact.client or "", [])
        if not choices or fact.item is None:
            return
        weights = [1 / (place + 1) for place in range(len(choices))]
        done = events.WorkFinished(
            agent=agent.key,
            item=fact.item,
            disposition=self._draw.choices(choices, weights)[0],
        )
        seconds = WRAP_SECONDS_MIN + self._draw.expovariate(1 / WRAP_SECONDS)
        self._later(agent, seconds, self._ask_soon, done)
        if self._draw.random() < TAKES_BREAK and self._break_reasons and self._may_go():
            away = events.AwayAsked(agent=agent.key, reason=self._break_reasons[0])
            self._later(agent, seconds / 2, self._ask_soon, away)

    def _may_go(self) -> bool:
        return sum(agent.state == "away" for agent in self._agents.values()) < AWAY_MAX

    def _back_later(self, agent: Agent, seconds: tuple[float, float]) -> None:
        ready = events.ReadyAsked(agent=agent.key)
        self._later(agent, self._draw.uniform(*seconds), self._ask_soon, ready)

    # --- asking ---

    def _ask_soon(self, event: events.Event) -> None:
        self._start(self.ask(event))

    async def ask(self, event: events.Event) -> None:
        """Ask the floor; a no means that the moment has passed, and nothing is lost."""
        person = getattr(event, "agent", None)
        message = {"type": "command", "by": person, "event": codec.to_plain(event)}
        try:
            await self._client.request(message)
        except Refusal:
            return

    def _later(self, agent: Agent, seconds: float, do: Callable[..., None], *what: object) -> None:
        loop = asyncio.get_running_loop()
        agent.timers.append(loop.call_later(seconds, do, *what))

    def _stop_timers(self, agent: Agent) -> None:
        for timer in agent.timers:
            timer.cancel()
        agent.timers.clear()

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
