"""
Where a centre listens and what it calls itself: checked before anything runs.

Standard library only. Refuses: a public address without TLS, for passwords would travel in clear
and no browser gives its microphone to such a page; and an address that nobody could answer to.
"""

import ipaddress
import os
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from callfloor.app import tls

MEDIA_PORTS = (20_000, 29_999)
MEDIA_PORTS_MIN = 100  # Two legs for each call, and some that are just being closed.
_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?([.][A-Za-z0-9-]+)*")


class Unusable(Exception):
    """The network cannot be used like that; the text says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A relay for browsers whose network lets no audio through."""

    url: str
    user: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """What the command line says of addresses and ports."""

    host: str = "127.0.0.1"
    http: int = 8080
    sip: int = 5070
    sip_tls: int | None = None
    advertise: str | None = None
    """The address by which others reach us; else `host`."""
    names: tuple[str, ...] = ()
    """Names under which pages are asked for."""
    pair: tls.Pair | None = None
    media_ports: tuple[int, int] = MEDIA_PORTS
    turn: Turn | None = None
    is_insecure: bool = False

    @property
    def address(self) -> str:
        """The address by which others reach us."""
        return self.advertise or self.host

    @property
    def known_as(self) -> tuple[str, ...]:
        """All names and addresses under which pages may be asked for."""
        return tuple(dict.fromkeys((*self.names, self.address, self.host)))

    @property
    def page(self) -> str:
        """The address of the pages."""
        name = self.names[0] if self.names else bracketed(self.address)
        return f"{'https' if self.pair else 'http'}://{name}:{self.http}/"


def bracketed(host: str) -> str:
    """Return an address as it stands in a URI."""
    return f"[{host}]" if ":" in host else host


def is_loopback(host: str) -> bool:
    """Say whether only this machine can reach an address."""
    return ipaddress.ip_address(host).is_loopback


def check(network: Network) -> None:
    """
    Prove that everything can be listened on, and that it is safe to.

    Raises Unusable.
    """
    _check_addresses(network)
    _check_secrecy(network)
    first, last = network.media_ports
    if not 1024 <= first <= last <= 65535 or last - first + 1 < MEDIA_PORTS_MIN:
        raise Unusable(
            f"--media-ports {first}-{last}: give a range of at least {MEDIA_PORTS_MIN} ports "
            "between 1024 and 65535; each call takes two."
        )
    for what, port, kind in _ports(network):
        if first <= port <= last:
            raise Unusable(f"{what} {port} lies in the range of the audio ({first}-{last}).")
        _check_port(network.host, what, port, kind)


def _check_addresses(network: Network) -> None:
    for what, text in (("--host", network.host), ("--advertise", network.address)):
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            more = " Names of the pages are given with --name." if what == "--advertise" else ""
            raise Unusable(f"{what} {text} is no IP address.{more}") from None
        if address.is_unspecified or address.is_multicast:
            raise Unusable(
                f"{what} {text}: callers must be told where to send their audio. "
                "Give the address of this machine itself."
            )
    for name in network.names:
        if not _NAME.fullmatch(name):
            raise Unusable(f"--name {name} is no name of a host.")


def _check_secrecy(network: Network) -> None:
    if network.pair is not None or network.is_insecure or is_loopback(network.host):
        return
    if os.environ.get("CALLFLOOR_HTTPS") == "1":
        return  # A proxy in front speaks TLS.
    raise Unusable(
        f"--host {network.host} can be reached by others, and without TLS passwords would travel "
        "in clear and browsers would refuse the microphone.\n"
        "  --tls self        a certificate of our own; browsers ask once\n"
        "  --tls CERT KEY    your certificate\n"
        "  --insecure        all the same, for instance behind a proxy that speaks TLS"
    )


def _ports(network: Network) -> Iterator[tuple[str, int, socket.SocketKind]]:
    yield "--http", network.http, socket.SOCK_STREAM
    yield "--sip", network.sip, socket.SOCK_DGRAM
    yield "--sip", network.sip, socket.SOCK_STREAM
    if network.sip_tls is not None:
        yield "--sip-tls", network.sip_tls, socket.SOCK_STREAM


def _check_port(host: str, what: str, port: int, kind: socket.SocketKind) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, kind) as probe:
        if kind == socket.SOCK_STREAM:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Unusable(
                f"port {port} of {host} cannot be used ({error.strerror}). "
                f"Stop what uses it, or give another with {what} PORT."
            ) from error


def pair_of(words: list[str] | None, *, data: Path) -> tls.Pair | None:
    """Return the certificate that `--tls` names; `self` for one of our own."""
    if not words:
        return None
    if words == [tls.SELF]:
        return tls.self_made(data)
    certificate, key = words
    return tls.Pair(certificate=Path(certificate).resolve(), key=Path(key).resolve())
