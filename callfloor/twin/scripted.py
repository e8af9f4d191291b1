"""
A caller who does what a script says, and nobody else in the house: the twin's driver with one call.

Nobody is seated, so that who comes to a queue is seen waiting there. Time moves from one instant at
which something happens to the next, and stands still while the script is read. Refuses to judge.
"""

from collections.abc import Callable
from typing import Any

from callfloor.core import actions, events, facts, plan, state
from callfloor.twin import people, run

ITEM = "tried"
LEADER = "leader"
PROMPT_SECONDS = 4.0  # Of a prompt whose length nobody gives.
INSTANTS_MAX = 5_000  # More in one call is a caller who goes round; an hour of music has some 200.


class Scripted(run.World):
    """The house, with one call in it."""

    def __init__(
        self,
        *,
        plan: plan.FloorPlan,
        at: float,
        known: bool,
        speaks: str | None,
        prompts: dict[str, float],
    ) -> None:
        demand = people.Demand(
            numbers=(),
            shifts=(),
            prompts=tuple(sorted(prompts.items())),
            prompt_seconds=PROMPT_SECONDS,
        )
        super().__init__(plan=plan, demand=demand, seed=0, start_at=at)
        self.heard: list[str] = []
        """What was begun to be said to the caller, in order."""
        self.asks: actions.Collect | None = None
        """What is listened for."""
        self._known = known
        self._speaks = speaks
        self._typed = 0
        self._instants = 0
        self.open(epoch=1, seconds=0.0)

    def switch_on(self, emergency: str) -> None:
        """Let a leader say that something has happened."""
        self._happen(events.EmergencySet(key=emergency, on=True, by=LEADER))

    # --- what the caller does ---------------------------------------------------------------------

    def call(self, number: str) -> None:
        """Call a number."""
        channel = plan.channel_of(number)
        is_call = channel == plan.CALL
        arrived = events.ItemArrived(
            item=ITEM,
            channel=channel,
            called=number,
            leg=f"{ITEM}-c" if is_call else "",
            caller="somebody" if is_call else None,
        )
        self._happen(arrived)

    def press(self, name: str | None) -> None:
        """Press a key that means this choice, or None for one that means nothing."""
        assert self.asks is not None, "keys are pressed when they are listened for"
        self._happen(events.ChoiceMade(item=ITEM, step=self.asks.step, choice=name))

    def type(self, digits: str) -> None:
        """Type digits; `#` ends them, else enough of them or the end of the time to think."""
        asks = self.asks
        assert asks is not None, "digits are typed when they are asked for"
        plain, end, _ = digits.partition("#")
        self._typed = min(len(plain), asks.digits_max)
        if end or self._typed == asks.digits_max:
            self._report(asks.step)

    def speak(self, seconds: float) -> None:
        """Leave a message of so many seconds."""
        self.pass_time(seconds)
        self._happen(events.MessageEnded(item=ITEM, seconds=seconds))

    def hang_up(self) -> None:
        """End the call."""
        self._happen(events.CustomerLeft(item=ITEM))

    # --- time -------------------------------------------------------------------------------------

    def next_instant(self) -> float | None:
        """Give the instant at which something happens next; None if nothing ever will."""
        due = [each for each in (self.exchange.timer(), self._soonest()) if each is not None]
        return min(due, default=None)

    def step(self) -> bool:
        """Go on to the next instant; False if nothing is to come."""
        due = self.next_instant()
        self._instants += 1
        if due is None or self._instants > INSTANTS_MAX:
            return False
        self.run(until=due)
        return True

    def pass_time(self, seconds: float) -> None:
        """Let so much time pass, and all that is due in it happen."""
        until = self.now + seconds
        self.run(until=until)
        self.now = until

    def listen(self, goal: Callable[[], bool]) -> bool:
        """Go on until something is so; False if the call needs the caller, waits or is over."""
        while not goal():
            if self.rests() or not self.step():
                return False
        return True

    def _soonest(self) -> float | None:
        return self._heap[0][0] if self._heap else None

    # --- how the call stands ----------------------------------------------------------------------

    @property
    def item(self) -> state.Item | None:
        """The call; None when it is over."""
        return self.exchange.house.items.get(ITEM)

    @property
    def told(self) -> list[Any]:
        """The facts so far."""
        return [body for _, _, kind, body in self.rows if kind == run.FACT]

    def is_quiet(self) -> bool:
        """Say whether nothing is being said; music is no speech."""
        item = self.item
        return item is None or item.playing is None or item.playing.ended is None

    def is_asked(self) -> bool:
        """Say whether a step waits for keys of the caller."""
        item = self.item
        return item is not None and isinstance(item.step, plan.Menu | plan.Ask)

    def has_typed(self) -> bool:
        """Say whether digits were typed that are reported when the time to think is up."""
        return self._typed > 0

    def is_recorded(self) -> bool:
        """Say whether the caller's message is taken at this moment."""
        return self.item is not None and self.item.message_since is not None

    def queue(self) -> str | None:
        """Name the queue in which the call waits."""
        item = self.item
        return item.entry.queue.key if item is not None and item.entry is not None else None

    def rests(self) -> bool:
        """Say whether nothing more happens unless the caller does something or waits."""
        if self.item is None or self.is_recorded():
            return True
        if self.has_typed() or not self.is_quiet():
            return False
        return self.is_asked() or self.queue() is not None

    def ended(self) -> facts.Closed | None:
        """Give how the call ended."""
        return next((fact for fact in self.told if isinstance(fact, facts.Closed)), None)

    # --- what the exchange wants, done at once ----------------------------------------------------

    def _ask_who(self, action: actions.AskWho) -> None:
        if self._known:
            known = events.CallerRecognised(item=ITEM, customer="known", language=self._speaks)
            self._after(run.WHO_SECONDS, self._happen, known)

    def _play(self, action: actions.Play) -> None:
        if not action.loop:
            self.heard += action.prompts
        super()._play(action)

    def _collect(self, action: actions.Collect) -> None:
        self.asks = action

    def _stop_collect(self, action: actions.StopCollect) -> None:
        asks, self.asks = self.asks, None
        if action.flush and asks is not None and self._typed:
            self._after(0.0, self._report, asks.step)

    def _report(self, step: str) -> None:
        count, self._typed = self._typed, 0
        self._happen(events.DigitsEntered(item=ITEM, step=step, count=count))

    def _record_message(self, action: actions.RecordMessage) -> None:
        """The script says how long the caller speaks."""

    def _queued(self, fact: facts.Queued) -> None:
        """The script says how long the caller waits."""

    def _closed(self, fact: facts.Closed) -> None:
        """Nobody calls again."""
