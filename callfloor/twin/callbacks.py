"""
Who is called back: simulated customers who asked for it, and pick up or let it ring.

As the floor does, a call that ends with the wish becomes an item of its own, which keeps its place
in line and is dialed when somebody takes it. Nobody here has a number, so he is called in the first
zone that his client may call; without one, or without a line out, nobody can call him, as on the
floor. Refuses to decide when, how often and by whom.
"""

from collections.abc import Callable

from callfloor.core import actions, events, facts, plan
from callfloor.twin import beside, lots, people


class Callbacks:
    """Everybody who is called back, with the luck of his telephone."""

    def __init__(
        self,
        *,
        plan: plan.FloorPlan,
        demand: people.Demand,
        seed: people.Seed,
        after: Callable[..., None],
        happen: Callable[[events.Event], None],
        beside: beside.Beside,
    ) -> None:
        self._clients = {client.key: client for client in plan.clients}
        self._reached_share = demand.reached_share
        self._seed = seed
        self._after = after
        self._happen = happen
        self._beside = beside
        self._phones: dict[str, lots.Lots] = {}

    def begin(
        self, asked: facts.Closed, caller: people.Caller, *, now: float
    ) -> events.CallbackArrived | None:
        """Make what lets somebody wait; None if he never was in a queue."""
        if asked.queue is None:
            return None
        client = self._clients[asked.client]
        item = f"{asked.item}-b"
        self._phones[item] = lots.Lots(f"{self._seed}/{caller.token}/{caller.tries}/phone")
        return events.CallbackArrived(
            item=item,
            leg=f"{item}-c",
            client=client.key,
            queue=asked.queue,
            of=asked.item,
            born_at=now if asked.arrived_at is None else asked.arrived_at,
            language=client.languages[0],
            zone=next(iter(client.zones), None),
            caller=caller.token,
        )

    def dial(self, action: actions.Dial) -> None:
        """Let who is called back pick up, or let it ring; others are none of those here."""
        phone = self._phones.get(action.item)
        if phone is None:
            self._beside.dial(action)
            return
        luck, wait = phone.draw(), phone.exponential(beside.DIAL_SECONDS)
        rang = events.DialRang(item=action.item, leg=action.leg)
        self._after(beside.RINGS_AFTER_SECONDS, self._happen, rang)
        if luck < self._reached_share:
            taken = events.DialAnswered(item=action.item, leg=action.leg)
            self._after(beside.RINGS_AFTER_SECONDS + wait, self._happen, taken)
