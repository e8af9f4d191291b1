"""Only public addresses are asked, by https, and whom the administrator has named."""

import http.server
import socket
import threading

import pytest

from callfloor.connectors.webhook import client
from callfloor.connectors.webhook.client import Blocked, Outcome

pytestmark = pytest.mark.wire

NAMED = frozenset({"127.0.0.1"})


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "224.0.0.1", "255.255.255.255", "192.0.2.1", "::1", "::", "fe80::1",
        "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254",
        "64:ff9b::a00:1", "2002:7f00:1::", "2001:db8::1",
    ],
)  # fmt: skip
def test_what_is_not_public_is_not(address):
    assert not client.is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_what_is_public_is(address):
    assert client.is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/", "ftp://example.org/", "https:///x", "https://a:b@example.org/",
        "https://example.org:22/", "https://example.org:99999/", "https://[::1/", "", "x",
        "https://exa mple.org/", "https://example.org/" + "x" * 500, "https://пример.рф/",
        "https://example.org/\r\nX: y", "http://127.0.0.1.example.org/",
    ],
)  # fmt: skip
def test_what_is_no_address_is_blocked(url):
    with pytest.raises(Blocked):
        client.place(url, allowed=NAMED)


def test_reads_what_may_be_asked():
    assert client.place("https://example.org/a?b=c", allowed=()) == client.Place(
        host="example.org", port=443, path="/a?b=c", has_tls=True
    )
    assert client.place("http://127.0.0.1:8080", allowed=NAMED).port == 8080


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1"])
def test_our_own_net_is_not_asked(host, sink):
    url = f"https://{host}:{sink.server_port}/"
    sent = client.post(url=url, headers={}, body=b"{}", allowed=())
    assert sent.status is None
    assert sent.fault in ("not_public", "unresolved")
    assert sink.asked == []


class Sink(http.server.ThreadingHTTPServer):
    """A server that keeps what it is asked, and answers as it is told."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.asked: list[tuple[str, dict[str, str], bytes]] = []
        self.status = 200
        self.to = ""


class Answering(http.server.BaseHTTPRequestHandler):
    """One request to the sink."""

    def do_POST(self):
        """Keep it and answer."""
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.asked.append((self.path, dict(self.headers), body))
        self.send_response(self.server.status)
        if self.server.to:
            self.send_header("Location", self.server.to)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_said):
        """Say nothing."""


@pytest.fixture
def sink():
    """Give a server of another system."""
    with Sink() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_sends_to_whom_the_administrator_has_named(sink):
    url = f"http://127.0.0.1:{sink.server_port}/hook?x=1"
    sent = client.post(url=url, headers={"webhook-id": "1"}, body=b'{"a":1}', allowed=NAMED)
    assert sent == Outcome(status=200)
    assert sent.is_good
    ((path, headers, body),) = sink.asked
    assert (path, body, headers["webhook-id"]) == ("/hook?x=1", b'{"a":1}', "1")
    assert headers["Host"] == f"127.0.0.1:{sink.server_port}"


def test_follows_nothing(sink):
    sink.status, sink.to = 307, f"http://127.0.0.1:{sink.server_port}/other"
    url = f"http://127.0.0.1:{sink.server_port}/"
    assert client.post(url=url, headers={}, body=b"", allowed=NAMED) == Outcome(status=307)
    assert [path for path, _, _ in sink.asked] == ["/"]


def test_nobody_there_is_a_fault():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # Nobody listens on it.
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        sent = client.post(url=url, headers={}, body=b"", allowed=NAMED)
    assert sent == Outcome(status=None, fault="connection")


def test_whoever_drips_is_cut_off(monkeypatch):
    monkeypatch.setattr(client, "SECONDS_MAX", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as server:
        ended = threading.Event()

        def drip():
            peer, _ = server.accept()
            with peer:
                peer.recv(65536)
                try:
                    while not ended.wait(0.02):
                        peer.sendall(b"X")
                except OSError:
                    pass

        thread = threading.Thread(target=drip)
        thread.start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
        sent = client.post(url=url, headers={}, body=b"", allowed=NAMED)
        ended.set()
        thread.join()
    assert sent.status is None
