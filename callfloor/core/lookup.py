"""
The floor plan as the exchange looks things up in it: by key, with every reference proved.

Refuses a plan that names what it does not contain, so that no call finds it out.
"""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from callfloor.core import calendars, errors, plan


@dataclass(slots=True, frozen=True)
class Flow:
    """One version of a flow; a call holds on to the one that it began with."""

    key: str
    version: int
    first: str
    steps: dict[str, plan.Step]


class Lookup:
    """Everything of a plan by its key."""

    __slots__ = (
        "agents",
        "calendars",
        "clients",
        "emergencies",
        "flows",
        "numbers",
        "plan",
        "queues",
        "trunks",
        "zone",
        "zones",
    )

    def __init__(self, floor_plan: plan.FloorPlan) -> None:
        self.plan = floor_plan
        self.agents = {agent.key: agent for agent in floor_plan.agents}
        self.queues = {queue.key: queue for queue in floor_plan.queues}
        self.numbers = {number.number: number for number in floor_plan.numbers}
        self.trunks = {trunk.key: trunk for trunk in floor_plan.trunks}
        self.clients = {client.key: client for client in floor_plan.clients}
        self.zones = {zone.key: zone for zone in floor_plan.zones}
        self.emergencies = {each.key: each for each in floor_plan.emergencies}
        self.zone = ZoneInfo(floor_plan.timezone)
        self.calendars = {each.key: calendars.Calendar(each) for each in floor_plan.calendars}
        self.flows = {each.key: _flow(each) for each in floor_plan.flows}
        self._prove()

    def _prove(self) -> None:
        clients = self.clients
        for number in self.plan.numbers:
            _need(number.flow in self.flows, f"number {number.number}: no flow {number.flow}")
            _need(number.client in clients, f"number {number.number}: no client {number.client}")
        for emergency in self.plan.emergencies:
            for client in emergency.clients:
                _need(client in clients, f"emergency {emergency.key}: no client {client}")
        for queue in self.plan.queues:
            _need(queue.client in clients, f"queue {queue.key}: no client {queue.client}")
            _need(bool(queue.tiers), f"queue {queue.key}: no tier")
            hours = queue.hours
            _need(hours is None or hours in self.calendars, f"queue {queue.key}: no {hours}")
        for flow in self.flows.values():
            for step in flow.steps.values():
                self._prove_step(flow, step)

    def _prove_step(self, flow: Flow, step: plan.Step) -> None:
        where = f"flow {flow.key}, step {step.key}"
        for target in targets(step):
            _need(target in flow.steps, f"{where}: no step {target}")
        queue = getattr(step, "queue", None)
        _need(queue is None or queue in self.queues, f"{where}: no queue {queue}")
        calendar = getattr(step, "calendar", None)
        _need(calendar is None or calendar in self.calendars, f"{where}: no calendar {calendar}")


def targets(step: plan.Step) -> tuple[str, ...]:
    """Name the steps that may follow a step."""
    match step:
        case plan.Say(next=after) | plan.Notice(next=after) | plan.Ask(next=after):
            return (after,)
        case plan.Speak(next=after):
            return (after,)
        case plan.ByLanguage(ways=ways, otherwise=otherwise):
            return (*(to for _, to in ways), otherwise)
        case plan.Hours(open=is_open, closed=is_closed):
            return (is_open, is_closed)
        case plan.Menu(choices=choices, otherwise=otherwise):
            return (*(choice.next for choice in choices), otherwise)
        case plan.Enqueue(leave=leave):
            return tuple(choice.next for choice in leave)
        case _:
            return ()


def _flow(each: plan.FlowPlan) -> Flow:
    steps = {step.key: step for step in each.steps}
    _need(each.first in steps, f"flow {each.key}: no step {each.first}")
    return Flow(key=each.key, version=each.version, first=each.first, steps=steps)


def _need(holds: bool, complaint: str) -> None:
    if not holds:
        raise errors.PlanError(complaint)
