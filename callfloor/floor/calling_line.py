"""
A call that we make by SIP, from the INVITE to the far side's 2xx; then it is a `sip_talk.Talk`.

What an INVITE goes through (forks, early sound, challenges, a far side that is silent) is known in
`wire.sip.calling`; here it is performed, and told to whoever wanted the number.

Refuses: to choose a trunk or a number; to call twice.
"""

from collections.abc import Callable
from typing import Protocol

from callfloor.floor.sip_talk import Switchboard, Talk
from callfloor.wire.sip import calling
from callfloor.wire.sip.asking import Ask, TakeBack
from callfloor.wire.sip.calling import Calling, Setup
from callfloor.wire.sip.credentials import Prover
from callfloor.wire.sip.machines import Remote
from callfloor.wire.sip.message import Request, Response


class Caller(Protocol):
    """Who wanted the number (`parties.Parties`)."""

    def rang(self, leg: str, sdp: str) -> None:
        """The far side rings, or sounds by this SDP."""

    def picked_up(self, leg: str, sdp: str) -> None:
        """The far side has answered."""

    def failed(self, leg: str, reason: str) -> None:
        """The call came to nothing."""


class CallingLine(Talk):
    """The floor's end of a call that goes out; a `parties.Line`."""

    def __init__(
        self,
        telephone: Switchboard,
        setup: Setup,
        *,
        leg: str,
        caller: Caller,
        prover: Prover,
        way: Remote,
        over: Callable[[], None],
    ) -> None:
        """Begin with nothing said; `over` is called once when the line is free again."""
        super().__init__(telephone, source=way)
        self._leg = leg
        self._caller = caller
        self._sdp = setup.offer
        self._whenever_over = over
        self._armed_at: float | None = None
        self._calling = Calling(setup, via=lambda: self._signals.via(way), prover=prover)

    def start(self) -> None:
        """Send the INVITE."""
        self._do(self._calling.start(self._signals.now()))

    # --- the hands' side (parties.Line) -----------------------------------------------------------

    def accepted(self) -> None:
        """Say nothing: it is we who call."""

    def answer(self, sdp: str) -> None:
        """Say nothing: it is the far side that answers."""

    def refuse(self, reason: str) -> None:
        """Stop calling; whoever answers all the same is sent away."""
        if self._state == "new":
            self._end()
            self._do(self._calling.cancel())

    # --- what comes of it -------------------------------------------------------------------------

    def _do(self, outputs: list[calling.Output]) -> None:
        for output in outputs:
            if isinstance(output, Ask):
                self._ask_outside(output)
            elif isinstance(output, TakeBack):
                self._signals.cancel(output.invite, reason=output.reason)
            elif isinstance(output, calling.Rang):
                self._caller.rang(self._leg, _text(output.sdp))
            elif isinstance(output, calling.Answered):
                self._answered(output)
            elif isinstance(output, calling.Failed):
                self._end()
                self._caller.failed(self._leg, output.reason)
        self._arm()

    def _ask_outside(self, ask: Ask) -> None:
        # An INVITE and its like go to the trunk; what belongs to a dialog goes where that says.
        is_first = ask.request.to.tag is None
        way = self.source if is_first else self._signals.way_to(ask.hop, self.source)
        self._signals.ask(ask.request, way, lambda response: self._heard(ask.request, response))

    def _heard(self, request: Request, response: Response | None) -> None:
        if response is None:
            self._do(self._calling.timed_out(request))
        else:
            self._do(self._calling.response_received(response, self._signals.now()))

    def _answered(self, answered: calling.Answered) -> None:
        self.dialog = answered.dialog
        self.offer = _text(answered.sdp)
        self._knows_update = "UPDATE" in answered.response.values("Allow")
        self._state = "talking"
        self._telephone.enter(self)
        self._agree(answered.agreement)
        self._caller.picked_up(self._leg, self.offer)

    def _arm(self) -> None:
        due = self._calling.timer()
        if due is not None and due != self._armed_at:
            self._armed_at = due
            self._signals.at(due, self._fire)

    def _fire(self) -> None:
        self._armed_at = None
        self._do(self._calling.fire(self._signals.now()))

    def _end(self) -> None:
        if self._state != "over":
            self._whenever_over()
        super()._end()


def _text(sdp: bytes) -> str:
    return sdp.decode("utf-8", "replace")
