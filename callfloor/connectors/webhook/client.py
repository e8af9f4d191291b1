"""
One request to an address that somebody has typed: resolved once, looked at, and asked for there.

Whoever may type an address could have our own network asked (SSRF): a name must lead to public
addresses only, all of them, unless the administrator has named it; the connection goes to the very
address that was looked at; nothing is followed.
Refuses: redirects, names and passwords in addresses, http without TLS to anybody who is not named.
"""

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

SECONDS_MAX = 10.0  # Of one request in all; whoever needs longer answers first and works then.
URL_CHARACTERS_MAX = 500
PORTS_FROM = 1024
"""Below it only 443 is asked for: other well-known ports speak other protocols."""
NAT64 = ipaddress.ip_network("64:ff9b::/96")
_TLS = ssl.create_default_context()


class Blocked(Exception):
    """The address may not be asked; the text is one word for a log."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of a request."""

    status: int | None
    """None without an answer."""
    fault: str = ""
    """A word that says why there is none."""

    @property
    def is_good(self) -> bool:
        """Whether the other side has taken it."""
        return self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True, kw_only=True)
class Place:
    """An address that may be asked, as far as can be told without resolving it."""

    host: str
    port: int
    path: str
    has_tls: bool


def place(url: str, *, allowed: Collection[str]) -> Place:
    """Read an address. Raises Blocked if it is none, or one that is not asked."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Blocked("unreadable") from error
    host = (parts.hostname or "").rstrip(".")
    if len(url) > URL_CHARACTERS_MAX or not url.isascii() or not url.isprintable() or " " in url:
        raise Blocked("unreadable")
    is_named = host in allowed
    if parts.scheme != "https" and not (parts.scheme == "http" and is_named):
        raise Blocked("not_https")
    if not host or parts.username is not None or parts.password is not None:
        raise Blocked("unreadable")
    port = port or (443 if parts.scheme == "https" else 80)
    if not is_named and port != 443 and port < PORTS_FROM:
        raise Blocked("port")
    return Place(host=host, port=port, path=_path(parts), has_tls=parts.scheme == "https")


def _path(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def is_public(address: str) -> bool:
    """Say whether an address is one of the open net, whatever it is wrapped in."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo and ip.teredo[1])
        if ip in NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def is_number(host: str) -> bool:
    """Say whether a host is written as an address."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def resolve(found: Place, *, allowed: Collection[str]) -> str:
    """Give the address to which a name leads. Raises Blocked if one of them may not be asked."""
    try:
        rows = socket.getaddrinfo(found.host, found.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Blocked("unresolved") from error
    addresses = [str(row[4][0]) for row in rows]
    if not addresses:
        raise Blocked("unresolved")
    if found.host not in allowed and not all(is_public(each) for each in addresses):
        raise Blocked("not_public")
    return addresses[0]


def post(*, url: str, headers: Mapping[str, str], body: bytes, allowed: Collection[str]) -> Outcome:
    """Send a body to an address and give the status of its answer; nothing of that is kept."""
    try:
        found = place(url, allowed=allowed)
        connection = _Pinned(found, address=resolve(found, allowed=allowed))
    except Blocked as blocked:
        return Outcome(status=None, fault=str(blocked))
    try:
        with contextlib.closing(connection), _within(SECONDS_MAX, connection):
            connection.request("POST", found.path, body=body, headers=dict(headers))
            return Outcome(status=connection.getresponse().status)
    except ssl.SSLError:
        return Outcome(status=None, fault="tls")
    except TimeoutError:
        return Outcome(status=None, fault="timeout")
    except (OSError, http.client.HTTPException, ValueError):
        return Outcome(status=None, fault="connection")


class _Pinned(http.client.HTTPConnection):
    """A connection to one address, under the name by which it was found."""

    def __init__(self, found: Place, *, address: str) -> None:
        super().__init__(found.host, found.port, timeout=SECONDS_MAX)
        self.default_port = 443 if found.has_tls else 80
        self._address, self._has_tls = address, found.has_tls

    def connect(self) -> None:
        """Connect to the address that was looked at, and check the name's certificate."""
        self.sock = socket.create_connection((self._address, self.port), self.timeout)
        if self._has_tls:
            self.sock = _TLS.wrap_socket(self.sock, server_hostname=self.host)


@contextlib.contextmanager
def _within(seconds: float, connection: http.client.HTTPConnection) -> Iterator[None]:
    """Cut a connection off that sends a byte now and then: each read alone would be in time."""

    def cut() -> None:
        with contextlib.suppress(OSError, AttributeError):
            connection.sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
