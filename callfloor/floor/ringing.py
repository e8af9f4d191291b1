"""
All telephones of one agent ring at once, and one of them is taken (docs/decisions/0006).

Each gets an INVITE with the same description of the same media leg. The first 2xx wins; whoever
rings still gets CANCEL, whoever answers too late BYE. Of the losers nobody hears anything: which of
an agent's telephones he takes is nothing that a centre decides (R1, R8, R9).

Refuses: to know an offer or a call; what is done with the winner is whoever rings' affair.
"""

from collections.abc import Callable, Sequence

from callfloor.floor.signals import Signals
from callfloor.wire.sip import calling
from callfloor.wire.sip.asking import Ask, TakeBack
from callfloor.wire.sip.calling import Answered, Calling, Failed, Setup
from callfloor.wire.sip.credentials import Prover
from callfloor.wire.sip.headers import Address
from callfloor.wire.sip.message import Header, Request, Response
from callfloor.wire.sip.registrar import Binding

# A telephone in its sleep takes longer than a provider; four INVITEs reach it until then.
SILENCE_SECONDS = 5.0

Won = Callable[[Answered, Binding], None]
"""Called once with the dialog that was taken, which is in order and acknowledged."""
Lost = Callable[[list[str]], None]
"""Called once when no telephone rings any more, with why each does not (calling.REASONS)."""


class Ringing:
    """One description offered to several telephones."""

    def __init__(self, signals: Signals, *, won: Won, lost: Lost) -> None:
        self._signals = signals
        self._won = won
        self._lost = lost
        self._forks: list[_Fork] = []
        self._reasons: list[str] = []
        self._winner: _Fork | None = None
        self._is_stopped = False

    @property
    def _open(self) -> int:
        return len(self._forks) - len(self._reasons)

    def start(
        self,
        bindings: Sequence[Binding],
        *,
        offer: str,
        caller: Address,
        headers: tuple[Header, ...] = (),
    ) -> None:
        """Let them ring; `caller` is what they show."""
        self._forks = [
            _Fork(self, self._signals, binding, offer=offer, caller=caller, headers=headers)
            for binding in bindings
        ]
        for fork in list(self._forks):
            fork.start()

    def stop(self) -> None:
        """Ring no more: nobody is to answer."""
        self._is_stopped = True
        self._cancel_all(reason="")

    # --- what the forks tell ----------------------------------------------------------------------

    def answered(self, fork: "_Fork", answered: Answered) -> None:
        """Take the first telephone that answers, and no other."""
        if self._is_stopped or self._winner is not None:
            fork.end(answered)
            return
        self._winner = fork
        self._cancel_all(reason=calling.ANSWERED_ELSEWHERE)
        self._won(answered, fork.binding)

    def failed(self, reason: str) -> None:
        """Count a telephone that rings no more by itself."""
        self._reasons.append(reason)
        if not self._open and not self._is_stopped and self._winner is None:
            self._is_stopped = True
            self._lost(self._reasons)

    def _cancel_all(self, *, reason: str) -> None:
        for fork in self._forks:
            if fork is not self._winner:
                fork.cancel(reason)


class _Fork:
    """One telephone that rings."""

    def __init__(
        self,
        ringing: Ringing,
        signals: Signals,
        binding: Binding,
        *,
        offer: str,
        caller: Address,
        headers: tuple[Header, ...],
    ) -> None:
        self.binding = binding
        self._ringing = ringing
        self._signals = signals
        self._armed: float | None = None
        setup = Setup(
            target=binding.contact.uri,
            from_=caller.with_tag(signals.token()),
            to=binding.contact.bare(),
            contact=signals.place.contact(binding.source.transport),
            call_id=signals.token(),
            offer=offer.encode(),
            headers=(signals.allow()[0], *headers),
            silence_seconds=SILENCE_SECONDS,
        )
        self._calling = Calling(
            setup,
            via=lambda: signals.via(binding.source),
            prover=Prover(credentials=None, token=signals.token),
        )

    def start(self) -> None:
        """Send the INVITE."""
        self._perform(self._calling.start(self._signals.now()))

    def cancel(self, reason: str) -> None:
        """Ring no more."""
        self._perform(self._calling.cancel(reason=reason))

    def end(self, answered: Answered) -> None:
        """Let go of a telephone that answered too late."""
        bye = answered.dialog.request("BYE", via=self._signals.via(self.binding.source))
        self._signals.ask(bye, self.binding.source, _ignore)

    def _perform(self, outputs: Sequence[calling.Output]) -> None:
        for output in outputs:
            if isinstance(output, Ask):
                self._ask(output.request)
            elif isinstance(output, TakeBack):
                self._signals.cancel(output.invite, reason=output.reason)
            elif isinstance(output, Answered):
                self._ringing.answered(self, output)
            elif isinstance(output, Failed):
                self._ringing.failed(output.reason)
        self._rearm()

    def _ask(self, request: Request) -> None:
        # To where it registered from: behind a translation of addresses nothing else is reached.
        self._signals.ask(
            request, self.binding.source, lambda response: self._heard(request, response)
        )

    def _heard(self, request: Request, response: Response | None) -> None:
        if response is None:
            self._perform(self._calling.timed_out(request))
        else:
            self._perform(self._calling.response_received(response, self._signals.now()))

    def _rearm(self) -> None:
        at = self._calling.timer()
        if at is not None and at != self._armed:
            self._armed = at
            self._signals.at(at, self._fire)

    def _fire(self) -> None:
        self._armed = None
        self._perform(self._calling.fire(self._signals.now()))


def _ignore(_response: Response | None) -> None:
    """Nothing follows."""
