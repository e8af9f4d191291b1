"""
How an item ends: the customer's leg, the one final state, and nothing left behind.

An item closes when its customer is gone and every agent who served it has finished.
"""

from collections.abc import Callable

from callfloor.core import actions, audio, facts, record, state

_closed = record.maker(facts.Closed)
_hang_up = record.maker(actions.HangUp)


class Closing:
    """The one door out."""

    __slots__ = ("_audio", "_house", "_messages", "gone")

    gone: Callable[[state.Item], None]
    """Set by the exchange: what stands aside for a call stands again when its customer is gone."""

    def __init__(self, house: state.State, audio_: audio.Audio) -> None:
        self._house = house
        self._audio = audio_
        self._messages: dict[str, float] = {}

    def message_seconds(self, item: state.Item, seconds: float | None) -> None:
        """Remember the length of a message for the item's last fact."""
        if seconds is not None:
            self._messages[item.id] = seconds

    def hang_up(self, item: state.Item, reason: str) -> None:
        """End the customer's leg from our side, and close the item if nothing else is open."""
        if item.customer_here:
            if item.channel == "call":
                self._house.act(_hang_up(item=item.id, leg=item.leg, reason=reason))
            self.customer_gone(item)
        self.close_if_done(item)

    def customer_gone(self, item: state.Item) -> None:
        """Take note that there is nobody at the customer's end any more."""
        item.customer_here = False
        item.collecting = False
        item.gen += 1
        self._audio.forget(item)
        if item.trunk is not None:
            self._house.calls_of_trunk[item.trunk] -= 1
        elif item.direction != "in":
            self.line_gone(item, item.leg)
        if item.stands_for:
            self.gone(item)

    def line_gone(self, item: state.Item, leg: str) -> None:
        """Count a line that we dialed no more, if it was one, and say what it cost."""
        house = self._house
        line = house.ledger.end(leg=leg, now=house.now)
        if line is None:
            return
        house.calls_of_trunk[line.trunk] -= 1
        if line.answered_at is not None:
            minutes = line.minutes(since=line.answered_at - 1.0, now=house.now)
            house.tell(
                facts.LineEnded(
                    item=item.id,
                    client=line.client,
                    leg=leg,
                    trunk=line.trunk,
                    answered_at=line.answered_at,
                    seconds=house.now - line.answered_at,
                    cost_minute=line.cost_minute,
                    cost=minutes * line.cost_minute,
                )
            )

    def stop_recording(self, item: state.Item) -> None:
        """Close the recording, if there is one."""
        if item.recording:
            item.recording = False
            if item.pause is not None:
                item.pause.gen += 1
                item.pause = None
            self._house.act(actions.StopRecording(item=item.id))
            self._house.tell(facts.RecordingStopped(item=item.id, client=item.client))

    def close_if_done(self, item: state.Item) -> None:
        """Give the item its final state if its customer is gone and nobody works on it."""
        if item.customer_here or item.works or item.entry is not None or item.rest is not None:
            return
        if item.id in self._house.items:  # The end of its last work may have closed it already.
            self._close(item)

    def _close(self, item: state.Item) -> None:
        house = self._house
        outcome = "answered" if item.answered else item.outcome
        assert outcome is not None, "an item that closes has a final state"
        is_there = house.leave(item)
        assert is_there, "an item closes once"
        item.gen += 1
        if item.direction == "callback":
            house.promise_over(item)
        house.tell(
            _closed(
                item=item.id,
                client=item.client,
                outcome=outcome,
                queue=item.last_queue,
                short=item.short,
                message_seconds=self._messages.pop(item.id, None),
                arrived_at=item.arrived_at if outcome == "callback_asked" else None,
            )
        )
