"""Callbacks and callers of one queue are served in the order in which they came, to the item."""

import random

import pytest

from callfloor.core import events, facts, invariants, plan
from callfloor.core.tests import centre

pytestmark = pytest.mark.pure

CALLBACKS, CALLERS = 50, 20


class Line:
    """A queue that can be left for a callback, and a floor that lets those wait who asked."""

    def __init__(self, *agents: str) -> None:
        choice = plan.Choice(digit="1", name="callback", next="callback")
        steps = (
            plan.Enqueue(key="wait", queue="billing", leave=(choice,)),
            plan.AskCallback(key="callback", prompt="noted", queue="billing"),
        )
        self.hands = centre.Hands(
            centre.calling_plan(
                *agents,
                flows=[centre.flow(*steps)],
                trunks=(plan.TrunkPlan(key="one", uri="sip:one.example", calls_max=99),),
            )
        )
        self.told = 0
        self.served: list[str] = []

    def do(self, event: events.Event, after: float = 0.0) -> None:
        """Let something happen, and what the floor does about it."""
        self.hands.do(event, after)
        told, self.told = self.told, len(self.hands.facts)
        for fact in self.hands.facts[told:]:
            if isinstance(fact, facts.Closed) and fact.outcome == "callback_asked":
                self._call_back(fact)
            elif isinstance(fact, facts.Ringing):
                self.served.append(fact.item.removeprefix("cb-"))

    def _call_back(self, closed: facts.Closed) -> None:
        """Do as `floor.callees` does."""
        assert closed.queue is not None
        assert closed.arrived_at is not None
        item = f"cb-{closed.item}"
        self.do(
            events.CallbackArrived(
                item=item, leg=f"leg-{item}", client="acme", queue=closed.queue, of=closed.item,
                born_at=closed.arrived_at, language="en", zone="near", sealed="number",
            )
        )  # fmt: skip

    def arrive(self, item: str) -> None:
        """Let somebody call."""
        self.do(
            events.ItemArrived(item=item, channel="call", called="900", leg=f"leg-{item}"),
        )

    def ask(self, item: str) -> None:
        """Let a caller press the key, and hear that it is noted."""
        self.do(events.ChoiceMade(item=item, step="wait", choice="callback"))
        self.do(events.PromptEnded(item=item, play=f"{item}.2"))
        assert item not in self.hands.exchange.house.items

    def take(self) -> None:
        """Let everybody take what rings, and whoever is called back answer."""
        for key, agent in self.hands.exchange.house.agents.items():
            offer = agent.offer
            if offer is None:
                continue
            item = offer.item
            self.do(events.OfferAnswered(agent=key, offer=offer.id), after=1.0)
            if offer.kind == "callback":
                self.do(events.DialAnswered(item=item.id, leg=item.leg), after=2.0)

    def end(self, agent: str) -> None:
        """Let an agent's talk be over, and his note written."""
        for work in list(self.hands.exchange.house.agents[agent].works):
            self.do(events.CustomerLeft(item=work.item.id), after=5.0)
            self.do(events.WorkFinished(agent=agent, item=work.item.id, disposition="done"))


@pytest.mark.parametrize("seed", range(5))
def test_fifty_callbacks_and_twenty_callers_are_served_in_order_of_arrival(seed):
    """F09: a callback neither jumps the line nor loses its place, to the item."""
    draw = random.Random(seed)
    line = Line("anna", "bela")
    came = [f"i{n:02}" for n in range(CALLBACKS + CALLERS)]
    asking = set(draw.sample(came, CALLBACKS))
    patience = {item: draw.choice((0.0, 20.0, 90.0)) for item in asking}
    due: list[tuple[float, str]] = []
    for item in came:
        line.do(events.TimePassed(), after=draw.choice((0.0004, 1.0, 7.0)))
        line.arrive(item)
        if item in asking:
            due.append((line.hands.now + patience[item], item))
        for at, caller in sorted(due):
            if at <= line.hands.now:
                due.remove((at, caller))
                line.ask(caller)
    for _, caller in sorted(due):
        line.ask(caller)
    assert len(line.hands.exchange.house.items) == CALLBACKS + CALLERS
    for agent in ("anna", "bela"):
        line.do(events.DeviceUp(agent=agent, leg=f"leg-{agent}"))
        line.do(events.AgentSignedIn(agent=agent, ready=True))
    while line.hands.exchange.house.items:
        line.take()
        line.end(draw.choice(("anna", "bela")))
        invariants.check(line.hands.exchange)
    assert line.served == came
    outcomes = [fact.outcome for fact in line.hands.said(facts.Closed)]
    assert outcomes.count("callback_asked") == CALLBACKS
    assert outcomes.count("answered") == CALLBACKS + CALLERS
