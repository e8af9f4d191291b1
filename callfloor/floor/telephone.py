"""
The telephone: SIP over UDP as a server, one `SipLine` per call (RFC 3261).

Everything about messages, repetitions and dialogs is done by `wire.sip`; here is decided only who
may call, which line a message belongs to, and what a line says. The socket is a plain callable.

Refuses: to decide about a call; to look up a name (a hang of a resolver would stall every call).
"""

import heapq
import ipaddress
from collections.abc import Callable
from typing import Protocol

from callfloor.core import plan
from callfloor.floor import gate, numbers
from callfloor.floor.hands import Hands
from callfloor.floor.sip_line import SipLine
from callfloor.floor.trunks import Trunks
from callfloor.wire import sdp
from callfloor.wire.errors import PeerError
from callfloor.wire.sip import acceptance, endpoint, machines, validate
from callfloor.wire.sip import dialog as dialogs
from callfloor.wire.sip import headers as heads
from callfloor.wire.sip import message as messages
from callfloor.wire.sip.dialog import DialogId
from callfloor.wire.sip.machines import Remote
from callfloor.wire.sip.message import AnyMessage, Header, Request, Response
from callfloor.wire.sip.uri import Uri

METHODS = frozenset({"INVITE", "ACK", "CANCEL", "BYE", "OPTIONS", "INFO", "UPDATE"})
FRESH_MAX = 300  # Not yet answered: what comes in a second at the promised rate.
LINES_MAX = 5_000  # Twenty times what one media worker carries; beyond it callers get 503.
RETRY_AFTER: Header = ("Retry-After", "10")  # A journal that is stuck is tried again each second.


class Doors(Protocol):
    """What the telephone needs to know of the rest of the floor."""

    def is_stuck(self) -> bool:
        """Say whether the journal takes nothing, so that no new call may be accepted."""


