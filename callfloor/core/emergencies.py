"""
Emergencies: what callers hear because something has happened, from the moment a leader says so.

What is on is heard before the next step of a flow, once by each caller, as a step of its own whose
key begins with `@`, a key that no flow can have. Each is a lease: nobody has to remember to switch
it off. Refuses: to reach whoever waits in line, talks, or leaves word; he is being served.
"""

from callfloor.core import events, facts, plan, state

HOUR_SECONDS = 3600.0
MARK = "@"


class Emergencies:
    """The switches of the plan's emergencies."""

    __slots__ = ("_house",)

    def __init__(self, house: state.State) -> None:
        self._house = house

    def set(self, event: events.EmergencySet) -> None:
        """Do what a leader asks for; `refusal` has found that it changes something."""
        if not event.on:
            self._off(self._house.emergencies[event.key], "asked", by=event.by)
            return
        now = self._house.now
        until = now + self._house.lookup.emergencies[event.key].hours_max * HOUR_SECONDS
        self._on(event.key, by=event.by, since=now, until=until, cause="asked")

    def restore(self, event: events.EmergencyRestored) -> None:
        """Go on with one of the epoch before, unless its time is over or it left the plan."""
        self._on(event.key, by=event.by, since=event.since, until=event.until, cause="restored")
        self.keep_to_plan()

    def keep_to_plan(self) -> None:
        """Switch off what a new plan does not have."""
        for emergency in list(self._house.emergencies.values()):
            if emergency.key not in self._house.lookup.emergencies:
                self._off(emergency, "plan")

    def _on(self, key: str, *, by: str, since: float, until: float, cause: str) -> None:
        emergency = state.Emergency(key=key, by=by, since=since, until=until)
        self._house.emergencies[key] = emergency
        self._house.timers.arm(max(until, self._house.now), self._over, emergency)
        self._house.tell(
            facts.EmergencyChanged(key=key, on=True, cause=cause, by=by, since=since, until=until)
        )

    def _over(self, emergency: state.Emergency) -> None:
        self._off(emergency, "lease")

    def _off(self, emergency: state.Emergency, cause: str, *, by: str | None = None) -> None:
        emergency.gen += 1
        del self._house.emergencies[emergency.key]
        self._house.tell(facts.EmergencyChanged(key=emergency.key, on=False, cause=cause, by=by))


def before(house: state.State, item: state.Item, following: str) -> plan.Step:
    """Give the step that a call enters: what it must hear of an emergency, else the step asked."""
    found = _unheard(house, item) if house.emergencies else None
    if found is None:
        return item.flow.steps[following]
    item.warned = (*item.warned, found.key)
    key = MARK + found.key
    if found.ends:
        return plan.End(key=key, outcome="closed_hours", prompt=found.prompt)
    return plan.Say(key=key, prompt=found.prompt, next=following)


def _unheard(house: state.State, item: state.Item) -> plan.EmergencyPlan | None:
    """Give what a caller has not heard yet; what ends his call goes before what is only said."""
    # The probe asks whether the lines work, and they do.
    if item.channel != "call" or item.direction != "in" or item.trunk == plan.PROBE_TRUNK:
        return None
    told = [
        each
        for key, each in house.lookup.emergencies.items()
        if key in house.emergencies and key not in item.warned
        if not each.clients or item.client in each.clients
    ]
    return min(told, key=lambda each: (not each.ends, each.key), default=None)
