"""
What simulated agents do beside taking calls: asking somebody, conferring, calling out, hearing in.

Each draws from a source of its own, so that a day without any of it has the draws that it had
before. Refuses to decide anything that the exchange decides.
"""

import random
from collections.abc import Callable

from callfloor.core import actions, events, exchange, facts, presence, state
from callfloor.twin import people

DIAL_SECONDS = 8.0  # Mean time until a number that is dialed answers.
REACHED_SHARE = 0.7
OUT_SECONDS = 90.0  # Mean length of a call out.
BUSY_SHARE = 0.1
TRUNK_SHARE = 0.05
RINGS_AFTER_SECONDS = 1.0
LAG_SECONDS = 5.0  # Mean time until an agent does what he has in mind.


class Beside:
    """The wishes of agents that no queue knows."""

    def __init__(
        self,
        *,
        machine: exchange.Exchange,
        demand: people.Demand,
        draw: random.Random,
        after: Callable[..., None],
        happen: Callable[[events.Event], None],
    ) -> None:
        self._machine = machine
        self._demand = demand
        self._draw = draw
        self._after = after
        self._happen = happen
        self._made = 0

    def plan(self, shift: people.Shift, begins: float) -> None:
        """Put an agent's own calls and his hearing into the future; `begins` is from now."""
        for rate, do in (
            (self._demand.calls_out_per_hour, self._call),
            (self._demand.watch_per_hour, self._watch),
        ):
            at = shift.begins
            while rate > 0:
                at += self._draw.expovariate(rate / people.HOUR)
                if at >= shift.ends:
                    break
                self._after(begins + at, do, shift.agent)

    # --- calls out --------------------------------------------------------------------------------

    def _call(self, agent: str) -> None:
        self._made += 1
        item = f"out-{self._made:06d}"
        house = self._machine.house
        client = house.lookup.plan.clients[0].key
        colleague = self._draw.choice(sorted(house.agents)) if self._draw.random() < 0.3 else None
        self._happen(
            events.CallAsked(
                agent=agent,
                item=item,
                leg="" if colleague else f"{item}-c",
                client=client,
                to_agent=colleague,
                zone=None if colleague else self._demand.out_zone,
            )
        )

    def dial(self, action: actions.Dial) -> None:
        """Let the far side ring, and answer or not."""
        item, leg = action.item, action.leg
        early = self._draw.random() < 0.5
        self._after(RINGS_AFTER_SECONDS, self._happen, events.DialRang(
            item=item, leg=leg, early=early))  # fmt: skip
        luck, wait = self._draw.random(), self._draw.expovariate(1 / DIAL_SECONDS)
        if luck < REACHED_SHARE:
            self._after(wait, self._happen, events.DialAnswered(item=item, leg=leg))
        elif luck < REACHED_SHARE + BUSY_SHARE + TRUNK_SHARE:
            is_busy = luck < REACHED_SHARE + BUSY_SHARE
            reason = "busy" if is_busy else "trunk_down"
            self._after(wait, self._happen, events.DialFailed(item=item, leg=leg, reason=reason))

    def bridged(self, fact: facts.Bridged) -> None:
        """End a call that began here after a while; let the agent of another ask somebody."""
        if fact.again:
            return
        item = self._machine.house.items.get(fact.item)
        if item is None:
            return
        if item.direction == "internal":
            length = self._draw.expovariate(1 / OUT_SECONDS)
            ends = events.HangUpAsked(agent=fact.agent, item=fact.item)
            self._after(length, self._happen, ends)
        elif item.direction == "out":
            length = self._draw.expovariate(1 / OUT_SECONDS)
            self._after(length, self._happen, events.CustomerLeft(item=fact.item))
        if self._demand.consult_share > 0 and self._draw.random() < self._demand.consult_share:
            self._after(self._lag() * 4, self._ask, fact.agent, fact.item)

    def _lag(self) -> float:
        return self._draw.expovariate(1 / LAG_SECONDS)

    # --- questions --------------------------------------------------------------------------------

    def _ask(self, agent: str, key: str) -> None:
        house = self._machine.house
        item = house.items.get(key)
        if item is None:
            return
        luck = self._draw.random()
        colleague = self._draw.choice(sorted(house.agents))
        if luck < 0.5:
            asked = events.ConsultAsked(agent=agent, item=key, to_agent=colleague)
        elif luck < 0.75 and item.last_queue is not None:
            asked = events.ConsultAsked(agent=agent, item=key, queue=item.last_queue)
        else:
            self._made += 1
            leg = f"{key}-g{self._made}"
            asked = events.ConsultAsked(agent=agent, item=key, leg=leg, zone=self._demand.out_zone)
        self._happen(asked)

    def consult_answered(self, fact: facts.ConsultAnswered) -> None:
        """Let a question lead to something after a while."""
        kind = self._draw.choice(
            (events.ConsultEnded, events.TransferCompleted, events.ConferenceAsked)
        )
        length = self._draw.expovariate(1 / self._demand.consult_seconds)
        self._after(length, self._happen, kind(agent=fact.agent, item=fact.item))

    def consult_over(self, fact: facts.ConsultOver) -> None:
        """Come back to the customer, or leave the conference in time."""
        agent, item = fact.agent, fact.item
        if fact.outcome == "conference":
            self._after(
                self._lag() * 4, self._happen, events.ConferenceLeft(agent=agent, item=item)
            )
            return
        self._after(self._lag(), self._happen, events.ResumeAsked(agent=agent, item=item))
        outside = [guest.leg for guest in self._guests(item)]
        for leg in outside:
            self._after(OUT_SECONDS, self._happen, events.PartyLeft(item=item, leg=leg))

    def _guests(self, key: str) -> tuple[state.Guest, ...]:
        item = self._machine.house.items.get(key)
        return item.guests if item is not None else ()

    # --- leaders ----------------------------------------------------------------------------------

    def _watch(self, leader: str) -> None:
        talks = [
            (agent.key, agent.works[-1].item.id)
            for agent in self._machine.house.agents.values()
            if agent.state == presence.TALKING and agent.works
        ]
        if not talks:
            return
        of, item = self._draw.choice(talks)
        mode = self._draw.choice(("listen", "whisper", "join"))
        self._happen(events.SuperviseAsked(agent=leader, item=item, of=of, mode=mode))

    def supervised(self, fact: facts.Supervised) -> None:
        """Stop hearing after a while, or take the call over."""
        kind = events.TakeOverAsked if self._draw.random() < 0.2 else events.SuperviseEnded
        self._after(self._lag() * 6, self._happen, kind(agent=fact.agent, item=fact.item))
