"""Agents' telephones on the stand: they register, ring, are lifted and put down."""

import itertools

from callfloor.core import plan
from callfloor.floor.tests import stand
from callfloor.wire.sip import auth, machines, refer
from callfloor.wire.sip import message as messages
from callfloor.wire.sip.dialog import Dialog, DialogId
from callfloor.wire.sip.headers import Address, Via
from callfloor.wire.sip.message import Request
from callfloor.wire.sip.uri import Uri

CALLER = ("192.0.2.7", 5060)
_chance = itertools.count(1)


def phone_plan(**changes):
    """Build a plan in which callers go into the queue at once and agents have telephones."""
    flow = plan.FlowPlan(
        key="main", version=1, first="wait", steps=(plan.Enqueue(key="wait", queue="help"),)
    )
    phones = {"anna": ("anna-desk", "anna-mobile"), "bela": ("bela-desk",)}
    extensions = {"anna": "201", "bela": "202"}
    agents = tuple(
        plan.AgentPlan(
            key=key,
            clients=("acme",),
            skills=(("help", 3),),
            phones=phones[key],
            extension=extensions[key],
        )
        for key in phones
    )
    queue = plan.QueuePlan(
        key="help",
        client="acme",
        channel="call",
        tiers=(plan.TierPlan(after_seconds=0.0, requires=(("help", 1),)),),
        position_every_seconds=None,
        wrap_up_seconds=0.0,
        extension="300",
    )
    fields = {"flows": (flow,), "agents": agents, "queues": (queue,), **changes}
    return stand.stand_plan(**fields)


def sdp_of(port, direction="sendrecv"):
    """Describe a telephone's audio."""
    return stand.THEIR_SDP.replace("4000", str(port)) + f"a={direction}\r\n"


