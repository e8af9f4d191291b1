"""
One provider's trunk: is he there, does he know us, and how a call is begun on it.

States: `up` (he answers, or nobody asked him yet), `down` (he does not answer OPTIONS, or our
registration does not stand). A call on a trunk that is down is refused at once, so that the next
one is tried without a wait (F16); an emergency call is tried whatever the state.

Refuses: to choose between trunks; to look up a name; to answer a challenge of anybody else (R47).
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from callfloor.core import plan
from callfloor.floor.calling_line import Caller, CallingLine
from callfloor.floor.parties import Order
from callfloor.floor.signals import Signals
from callfloor.floor.sip_talk import Switchboard
from callfloor.wire.sip import auth, registration
from callfloor.wire.sip import message as messages
from callfloor.wire.sip import uri as uris
from callfloor.wire.sip.calling import Setup
from callfloor.wire.sip.credentials import Credentials, Prover
from callfloor.wire.sip.headers import Address
from callfloor.wire.sip.machines import Remote
from callfloor.wire.sip.message import Header, Request, Response
from callfloor.wire.sip.registration import Registration
from callfloor.wire.sip.uri import Uri

OPTIONS_SECONDS = 4.0  # F16: a provider that has not answered by then does not take calls either.
ANONYMOUS = Address(uri=Uri(user="anonymous", host="anonymous.invalid"), display="Anonymous")
# RFC 3323 section 4.1.

Told = Callable[[str, str], None]
"""Called with the name of a fault and the trunk's key."""


