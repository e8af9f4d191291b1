"""SIP over UDP, TCP and TLS: what comes in whole, what goes out, and what costs nothing."""

import asyncio
import contextlib
import socket
import ssl

import pytest
import uvloop

from callfloor.floor import connections, transports
from callfloor.floor.tests import certificates, stand
from callfloor.floor.tests.turns import LONG_SECONDS, until
from callfloor.floor.transports import Listening, Transports
from callfloor.wire.sip import message as messages
from callfloor.wire.sip.machines import Remote, Send

pytestmark = pytest.mark.wire

OPTIONS = stand.request("OPTIONS").encode()


def free_port(kind=socket.SOCK_STREAM):
    """Give a port that nobody has now."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Side:
    """Transports on ports of their own, and what they told."""

    def __init__(self):
        self.heard, self.failed, self.notes = [], [], []
        self.welcome = True
        self.plain = ("127.0.0.1", free_port())
        self.tls = ("127.0.0.1", free_port())
        self.transports = Transports(
            take=lambda data, remote: self.heard.append((data, remote)),
            failed=self.failed.append,
            may_speak=lambda _host: self.welcome,
            name_of=lambda address: address,
            note=lambda name, detail: self.notes.append((name, detail)),
        )

    async def start(self, pair=None):
        """Listen, with TLS if there is a certificate."""
        certificate, key = pair or (None, None)
        await self.transports.start(
            Listening(
                plain=self.plain,
                tls=self.tls if pair else None,
                certificate=certificate,
                key=key,
                trusted=certificate,
            )
        )
        return self

    def send(self, data, remote):
        """Send one message."""
        self.transports.send(Send(data=data, message=messages.parse(data), remote=remote))


@pytest.fixture
async def side(tmp_path):
    """Start one side with TLS."""
    made = await Side().start(certificates.make(tmp_path))
    yield made
    made.transports.close()


@pytest.fixture
async def other(tmp_path):
    """Start another side that trusts the first one's certificate."""
    made = await Side().start(certificates.make(tmp_path))
    yield made
    made.transports.close()


@pytest.mark.parametrize("transport", ["UDP", "TCP", "TLS"])
async def test_a_request_arrives_and_its_answer_comes_back_the_same_way(tmp_path, transport):
    pair = certificates.make(tmp_path)
    one, two = await Side().start(pair), await Side().start(pair)
    host, port = two.tls if transport == "TLS" else two.plain
    one.send(OPTIONS, Remote(host=host, port=port, transport=transport))
    await until(lambda: bool(two.heard))
    data, remote = two.heard[0]
    assert (data, remote.transport) == (OPTIONS, transport)
    answer = messages.respond(messages.parse(OPTIONS), 200).encode()
    two.send(answer, remote)
    await until(lambda: bool(one.heard))
    assert one.heard[0] == (answer, Remote(host=host, port=port, transport=transport))
    one.transports.close()
    two.transports.close()


