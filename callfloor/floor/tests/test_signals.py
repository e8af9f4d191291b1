"""What every line needs of SIP: where a URI is reached, and which way a dialog goes."""

import pytest

from callfloor.floor.signals import Place
from callfloor.floor.tests import stand
from callfloor.wire.sip import message as messages
from callfloor.wire.sip import uri as uris
from callfloor.wire.sip.machines import Remote

pytestmark = pytest.mark.twin


@pytest.fixture
def house(tmp_path):
    """Start a floor on the stand."""
    return stand.Stand(tmp_path).start()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sip:192.0.2.9", Remote(host="192.0.2.9", port=5060)),
        ("sip:192.0.2.9:5070;transport=tcp", Remote(host="192.0.2.9", port=5070, transport="TCP")),
        ("sip:192.0.2.9;transport=TLS", Remote(host="192.0.2.9", port=5061, transport="TLS")),
        ("sips:192.0.2.9", Remote(host="192.0.2.9", port=5061, transport="TLS")),
        ("sip:192.0.2.9;transport=sctp", Remote(host="192.0.2.9", port=5060)),
        ("sip:known.example", Remote(host="192.0.2.8", port=5060)),
        ("sip:unknown.example", None),
    ],
)
def test_a_uri_is_reached(house, text, expected):
    house.names["known.example"] = ("192.0.2.8",)
    assert house.signals.remote_of(uris.parse(text)) == expected


def test_a_dialog_keeps_to_its_connection_as_long_as_it_is_open(house):
    """RFC 5626: a telephone behind a NAT is reached by no other way."""
    source = Remote(host="198.51.100.7", port=40_000, transport="TCP")
    hop = uris.parse("sip:phone@10.0.0.7:5060;transport=tcp")
    assert house.signals.way_to(hop, source).host == "10.0.0.7"
    house.connected.add(source)
    assert house.signals.way_to(hop, source) == source


def test_a_hop_whose_name_nobody_knows_is_where_the_dialog_came_from(house):
    source = Remote(host="198.51.100.7", port=5060)
    assert house.signals.way_to(uris.parse("sip:a@unknown.example"), source) == source


@pytest.mark.parametrize(
    ("transport", "text"),
    [
        ("UDP", "<sip:callfloor@203.0.113.1:5060>"),
        ("TCP", "<sip:callfloor@203.0.113.1:5060;transport=tcp>"),
        ("TLS", "<sip:callfloor@203.0.113.1:5071;transport=tls>"),
    ],
)
def test_others_are_told_the_advertised_address(transport, text):
    place = Place(host="203.0.113.1", ports={"UDP": 5060, "TCP": 5060, "TLS": 5071})
    assert str(place.contact(transport)) == text
    via = place.via(transport, "x")
    assert (via.transport, via.host, "rport" in via.params) == (transport, "203.0.113.1", True)


def test_an_answer_of_tcp_goes_back_by_its_connection(house):
    remote = Remote(host=stand.TRUNK[0], port=40_000, transport="TCP")
    text = stand.invite().replace("SIP/2.0/UDP", "SIP/2.0/TCP")
    house.telephone.receive(text.encode(), remote)
    assert set(house.sent_to) == {remote}
    contact = house.answers()[-1].contact
    assert contact is not None
    assert contact.uri.params == {"transport": "tcp"}


def test_instants_are_kept_in_order_and_each_once(house):
    called = []
    house.signals.after(2.0, lambda: called.append("late"))
    house.signals.after(1.0, lambda: called.append("soon"))
    house.step(1.5)
    assert called == ["soon"]
    house.step(10.0)
    assert called == ["soon", "late"]


def test_an_answer_that_nobody_asked_for_is_nothing(house):
    before = len(house.sent)
    house.receive(messages.respond(messages.parse(stand.invite().encode()), 200).encode())
    assert len(house.sent) == before
