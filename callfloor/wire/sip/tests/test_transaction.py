"""The four machines: each timer and each state by stepped time, and which message goes where."""

import pytest

from callfloor.wire.errors import LocalError
from callfloor.wire.sip import message, transaction
from callfloor.wire.sip.tests import kit
from callfloor.wire.sip.tests.kit import TCP, UDP, told
from callfloor.wire.sip.transaction import Transactions

pytestmark = pytest.mark.pure


def fresh():
    return Transactions(secret=b"s" * 16)


def run(transactions, until):
    """Fire every timer up to an instant; give (instant, what happened)."""
    seen = []
    while (at := transactions.timer()) is not None and at <= until:
        seen += [(at, word) for word in told(transactions.fire(at))]
    return seen


class TestClientInvite:
    def test_repeats_with_growing_pauses_and_gives_up_after_64_t1(self):
        """Timers A and B."""
        client = fresh()
        assert told(client.send(kit.request(), UDP, 0.0)) == ["send INVITE"]
        assert run(client, 100) == [
            *[(at, "send INVITE") for at in (0.5, 1.5, 3.5, 7.5, 15.5, 31.5)],
            (32.0, "timeout B"),
        ]
        assert len(client) == 0

    def test_repeats_nothing_over_tcp(self):
        client = fresh()
        client.send(kit.request(), TCP, 0.0)
        assert run(client, 100) == [(32.0, "timeout B")]

    def test_a_provisional_response_ends_repetition_and_impatience(self):
        client = fresh()
        invite = kit.request()
        client.send(invite, UDP, 0.0)
        assert told(client.receive(kit.response(invite, 180), UDP, 0.1)) == ["up 180"]
        assert client.timer() is None
        assert told(client.receive(kit.response(invite, 183), UDP, 9.0)) == ["up 183"]

    @pytest.mark.parametrize("first", [None, 180])
    def test_acknowledges_a_refusal_as_often_as_it_comes(self, first):
        """Timer D."""
        client = fresh()
        invite = kit.request(routes=("<sip:p;lr>",))
        client.send(invite, UDP, 0.0)
        if first:
            client.receive(kit.response(invite, first), UDP, 0.0)
        busy = kit.response(invite, 486)
        outputs = client.receive(busy, UDP, 1.0)
        assert told(outputs) == ["send ACK", "up 486"]
        sent = outputs[0].message
        assert sent.via == invite.via
        assert sent.to.tag == "b"
        assert str(sent.cseq) == "1 ACK"
        assert sent.all("Route") == ["<sip:p;lr>"]
        assert told(client.receive(busy, UDP, 2.0)) == ["send ACK"]
        assert (client.timer(), run(client, 100), len(client)) == (33.0, [], 0)

    def test_forgets_a_refusal_at_once_over_tcp(self):
        client = fresh()
        invite = kit.request()
        client.send(invite, TCP, 0.0)
        assert told(client.receive(kit.response(invite, 486), TCP, 1.0)) == ["send ACK", "up 486"]
        assert len(client) == 0

    def test_hands_up_every_2xx_until_timer_m(self):
        """RFC 6026 section 7.2: more than one branch may accept, and each is repeated."""
        client = fresh()
        invite = kit.request()
        client.send(invite, UDP, 0.0)
        assert told(client.receive(kit.response(invite, 200), UDP, 1.0)) == ["up 200"]
        assert told(client.receive(kit.response(invite, 200, "c"), UDP, 2.0)) == ["up 200"]
        assert told(client.receive(kit.response(invite, 180), UDP, 2.0)) == []
        assert told(client.receive(kit.response(invite, 486), UDP, 2.0)) == []
        assert (client.timer(), run(client, 100), len(client)) == (33.0, [], 0)
        assert told(client.receive(kit.response(invite, 200), UDP, 40.0)) == []

    def test_a_response_names_the_request_it_answers(self):
        client = fresh()
        invite = kit.request()
        client.send(invite, UDP, 0.0)
        up = client.receive(kit.response(invite, 180), UDP, 1.0)[0]
        assert (up.request, up.key) == (invite, transaction.client_key(invite))


