"""
Names of providers, looked up beside the signalling path: in a thread, when a plan is taken and
every few minutes, never for a message. A resolver that hangs delays nobody (VOICE.md).

The last addresses hold until others are known. Refuses: SRV and NAPTR; a provider is named with his
port, or has the usual one.
"""

import asyncio
import contextlib
import ipaddress
import socket
from collections.abc import Callable, Iterable

REFRESH_SECONDS = 300.0  # The life that providers usually give to an address record.
RETRY_SECONDS = 15.0  # A name that is not known yet.

LookUp = Callable[[str], tuple[str, ...]]


def system(name: str) -> tuple[str, ...]:
    """Ask the system's resolver; may take long. Gives nothing if there is no such name."""
    try:
        found = socket.getaddrinfo(name, None, socket.AF_INET, socket.SOCK_DGRAM)
    except OSError:
        return ()
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))


def is_address(host: str) -> bool:
    """Say whether a host needs no look-up."""
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


class Names:
    """What is known of some names."""

    def __init__(self, *, changed: Callable[[], None], look_up: LookUp = system) -> None:
        """Begin with none; `changed` is called when an address became known or another."""
        self._changed = changed
        self._look_up = look_up
        self._known: dict[str, tuple[str, ...]] = {}
        self._wanted: tuple[str, ...] = ()
        self._task: asyncio.Task[None] | None = None

    def want(self, hosts: Iterable[str]) -> None:
        """Look these names up from now on, and no others."""
        self._wanted = tuple(dict.fromkeys(host for host in hosts if not is_address(host)))
        self._known = {name: self._known[name] for name in self._wanted if name in self._known}
        self.close()
        if self._wanted:
            self._task = asyncio.get_running_loop().create_task(self._refresh_always())

    def addresses(self, host: str) -> tuple[str, ...]:
        """Give what is known of a host; an address is itself."""
        return (host.strip("[]"),) if is_address(host) else self._known.get(host, ())

    def name_of(self, address: str) -> str:
        """Give the name under which an address was looked up, or the address."""
        for name, addresses in self._known.items():
            if address in addresses:
                return name
        return address

    def close(self) -> None:
        """Look nothing up any more."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _refresh_always(self) -> None:
        while True:
            await self._refresh()
            all_known = all(name in self._known for name in self._wanted)
            await asyncio.sleep(REFRESH_SECONDS if all_known else RETRY_SECONDS)

    async def _refresh(self) -> None:
        for name in self._wanted:
            found: tuple[str, ...] = ()
            with contextlib.suppress(UnicodeError):  # No name that could ever be known.
                found = await asyncio.to_thread(self._look_up, name)
            if found and found != self._known.get(name):
                self._known[name] = found
                self._changed()
