"""
A change of plan under a running floor: nobody loses his place, nobody his work.

Waiting items are filed again with their original keys; a queue that is gone stays as long as an
open call is in it or may enter it; an agent who is gone stays until his work is done; calls in a
flow keep their version, and its calendars.
"""

from collections.abc import Iterator

from callfloor.core import facts, lookup, plan, presence, proofs, routing, seats, state, waiting


class Planning:
    """The passage from one plan to the next."""

    __slots__ = ("_house", "_seats", "_waiting")

    def __init__(self, house: state.State, waiting_: waiting.Waiting, seats_: seats.Seats) -> None:
        self._house = house
        self._waiting = waiting_
        self._seats = seats_

    def apply(self, floor_plan: plan.FloorPlan) -> None:
        """Let a new plan hold from now on."""
        house = self._house
        entries = self._waiting.in_line()
        kept = self._kept(floor_plan)
        calendars = house.lookup.calendars
        house.lookup = lookup.Lookup(floor_plan)
        # A call in an old flow asks by the calendars of that flow, unless there are newer ones.
        house.lookup.calendars = {**calendars, **house.lookup.calendars}
        house.matcher = routing.Matcher((*floor_plan.queues, *kept))
        house.tell(facts.PlanApplied(version=floor_plan.version))
        self._move_agents(floor_plan)
        for entry in entries:
            self._waiting.move(entry, house.matcher.queues[entry.queue.key])
        self._retire(floor_plan)
        self._waiting.seek_all(entries)

    def _kept(self, floor_plan: plan.FloorPlan) -> list[plan.QueuePlan]:
        """Give the queues that are gone from the plan and that an open call is in or may enter."""
        known = self._house.matcher.queues
        needed = {key for item in self._house.items.values() for key in _queues_of(item)}
        gone = needed.intersection(known).difference(queue.key for queue in floor_plan.queues)
        return [known[key].plan for key in sorted(gone)]

    def _move_agents(self, floor_plan: plan.FloorPlan) -> None:
        house = self._house
        for source in floor_plan.agents:
            agent = house.agents.get(source.key)
            if agent is None:
                house.agents[source.key] = state.Agent(key=source.key, plan=source)
            else:
                agent.plan = source
                agent.retired = False
        idle = []
        for agent in house.agents.values():
            if agent.pooled:
                idle.append(agent)
            agent.pooled = ()
            proofs.settle(agent, house.now + house.clock_offset)
            house.matcher.enlist(agent)
            if presence.is_seated(agent):
                house.matcher.seat(agent, seated=True)
        idle.sort(key=_stamp)
        house.matcher.start_stamps(max((agent.stamp for agent in house.agents.values()), default=0))
        for agent in idle:
            house.matcher.place(agent, keep=True, now=house.now)

    def _retire(self, floor_plan: plan.FloorPlan) -> None:
        """Let those whose seat is gone finish what they have in hand, and then go."""
        house = self._house
        keys = {source.key for source in floor_plan.agents}
        for agent in list(house.agents.values()):
            if agent.key in keys:
                continue
            agent.retired = True
            if presence.is_seated(agent) and not agent.works:
                self._seats.sign_out(agent)


def _stamp(agent: state.Agent) -> int:
    return agent.stamp


def _queues_of(item: state.Item) -> Iterator[str]:
    """Yield where a call waits, where it goes if its agent is lost, and where its flow leads."""
    if item.entry is not None:
        yield item.entry.queue.key
    if item.rest is not None:
        yield item.rest.queue
    for work in item.works:
        yield work.queue.key
    for step in item.flow.steps.values():
        queue = getattr(step, "queue", None)
        if queue is not None:
            yield queue