class TestClientOther:
    def test_repeats_up_to_t2_and_gives_up_after_64_t1(self):
        """Timers E and F."""
        client = fresh()
        client.send(kit.request("BYE"), UDP, 0.0)
        repeats = (0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5, 31.5)
        assert run(client, 100) == [*[(at, "send BYE") for at in repeats], (32.0, "timeout F")]

    def test_a_provisional_response_slows_repetition(self):
        client = fresh()
        bye = kit.request("BYE")
        client.send(bye, UDP, 0.0)
        assert told(client.receive(kit.response(bye, 100), UDP, 0.2)) == ["up 100"]
        assert run(client, 10) == [(0.5, "send BYE"), (4.5, "send BYE"), (8.5, "send BYE")]

    def test_soaks_up_repeated_responses_until_timer_k(self):
        client = fresh()
        bye = kit.request("BYE")
        client.send(bye, UDP, 0.0)
        assert told(client.receive(kit.response(bye, 200), UDP, 1.0)) == ["up 200"]
        assert told(client.receive(kit.response(bye, 200), UDP, 2.0)) == []
        assert (client.timer(), run(client, 100), len(client)) == (6.0, [], 0)

    def test_forgets_at_once_over_tcp(self):
        client = fresh()
        bye = kit.request("BYE")
        client.send(bye, TCP, 0.0)
        client.receive(kit.response(bye, 200), TCP, 1.0)
        assert len(client) == 0


class TestServerInvite:
    def test_says_trying_when_nobody_answers_in_200_ms(self):
        server = fresh()
        assert told(server.receive(kit.request(), UDP, 0.0)) == ["up INVITE"]
        assert run(server, 5) == [(0.2, "send 100")]
        assert told(server.receive(kit.request(), UDP, 1.0)) == ["send 100"]

    def test_repeats_the_last_provisional_response(self):
        server = fresh()
        invite = kit.request()
        assert told(server.receive(invite, UDP, 0.0)) == ["up INVITE"]
        assert told(server.receive(invite, UDP, 0.1)) == []
        assert told(server.send(kit.response(invite, 180), None, 0.1)) == ["send 180"]
        assert told(server.receive(invite, UDP, 0.15)) == ["send 180"]
        assert server.timer() is None

    def test_repeats_a_refusal_until_its_ack(self):
        """Timers G and I."""
        server = fresh()
        invite = kit.request()
        server.receive(invite, UDP, 0.0)
        busy = kit.response(invite, 486)
        assert told(server.send(busy, None, 0.0)) == ["send 486"]
        assert told(server.receive(invite, UDP, 0.1)) == ["send 486"]
        assert run(server, 8) == [(at, "send 486") for at in (0.5, 1.5, 3.5, 7.5)]
        assert told(server.receive(kit.ack(invite, busy), UDP, 8.0)) == []
        assert told(server.receive(invite, UDP, 8.1)) == []
        assert (server.timer(), run(server, 100), len(server)) == (13.0, [], 0)

    def test_gives_up_on_a_missing_ack(self):
        """Timers G and H."""
        server = fresh()
        invite = kit.request()
        server.receive(invite, UDP, 0.0)
        server.send(kit.response(invite, 486), None, 0.0)
        repeats = (0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5, 31.5)
        assert run(server, 100) == [*[(at, "send 486") for at in repeats], (32.0, "timeout H")]

    def test_over_tcp_only_waits_for_the_ack(self):
        server = fresh()
        invite = kit.request()
        server.receive(invite, TCP, 0.0)
        busy = kit.response(invite, 486)
        server.send(busy, None, 0.0)
        assert server.timer() == 32.0
        server.receive(kit.ack(invite, busy), TCP, 1.0)
        assert len(server) == 0

    def test_after_a_2xx_soaks_up_invites_and_lets_its_repetitions_through(self):
        """RFC 6026 section 7.1, timer L."""
        server = fresh()
        invite = kit.request()
        server.receive(invite, UDP, 0.0)
        ok = kit.response(invite, 200)
        assert told(server.send(ok, None, 1.0)) == ["send 200"]
        assert told(server.receive(invite, UDP, 1.1)) == []
        assert told(server.send(ok, None, 1.5)) == ["send 200"]
        assert told(server.send(kit.response(invite, 486), None, 1.6)) == []
        assert (server.timer(), run(server, 100), len(server)) == (33.0, [], 0)
        assert told(server.send(ok, None, 40.0)) == []

    def test_the_ack_of_a_2xx_goes_up(self):
        """It has a branch of its own; some peers reuse the INVITE's."""
        server = fresh()
        invite = kit.request()
        server.receive(invite, UDP, 0.0)
        server.send(kit.response(invite, 200), None, 0.0)
        for branch in ("z9hG4bK2", "z9hG4bK1"):
            ack = kit.request("ACK", branch=branch)
            assert told(server.receive(ack, UDP, 0.1)) == ["up ACK"]


