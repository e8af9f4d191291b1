"""
Callbacks that wait: for an agent, for their next try, for opening time, or beside their customer.

A callback keeps the place in line that its customer had. Nobody is called outside the hours of the
queue, more often than its rule says, or while he is on the line himself: then the two are one, his
call stands where the callback stood, and the callback stands aside until he is answered (it is
withdrawn) or gone (it stands again).

Refuses: to try again who declined, whose number is wrong, or whom no line of ours could reach; to
call one customer twice for one queue.
"""

from callfloor.core import calendars, closing, events, explain, facts, opening, plan, state, waiting

AGAIN = frozenset({"busy", "no_answer"})
"""Reasons for which somebody may be reached a while later."""
HELD_SECONDS = 3600.0  # How often a callback looks whether its customer still calls.
LOOK_AGAIN_SECONDS = 1.0  # How often a wait is looked at that is over while it still rings.


class Callbacks:
    """Everybody who is to be called back."""

    __slots__ = ("_closing", "_house", "_waiting")

    def __init__(
        self, house: state.State, waiting_: waiting.Waiting, closing_: closing.Closing
    ) -> None:
        self._house = house
        self._waiting = waiting_
        self._closing = closing_

    # --- where it waits ---------------------------------------------------------------------------

    def begin(self, item: state.Item, queue: str) -> None:
        """Let somebody wait who is to be called back."""
        self._house.promise(item)
        self._stand(item, queue)

    def restore(self, item: state.Item, *, queue: str, rest_until: float | None) -> bool:
        """Go on with one of the epoch before; say whether it rests, and is not in its queue."""
        self._house.promise(item)
        if rest_until is None:
            return False
        self._rest(item, queue, rest_until)
        return True

    def mind_hours(self, item: state.Item) -> None:
        """See to it that nobody who waits in a queue is called when it has closed."""
        entry = item.entry
        if entry is None:
            return
        calendar = opening.hours_of(self._house, entry.queue.plan)
        if calendar is not None and not calendar.is_always_open:
            self._arm_closing(entry, calendar)

    def keep_to_plan(self) -> None:
        """Look anew at every callback that waits for opening time or in a queue: hours differ."""
        for item in list(self._house.items.values()):
            rest = item.rest
            if rest is not None and rest.by is None and rest.reason == "closed":
                rest.gen += 1
                self._rest(item, rest.queue, self._house.now)
            elif item.direction == "callback" and not item.customer_here:
                self.mind_hours(item)

    def _stand(self, item: state.Item, queue: str) -> None:
        """Let it wait in its queue, unless its customer calls or the queue is closed."""
        call = self._call_of(item)
        if call is not None:
            self._hold(item, queue, by=call, until=self._house.now)
            return
        opens = self._opens_at(queue)
        if opens is not None:
            self._postpone(item, queue, reason="closed", until=opens)
            return
        self._waiting.enter(item, queue, born_at=item.arrived_at, preferred=item.preferred)
        self.mind_hours(item)

    def _opens_at(self, queue: str) -> float | None:
        """Give the instant of the floor's clock when a queue opens; None while it is open."""
        house = self._house
        opens = opening.opens_at(house, house.matcher.queues[queue].plan)
        return None if opens is None else opens - house.clock_offset

    def _arm_closing(self, entry: state.Entry, calendar: calendars.Calendar) -> None:
        house = self._house
        wall = house.now + house.clock_offset
        closes = calendar.next_change(wall) if calendar.is_open(wall) else wall
        if closes is not None:
            house.timers.arm(closes - house.clock_offset, self._closing_time, entry)

    def _closing_time(self, entry: state.Entry) -> None:
        """The queue has closed: nobody is called any more today."""
        house, item = self._house, entry.item
        if item.customer_here:  # He was reached, and waits for another agent.
            return
        opens = self._opens_at(entry.queue.key)
        if opens is None:  # A new plan has other hours.
            self.mind_hours(item)
        elif entry.offer is not None:  # Somebody may take it this very second.
            house.timers.arm(house.now + LOOK_AGAIN_SECONDS, self._closing_time, entry)
        else:
            self._waiting.leave(entry, "diverted")
            self._postpone(item, entry.queue.key, reason="closed", until=opens)

    # --- the next try -----------------------------------------------------------------------------

    def not_reached(self, item: state.Item, queue: plan.QueuePlan, reason: str) -> None:
        """Let a callback rest that was not reached, unless that was its last try."""
        item.calls += 1
        if item.direction != "callback":
            return
        if reason not in AGAIN or item.calls >= queue.callback_tries:
            self._house.tell(
                facts.CallbackGivenUp(
                    item=item.id,
                    client=item.client,
                    queue=queue.key,
                    reason=reason or "not_allowed",
                    calls=item.calls,
                )
            )
            return
        until = self._house.now + queue.callback_pause_seconds
        self._postpone(item, queue.key, reason=reason, until=until)
        call = self._call_of(item)
        if call is not None:  # That is why his line was busy.
            self._hold(item, queue.key, by=call, until=until)

    def _postpone(self, item: state.Item, queue: str, *, reason: str, until: float) -> None:
        self._rest(item, queue, until, reason=reason)
        self._house.tell(
            facts.CallbackPostponed(
                item=item.id,
                client=item.client,
                queue=queue,
                reason=reason,
                calls=item.calls,
                until=until,
            )
        )

    def _rest(self, item: state.Item, queue: str, until: float, *, reason: str = "closed") -> None:
        """Let a callback rest until an instant, which may have passed."""
        house = self._house
        _wake(item)
        rest = item.rest = state.Rest(item=item, queue=queue, until=until, reason=reason)
        house.timers.arm(max(until, house.now), self._over, rest)

    def _over(self, rest: state.Rest) -> None:
        rest.item.rest = None
        self._stand(rest.item, rest.queue)

    # --- beside its customer ----------------------------------------------------------------------

    def customer_calls(self, call: state.Item) -> None:
        """Let every callback of who calls stand aside: he is on the line himself."""
        for item in self._house.promised.get(_key(call), ()):
            if not is_waiting(item):
                continue
            queue, until = self._take_out(item)
            self._hold(item, queue, by=call, until=until)

    def place_of(self, call: state.Item, queue: str) -> float:
        """Give the instant that a call's place in a queue counts from: its callback's, if any."""
        own = [each for each in call.stands_for if each.rest and each.rest.queue == queue]
        if not own:
            return call.arrived_at
        first = min(own, key=lambda each: each.arrived_at)
        since = min(first.arrived_at, call.arrived_at)
        self._house.tell(explain.place_taken(call, queue, of=first.id, since=since))
        return since

    def answered(self, call: state.Item, queue: str) -> None:
        """Withdraw what a customer was to be called for who has got his answer now."""
        for item in [each for each in call.stands_for if each.rest and each.rest.queue == queue]:
            _wake(item)
            call.stands_for = tuple(each for each in call.stands_for if each is not item)
            item.outcome = "diverted"
            self._house.tell(
                facts.CallbackWithdrawn(
                    item=item.id,
                    client=item.client,
                    queue=queue,
                    reason="customer_called",
                    by=call.id,
                )
            )
            self._closing.close_if_done(item)

    def customer_gone(self, call: state.Item) -> None:
        """Let stand again what stood aside for a call that is over."""
        held, call.stands_for = call.stands_for, ()
        for item in held:
            rest = item.rest
            if rest is None or rest.by is not call:  # It was torn out meanwhile.
                continue
            other = self._call_of(item)
            if other is not None:
                _wake(item)
                self._hold(item, rest.queue, by=other, until=rest.until)
                continue
            self._rest(item, rest.queue, rest.until, reason=rest.reason)
            self._house.tell(
                facts.CallbackReturned(
                    item=item.id,
                    client=item.client,
                    queue=rest.queue,
                    by=call.id,
                    until=max(rest.until, self._house.now),
                )
            )

    def _take_out(self, item: state.Item) -> tuple[str, float]:
        """Take a callback from where it waits; give its queue, and when it would be tried."""
        entry, rest = item.entry, item.rest
        if rest is not None:
            return rest.queue, rest.until
        assert entry is not None, "it waits in a queue or for its time"
        self._house.tell(
            explain.nobody(self._house.matcher, entry, "customer_calls", self._house.now)
        )
        self._waiting.leave(entry, "diverted")
        return entry.queue.key, self._house.now

    def _hold(self, item: state.Item, queue: str, *, by: state.Item, until: float) -> None:
        reason = item.rest.reason if item.rest is not None else "held"
        _wake(item)
        rest = item.rest = state.Rest(item=item, queue=queue, until=until, by=by, reason=reason)
        self._house.timers.arm(self._house.now + HELD_SECONDS, self._held_long, rest)
        by.stands_for = (*by.stands_for, item)
        self._house.tell(
            facts.CallbackHeld(item=item.id, client=item.client, queue=queue, by=by.id, until=until)
        )

    def _held_long(self, rest: state.Rest) -> None:
        """Let nobody be forgotten beside a call whose end was never told."""
        call = rest.by
        assert call is not None, "a lease ends with what it is for"
        if call.customer_here and call.id in self._house.items:
            self._house.timers.arm(self._house.now + HELD_SECONDS, self._held_long, rest)
        else:
            self.customer_gone(call)

    def _call_of(self, item: state.Item) -> state.Item | None:
        """Give the call by which the customer of a callback is on the line himself."""
        if item.caller is None:
            return None
        for each in self._house.calls_of.get((item.client, item.caller), ()):
            if is_call_of(each, item):
                return each
        return None


