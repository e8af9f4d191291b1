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
KEYS = frozenset("0123456789*#")  # RFC 4733 knows A to D too; no keypad of a caller has them.


@dataclass(slots=True)
class _Listening:
    collect: actions.Collect
    typed: list[str] = field(default_factory=list)


class Keypad:
    """What is being collected on each leg."""

    def __init__(self, *, seal: Callable[[str, str], str | None]) -> None:
        self._seal = seal
        self._legs: dict[str, _Listening] = {}

    def collect(self, action: actions.Collect) -> None:
        """Listen for this step from here on; what was typed for another is dropped."""
        self._legs[action.leg] = _Listening(action)

    def stop(self, action: actions.StopCollect) -> events.DigitsEntered | None:
        """Stop listening; give the digits typed so far if the action asks for them."""
        listening = self._legs.pop(action.leg, None)
        if listening is None or not action.flush or not listening.collect.digits_max:
            return None
        return self._entered(listening)

    def press(self, leg: str, key: str) -> events.ChoiceMade | events.DigitsEntered | None:
        """Take one key; give what it means, None if it is not wanted or not the last."""
        listening = self._legs.get(leg)
        if listening is None or key not in KEYS:
            return None
        if listening.collect.digits_max:
            return self._type(leg, listening, key)
        collect = listening.collect
        names = {choice.digit: choice.name for choice in collect.choices}
        choice = names.get(key)
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