class Handset:
    """One telephone, at an address of its own."""

    def __init__(self, house, user, *, password="pw", port=6_000, algorithm="SHA-256"):
        self.house = house
        self.user = user
        self.source = ("198.51.100.7", port)
        self._password = password
        self._algorithm = algorithm
        self._seq = 0
        self._call_id = f"{user}@{next(_chance)}"
        self._read = len(house.sent)
        self.contact = Address(uri=Uri(user=f"{user}-0x1", host="10.0.0.9", port=port))
        """As behind a translation of addresses: nobody reaches this one."""
        self.dialog = None
        self.invite = None

    # --- registering ------------------------------------------------------------------------------

    def register(self, *, seconds=300, to=None):
        """Register with the password; give the last status."""
        first = self._register(seconds, to)
        refusal = self.send(first)
        if refusal.status != 401:
            return refusal.status
        return self.send(self.proven(first, refusal)).status

    def proven(self, request, refusal):
        """Answer a challenge as this telephone would."""
        names = [v for v in refusal.all("WWW-Authenticate") if f"={self._algorithm}" in v]
        narrowed = messages.with_headers(refusal, drop=["WWW-Authenticate"], add=[])
        narrowed = messages.with_headers(
            narrowed, drop=[], add=[("WWW-Authenticate", value) for value in names]
        )
        proof = auth.answer(
            narrowed,
            request=request,
            username=self.user,
            password=self._password,
            cnonce=str(next(_chance)),
        )
        self._seq += 1
        again = messages.renumbered(request, via=self.via(), cseq=self._seq)
        return messages.with_headers(again, drop=[], add=[proof] if proof else [])

    def _register(self, seconds, to):
        self._seq += 1
        aor = Address(uri=Uri(user=to or self.user, host=stand.US))
        return messages.request(
            method="REGISTER",
            uri=Uri(host=stand.US),
            via=self.via(),
            from_=aor.with_tag("t"),
            to=aor,
            call_id=self._call_id,
            cseq=self._seq,
            contact=self.contact,
            headers=(("Expires", str(seconds)),),
        )

    # --- speaking ---------------------------------------------------------------------------------

    def via(self):
        """Make the Via of a request of this telephone."""
        host, port = self.source
        params = {"branch": f"z9hG4bKh{next(_chance)}", "rport": None}
        return Via(transport="UDP", host=host, port=port, params=params)

    def send(self, message):
        """Send a message; give what came back at once, None if nothing did."""
        before = len(self.house.sent)
        self.house.receive(message.encode(), self.source)
        back = [messages.parse(d) for d, to in self.house.sent[before:] if to == self.source]
        return next((m for m in back if not isinstance(m, Request)), None)

    def heard(self):
        """Give what has come since the last time."""
        came = [messages.parse(d) for d, to in self.house.sent[self._read :] if to == self.source]
        self._read = len(self.house.sent)
        for message in came:
            if isinstance(message, Request) and message.method == "INVITE":
                self.invite = message
        return came

    def methods(self):
        """Name the requests that have come since the last time."""
        return [message.method for message in self.heard() if isinstance(message, Request)]

    # --- a call that rings here -------------------------------------------------------------------

    def rings(self):
        """Say whether it has been told to ring since the last time, and ring."""
        is_told = "INVITE" in self.methods()
        if is_told:
            self.answer(180)
        return is_told

    def answer(self, status, *, sdp=""):
        """Answer the INVITE."""
        response = messages.respond(
            self.invite,
            status,
            tag=f"h{self.source[1]}",
            contact=self.contact if status < 300 else None,
            body=sdp.encode(),
            content_type="application/sdp" if sdp else "",
        )
        if status == 200:
            self.dialog = Dialog.of_callee(
                self.invite, tag=f"h{self.source[1]}", contact=self.contact
            )
            self.dialog.response_sent(response)
        self.house.receive(response.encode(), self.source)

    def lift(self):
        """Take the call."""
        self.answer(200, sdp=sdp_of(self.source[1]))

    def give_in(self):
        """Answer what was asked since: 200 to CANCEL with 487 to its INVITE, 200 to BYE."""
        methods = []
        for message in self.heard():
            if not isinstance(message, Request):
                continue
            methods.append(message.method)
            if message.method in ("CANCEL", "BYE"):
                self.house.receive(messages.respond(message, 200, tag="x").encode(), self.source)
            if message.method == "CANCEL":
                self.answer(487)
        return methods

    # --- a call that is made here -----------------------------------------------------------------

    def call(self, number, *, headers=()):
        """Call somebody, with the password; give the last response, and keep the dialog."""
        self._seq += 1
        us = Address(uri=Uri(user=self.user, host=stand.US))
        invite = messages.request(
            method="INVITE",
            uri=Uri(user=number, host=stand.US),
            via=self.via(),
            from_=us.with_tag(f"t{next(_chance)}"),
            to=Address(uri=Uri(user=number, host=stand.US)),
            call_id=f"out{next(_chance)}@{self.user}",
            cseq=self._seq,
            contact=self.contact,
            headers=headers,
            body=sdp_of(self.source[1] + 100).encode(),
            content_type="application/sdp",
        )
        refusal = self.send(invite)
        if refusal is None or refusal.status != 401:
            return refusal
        proven = self.proven(invite, refusal)
        before = len(self.house.sent)
        self.house.receive(proven.encode(), self.source)
        back = [messages.parse(d) for d, to in self.house.sent[before:] if to == self.source]
        last = [m for m in back if not isinstance(m, Request)][-1]
        self.invite = proven
        if last.status == 200:
            self.dialog = Dialog.of_caller(proven, last)
            self.send(self.dialog.ack(last, via=self.via()))
        return last

    def cancel_call(self):
        """Give the call up that has no answer yet."""
        self.send(machines.cancellation(self.invite))

    def told(self):
        """Give the statuses of the NOTIFYs that came since, and answer them."""
        statuses = []
        for message in self.heard():
            if isinstance(message, Request) and message.method == "NOTIFY":
                statuses.append(refer.status_of(message))
                self.house.receive(messages.respond(message, 200).encode(), self.source)
        return statuses

    def refer(self, number, *, replaces=None, **headers):
        """Ask for a transfer inside the call; give the response."""
        target = Uri(user=number, host=stand.US)
        wanted = None
        if replaces is not None:
            ends = replaces.id
            wanted = refer.Replaces(
                dialog=DialogId(
                    call_id=ends.call_id, local_tag=ends.remote_tag, remote_tag=ends.local_tag
                )
            )
        pairs = [refer.refer_to(target, replaces=wanted)]
        pairs += [(name.replace("_", "-"), value) for name, value in headers.items()]
        return self.ask("REFER", headers=tuple(pairs))

    # --- inside a call ----------------------------------------------------------------------------

    def ask(self, method, **more):
        """Send a request inside the call; give its response."""
        request = self.dialog.request(method, via=self.via(), **more)
        return self.send(request)

    def reinvite(self, direction):
        """Hold or resume; give the response."""
        response = self.ask(
            "INVITE",
            body=sdp_of(self.source[1], direction).encode(),
            content_type="application/sdp",
        )
        self.dialog.response_received(response)
        self.send(self.dialog.ack(response, via=self.via()))
        return response


def caller(house, number=1):
    """Let a customer call and be answered; give his Call-ID and tag."""
    call_id = f"customer-{number}"
    fields = {"call_id": call_id, "branch": f"c{number}"}
    house.receive(stand.invite(**fields))
    tag = house.answers()[-1].to.tag
    house.receive(stand.request("ACK", to_tag=tag, **fields))
    return call_id, tag


def goodbye(house, call_id, tag, number=1):
    """Let a customer hang up."""
    house.receive(stand.request("BYE", cseq=2, branch=f"b{number}", to_tag=tag, call_id=call_id))