class TestServerOther:
    def test_repeats_its_final_response_until_timer_j(self):
        server = fresh()
        bye = kit.request("BYE")
        assert told(server.receive(bye, UDP, 0.0)) == ["up BYE"]
        assert told(server.receive(bye, UDP, 0.1)) == []
        assert told(server.send(kit.response(bye, 200), None, 1.0)) == ["send 200"]
        assert told(server.receive(bye, UDP, 2.0)) == ["send 200"]
        assert told(server.send(kit.response(bye, 500), None, 2.0)) == []
        assert (server.timer(), run(server, 100), len(server)) == (33.0, [], 0)

    def test_repeats_a_provisional_response(self):
        server = fresh()
        bye = kit.request("BYE")
        server.receive(bye, UDP, 0.0)
        server.send(kit.response(bye, 100), None, 1.0)
        assert told(server.receive(bye, UDP, 2.0)) == ["send 100"]

    def test_forgets_at_once_over_tcp(self):
        server = fresh()
        bye = kit.request("BYE")
        server.receive(bye, TCP, 0.0)
        server.send(kit.response(bye, 200), None, 1.0)
        assert len(server) == 0


class TestCancel:
    def test_a_callers_cancel_is_answered_and_told_once(self):
        server = fresh()
        invite = kit.request()
        server.receive(invite, UDP, 0.0)
        cancel = kit.request("CANCEL")
        outputs = server.receive(cancel, UDP, 1.0)
        assert told(outputs) == ["send 200", "cancelled"]
        assert outputs[0].message.to.tag == server.tag_for(invite)
        assert outputs[1].request.method == "INVITE"
        assert told(server.receive(cancel, UDP, 1.5)) == ["send 200"]
        assert told(server.send(kit.response(invite, 487), None, 1.6)) == ["send 487"]

    def test_a_cancel_that_comes_too_late_changes_nothing(self):
        server = fresh()
        invite = kit.request()
        server.receive(invite, UDP, 0.0)
        server.send(kit.response(invite, 200, "tag"), None, 0.5)
        outputs = server.receive(kit.request("CANCEL"), UDP, 1.0)
        assert told(outputs) == ["send 200"]
        assert outputs[0].message.to.tag == "tag"

    def test_a_cancel_of_nothing_is_owed_481(self):
        assert told(fresh().receive(kit.request("CANCEL"), UDP, 0.0)) == ["send 481"]

    def test_our_cancel_waits_for_a_provisional_response(self):
        """RFC 3261 section 9.1."""
        client = fresh()
        invite = kit.request()
        client.send(invite, UDP, 0.0)
        assert told(client.cancel(invite, 0.1, reason="SIP;cause=200")) == []
        outputs = client.receive(kit.response(invite, 180), UDP, 0.4)
        assert told(outputs) == ["up 180", "send CANCEL"]
        cancel = outputs[1].message
        assert (cancel.via, cancel.get("Reason")) == (invite.via, "SIP;cause=200")
        assert told(client.receive(kit.response(invite, 487), UDP, 0.5)) == ["send ACK", "up 487"]

    def test_our_cancel_goes_at_once_while_it_rings(self):
        client = fresh()
        invite = kit.request()
        client.send(invite, UDP, 0.0)
        client.receive(kit.response(invite, 180), UDP, 0.4)
        assert told(client.cancel(invite, 1.0)) == ["send CANCEL"]
        assert told(client.cancel(kit.request(branch="z9hG4bK7"), 1.0)) == []

    def test_a_cancel_without_effect_ends_the_call_after_64_t1(self):
        client = fresh()
        invite = kit.request()
        client.send(invite, UDP, 0.0)
        client.receive(kit.response(invite, 180), UDP, 0.0)
        cancel = client.cancel(invite, 1.0)[0].message
        client.receive(kit.response(cancel, 200), UDP, 1.1)
        assert run(client, 100) == [(33.0, "timeout C")]

    def test_a_2xx_that_crosses_our_cancel_still_goes_up(self):
        client = fresh()
        invite = kit.request()
        client.send(invite, UDP, 0.0)
        client.cancel(invite, 0.1)
        assert told(client.receive(kit.response(invite, 200), UDP, 0.2)) == ["up 200"]


