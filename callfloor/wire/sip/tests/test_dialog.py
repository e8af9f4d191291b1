"""Both ends of a call agree on tags, routes, order and target (flows after RFC 3665)."""

import pytest

from callfloor.wire.errors import LocalError, PeerError
from callfloor.wire.sip import dialog, message
from callfloor.wire.sip.dialog import Dialog
from callfloor.wire.sip.tests import kit
from callfloor.wire.sip.tests.kit import AT_BOB, response, via

pytestmark = pytest.mark.pure

ROUTES = (("Record-Route", "<sip:p2;lr>, <sip:p1;lr>"),)


def ends(status=200, **more):
    """Make both ends of one call."""
    invite = kit.request(**more)
    answer = response(invite, status, contact=AT_BOB)
    callee = Dialog.of_callee(invite, tag="b", contact=AT_BOB)
    callee.response_sent(answer)
    return Dialog.of_caller(invite, answer), callee


class TestMaking:
    def test_both_ends_mirror_one_another(self):
        caller, callee = ends(headers=ROUTES)
        assert (caller.id.local_tag, caller.id.remote_tag) == ("a", "b")
        assert (callee.id.local_tag, callee.id.remote_tag) == ("b", "a")
        assert (str(caller.remote_target), str(callee.remote_target)) == (
            "sip:bob@192.0.2.2",
            "sip:alice@192.0.2.1",
        )
        assert callee.routes == ("<sip:p2;lr>", "<sip:p1;lr>")
        assert caller.routes == ("<sip:p1;lr>", "<sip:p2;lr>")
        assert (caller.state, callee.state) == ("confirmed", "confirmed")

    def test_names_are_those_of_the_messages_inside(self):
        caller, callee = ends()
        bye = caller.request("BYE", via=via("z9hG4bK9"))
        assert dialog.id_of_request(bye) == callee.id
        assert dialog.id_of_response(response(bye, 200)) == caller.id

    def test_outside_a_dialog_there_is_no_name(self):
        assert dialog.id_of_request(kit.request()) is None
        assert dialog.id_of_response(message.respond(kit.request(), 100)) is None

    def test_a_provisional_response_makes_an_early_dialog(self):
        caller, callee = ends(180)
        assert (caller.state, callee.state) == ("early", "early")
        caller.response_received(response(kit.request(), 486))
        assert caller.state == "ended"

    def test_the_2xx_replaces_the_routes_of_the_1xx(self):
        """RFC 3261 section 13.2.2.4."""
        invite = kit.request(headers=ROUTES)
        caller = Dialog.of_caller(invite, response(invite, 180, contact=AT_BOB))
        caller.response_received(response(kit.request(), 200, contact=AT_BOB))
        assert (caller.routes, caller.state) == ((), "confirmed")

    def test_a_response_without_a_tag_makes_none(self):
        invite = kit.request()
        with pytest.raises(PeerError):
            Dialog.of_caller(invite, message.respond(invite, 180))

    def test_our_invite_needs_a_contact(self):
        invite = kit.request(contact=None)
        with pytest.raises(LocalError):
            Dialog.of_caller(invite, response(invite, 200, contact=AT_BOB))

    def test_a_peer_without_contact_is_reached_by_its_from(self):
        """RFC 2543 did not ask for one."""
        callee = Dialog.of_callee(kit.request(contact=None), tag="b", contact=AT_BOB)
        assert str(callee.remote_target) == "sip:alice@example.com"


class TestRequest:
    def test_counts_and_follows_the_routes(self):
        caller, _ = ends(headers=ROUTES)
        first = caller.request("OPTIONS", via=via("z9hG4bK8"))
        second = caller.request("INVITE", via=via("z9hG4bK9"), body=b"v=0", content_type="x/y")
        assert [str(first.cseq), str(second.cseq)] == ["2 OPTIONS", "3 INVITE"]
        assert second.uri == "sip:bob@192.0.2.2"
        assert second.all("Route") == ["<sip:p1;lr>", "<sip:p2;lr>"]
        assert (second.from_.tag, second.to.tag, second.call_id) == ("a", "b", "call")
        assert second.contact == kit.AT_ALICE
        assert first.contact is None
        assert str(caller.next_hop) == "sip:p1;lr"

    def test_a_strict_router_stands_in_the_request_uri(self):
        """RFC 3261 section 12.2.1.1."""
        _, callee = ends(headers=(("Record-Route", "<sip:strict>, <sip:p1;lr>"),))
        bye = callee.request("BYE", via=via("z9hG4bK9"))
        assert bye.uri == "sip:strict"
        assert bye.all("Route") == ["<sip:p1;lr>", "<sip:alice@192.0.2.1>"]

    def test_the_ack_of_a_2xx_repeats_the_number_of_the_invite(self):
        caller, _ = ends()
        caller.request("OPTIONS", via=via("z9hG4bK8"))
        ack = caller.ack(response(kit.request(), 200, contact=AT_BOB), via=via("z9hG4bK9"))
        assert (ack.method, str(ack.cseq), ack.uri) == ("ACK", "1 ACK", "sip:bob@192.0.2.2")
        assert caller.local_seq == 2

    def test_a_second_invite_waits_for_the_first(self):
        caller, _ = ends()
        caller.request("INVITE", via=via("z9hG4bK8"))
        with pytest.raises(LocalError):
            caller.request("INVITE", via=via("z9hG4bK9"))
        assert caller.local_seq == 2

    def test_a_bye_ends_the_dialog(self):
        caller, callee = ends()
        assert callee.request_received(caller.request("BYE", via=via("z9hG4bK9"))) is None
        assert (caller.state, callee.state) == ("ended", "ended")


