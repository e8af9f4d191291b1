"""
Our registration at a provider, kept alive (RFC 3261 section 10.2).

The owner performs the outputs in order, hands in every response and time-out with our Call-ID, and
calls `fire` when `timer` says so. `state` is one of:

    off            nothing is wanted
    registering    the first answer is awaited
    registered     the provider sends calls here until `expires_at`
    refused        he does not want us; tried again, but rarely, so that no guard of his bans us
    unreachable    he does not answer or cannot serve; tried again soon, then ever more slowly

Refuses: a transaction, a socket; to find the provider (the owner knows where `hop` is reached).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from callfloor.wire.errors import PeerError
from callfloor.wire.sip import headers as heads
from callfloor.wire.sip import message as messages
from callfloor.wire.sip.asking import Ask
from callfloor.wire.sip.credentials import Prover
from callfloor.wire.sip.headers import Address, Via
from callfloor.wire.sip.message import Request, Response
from callfloor.wire.sip.uri import Uri

REFRESH_PART = 0.75  # Of what was granted: a quarter is left for several tries.
REFRESH_SECONDS_MIN = 5.0  # A provider that grants next to nothing is not flooded.
EXPIRES_SECONDS_MAX = 86_400  # No 423 makes us ask for more than a day.
UNREACHABLE_SECONDS = (2.0, 120.0)  # The first pause and the longest; it doubles between them.
REFUSED_SECONDS = (30.0, 600.0)
BRIEF_MAX = 2  # 423 is followed so often in a row; a provider that asks again asks for ever.


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What is registered where."""

    registrar: Uri
    """The domain, as the Request-URI: without a user (RFC 3261 section 10.2)."""
    aor: Address
    """The address of record: From, without a tag, and To."""
    contact: Address
    """Where calls shall come; its URI names us among the provider's contacts."""
    call_id: str
    """One Call-ID for as long as we run."""
    tag: str
    """Our tag in From."""
    expires_seconds: int
    """How long a registration is asked for."""
    routes: tuple[str, ...] = ()
    """Values of Route, if there is an outbound proxy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """The state is another now."""

    state: str
    """The state."""
    status: int | None
    """The last final status; None if nothing came."""


Output = Ask | Changed


class Registration:
    """One account at one provider."""

    def __init__(self, account: Account, *, via: Callable[[], Via], prover: Prover) -> None:
        """Begin `off`; `via` makes a Via with a branch never used before."""
        self.state = "off"
        self.status: int | None = None
        """The last final status, for the health page."""
        self.expires_at: float | None = None
        """Until when the provider knows us, as far as is known."""
        self._account = account
        self._via = via
        self._prover = prover
        self._seconds = account.expires_seconds
        self._cseq = 0
        self._open: Request | None = None
        self._brief = 0
        self._failures = 0
        self._due: float | None = None
        self._is_leaving = False

    @property
    def call_id(self) -> str:
        """The Call-ID."""
        return self._account.call_id

    @property
    def is_idle(self) -> bool:
        """Say whether no answer is awaited: after `stop`, whether everything is said."""
        return self._open is None

    # --- what the owner wants ---------------------------------------------------------------------

    def start(self, now: float) -> list[Output]:
        """Register, or register again at once: the way there is new, or the provider came back."""
        self._is_leaving = False
        self._due = None
        outputs = self._enter("registering") if self.state == "off" else []
        return [*outputs, self._register(self._seconds)]

    def prove_by(self, prover: Prover) -> None:
        """Answer the challenges from now on by other credentials."""
        self._prover = prover

    def stop(self) -> list[Output]:
        """Let the provider forget us (RFC 3261 section 10.2.2)."""
        was_known = self.expires_at is not None
        self._is_leaving = True
        self._due = self.expires_at = self._open = None
        outputs = self._enter("off")
        return [self._register(0), *outputs] if was_known else outputs

    # --- what comes -------------------------------------------------------------------------------

    def response_received(self, response: Response, now: float) -> list[Output]:
        """Take a response; only one to the last REGISTER counts."""
        request = self._open
        if request is None or response.cseq != request.cseq or response.status < 200:
            return []
        self._open = None
        self.status = response.status
        if response.status in (401, 407):
            proven = self._prover.prove(request, response)
            if proven is not None:
                return [self._again(proven)]
        if self._is_leaving:
            return []
        if response.status < 300:
            return self._granted(response, now)
        if response.status == 423 and self._brief < BRIEF_MAX and self._lengthen(response):
            return [self._register(self._seconds, brief=self._brief + 1)]
        return self._failed(response, now)

    def timed_out(self, request: Request, now: float) -> list[Output]:
        """Take a REGISTER that nothing answered, or whose transport failed."""
        if self._open is None or request.cseq != self._open.cseq:
            return []
        self._open = None
        self.status = None
        return [] if self._is_leaving else self._back_off("unreachable", None, now)

    def timer(self) -> float | None:
        """Say when `fire` must be called, None if there is nothing to wait for."""
        return self._due

    def fire(self, now: float) -> list[Output]:
        """Refresh, or try again."""
        if self._due is None or now < self._due:
            return []
        self._due = None
        return [self._register(self._seconds)]

    # --- inside -----------------------------------------------------------------------------------

    def _granted(self, response: Response, now: float) -> list[Output]:
        seconds = _granted_seconds(response, self._account.contact.uri, self._seconds)
        self._failures = 0
        self.expires_at = now + seconds
        self._due = now + max(REFRESH_SECONDS_MIN, REFRESH_PART * seconds)
        return self._enter("registered")

    def _failed(self, response: Response, now: float) -> list[Output]:
        # What a server cannot do now (RFC 3261 section 21.5) passes; what he forbids rarely does.
        passes = response.status >= 500 or response.status in (408, 480)
        after = _number_of(response.get("Retry-After"))
        return self._back_off("unreachable" if passes else "refused", after, now)

    def _back_off(self, state: str, after: int | None, now: float) -> list[Output]:
        if state != self.state:
            self._failures = 0
        first, longest = UNREACHABLE_SECONDS if state == "unreachable" else REFUSED_SECONDS
        pause = min(first * 2 ** min(self._failures, 10), longest)
        if after is not None:
            pause = max(pause, min(float(after), longest))
        self._failures += 1
        self._due = now + pause
        if state == "refused" or (self.expires_at is not None and self.expires_at <= now):
            self.expires_at = None
        return self._enter(state)

    def _lengthen(self, response: Response) -> bool:
        wanted = _number_of(response.get("Min-Expires"))
        if wanted is None or not self._seconds < wanted <= EXPIRES_SECONDS_MAX:
            return False
        self._seconds = wanted
        return True

    def _enter(self, state: str) -> list[Output]:
        if state == self.state:
            return []
        self.state = state
        return [Changed(state=state, status=self.status)]

    def _register(self, seconds: int, *, brief: int = 0) -> Ask:
        account = self._account
        self._prover.begin()
        self._brief = brief
        self._cseq += 1
        request = messages.request(
            method="REGISTER",
            uri=account.registrar,
            via=self._via(),
            from_=account.aor.with_tag(account.tag),
            to=account.aor,
            call_id=account.call_id,
            cseq=self._cseq,
            contact=account.contact,
            routes=account.routes,
            headers=(("Expires", str(seconds)),),
        )
        return self._sent(request)

    def _again(self, proven: Request) -> Ask:
        self._cseq += 1
        return self._sent(messages.renumbered(proven, via=self._via(), cseq=self._cseq))

    def _sent(self, request: Request) -> Ask:
        self._open = request
        routes = self._account.routes
        hop = heads.parse_address(routes[0]).uri if routes else self._account.registrar
        return Ask(request=request, hop=hop)


def _granted_seconds(response: Response, ours: Uri, asked: int) -> int:
    """Read how long we are known: our Contact's word, else Expires, else what was asked."""
    mine = next((c for c in response.contacts if _is_same(c.uri, ours)), None)
    said = _number_of(mine.params.get("expires")) if mine is not None else None
    if said is None:
        said = _number_of(response.get("Expires"))
    return asked if said is None else min(said, EXPIRES_SECONDS_MAX)


def _is_same(one: Uri, other: Uri) -> bool:
    host = one.host.lower() == other.host.lower()
    return host and one.user == other.user and (one.port or 5060) == (other.port or 5060)


def _number_of(value: str | None) -> int | None:
    if value is None:
        return None
    try:
        return heads.parse_number(value.partition(";")[0].partition("(")[0].strip())
    except PeerError:
        return None