class TestMatching:
    def test_a_merged_request_is_a_loop(self):
        """RFC 3261 section 8.2.2.2."""
        server = fresh()
        server.receive(kit.request(), UDP, 0.0)
        other = kit.request(branch="z9hG4bK-by-another-way")
        assert told(server.receive(other, UDP, 0.0)) == ["send 482"]

    def test_a_later_try_with_a_new_cseq_is_no_loop(self):
        server = fresh()
        server.receive(kit.request(), UDP, 0.0)
        again = kit.request(branch="z9hG4bK2", cseq=2)
        assert told(server.receive(again, UDP, 0.0)) == ["up INVITE"]

    def test_one_branch_from_two_hosts_is_two_transactions(self):
        """RFC 3261 section 17.2.3: sent-by counts."""
        server = fresh()
        server.receive(kit.request(), UDP, 0.0)
        other = message.with_headers(
            kit.request(call_id="other"),
            drop=["Via"],
            add=[("Via", "SIP/2.0/UDP 192.0.2.7;branch=z9hG4bK1")],
        )
        assert told(server.receive(other, UDP, 0.0)) == ["up INVITE"]

    def test_an_old_client_is_matched_by_its_fields(self):
        """RFC 3261 section 17.2.3, second list."""
        server = fresh()
        invite = kit.request(branch="1")
        server.receive(invite, UDP, 0.0)
        busy = kit.response(invite, 486)
        assert told(server.receive(invite, UDP, 0.1)) == []
        assert told(server.send(busy, None, 0.1)) == ["send 486"]
        assert told(server.receive(kit.ack(invite, busy), UDP, 0.2)) == []
        assert told(server.receive(kit.request(branch="1", call_id="2"), UDP, 1)) == ["up INVITE"]

    def test_a_response_to_nothing_goes_nowhere(self):
        """RFC 6026 section 7.3."""
        assert fresh().receive(kit.response(kit.request(), 200), UDP, 0.0) == []
        assert fresh().send(kit.response(kit.request(), 200), None, 0.0) == []

    def test_responses_go_where_the_via_says(self):
        server = fresh()
        invite = message.with_headers(
            kit.request(),
            drop=["Via"],
            add=[("Via", "SIP/2.0/UDP pc:9;rport;branch=z9hG4bK1")],
        )
        up = server.receive(invite, transaction.Remote(host="192.0.2.8", port=7), 0.0)[0]
        sent = server.send(kit.response(up.message, 180), None, 0.0)[0]
        assert (sent.remote.host, sent.remote.port) == ("192.0.2.8", 7)

    def test_a_full_house_says_when_to_come_again(self, monkeypatch):
        monkeypatch.setattr(transaction, "TRANSACTIONS_MAX", 1)
        server = fresh()
        server.receive(kit.request(), UDP, 0.0)
        outputs = server.receive(kit.request(branch="z9hG4bK2", cseq=2), UDP, 0.0)
        assert told(outputs) == ["send 503"]
        assert outputs[0].message.get("Retry-After") == "4"


class TestSend:
    def test_an_ack_needs_no_transaction(self):
        client = fresh()
        assert told(client.send(kit.request("ACK"), UDP, 0.0)) == ["send ACK"]
        assert len(client) == 0

    def test_a_request_needs_somewhere_to_go(self):
        with pytest.raises(LocalError):
            fresh().send(kit.request(), None, 0.0)

    def test_a_dead_transport_ends_the_transaction(self):
        """RFC 3261 section 17.1.4."""
        client = fresh()
        invite = kit.request()
        client.send(invite, TCP, 0.0)
        assert told(client.fail(transaction.client_key(invite), 1.0)) == ["timeout X"]
        assert (client.timer(), len(client)) == (None, 0)


def test_a_late_loop_changes_nothing():
    """Timers fire each at its own instant, so one late call equals many punctual ones."""
    late, punctual = fresh(), fresh()
    for client in (late, punctual):
        client.send(kit.request(), UDP, 0.0)
        client.send(kit.request("BYE", branch="z9hG4bK2"), UDP, 0.1)
    assert told(late.fire(100.0)) == [word for _, word in run(punctual, 100)]


class TestAnsweredOnce:
    """Strangers' requests leave nothing behind (R43)."""

    def test_a_refusal_without_a_transaction_keeps_nothing(self):
        server = fresh()
        invite = kit.request()
        assert told(server.receive(invite, UDP, 0.0)) == ["up INVITE"]
        assert told(server.answer_once(kit.response(invite, 404, "tag"))) == ["send 404"]
        assert len(server) == 0
        assert server.timer() is None

    def test_a_repetition_is_judged_again_and_its_ack_belongs_to_nobody(self):
        server = fresh()
        invite = kit.request()
        for _ in range(2):
            assert told(server.receive(invite, UDP, 0.0)) == ["up INVITE"]
            assert told(server.answer_once(kit.response(invite, 404, "tag"))) == ["send 404"]
        assert told(server.receive(kit.request("ACK"), UDP, 0.1)) == ["up ACK"]
        assert len(server) == 0

    def test_where_there_is_no_request_nothing_is_sent(self):
        assert told(fresh().answer_once(kit.response(kit.request(), 404, "tag"))) == []

    def test_a_cancel_of_nothing_leaves_nothing(self):
        server = fresh()
        assert told(server.receive(kit.request("CANCEL"), UDP, 0.0)) == ["send 481"]
        assert len(server) == 0