class TestReceived:
    def test_what_comes_out_of_order_is_owed_500(self):
        caller, callee = ends()
        early, late = (caller.request("OPTIONS", via=via(f"z9hG4bK{i}")) for i in (8, 9))
        assert callee.request_received(late) is None
        assert callee.request_received(early) == 500

    def test_what_comes_after_the_end_is_owed_481(self):
        caller, callee = ends()
        callee.request("BYE", via=via("z9hG4bK7"))
        assert callee.request_received(caller.request("OPTIONS", via=via("z9hG4bK8"))) == 481

    def test_an_ack_is_owed_nothing(self):
        caller, callee = ends()
        ack = caller.ack(response(kit.request(), 200, contact=AT_BOB), via=via("z9hG4bK9"))
        assert callee.request_received(ack) is None

    def test_two_invites_that_meet_are_both_owed_491(self):
        """RFC 3261 section 14.2."""
        caller, callee = ends()
        ours = caller.request("INVITE", via=via("z9hG4bK8"))
        theirs = callee.request("INVITE", via=via("z9hG4bK9"))
        assert caller.request_received(theirs) == 491
        assert callee.request_received(ours) == 491
        caller.response_received(response(ours, 491))
        again = caller.request("INVITE", via=via("z9hG4bKa"))
        callee.response_received(response(theirs, 491))
        assert callee.request_received(again) is None

    def test_a_second_invite_before_the_first_is_answered_is_owed_500(self):
        caller, callee = ends()
        assert callee.request_received(caller.request("INVITE", via=via("z9hG4bK8"))) is None
        hasty = kit.request(cseq=9, to=caller.remote)
        assert callee.request_received(hasty) == 500

    @pytest.mark.parametrize(
        ("status", "target"), [(200, "sip:alice@192.0.2.9"), (488, "sip:alice@192.0.2.1")]
    )
    def test_the_target_moves_only_with_a_reinvite_that_is_accepted(self, status, target):
        """RFC 3261 section 12.2.2."""
        caller, callee = ends()
        moved = kit.Address(uri=kit.Uri(user="alice", host="192.0.2.9"))
        reinvite = kit.request(cseq=2, to=caller.remote, contact=moved)
        assert callee.request_received(reinvite) is None
        callee.response_sent(response(reinvite, status))
        assert str(callee.remote_target) == target
        assert callee.state == "confirmed"

    def test_our_own_reinvite_learns_the_new_target(self):
        caller, _ = ends()
        reinvite = caller.request("INVITE", via=via("z9hG4bK8"))
        moved = kit.Address(uri=kit.Uri(user="bob", host="192.0.2.9"))
        caller.response_received(response(reinvite, 200, contact=moved))
        assert str(caller.remote_target) == "sip:bob@192.0.2.9"
        assert not caller.invite_is_pending

    @pytest.mark.parametrize("status", [408, 481])
    def test_a_peer_that_is_gone_ends_the_dialog(self, status):
        """RFC 3261 section 12.2.1.2."""
        caller, _ = ends()
        caller.response_received(response(caller.request("INFO", via=via("z9hG4bK8")), status))
        assert caller.state == "ended"


@pytest.mark.parametrize(("draw", "caller_waits", "callee_waits"), [(0, 2.1, 0), (0.5, 3.05, 1)])
def test_after_glare_the_owner_of_the_call_id_waits_longer(draw, caller_waits, callee_waits):
    """RFC 3261 section 14.1."""
    caller, callee = ends()
    assert (caller.glare_pause(draw), callee.glare_pause(draw)) == (caller_waits, callee_waits)
