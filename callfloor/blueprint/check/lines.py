"""Lines to the outside: who may bring calls in by them, and where calls out go."""

import ipaddress
from collections.abc import Iterator

from callfloor.blueprint.findings import Problem
from callfloor.blueprint.schema import Blueprint, Trunk
from callfloor.wire.errors import PeerError
from callfloor.wire.sip import uri

Path = tuple[str, ...]
TRANSPORTS = ("udp", "tcp", "tls")


def problems(blueprint: Blueprint) -> Iterator[Problem]:
    """Find what is wrong with trunks."""
    for key, trunk in blueprint.trunks.items():
        path = ("trunks", key)
        if not trunk.addresses and not trunk.digest_user and not trunk.uri:
            wrong = f"Nobody can send or take calls by `{key}`."
            hint = "Add `addresses:`, a `digest_user:` or a `uri:`."
            yield Problem(id="E060", path=path, wrong=wrong, hint=hint)
        for index, address in enumerate(trunk.addresses):
            yield from _address(address, (*path, "addresses", str(index)))
        yield from _uri(trunk.uri, (*path, "uri"))
        yield from _registration(trunk, path)


def _address(address: str, path: Path) -> Iterator[Problem]:
    try:
        ipaddress.ip_address(address)
    except ValueError:
        wrong = f"`{address}` is no IP address."
        hint = "Write the address itself; names are not looked up while calls are set up."
        yield Problem(id="E060", path=path, wrong=wrong, hint=hint)


def _uri(text: str | None, path: Path) -> Iterator[Problem]:
    why = None if text is None else _why_no_uri(text)
    if why is not None:
        hint = "Write it as `sip:sip.provider.example:5060;transport=tcp`."
        yield Problem(id="E067", path=path, wrong=f"`{text}` {why}.", hint=hint)


def _why_no_uri(text: str) -> str | None:
    try:
        found = uri.parse(text)
    except PeerError:
        return "is no SIP address"
    if not found.is_sip or found.user is not None:
        return "does not name a host and nothing else"
    transport = found.params.get("transport", "udp")
    return None if transport in TRANSPORTS else f"is reached by {transport}, which is not spoken"


def _registration(trunk: Trunk, path: Path) -> Iterator[Problem]:
    if not trunk.registers:
        return
    for name, value in (("uri", trunk.uri), ("user", trunk.user)):
        if value is None:
            wrong = f"A trunk that registers has no `{name}`."
            hint = f"Add `{name}:` as the provider wrote it to you."
            yield Problem(id="E068", path=path, wrong=wrong, hint=hint)