class Telephone:
    """Every call that came by SIP."""

    def __init__(
        self,
        *,
        hands: Hands,
        trunks: Trunks,
        doors: Doors,
        address: tuple[str, int],
        region: str | None,
        token: Callable[[], str],
        secret: bytes,
        transmit: Callable[[bytes, tuple[str, int]], None],
        wake_at: Callable[[float | None], None],
        now: Callable[[], float],
        note: Callable[[str, str], None],
    ) -> None:
        self.hands = hands
        self.trunks = trunks
        self.token = token
        self._doors = doors
        self._host, self._port = address
        self._region = region
        self._transmit = transmit
        self._wake_at = wake_at
        self.now = now
        self._note = note
        self._gate = gate.Gate(lines=trunks, note=note)
        self.counts = self._gate.counts
        self._endpoint = endpoint.Endpoint(policy=validate.Policy(methods=METHODS), secret=secret)
        self._acceptances = acceptance.Acceptances()
        self._numbers: frozenset[str] = frozenset()
        self._fresh: dict[machines.Key, SipLine] = {}
        self._lines: dict[DialogId, SipLine] = {}
        self._sessions: list[tuple[float, int, SipLine]] = []
        self._armed = 0
        self._take: dict[str, Callable[[Request, machines.Up, float], None]] = {
            "INVITE": self._invited,
            "ACK": self._acknowledged,
            "BYE": self._said_goodbye,
            "OPTIONS": self._asked_options,
            "INFO": self._informed,
            "UPDATE": self._updated,
        }

    def use(self, floor_plan: plan.FloorPlan) -> None:
        """Let the numbers and trunks of a plan hold."""
        self._numbers = frozenset(number.number for number in floor_plan.numbers)
        self._gate.use(self._numbers)
        self.trunks.use(floor_plan)

    # --- driven from outside ----------------------------------------------------------------------

    def receive(self, data: bytes, source: tuple[str, int]) -> None:
        """Take one datagram."""
        now = self.now()
        if not self._gate.admits(data, source[0], now):
            return
        remote = Remote(host=source[0], port=source[1])
        for output in self._endpoint.receive(data, remote, now):
            if isinstance(output, endpoint.Dropped):
                self._gate.refused(source[0], now)
                self._gate.dropped(output.reason, now)
            else:
                self._perform(output, now)
        self._rearm()

    def fire(self) -> None:
        """Let the time pass."""
        now = self.now()
        for output in self._endpoint.fire(now):
            self._perform(output, now)
        for due in self._acceptances.fire(now):
            if isinstance(due, acceptance.Repeat):
                self._send(due.response, None, now)
            else:
                self._unacknowledged(due.dialog_id)
        while self._sessions and self._sessions[0][0] <= now:
            at, _, line = heapq.heappop(self._sessions)
            line.session_due(at, now)
        self._rearm()

    # --- for the lines ----------------------------------------------------------------------------

    def respond(self, response: Response) -> None:
        """Send a response in its transaction."""
        self._send(response, None, self.now())
        self._rearm()

    def request(self, request: Request, line: SipLine) -> None:
        """Send a request inside a dialog."""
        self._send(request, self._remote_of(line.dialog.next_hop, line.source), self.now())
        self._rearm()

    def accept(self, line: SipLine, response: Response) -> None:
        """Send a 2xx to an INVITE until it is acknowledged."""
        now = self.now()
        self._send(response, None, now)
        self._fresh.pop(line.key, None)
        self._lines[line.dialog.id] = line
        self._acceptances.add(line.dialog.id, response, now)
        self._rearm()

    def watch_session(self, line: SipLine, at: float) -> None:
        """Call the line's `session_due` at an instant."""
        self._armed += 1
        heapq.heappush(self._sessions, (at, self._armed, line))
        self._rearm()

    def closing(self, line: SipLine) -> None:
        """Send nothing more of a call, but know it until its BYE is answered."""
        self._acceptances.forget(line.dialog.id)

    def forget(self, line: SipLine) -> None:
        """Let go of a call that is over."""
        self._fresh.pop(line.key, None)
        if self._lines.pop(line.dialog.id, None) is not None:
            self._acceptances.forget(line.dialog.id)

    def tag_for(self, request: Request) -> str:
        """Give our tag for a request."""
        return self._endpoint.tag_for(request)

    def via(self) -> heads.Via:
        """Make the Via of a request of ours."""
        branch = messages.branch(self.token())
        return heads.Via(
            transport="UDP", host=self._host, port=self._port, params={"branch": branch}
        )

    def contact(self) -> heads.Address:
        """Give the address at which the floor is reached."""
        return heads.Address(uri=Uri(user="callfloor", host=self._host, port=self._port))

    def allow(self) -> tuple[Header, ...]:
        """Write what is understood here."""
        return (self._endpoint.policy.allow(), self._endpoint.policy.supported())

    # --- outputs of the endpoint ------------------------------------------------------------------

    def _perform(self, output: machines.Output, now: float) -> None:
        if isinstance(output, machines.Send):
            self._transmit(output.data, (output.remote.host, output.remote.port))
        elif isinstance(output, machines.Cancelled):
            self._cancelled(output, now)
        elif isinstance(output, machines.Up):
            if isinstance(output.message, Request):
                self._take[output.message.method](output.message, output, now)
            else:
                self._answered(output.message)
        else:
            self._timed_out(output)

    def _invited(self, invite: Request, up: machines.Up, now: float) -> None:
        if invite.to.tag is not None:
            self._in_dialog(invite, up.remote, now, SipLine.invited_again)
            return
        trunk = self._trunk_of(invite, up.remote, now)
        if trunk is None:
            return
        called = self._called(invite)
        refusal = self._refusal(invite, called)
        if refusal is not None:
            self._turn_away(invite, refusal, up.remote, now)
            return
        self._gate.dialed(invite.target.user or "")
        line = SipLine(self, invite, key=up.key, source=up.remote)
        self._fresh[up.key] = line
        number, name = numbers.caller_of(invite, self._region)
        self.hands.arrive(line, called=called, number=number, name=name, trunk=trunk)

    def _trunk_of(self, invite: Request, remote: Remote, now: float) -> str | None:
        trunk = self.trunks.by_address(remote.host)
        if trunk is not None:
            return trunk
        proof = self.trunks.by_password(invite, remote.host, now)
        if isinstance(proof, str):
            return proof
        self._turn_away(invite, 401, remote, now, proof)
        return None

    def _called(self, invite: Request) -> str:
        dialed = invite.target.user or ""
        return dialed if dialed in self._numbers else numbers.normal(dialed, self._region)

    def _refusal(self, invite: Request, called: str) -> int | None:
        if called not in self._numbers:
            return 404
        if not _offers_speech(invite):
            return 488
        full = len(self._fresh) >= FRESH_MAX or len(self._lines) >= LINES_MAX
        return 503 if full or self._doors.is_stuck() else None

    def _turn_away(
        self,
        request: Request,
        status: int,
        remote: Remote,
        now: float,
        headers: tuple[Header, ...] = (),
    ) -> None:
        """Refuse what belongs to no call, and keep nothing of it."""
        if status == 503:
            headers = (*headers, RETRY_AFTER)
        self._gate.refused(remote.host, now, challenged=status == 401)
        self._answer_once(request, status, now, headers)

    def _answer_once(
        self, request: Request, status: int, now: float, headers: tuple[Header, ...]
    ) -> None:
        response = messages.respond(request, status, tag=self.tag_for(request), headers=headers)
        for output in self._endpoint.answer_once(response):
            self._perform(output, now)

    def _say(
        self, request: Request, status: int, now: float, headers: tuple[Header, ...] = ()
    ) -> None:
        response = messages.respond(request, status, tag=self.tag_for(request), headers=headers)
        self._send(response, None, now)

    def _acknowledged(self, ack: Request, _up: machines.Up, _now: float) -> None:
        dialog_id = dialogs.id_of_request(ack)
        line = self._lines.get(dialog_id) if dialog_id is not None else None
        if dialog_id is None or line is None:
            return
        if self._acceptances.acknowledged(dialog_id, ack.cseq.number):
            line.acknowledged()

    def _said_goodbye(self, bye: Request, up: machines.Up, now: float) -> None:
        self._in_dialog(bye, up.remote, now, SipLine.said_goodbye)

    def _informed(self, info: Request, up: machines.Up, now: float) -> None:
        self._in_dialog(info, up.remote, now, SipLine.informed)

    def _updated(self, update: Request, up: machines.Up, now: float) -> None:
        self._in_dialog(update, up.remote, now, SipLine.updated)

    def _asked_options(self, request: Request, up: machines.Up, now: float) -> None:
        if self.trunks.by_address(up.remote.host) is None:
            self._turn_away(request, 403, up.remote, now)
            return
        self._answer_once(request, 200, now, (*self.allow(), ("Accept", "application/sdp")))

    def _in_dialog(
        self,
        request: Request,
        remote: Remote,
        now: float,
        take: Callable[[SipLine, Request], None],
    ) -> None:
        dialog_id = dialogs.id_of_request(request)
        line = self._lines.get(dialog_id) if dialog_id is not None else None
        if line is None:
            self._turn_away(request, 481, remote, now)
        elif line.is_over and request.method == "BYE":
            self._say(request, 200, now)  # It crossed ours: both ends agree.
        elif (status := line.dialog.request_received(request)) is None:
            take(line, request)
        else:
            # RFC 3261 section 14.2: some seconds at random, so that the two do not meet again.
            pause = ("Retry-After", str(int(self.token(), 16) % 10)) if status == 500 else None
            self._say(request, status, now, (pause,) if pause else ())

    def _answered(self, response: Response) -> None:
        line = self._lines.get(_dialog_of_answer(response))
        if line is not None:
            line.answered_by_peer(response)

    def _cancelled(self, output: machines.Cancelled, now: float) -> None:
        line = self._fresh.get(output.key)
        if line is not None:
            line.cancelled()
        else:
            self._say(output.request, 487, now)

    def _timed_out(self, output: machines.Timeout) -> None:
        dialog_id = _dialog_of_request(output.request)
        line = self._lines.get(dialog_id) if dialog_id is not None else None
        if line is not None:
            line.unanswered()

    def _unacknowledged(self, dialog_id: DialogId) -> None:
        line = self._lines.get(dialog_id)
        if line is not None:
            line.unacknowledged()

    # --- the socket -------------------------------------------------------------------------------

    def _send(self, message: AnyMessage, remote: Remote | None, now: float) -> None:
        for output in self._endpoint.send(message, remote, now):
            self._perform(output, now)

    def _remote_of(self, hop: Uri, source: Remote) -> Remote:
        try:
            ipaddress.ip_address(hop.host.strip("[]"))
        except ValueError:
            return source  # A name: whoever sent the INVITE will know where it belongs.
        return Remote(host=hop.host.strip("[]"), port=hop.port or 5060)

    def _rearm(self) -> None:
        instants = [self._endpoint.timer(), self._acceptances.timer()]
        if self._sessions:
            instants.append(self._sessions[0][0])
        self._wake_at(min((at for at in instants if at is not None), default=None))


def _offers_speech(invite: Request) -> bool:
    """
    Say whether an INVITE offers audio that the media can take.

    One without an offer wants ours in the 2xx; that would need a leg before anybody has one.
    """
    try:
        audio = sdp.parse(invite.body).audio if invite.body else None
    except PeerError:
        return False
    return audio is not None and any(audio.codec(name) for name in sdp.PREFERRED)


def _dialog_of_answer(response: Response) -> DialogId:
    return DialogId(
        call_id=response.call_id,
        local_tag=response.from_.tag or "",
        remote_tag=response.to.tag or "",
    )


def _dialog_of_request(request: Request) -> DialogId | None:
    tag = request.from_.tag
    if tag is None or request.to.tag is None:
        return None
    return DialogId(call_id=request.call_id, local_tag=tag, remote_tag=request.to.tag)
