"""Handing mail to a real server (aiosmtpd): what it says no to has not left, the rest is doubt."""

import dataclasses
import ssl

import pytest

from callfloor.connectors.smtp import client
from callfloor.records.letters.rules import Server
from tests.records import smtp
from tests.records.mailroom import ACCOUNT

pytestmark = pytest.mark.wire

RAW = b"From: <help@acme.example>\r\nSubject: x\r\n\r\n.\r\n..dots\r\n"


def opened(port, *, user="", password=""):
    """Open a connection as the connector does."""
    outgoing = Server(host="127.0.0.1", port=port, security="none", user=user)
    account = dataclasses.replace(ACCOUNT, outgoing=outgoing)
    return client.opened(account, password=password, context=ssl.create_default_context())


def send(link):
    """Hand one mail over."""
    link.envelope(sender="help@acme.example", to="cora@home.example")
    link.content(RAW)


@pytest.fixture
def server():
    """Give a server that runs."""
    with smtp.running() as running:
        yield running


def test_two_mails_on_one_line_come_byte_for_byte(server):
    port, handler = server
    with opened(port) as link:
        for sender in ("help@acme.example", ""):
            link.envelope(sender=sender, to="cora@home.example")
            link.content(RAW)
    assert [(each.sender, each.to, each.raw) for each in handler.taken] == [
        ("help@acme.example", ["cora@home.example"], RAW),
        ("<>", ["cora@home.example"], RAW),
    ]


@pytest.mark.parametrize(("answer", "is_final"), [("550 no", True), ("451 later", False)])
@pytest.mark.parametrize("where", ["cora@home.example", "help@acme.example", "data"])
def test_a_no_is_a_no_wherever_it_comes(server, answer, is_final, where):
    port, handler = server
    handler.refuses[where] = answer
    with opened(port) as link:
        with pytest.raises(client.Refused) as refused:
            send(link)
        assert refused.value.is_final == is_final
        link.envelope(sender="other@acme.example", to="dan@home.example")
    assert handler.taken == []


@pytest.mark.parametrize("where", ["data", "taken"])
def test_a_line_that_ends_in_the_mail_is_no_answer(server, where):
    port, handler = server
    handler.ends_at = where
    with opened(port) as link:
        link.envelope(sender="help@acme.example", to="cora@home.example")
        with pytest.raises(client.FAULTS):
            link.content(RAW)
    assert len(handler.taken) == (where == "taken")


@pytest.mark.filterwarnings("ignore:Requiring AUTH")  # On this machine nobody listens in.
def test_it_signs_in_where_it_is_asked_to():
    with (
        smtp.running(asks=True) as (port, handler),
        opened(port, user=smtp.USER, password=smtp.PASSWORD) as link,
    ):
        link.envelope(sender="", to="cora@home.example")
        link.content(RAW)
    assert len(handler.taken) == 1


def test_nobody_there_is_a_fault():
    with pytest.raises(client.FAULTS), opened(1):
        pass