def is_call_of(call: state.Item, item: state.Item) -> bool:
    """Say whether a call is one that the customer of a callback has made and is still in."""
    return (
        call.caller is not None
        and call.direction == "in"
        and call.customer_here
        and _key(call) == _key(item)
    )


def same(house: state.State, event: events.CallbackArrived) -> state.Item | None:
    """Give the callback that waits for the same customer in the same queue already."""
    for item in house.promised.get((event.client, event.caller), ()):
        if _is_open(item) and _queue_of(item) == event.queue:
            return item
    return None


def is_waiting(item: state.Item) -> bool:
    """Say whether its customer may be called before long, and is not on the line himself."""
    return _is_open(item) and (item.rest is None or item.rest.by is None)


def _is_open(item: state.Item) -> bool:
    """Say whether nobody has reached its customer, nor is about to."""
    dialed = item.customer_here or any(work.phase in state.LIVE for work in item.works)
    return not dialed and (item.entry is not None or item.rest is not None)


def _queue_of(item: state.Item) -> str | None:
    if item.rest is not None:
        return item.rest.queue
    return item.entry.queue.key if item.entry is not None else None


def _key(item: state.Item) -> tuple[str, str | None]:
    return item.client, item.caller


def _wake(item: state.Item) -> None:
    if item.rest is not None:
        item.rest.gen += 1
        item.rest = None
