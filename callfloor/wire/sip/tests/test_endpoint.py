"""Two endpoints on a lossy line complete the flows of RFC 3665; noise changes nothing."""

import heapq

import pytest

from callfloor.wire.sip import message, validate
from callfloor.wire.sip.acceptance import Acceptances, Repeat
from callfloor.wire.sip.dialog import Dialog
from callfloor.wire.sip.endpoint import Dropped, Endpoint
from callfloor.wire.sip.tests import kit, torture
from callfloor.wire.sip.transaction import Cancelled, Remote, Send, Timeout, Up

pytestmark = pytest.mark.pure

ALICE_AT = Remote(host="192.0.2.1", port=5060)
BOB_AT = Remote(host="192.0.2.2", port=5060)
DELAY = 0.01


class Party:
    """One telephone: what it saw, and what it does about an INVITE."""

    def __init__(self, at, answers):
        self.at = at
        self.endpoint = Endpoint(policy=validate.Policy(), secret=at.host.encode())
        self.acceptances = Acceptances()
        self.answers = answers
        self.dialog = None
        self.seen = []


class Line:
    """Carries datagrams with a delay and loses those whose number is in `lost`."""

    def __init__(self, *parties, lost=()):
        self.parties = {party.at.host: party for party in parties}
        self.lost = lost
        self.now = 0.0
        self.count = 0
        self.flying = []

    def perform(self, party, outputs):
        for output in outputs:
            if isinstance(output, Send):
                self.count += 1
                if self.count not in self.lost:
                    flight = (self.now + DELAY, self.count, party.at, output)
                    heapq.heappush(self.flying, flight)
            else:
                party.seen.append(output)
                self.act(party, output)

    def say(self, party, request, status, **more):
        tag = party.endpoint.tag_for(request)
        response = message.respond(request, status, tag=tag, **more)
        if party.dialog is not None:
            party.dialog.response_sent(response)
        self.perform(party, party.endpoint.send(response, None, self.now))
        return response

    def act(self, party, output):
        if isinstance(output, Cancelled):
            self.say(party, output.request, 487)
        elif isinstance(output, Up) and isinstance(output.message, message.Request):
            self.act_on_request(party, output.message)
        elif isinstance(output, Up) and output.message.cseq.method == "INVITE":
            self.act_on_answer(party, output.request, output.message)

    def act_on_request(self, party, request):
        if request.method == "INVITE":
            tag = party.endpoint.tag_for(request)
            party.dialog = Dialog.of_callee(request, tag=tag, contact=kit.AT_BOB)
            for status in party.answers:
                response = self.say(party, request, status, contact=kit.AT_BOB)
                if status == 200:
                    party.acceptances.add(party.dialog.id, response, self.now)
        elif request.method == "ACK":
            party.acceptances.acknowledged(party.dialog.id, request.cseq.number)
        elif request.method == "BYE":
            self.say(party, request, party.dialog.request_received(request) or 200)

    def act_on_answer(self, party, invite, response):
        if 200 <= response.status < 300:
            party.dialog = party.dialog or Dialog.of_caller(invite, response)
            ack = party.dialog.ack(response, via=kit.via("z9hG4bKack"))
            self.perform(party, party.endpoint.send(ack, BOB_AT, self.now))

    def run(self, until):
        while (at := self.next()) is not None and at <= until:
            self.now = at
            if self.flying and self.flying[0][0] <= at:
                _, _, source, sent = heapq.heappop(self.flying)
                party = self.parties[sent.remote.host]
                self.perform(party, party.endpoint.receive(sent.data, source, at))
            for party in self.parties.values():
                self.perform(party, party.endpoint.fire(at))
                for due in party.acceptances.fire(at):
                    assert isinstance(due, Repeat)
                    self.perform(party, party.endpoint.send(due.response, None, at))
        self.now = until

    def next(self):
        times = [self.flying[0][0]] if self.flying else []
        for party in self.parties.values():
            times += [party.endpoint.timer(), party.acceptances.timer()]
        return min((at for at in times if at is not None), default=None)


def statuses(party):
    return [
        seen.message.status
        for seen in party.seen
        if isinstance(seen, Up) and isinstance(seen.message, message.Response)
    ]


def methods(party):
    return [
        seen.message.method
        for seen in party.seen
        if isinstance(seen, Up) and isinstance(seen.message, message.Request)
    ]