class Provider:
    """One trunk with somewhere to send calls to."""

    def __init__(
        self,
        trunk: plan.TrunkPlan,
        *,
        signals: Signals,
        telephone: Switchboard,
        password: str | None,
        told: Told,
    ) -> None:
        assert trunk.uri is not None, "a provider is somewhere"
        self.plan = trunk
        self.state = "up"
        self.calls = 0
        """Calls that we make on it now."""
        self._uri = uris.parse(trunk.uri)
        self._signals = signals
        self._telephone = telephone
        self._password = password
        self._told = told
        self._realm = trunk.realm
        self._answers = True
        self._registration: Registration | None = None
        self._is_stopped = False

    @property
    def host(self) -> str:
        """Give the host of the provider, a name or an address."""
        return self._uri.host

    def start(self) -> None:
        """Register if that is wanted, and begin to watch."""
        self._begin_registration()
        if self.plan.watch_seconds:
            self._watch()

    def use_password(self, password: str | None) -> None:
        """Prove ourselves by another password from now on; without one we register no more."""
        if password == self._password:
            return
        self._password = password
        if self._registration is None:
            self._begin_registration()
        elif password is None:
            self._register(self._registration.stop())
            self._registration = None
            self._judge()
        else:
            self._registration.prove_by(self._prover(self._realm))
            self._register(self._registration.start(self._signals.now()))

    def _begin_registration(self) -> None:
        if self.plan.registers and self._password is not None:
            self._registration = self._new_registration()
            self._register(self._registration.start(self._signals.now()))

    def stop(self) -> None:
        """Let the provider forget us, and watch no more."""
        self._is_stopped = True
        if self._registration is not None:
            self._register(self._registration.stop())

    @property
    def is_idle(self) -> bool:
        """Say whether the registrar owes us no answer; after `stop`, whether he forgot us."""
        return self._registration is None or self._registration.is_idle

    def health(self) -> dict[str, Any]:
        """Say how it is, for people (link.md)."""
        until = self._registration.expires_at if self._registration is not None else None
        return {"key": self.plan.key, "state": self._shown_state(), "until": until}

    def _shown_state(self) -> str:
        if self._registration is not None and self._answers:
            state = self._registration.state
            return "down" if state in ("off", "unreachable") else state
        if self.state == "down":
            return "down"
        return "up" if self.plan.watch_seconds else "unknown"

    # --- a call -----------------------------------------------------------------------------------

    def call(self, order: Order, caller: Caller) -> CallingLine | None:
        """Begin to call; None if the trunk cannot now."""
        way = self._way()
        if way is None or (self.state == "down" and not order.emergency):
            return None
        self.calls += 1
        line = CallingLine(
            self._telephone,
            self._setup(order, way),
            leg=order.leg,
            caller=_Doubting(caller, lambda: self._doubt(way)),
            prover=self._prover(self._realm or self._uri.host),
            way=way,
            over=self._call_over,
        )
        line.start()
        return line

    def _call_over(self) -> None:
        self.calls -= 1

    def _doubt(self, way: Remote) -> None:
        """Ask at once whether the provider is there: a call of ours found him silent."""
        if self.plan.watch_seconds and not self._is_stopped:
            self._ask_whether_there(way)

    def _setup(self, order: Order, way: Remote) -> Setup:
        target = self._at(order.number)
        shown, headers = self._shown(order.caller_id)
        return Setup(
            target=target,
            from_=shown.with_tag(self._signals.token()),
            to=Address(uri=Uri(user=order.number, host=self._uri.host)),
            contact=self._signals.place.contact(way.transport),
            call_id=f"{self._signals.token()}@{self._signals.place.host}",
            offer=order.offer.encode(),
            headers=(self._signals.allow()[0], *headers),
        )

    def _shown(self, caller_id: str | None) -> tuple[Address, tuple[Header, ...]]:
        """Say who calls: to the world in From, to the provider in P-Asserted-Identity."""
        identity = caller_id or self.plan.user
        headers: list[Header] = []
        if identity is not None:
            asserted = Address(uri=Uri(user=identity, host=self._uri.host))
            headers.append(("P-Asserted-Identity", str(asserted)))
        if caller_id is None:  # RFC 3325 section 9.3: asserted, and kept from whoever is called.
            return ANONYMOUS, (*headers, ("Privacy", "id"))
        return Address(uri=Uri(user=caller_id, host=self._uri.host)), tuple(headers)

    def _at(self, user: str | None) -> Uri:
        params = {k: v for k, v in self._uri.params.items() if k == "transport"}
        return Uri(
            scheme=self._uri.scheme,
            user=user,
            host=self._uri.host,
            port=self._uri.port,
            params=params,
        )

    def _way(self) -> Remote | None:
        return self._signals.remote_of(self._uri)

    def _prover(self, realm: str | None) -> Prover:
        credentials = None
        if self.plan.user is not None and self._password is not None:
            credentials = Credentials(username=self.plan.user, password=self._password, realm=realm)
        return Prover(credentials=credentials, token=self._signals.token)

    # --- our registration -------------------------------------------------------------------------

    def _new_registration(self) -> Registration:
        user = self.plan.user or ""
        transport = (self._uri.params.get("transport") or "udp").upper()
        if self._uri.scheme == "sips":
            transport = "TLS"
        contact = self._signals.place.contact(transport)
        account = registration.Account(
            registrar=self._at(None),
            aor=Address(uri=Uri(user=user, host=self._uri.host)),
            contact=Address(uri=replace(contact.uri, user=user)),
            call_id=f"{self._signals.token()}@{self._signals.place.host}",
            tag=self._signals.token(),
            expires_seconds=self.plan.register_seconds,
        )
        return Registration(
            account,
            via=lambda: self._signals.via(self._registrar_way()),
            prover=self._prover(self._realm),
        )

    def _registrar_way(self) -> Remote:
        return self._way() or Remote(host=self._uri.host, port=5060)

    def _register(self, outputs: list[registration.Output]) -> None:
        for output in outputs:
            if isinstance(output, registration.Changed):
                self._judge()
            else:
                self._ask_registrar(output.request)
        due = self._registration.timer() if self._registration is not None else None
        if due is not None and not self._is_stopped:
            self._signals.at(due, lambda: self._registration_due(due))

    def _ask_registrar(self, request: Request) -> None:
        way = self._way()
        if way is None:  # His name is not known yet.
            self._signals.at(self._signals.now(), lambda: self._registered(request, None))
        else:
            self._signals.ask(request, way, lambda response: self._registered(request, response))

    def _registered(self, request: Request, response: Response | None) -> None:
        if self._registration is None:
            return
        now = self._signals.now()
        if response is None:
            self._register(self._registration.timed_out(request, now))
            return
        if self._realm is None and response.status in (401, 407):
            challenge = auth.read_challenge(response, realm=None)
            # Only the registrar himself is believed when he names his realm.
            self._realm = challenge.realm if challenge is not None else None
        self._register(self._registration.response_received(response, now))

    def _registration_due(self, due: float) -> None:
        if self._registration is not None and self._registration.timer() == due:
            self._register(self._registration.fire(self._signals.now()))

    # --- is he there ------------------------------------------------------------------------------

    def _watch(self) -> None:
        if self._is_stopped:
            return
        self._signals.at(self._signals.now() + self.plan.watch_seconds, self._watch)
        way = self._way()
        if way is None:
            self._seen(False)
            return
        self._ask_whether_there(way)

    def _ask_whether_there(self, way: Remote) -> None:
        asked = _Question(self._seen)
        request = self._options(way)
        self._signals.ask(request, way, lambda response: asked.over(_serves(response)))
        self._signals.at(self._signals.now() + OPTIONS_SECONDS, lambda: asked.over(False))

    def _options(self, way: Remote) -> Request:
        place = self._signals.place
        us = Address(uri=Uri(user="callfloor", host=place.host))
        return messages.request(
            method="OPTIONS",
            uri=self._at(None),
            via=self._signals.via(way),
            from_=us.with_tag(self._signals.token()),
            to=Address(uri=Uri(host=self._uri.host)),
            call_id=f"{self._signals.token()}@{place.host}",
            cseq=1,
            contact=place.contact(way.transport),
        )

    def _seen(self, is_there: bool) -> None:
        came_back = is_there and not self._answers
        self._answers = is_there
        self._judge()
        if came_back and self._registration is not None and not self._is_stopped:
            # He may have been started anew and know nobody.
            self._register(self._registration.start(self._signals.now()))

    def _judge(self) -> None:
        registered = self._registration is None or self._registration.state in (
            "registered",
            "registering",
        )
        state = "up" if self._answers and registered else "down"
        if state != self.state and not self._is_stopped:
            self.state = state
            self._told(f"trunk_{state}", self.plan.key)


class _Doubting:
    """Hears of a call on behalf of its trunk."""

    def __init__(self, caller: Caller, doubt: Callable[[], None]) -> None:
        self._caller = caller
        self._doubt = doubt
        self.rang = caller.rang
        self.picked_up = caller.picked_up

    def failed(self, leg: str, reason: str) -> None:
        """Doubt a trunk that is at fault, then tell."""
        if reason == "trunk_down":
            self._doubt()
        self._caller.failed(leg, reason)


def _serves(response: Response | None) -> bool:
    """Say whether an answer to OPTIONS is of somebody who takes calls; a refusal is as good."""
    return response is not None and response.status not in (408, 503)


class _Question:
    """One question to the provider: the first word counts, an answer or the time."""

    def __init__(self, then: Callable[[bool], None]) -> None:
        self._then: Callable[[bool], None] | None = then

    def over(self, is_there: bool) -> None:
        then, self._then = self._then, None
        if then is not None:
            then(is_there)