@pytest.mark.parametrize("loop_factory", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_a_handshake_that_begins_before_it_is_looked_for_is_heard(tmp_path, loop_factory):
    """The first words of a TLS peer may be there before our loop has seen the connection."""

    async def whole():
        certificate, key = certificates.make(tmp_path)
        side = await Side().start((certificate, key))
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        context = transports.client_context(certificate)
        peer = context.wrap_bio(incoming, outgoing, server_hostname="127.0.0.1")
        with pytest.raises(ssl.SSLWantReadError):
            peer.do_handshake()
        with contextlib.closing(side.transports):
            with socket.create_connection(side.tls) as early:
                early.sendall(outgoing.read())
                early.setblocking(False)
                async with asyncio.timeout(LONG_SECONDS):
                    incoming.write(await asyncio.get_running_loop().sock_recv(early, 65_536))
                peer.do_handshake()
                peer.write(OPTIONS)
                early.sendall(outgoing.read())
                await until(lambda: bool(side.heard))
            await until(lambda: side.transports.count() == 0)
        return side.heard[0][0]

    with asyncio.Runner(loop_factory=loop_factory) as runner:
        assert runner.run(whole()) == OPTIONS


async def test_a_handshake_that_is_not_made_leaves_nothing(side):
    """Who opens a connection and speaks no TLS, or goes, holds no socket and no place."""
    for said in (b"", b"GET / HTTP/1.1\r\n\r\n"):
        _, writer = await asyncio.open_connection(*side.tls)
        await until(lambda: side.transports.count() == 1)
        writer.write(said)
        writer.close()
        await until(lambda: side.transports.count() == 0)
    assert {name for name, _ in side.notes} == {"sip_cut_off"}


async def test_one_connection_carries_everything_to_an_address(side, other):
    remote = Remote(host=other.plain[0], port=other.plain[1], transport="TCP")
    for _ in range(3):
        side.send(OPTIONS, remote)
    await until(lambda: len(other.heard) == 3)
    assert len({source for _, source in other.heard}) == 1
    assert (side.transports.is_open(remote), side.transports.count()) == (True, 1)


async def test_who_is_not_there_is_told_at_once(side):
    """F16: a trunk that refuses the connection need not be waited for."""
    side.send(OPTIONS, Remote(host="127.0.0.1", port=free_port(), transport="TCP"))
    await until(lambda: bool(side.failed))
    assert side.failed[0].method == "OPTIONS"


async def test_who_never_answers_the_connection_is_given_up(side, monkeypatch):
    monkeypatch.setattr(transports, "CONNECT_SECONDS", 0.01)

    async def never(*_args, **_kwargs):
        await asyncio.Event().wait()

    monkeypatch.setattr(asyncio.get_running_loop(), "create_connection", never)
    side.send(OPTIONS, Remote(host="192.0.2.1", port=5060, transport="TCP"))
    await until(lambda: bool(side.failed))


async def test_a_certificate_that_nobody_trusts_is_no_provider(side, tmp_path):
    stranger = await Side().start(certificates.make(tmp_path / "stranger"))
    host, port = stranger.tls
    side.send(OPTIONS, Remote(host=host, port=port, transport="TLS"))
    await until(lambda: bool(side.failed))
    assert stranger.heard == []
    stranger.transports.close()


async def test_an_answer_whose_connection_is_gone_goes_nowhere(side):
    answer = messages.respond(messages.parse(OPTIONS), 200).encode()
    side.send(answer, Remote(host="127.0.0.1", port=free_port(), transport="TCP"))
    assert side.notes == [("sip_unsent", "the connection is gone")]
    assert side.failed == []


async def test_tls_older_than_1_2_is_refused(side):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises(OSError):  # noqa: PT011 - which alert it is depends on the library.
        await asyncio.open_connection(*side.tls, ssl=context)
    await until(lambda: bool(side.notes))
    assert side.notes[0] == ("sip_cut_off", "TLS: handshake: SSLError")


async def test_a_newer_certificate_is_shown_and_a_torn_one_is_not(tmp_path):
    certificate, key = certificates.make(tmp_path)
    shown = transports.Shown(certificate, key)
    before = certificate.read_bytes()
    certificate.write_text("torn")
    assert shown.refresh() is False
    certificates.make(tmp_path)
    assert certificate.read_bytes() != before
    assert shown.refresh() is True


async def test_a_connection_that_closes_is_told_once(side):
    """A telephone that was reached over it is reached no more."""
    closed = []
    side.transports.closed = closed.append
    _, writer = await asyncio.open_connection(*side.plain)
    port = writer.get_extra_info("sockname")[1]
    writer.write(OPTIONS)
    await until(lambda: side.heard)
    writer.close()
    await until(lambda: closed)
    assert closed == [Remote(host="127.0.0.1", port=port, transport="TCP")]


async def test_a_ping_is_answered_and_no_message(side):
    reader, writer = await asyncio.open_connection(*side.plain)
    writer.write(b"\r\n\r\n")
    assert await asyncio.wait_for(reader.readexactly(2), LONG_SECONDS) == b"\r\n"
    assert side.heard == []
    writer.close()


async def test_what_is_no_sip_is_cut_off(side):
    reader, writer = await asyncio.open_connection(*side.plain)
    writer.write(b"GET / HTTP/1.1\r\n\r\n")
    with pytest.raises((asyncio.IncompleteReadError, ConnectionResetError)):
        await asyncio.wait_for(reader.readexactly(1), LONG_SECONDS)
    assert side.notes[0][0] == "sip_cut_off"
    writer.close()


class TestLimits:
    async def test_a_stranger_gets_no_connection(self, side):
        side.welcome = False
        reader, writer = await asyncio.open_connection(*side.plain)
        with pytest.raises((asyncio.IncompleteReadError, ConnectionResetError)):
            await asyncio.wait_for(reader.readexactly(1), LONG_SECONDS)
        assert side.transports.count() == 0
        writer.close()

    async def test_one_address_has_so_many_and_no_more(self, side, monkeypatch):
        monkeypatch.setattr(transports, "CONNECTIONS_PER_HOST", 2)
        held = [await asyncio.open_connection(*side.plain) for _ in range(3)]
        await until(lambda: bool(side.notes))
        assert side.transports.count() == 2
        for _, writer in held:
            writer.close()
        await until(lambda: side.transports.count() == 0)

    async def test_who_says_nothing_makes_room_for_the_next(self, side, monkeypatch):
        monkeypatch.setattr(transports, "HALF_OPEN_MAX", 1)
        first, _ = held = await asyncio.open_connection(*side.plain)
        await until(lambda: side.transports.count() == 1)
        second = await asyncio.open_connection(*side.plain)
        with pytest.raises((asyncio.IncompleteReadError, ConnectionResetError)):
            await asyncio.wait_for(first.readexactly(1), LONG_SECONDS)
        for _, writer in (held, second):
            writer.close()

    async def test_half_a_message_and_silence_are_cut_off(self, side):
        """A slow stranger must not hold a socket for ever."""
        _, writer = await asyncio.open_connection(*side.plain)
        writer.write(b"OPTIONS sip:900")
        await until(lambda: side.transports.count() == 1)
        connection = next(iter(side.transports._open.values()))
        await until(lambda: connection._waits_since is not None)
        connection.tire(connection._waits_since + connections.REST_SECONDS - 1)
        assert side.transports.count() == 1
        connection.tire(connection._waits_since + connections.REST_SECONDS + 1)
        await until(lambda: side.transports.count() == 0)
        writer.close()

    async def test_a_peer_that_does_not_read_is_cut_off(self, side):
        """F12: what is kept for one connection is bounded."""
        _, writer = await asyncio.open_connection(*side.plain, limit=1)
        writer.write(OPTIONS)
        await until(lambda: bool(side.heard))
        remote = side.heard[0][1]
        answer = messages.respond(messages.parse(OPTIONS), 200, body=b"x" * 60_000,
                                  content_type="text/plain").encode()  # fmt: skip
        for _ in range(400):
            side.send(answer, remote)
        await until(lambda: ("sip_cut_off", "TCP: does not read") in side.notes)
        assert not side.transports.is_open(remote)
        writer.close()
