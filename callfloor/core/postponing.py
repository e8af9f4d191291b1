"""
Callbacks that reached nobody: they rest, and then wait again at the place that they had.

By rule: so often, and so long between two tries, as their queue says. Refuses: to try again who
declined, whose number is wrong, or whom no line of ours could reach.
"""

from callfloor.core import facts, plan, state, waiting

AGAIN = frozenset({"busy", "no_answer"})
"""Reasons for which somebody may be reached a while later."""


class Postponing:
    """Everybody who is to be called back once more."""

    __slots__ = ("_house", "_waiting")

    def __init__(self, house: state.State, waiting_: waiting.Waiting) -> None:
        self._house = house
        self._waiting = waiting_

    def postpone(self, item: state.Item, queue: plan.QueuePlan, reason: str) -> None:
        """Let a callback rest that was not reached, unless that was its last try."""
        item.calls += 1
        again = reason in AGAIN and item.calls < queue.callback_tries
        if item.direction != "callback" or not again:
            return
        until = self._house.now + queue.callback_pause_seconds
        self.rest(item, queue.key, until)
        self._house.tell(
            facts.CallbackPostponed(
                item=item.id,
                client=item.client,
                queue=queue.key,
                reason=reason,
                calls=item.calls,
                until=until,
            )
        )

    def rest(self, item: state.Item, queue: str, until: float) -> None:
        """Let a callback rest until an instant, which may have passed."""
        item.rest = state.Rest(item=item, queue=queue)
        self._house.timers.arm(max(until, self._house.now), self._over, item.rest)

    def _over(self, rest: state.Rest) -> None:
        rest.item.rest = None
        self._waiting.enter(rest.item, rest.queue, born_at=rest.item.arrived_at)
