"""A small centre for the core's tests, and hands to work it with."""

from collections.abc import Iterable
from typing import Any

from callfloor.core import actions, events, exchange, facts, plan

T0 = 1_795_300_000.0  # A Monday morning in November 2026, UTC seconds.


def queue(key: str = "billing", **changes: Any) -> plan.QueuePlan:
    """Make a queue without welcome and announcements, with one tier that asks for its skill."""
    values: dict[str, Any] = {
        "key": key,
        "client": "acme",
        "channel": "call",
        "tiers": (plan.TierPlan(after_seconds=0.0, requires=((key, 1),)),),
        "position_every_seconds": None,
    }
    return plan.QueuePlan(**(values | changes))


def agent(key: str, *skills: str, level: int = 1, **changes: Any) -> plan.AgentPlan:
    """Make an agent of acme with skills of one level."""
    values: dict[str, Any] = {
        "key": key,
        "clients": ("acme",),
        "skills": tuple((skill, level) for skill in sorted(skills)),
    }
    return plan.AgentPlan(**(values | changes))


def flow(*steps: plan.Step, key: str = "main", version: int = 1) -> plan.FlowPlan:
    """Make a flow of steps, the first first."""
    return plan.FlowPlan(key=key, version=version, first=steps[0].key, steps=steps)


def floor_plan(
    *,
    agents: Iterable[plan.AgentPlan] = (),
    queues: Iterable[plan.QueuePlan] = (),
    flows: Iterable[plan.FlowPlan] = (),
    **changes: Any,
) -> plan.FloorPlan:
    """Make a plan; without flows, number 900 leads straight into the first queue."""
    queues = tuple(queues) or (queue(),)
    flows = tuple(flows) or (flow(plan.Enqueue(key="wait", queue=queues[0].key)),)
    number = plan.NumberPlan(number="900", client="acme", flow=flows[0].key, language="en")
    values: dict[str, Any] = {
        "version": "1",
        "centre": "test",
        "timezone": "Europe/Budapest",
        "clients": (plan.ClientPlan(key="acme", languages=("en", "hu")),),
        "agents": tuple(agents),
        "queues": queues,
        "flows": flows,
        "numbers": (number,),
        "calendars": (),
        "away_reasons": (plan.AwayReason(key="lunch"), plan.AwayReason(key="forced")),
    }
    return plan.FloorPlan(**(values | changes))


def calling_plan(*agents: str, client: dict[str, Any] | None = None, **changes: Any) -> Any:
    """Make a floor whose agents may call out by two trunks, to a near and a far zone."""
    source = {"key": "acme", "languages": ("en", "hu"), "caller_id": "+3611234567"}
    source |= {"trunks": ("one", "two"), "zones": ("near", "far")}
    values: dict[str, Any] = {
        "agents": [agent(key, "billing", "sales") for key in agents],
        "queues": [queue(), queue("sales", ring_seconds=20.0)],
        "clients": (plan.ClientPlan(**(source | (client or {}))),),
        "trunks": (
            plan.TrunkPlan(key="one", uri="sip:one.example", calls_max=2),
            plan.TrunkPlan(key="two", uri="sip:two.example", calls_max=2),
        ),
        "zones": (
            plan.ZonePlan(key="near", prefixes=("+36",), cost_minute=2),
            plan.ZonePlan(key="far", prefixes=("+1",), cost_minute=50),
            plan.ZonePlan(key="dear", prefixes=("+882",), cost_minute=900),
        ),
    }
    return floor_plan(**(values | changes))


class Hands:
    """An exchange with a clock, and everything that came out of it so far."""

    def __init__(self, floor_plan: plan.FloorPlan) -> None:
        self.exchange = exchange.Exchange(floor_plan)
        self.now = T0
        self.facts: list[facts.Fact] = []
        self.actions: list[actions.Action] = []
        self.times: list[float] = []
        self.items = 0

    def do(self, event: events.Event, after: float = 0.0) -> list[Any]:
        """Let an event happen `after` seconds; give the facts and actions that followed."""
        self.now += after
        self.exchange.receive(event, self.now)
        timed = self.exchange.timed_facts()
        done = self.exchange.actions()
        self.facts += [fact for _, fact in timed]
        self.times += [at for at, _ in timed]
        self.actions += done
        return [fact for _, fact in timed] + list(done)

    def wait(self, seconds: float) -> list[Any]:
        """Let time pass."""
        return self.do(events.TimePassed(), after=seconds)

    def call(self, item: str | None = None, **fields: Any) -> str:
        """Let a call to 900 arrive, and give its item."""
        self.items += 1
        item = item or f"i{self.items}"
        values = {"channel": "call", "called": "900", "leg": f"leg-{item}"} | fields
        self.do(events.ItemArrived(item=item, **values))
        return item

    def seat(self, *agents: str) -> None:
        """Seat agents, ready and with a device."""
        for agent in agents:
            self.do(events.DeviceUp(agent=agent, leg=f"leg-{agent}"))
            self.do(events.AgentSignedIn(agent=agent, ready=True))

    def answer(self, agent: str, after: float = 0.0) -> list[Any]:
        """Let an agent take what rings for him."""
        offer = self.exchange.house.agents[agent].offer
        assert offer is not None, f"nothing rings for {agent}"
        return self.do(events.OfferAnswered(agent=agent, offer=offer.id), after)

    def dial(self, agent: str, item: str = "o1", **fields: Any) -> list[Any]:
        """Let an agent call a number near by, or whom the fields name."""
        values = {"leg": f"leg-{item}", "client": "acme", "zone": "near", "sealed": "number"}
        return self.do(events.CallAsked(agent=agent, item=item, **(values | fields)))

    def far_answers(self, item: str = "o1", after: float = 0.0) -> list[Any]:
        """Let the leg that was dialed last for an item answer."""
        leg = [dial.leg for dial in self.acted(actions.Dial) if dial.item == item][-1]
        return self.do(events.DialAnswered(item=item, leg=leg), after)

    def said(self, kind: type[Any]) -> list[Any]:
        """Give the facts of a kind so far."""
        return [fact for fact in self.facts if type(fact) is kind]

    def acted(self, kind: type[Any]) -> list[Any]:
        """Give the actions of a kind so far."""
        return [action for action in self.actions if type(action) is kind]

    def state(self, agent: str) -> str:
        """Name an agent's state."""
        return self.exchange.house.agents[agent].state

    def rings(self) -> dict[str, str]:
        """Give who rings for which item."""
        agents = self.exchange.house.agents.values()
        return {each.key: each.offer.item.id for each in agents if each.offer}
