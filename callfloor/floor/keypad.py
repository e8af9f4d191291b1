"""
From keys pressed to answers: what the last `Collect` of a leg makes of them.

A key becomes the name of a choice or part of a sealed string here, before the journal, so that no
digit is ever written in clear. Pure: keys in, events out.

Refuses: to wait. Time-outs belong to the exchange.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from callfloor.core import actions, events

END_KEY = "#"
AHEAD_MAX = 20  # Longer than any menu is deep, with a customer number typed at its end.
KEYS = frozenset("0123456789*#")  # RFC 4733 knows A to D too; no keypad of a caller has them.


Answer = events.ChoiceMade | events.DigitsEntered | None


@dataclass(slots=True)
class _Listening:
    collect: actions.Collect
    typed: list[str] = field(default_factory=list)
    ahead: list[str] = field(default_factory=list)
    """Keys for a step that is yet to come."""


class Keypad:
    """What is being collected on each leg."""

    def __init__(self, *, seal: Callable[[str, str], str | None]) -> None:
        self._seal = seal
        self._legs: dict[str, _Listening] = {}

    def collect(self, action: actions.Collect) -> Answer:
        """Listen for this step from here on; give what the keys typed ahead mean to it."""
        before = self._legs.get(action.leg)
        listening = self._legs[action.leg] = _Listening(action)
        if before is not None:
            listening.ahead = before.ahead
        if action.ahead:
            return None
        answer: Answer = None
        while answer is None and listening.ahead:
            answer = self.press(action.leg, listening.ahead.pop(0))
        return answer

    def stop(self, action: actions.StopCollect) -> events.DigitsEntered | None:
        """Stop listening; give the digits typed so far if the action asks for them."""
        listening = self._legs.pop(action.leg, None)
        if listening is None or not action.flush or not listening.collect.digits_max:
            return None
        return self._entered(listening)

    def press(self, leg: str, key: str) -> Answer:
        """Take one key; give what it means, None if it is not wanted or not the last."""
        listening = self._legs.get(leg)
        if listening is None or key not in KEYS:
            return None
        if listening.collect.digits_max:
            return self._type(leg, listening, key)
        collect = listening.collect
        names = {choice.digit: choice.name for choice in collect.choices}
        choice = names.get(key)
        if choice is None and collect.ahead:
            listening.ahead = [*listening.ahead, key][:AHEAD_MAX]
            return None
        sealed = self._seal(collect.item, key) if choice is not None else None
        return events.ChoiceMade(item=collect.item, step=collect.step, choice=choice, sealed=sealed)

    def forget(self, leg: str) -> None:
        """Drop a leg that is gone."""
        self._legs.pop(leg, None)

    def _type(self, leg: str, listening: _Listening, key: str) -> events.DigitsEntered | None:
        if key != END_KEY:
            listening.typed.append(key)
            if len(listening.typed) < listening.collect.digits_max:
                return None
        del self._legs[leg]
        return self._entered(listening)

    def _entered(self, listening: _Listening) -> events.DigitsEntered:
        collect, digits = listening.collect, "".join(listening.typed)
        return events.DigitsEntered(
            item=collect.item,
            step=collect.step,
            count=len(digits),
            sealed=self._seal(collect.item, digits) if digits else None,
        )
