"""
Dialing: a leg on one trunk after the other, until somebody answers or nobody can be reached.

Each try ends in exactly one DialEnded. A trunk that is down is no answer: the next one is tried
with the same leg. The lease is the exchange's own; a floor that never reports ends nothing.

Refuses: to decide who may be called (`dialing` does) and what follows (who dialed is told).
"""

from collections.abc import Callable

from callfloor.core import actions, audio, calls, closing, dialing, facts, state

RINGBACK = "ring_tone"  # The tone in an agent's ear while it rings at the far side.
TRUNK_DOWN = "trunk_down"


class Dials:
    """Every leg that is being dialed."""

    __slots__ = ("_audio", "_closing", "_house", "answered", "over")

    answered: Callable[[state.Dial], None]
    """Set by the exchange: told of a far side that has answered."""
    over: Callable[[state.Dial, str], None]
    """Set by the exchange: told why nobody was reached."""

    def __init__(self, house: state.State, audio_: audio.Audio, closing_: closing.Closing) -> None:
        self._house = house
        self._audio = audio_
        self._closing = closing_

    def begin(self, dial: state.Dial) -> bool:
        """Dial on the first trunk that will do; say whether there was one."""
        house, item = self._house, dial.item
        client = house.lookup.clients.get(item.client)
        if client is None:  # A new plan has no such client, and nobody to show a number of.
            return False
        trunk = dialing.next_trunk(
            client=client,
            trunks=house.lookup.trunks,
            calls=house.calls_of_trunk,
            tried=dial.tried,
            emergency=dial.emergency,
        )
        if trunk is None:
            return False
        dial.trunk = trunk
        dial.tried = (*dial.tried, trunk)
        dial.since = house.now
        dial.early = False
        zone = house.lookup.zones.get(dial.zone or "")
        house.calls_of_trunk[trunk] = house.calls_of_trunk.get(trunk, 0) + 1
        cost = 0 if zone is None or dial.emergency else zone.cost_minute
        house.ledger.dial(
            leg=dial.leg, client=item.client, trunk=trunk, cost_minute=cost, now=house.now
        )
        seconds = house.lookup.plan.ring_out_seconds
        dial.gen += 1
        house.timers.arm(house.now + seconds, self._rang_out, dial)
        house.tell(
            facts.Dialing(
                item=item.id,
                client=item.client,
                agent=dial.work.agent.key,
                leg=dial.leg,
                trunk=trunk,
                zone=dial.zone,
                emergency=dial.emergency,
            )
        )
        house.act(
            actions.Dial(
                item=item.id,
                leg=dial.leg,
                trunk=trunk,
                caller_id=client.caller_id,
                sealed=dial.sealed,
                seconds=seconds,
                emergency=dial.emergency,
            )
        )
        return True

    def rang(self, dial: state.Dial, *, early: bool) -> None:
        """Let the agent hear that it rings: the far side's own sound, or our tone."""
        item = dial.item
        if early and not dial.early:
            dial.early = True
            self._audio.hush(dial.work)
            self._house.act(calls.mix(item))
        elif not dial.early and dial.work.tone is None:
            self._audio.tone(dial.work, RINGBACK)
        self._house.tell(
            facts.FarRang(
                item=item.id,
                client=item.client,
                agent=dial.work.agent.key,
                leg=dial.leg,
                early=dial.early,
            )
        )

    def take(self, dial: state.Dial) -> None:
        """The far side has answered: its minutes begin."""
        house = self._house
        dial.gen += 1
        house.ledger.answer(leg=dial.leg, now=house.now)
        self._audio.hush(dial.work)
        self._tell_ended(dial, "answered")
        self.answered(dial)

    def fail(self, dial: state.Dial, reason: str) -> None:
        """Nobody answered on this trunk: try the next one if it was the trunk's fault."""
        self._close(dial, reason)
        if reason == TRUNK_DOWN and self.begin(dial):
            return
        self.over(dial, reason)

    def give_up(self, dial: state.Dial) -> None:
        """Stop dialing because nobody wants it any more."""
        self._hang_up(dial)
        self._close(dial, "given_up")

    def _rang_out(self, dial: state.Dial) -> None:
        self._hang_up(dial)
        self.fail(dial, "no_answer")

    def _hang_up(self, dial: state.Dial) -> None:
        self._house.act(actions.HangUp(item=dial.item.id, leg=dial.leg, reason="normal"))

    def _close(self, dial: state.Dial, outcome: str) -> None:
        dial.gen += 1
        dial.early = False
        self._audio.hush(dial.work)
        self._closing.line_gone(dial.item, dial.leg)
        self._tell_ended(dial, outcome)

    def _tell_ended(self, dial: state.Dial, outcome: str) -> None:
        item = dial.item
        self._house.tell(
            facts.DialEnded(
                item=item.id,
                client=item.client,
                agent=dial.work.agent.key,
                leg=dial.leg,
                trunk=dial.trunk,
                outcome=outcome,
            )
        )
