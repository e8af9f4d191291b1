"""Messages are read as sent, typed when looked at, and written so that the peer reads the same."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callfloor.wire.errors import LocalError, PeerError
from callfloor.wire.sip import headers, message
from callfloor.wire.sip.headers import Address, Via
from callfloor.wire.sip.tests import torture
from callfloor.wire.sip.uri import Uri

pytestmark = pytest.mark.pure

VIA = Via(transport="UDP", host="192.0.2.1", port=5070, params={"branch": "z9hG4bK1"})
ALICE = Address(uri=Uri(user="alice", host="example.com"), display='A "l" ice', params={"tag": "1"})
BOB = Address(uri=Uri(user="bob", host="example.com"))


def invite(**more):
    return message.request(
        method="INVITE",
        uri="sip:bob@example.com",
        via=VIA,
        from_=ALICE,
        to=BOB,
        call_id="c1",
        cseq=1,
        **more,
    )


def request_of(name):
    read = message.parse(torture.REQUESTS[name][0])
    assert isinstance(read, message.Request)
    return read


class TestParse:
    def test_folded_and_blank_ridden_headers_are_read(self):
        """RFC 4475 section 3.1.1.1."""
        read = request_of("wsinv")
        assert [via.branch for via in read.vias] == ["390skdjuw", "z9hG4bK9ikj8", "z9hG4bK30239"]
        assert [via.host for via in read.vias] == [
            "192.0.2.2",
            "spindle.example.com",
            "192.168.255.111",
        ]
        assert (read.to.tag, read.from_.tag) == ("1918181833n", "98asjd8")
        assert read.from_.display == 'J Rosenberg \\"'
        assert str(read.cseq) == "9 INVITE"
        assert read.max_forwards == 68
        assert read.contact.params == {"newparam": "newvalue", "secondparam": None, "q": "0.33"}
        assert read.get("Newfangledheader") == "newfangled value continued newfangled value"
        assert read.get("Subject") == ""

    def test_every_character_of_the_grammar_is_read(self):
        """RFC 4475 section 3.1.1.2."""
        read = request_of("intmeth")
        assert read.method == torture.INTMETH_METHOD
        assert read.target.user == "1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*"
        assert read.target.password == "&it+has=1,weird!*pas$wo~d_too.(doesn't-it)"
        assert read.to.display == "BEL:\x07 NUL:\x00 DEL:\x7f"
        assert read.from_.tag == "_token~1'+`*%!-."
        assert read.from_.params["fromparam''~+*_!.-%"] == '"работающий"'

    def test_escapes_are_undone_in_the_user_only(self):
        """RFC 4475 section 3.1.1.3."""
        read = request_of("esc01")
        assert (read.target.user, read.target.host) == ("sips:user@example.com", "example.net")
        assert read.to.uri.user == "user"
        assert read.from_.uri.user == "I have spaces"

    def test_what_follows_content_length_is_another_story(self):
        """RFC 4475 section 3.1.1.8."""
        assert request_of("dblreq").body == b""

    def test_bytes_that_are_not_utf8_survive(self):
        data = torture.plain("x", extra="Subject: \t").replace(b"\t", b"\xff\xfe")
        read = message.parse(data)
        assert b"Subject: \xff\xfe\r\n" in read.encode()

    @pytest.mark.parametrize(
        ("sent", "name"),
        [
            ("v", "Via"),
            ("F", "From"),
            ("call-id", "Call-ID"),
            ("CSEQ", "CSeq"),
            ("www-authenticate", "WWW-Authenticate"),
            ("x-My-thing", "X-My-Thing"),
            ("mAx-fOrWards", "Max-Forwards"),
        ],
    )
    def test_each_header_has_one_name(self, sent, name):
        assert headers.canonical(sent) == name

    def test_commas_in_quotes_and_brackets_divide_nothing(self):
        read = message.parse(
            torture.plain("x", contact='"a, \\" b" <sip:a,b@example.com>, <sip:c@example.com>;q=1')
        )
        assert [contact.uri.user for contact in read.contacts] == ["a,b", "c"]

    @pytest.mark.parametrize("name", torture.UNREADABLE)
    def test_keep_alives_are_known_from_noise(self, name):
        data = torture.UNREADABLE[name]
        assert message.is_keep_alive(data) is (name == "empty")
        assert message.is_keep_alive(b"\r\n\r\n")


class TestAddress:
    @pytest.mark.parametrize(
        "text",
        [
            "<sip:a@b>",
            '"A \\"B\\" \\\\" <sip:a@b:5070;lr>;tag=1;x',
            "<sip:[2001:db8::1]:5060;transport=tcp>",
            "<sip:x@h?Replaces=a%40b%3Bto-tag%3D1>",
            "<tel:+4930123>;tag=4",
        ],
    )
    def test_what_is_read_is_written_back(self, text):
        assert str(headers.parse_address(text)) == text

    def test_parameters_without_brackets_belong_to_the_header(self):
        """RFC 3261 section 20.10."""
        read = headers.parse_address("sip:a@b;tag=1;lr")
        assert (read.uri.params, read.params) == ({}, {"tag": "1", "lr": None})

    @pytest.mark.parametrize(
        "text",
        ["", "<", "<sip:a@b", "sip:", "a@b", '"x" sip:a@b', "<sip:a@b> x", "<sip:a@b>;t=1;T=2",
         '"a', 'a"b <sip:a@b>', "a>b <sip:a@b>", "sip:a,b@c", "<sip:a@b:0>", "<sip:a@b;x;x>",
         "<sip:a@b>;=1"],
    )  # fmt: skip
    def test_refuses(self, text):
        with pytest.raises(PeerError):
            headers.parse_address(text)


@settings(max_examples=60)
@given(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), max_size=20),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20),
    st.none() | st.integers(1, 65_535),
)
def test_any_name_and_user_survive_the_trip(display, user, port):
    sent = Address(display=display, uri=Uri(user=user, host="example.com", port=port))
    assert headers.parse_address(str(sent)) == sent


class TestVia:
    @pytest.mark.parametrize(
        ("text", "target"),
        [
            ("SIP/2.0/UDP a.example", ("a.example", 5060)),
            ("SIP/2.0/UDP a.example:5070;received=192.0.2.1", ("192.0.2.1", 5070)),
            ("SIP/2.0/UDP a.example;rport=6000;received=192.0.2.1", ("192.0.2.1", 6000)),
            ("SIP/2.0/UDP [2001:db8::1];rport", ("2001:db8::1", 5060)),
            ("SIP/2.0/UDP a;received=[2001:db8::1]", ("2001:db8::1", 5060)),
        ],
    )
    def test_says_where_the_response_goes(self, text, target):
        via = headers.parse_via(text)
        assert via.answered_to() == target
        assert str(via) == text

    @pytest.mark.parametrize(
        "text", ["", "UDP a", "SIP/2.0 a", "SIP/2.0/UDP", "SIP/2.0/UDP a:b", "SIP/2.0/UDP a b"]
    )
    def test_refuses(self, text):
        with pytest.raises(PeerError):
            headers.parse_via(text)


class TestReceived:
    def test_notes_the_address_and_the_port_that_was_asked_for(self):
        """RFC 3581 section 4."""
        read = message.parse(
            torture.plain("x", via="SIP/2.0/UDP h:9;rport;branch=b, SIP/2.0/UDP i")
        )
        stamped = message.received(read, "192.0.2.9", 6000)
        assert stamped.all("Via") == [
            "SIP/2.0/UDP h:9;rport=6000;branch=b;received=192.0.2.9",
            "SIP/2.0/UDP i",
        ]
        assert stamped.via.answered_to() == ("192.0.2.9", 6000)

    def test_changes_nothing_where_the_sender_told_the_truth(self):
        read = message.parse(torture.plain("x", via="SIP/2.0/UDP 192.0.2.9;branch=b"))
        assert message.received(read, "192.0.2.9", 6000) is read


class TestRespond:
    def test_copies_what_belongs_in_a_response_and_nothing_else(self):
        """RFC 3261 section 8.2.6.2."""
        read = message.parse(
            torture.plain("x", extra="Record-Route: <sip:p;lr>\nTimestamp: 5\nSubject: s")
        )
        names = [name for name, _ in message.respond(read, 200, tag="t").headers]
        assert names == ["To", "From", "Via", "Call-ID", "CSeq", "Record-Route", "Content-Length"]
        assert message.respond(read, 200, tag="t").to.tag == "t"

    @pytest.mark.parametrize(
        ("status", "has_route", "has_timestamp", "tag"),
        [
            (100, False, True, None),
            (180, True, False, "t"),
            (200, True, False, "t"),
            (486, False, False, "t"),
        ],
    )
    def test_each_class_has_its_headers(self, status, has_route, has_timestamp, tag):
        read = message.parse(torture.plain("x", extra="Record-Route: <sip:p;lr>\nTimestamp: 5"))
        response = message.respond(read, status, tag="t")
        assert (response.get("Record-Route") is not None) is has_route
        assert (response.get("Timestamp") is not None) is has_timestamp
        assert response.to.tag == tag

    def test_a_tag_that_is_there_stays(self):
        read = message.parse(torture.plain("x", to="<sip:u@example.com>;tag=old"))
        assert message.respond(read, 200, tag="new").to.tag == "old"


class TestEncode:
    def test_reads_back_as_written(self):
        sent = invite(contact=BOB, body=b"v=0", content_type="application/sdp", routes=("<sip:r>",))
        assert message.parse(sent.encode()) == sent

    @pytest.mark.parametrize("text", ["a\r\nEvil: 1", "a\nEvil: 1", "a\rEvil: 1"])
    def test_a_line_break_in_a_value_is_our_fault(self, text):
        with pytest.raises(LocalError):
            invite(headers=[("Subject", text)]).encode()

    @pytest.mark.parametrize("name", torture.REQUESTS)
    def test_every_torture_message_survives_another_trip(self, name):
        read = message.parse(torture.REQUESTS[name][0])
        if not read.flaws:
            again = message.parse(read.encode())
            assert (again.headers[: len(read.headers)], again.body) == (read.headers, read.body)

    def test_headers_can_be_replaced(self):
        changed = message.with_headers(invite(), drop=["Max-Forwards"], add=[("Max-Forwards", "9")])
        assert changed.max_forwards == 9
        assert changed.all("Max-Forwards") == ["9"]

    def test_a_branch_begins_with_the_cookie(self):
        assert message.branch("x") == "z9hG4bKx"


def test_long_runs_cost_no_more_than_their_length():
    """No header makes reading quadratic: these would take minutes if one did."""
    for filler in (b" ", b"\r\n ", b";", b'"', b"\\", b"<", b",", b"%", b"a=", b":", b"\t\r\n "):
        data = torture.plain("x", from_="sip:a@b;tag=1").replace(b"tag=1", filler * 20_000, 1)
        read = message.parse(data[:65_000])
        for name in ("From", "Via", "Contact"):
            try:
                headers.parse_address(read.get(name) or "")
                headers.parse_via(read.get(name) or "")
            except PeerError:
                continue