@pytest.mark.parametrize("lost", [set(), *[{n} for n in range(1, 8)], {1, 2, 4, 6}, {3, 4, 5, 7}])
def test_a_call_comes_about_and_ends_whatever_one_packet_is_lost(lost):
    """RFC 3665 section 3.1."""
    alice, bob = Party(ALICE_AT, ()), Party(BOB_AT, (180, 200))
    line = Line(alice, bob, lost=lost)
    line.perform(alice, alice.endpoint.send(kit.request(), BOB_AT, 0.0))
    line.run(20)
    assert statuses(alice)[-1] == 200
    assert len(bob.acceptances) == 0
    bye = alice.dialog.request("BYE", via=kit.via("z9hG4bKbye"))
    line.perform(alice, alice.endpoint.send(bye, BOB_AT, line.now))
    line.run(100)
    assert methods(bob).count("INVITE") == methods(bob).count("BYE") == 1
    assert statuses(alice)[-1] == 200
    assert (alice.dialog.state, bob.dialog.state) == ("ended", "ended")
    assert not any(isinstance(seen, Timeout) for seen in alice.seen + bob.seen)
    assert (len(alice.endpoint.transactions), len(bob.endpoint.transactions)) == (0, 0)


@pytest.mark.parametrize("lost", [set(), {1}, {2}, {3}, {4}])
def test_a_busy_callee_is_acknowledged_below(lost):
    """RFC 3665 section 3.9: the ACK of a refusal is nobody's business above."""
    alice, bob = Party(ALICE_AT, ()), Party(BOB_AT, (486,))
    line = Line(alice, bob, lost=lost)
    line.perform(alice, alice.endpoint.send(kit.request(), BOB_AT, 0.0))
    line.run(100)
    assert (statuses(alice), methods(bob)) == ([486], ["INVITE"])
    assert len(bob.endpoint.transactions) == 0


@pytest.mark.parametrize("lost", [set(), {3}, {4}, {5}, {6}])
def test_a_caller_who_gives_up_ends_the_ringing(lost):
    """RFC 3665 section 3.8."""
    alice, bob = Party(ALICE_AT, ()), Party(BOB_AT, (180,))
    line = Line(alice, bob, lost=lost)
    invite = kit.request()
    line.perform(alice, alice.endpoint.send(invite, BOB_AT, 0.0))
    line.run(1)
    line.perform(alice, alice.endpoint.cancel(invite, 1.0))
    line.run(100)
    assert statuses(alice).count(487) == 1
    assert sum(isinstance(seen, Cancelled) for seen in bob.seen) == 1


def test_a_callee_that_is_not_there_times_out():
    alice = Party(ALICE_AT, ())
    line = Line(alice, lost=range(1, 100))
    line.perform(alice, alice.endpoint.send(kit.request(), BOB_AT, 0.0))
    line.run(100)
    assert [seen.timer for seen in alice.seen] == ["B"]


class TestReceive:
    def test_a_keep_alive_is_nothing(self):
        assert Party(BOB_AT, ()).endpoint.receive(b"\r\n\r\n", ALICE_AT, 0.0) == []

    def test_noise_is_dropped_and_counted(self):
        outputs = Party(BOB_AT, ()).endpoint.receive(b"noise", ALICE_AT, 0.0)
        assert outputs == [Dropped(why="unreadable", remote=ALICE_AT)]

    @pytest.mark.parametrize("method", ["INVITE", "OPTIONS", "ACK"])
    def test_a_via_of_commas_alone_is_refused(self, method):
        """Found by ten minutes of fuzzing: it ended the reading with an exception."""
        data = torture.plain("x", method=method)
        head, _, rest = data.partition(b"Via: ")
        data = head + b"Via: ,,\r\n" + rest.partition(b"\r\n")[2]
        outputs = Party(BOB_AT, ()).endpoint.receive(data, ALICE_AT, 0.0)
        assert isinstance(outputs[-1], Dropped)
        assert "Via" in outputs[-1].why

    def test_a_refusal_is_the_same_each_time(self):
        """RFC 3261 section 8.2.7."""
        endpoint = Party(BOB_AT, ()).endpoint
        data = torture.plain("x", method="PUBLISH")
        first, again = (endpoint.receive(data, ALICE_AT, at)[0].data for at in (0.0, 9.0))
        assert first == again
        assert message.parse(first).to.tag

    def test_a_response_to_somebody_else_is_dropped(self):
        data, _ = torture.RESPONSES["bcast"]
        outputs = Party(BOB_AT, ()).endpoint.receive(data, ALICE_AT, 0.0)
        assert outputs == [Dropped(why="response: more than one Via", remote=ALICE_AT)]

    def test_over_tcp_the_answer_takes_the_connection(self):
        remote = Remote(host="192.0.2.9", port=40_000, transport="TCP")
        outputs = Party(BOB_AT, ()).endpoint.receive(
            torture.plain("x", method="PUBLISH"), remote, 0.0
        )
        assert outputs[0].remote == remote

    def test_a_cancel_of_nothing_is_answered_and_counted(self):
        """R43: it leaves nothing behind, and its sender is known by it."""
        endpoint = Party(BOB_AT, ()).endpoint
        outputs = endpoint.receive(torture.plain("x", method="CANCEL"), ALICE_AT, 0.0)
        assert [each.message.status for each in outputs[:1]] == [481]
        assert outputs[1].reason == "481"
        assert endpoint.timer() is None
