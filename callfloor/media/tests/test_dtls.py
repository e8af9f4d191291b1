"""Two sides shake hands over a pipe that may lose what it carries; only the right one is taken."""

import asyncio

import pytest

from callfloor.media import dtls
from callfloor.media.tests.peers import until

pytestmark = pytest.mark.wire

RTP = b"\x80\x00" + bytes(10) + b"sound" * 32


class Pipe:
    """A passive and an active side, and what each has come to know."""

    def __init__(self, *, server_expects: str | None = None, lost: set[int] | None = None) -> None:
        self.identities = [dtls.Identity(), dtls.Identity()]
        self.srtp: dict[str, dtls.Srtp] = {}
        self.closed: list[str] = []
        self.sent: list[bytes] = []
        self._lost = lost or set()
        client_print = server_expects or self.identities[1].fingerprint
        self.server = self._side("server", 0, client_print)
        self.client = self._side("client", 1, self.identities[0].fingerprint)

    def _side(self, name: str, index: int, expected: str) -> dtls.Dtls:
        return dtls.Dtls(
            identity=self.identities[index],
            remote_fingerprint=expected,
            send=lambda data: self._carry(name, data),
            ready=lambda srtp: self.srtp.__setitem__(name, srtp),
            closed=lambda: self.closed.append(name),
            is_server=name == "server",
        )

    def _carry(self, name: str, data: bytes) -> None:
        number = len(self.sent)
        self.sent.append(data)
        if number not in self._lost:
            other = self.client if name == "server" else self.server
            asyncio.get_running_loop().call_soon(other.receive, data)

    async def shaken(self) -> None:
        self.client.start()
        await until(lambda: len(self.srtp) == 2)

    def close(self) -> None:
        for side in (self.client, self.server):
            side.close()


async def test_both_sides_get_keys_that_fit():
    pipe = Pipe()
    await pipe.shaken()
    server, client = pipe.srtp["server"], pipe.srtp["client"]
    assert client.unprotect(server.protect(RTP)) == RTP
    assert server.unprotect(client.protect(RTP)) == RTP
    assert RTP[12:] not in server.protect(RTP[:2] + b"\x00\x01" + RTP[4:])
    pipe.close()


@pytest.mark.parametrize("lost", [0, 1, 2])
async def test_what_is_lost_is_sent_again(lost):
    pipe = Pipe(lost={lost})
    await pipe.shaken()
    server, client = pipe.srtp["server"], pipe.srtp["client"]
    assert client.unprotect(server.protect(RTP)) == RTP
    pipe.close()


async def test_no_datagram_is_longer_than_any_path():
    pipe = Pipe()
    await pipe.shaken()
    assert max(map(len, pipe.sent)) <= dtls.MTU
    pipe.close()


@pytest.mark.parametrize("expected", ["sha-256 " + "00:" * 31 + "00", "sha-1 AA", "", "sha-256"])
async def test_another_certificate_is_refused(expected):
    pipe = Pipe(server_expects=expected or " ")
    pipe.client.start()
    await until(lambda: "server" in pipe.closed)
    assert "server" not in pipe.srtp
    pipe.close()


async def test_a_goodbye_is_heard_once():
    pipe = Pipe()
    await pipe.shaken()
    pipe.client.close()
    await until(lambda: pipe.closed == ["server"])
    pipe.client.close()
    pipe.server.close()
    assert pipe.closed == ["server"]


async def test_noise_ends_no_handshake():
    pipe = Pipe()
    pipe.server.receive(b"\x16" + b"noise" * 20)
    pipe.server.receive(b"")
    await pipe.shaken()
    pipe.close()


def test_a_flight_is_cut_between_records():
    def record(size: int) -> bytes:
        return b"\x16" + bytes(10) + size.to_bytes(2, "big") + b"r" * size

    flight = record(700) + record(400) + record(300) + record(1_150)
    parts = list(dtls._datagrams(flight))
    assert b"".join(parts) == flight
    assert [len(part) for part in parts] == [1_126, 313, 1_163]


def test_fingerprints_match_in_any_case():
    identity = dtls.Identity()
    certificate = identity.certificate
    for name in dtls.HASHES:
        assert dtls.matches(certificate, dtls.fingerprint(certificate, name).lower())
    assert not dtls.matches(certificate, "sha-256 é")
