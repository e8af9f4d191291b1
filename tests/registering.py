"""A telephone that registers by a real socket, with our own client, and gives its port away."""

import asyncio
import sys

from callfloor.wire.sip import message as messages
from callfloor.wire.sip.asking import Ask
from callfloor.wire.sip.credentials import Credentials, Prover
from callfloor.wire.sip.headers import Address, Via
from callfloor.wire.sip.registration import Account, Registration
from callfloor.wire.sip.uri import Uri

SECONDS_MAX = 60.0
HOME = "127.0.0.1"


class _Socket(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self.came: asyncio.Queue[bytes] = asyncio.Queue()

    def datagram_received(self, data: bytes, addr: object) -> None:
        """Keep what came."""
        self.came.put_nowait(data)


async def register(
    user: str, password: str, *, port: int, floor: int, host: str = HOME, server: str = HOME
) -> str:
    """Register a telephone that will be reached at a port; give the state it came to."""
    loop = asyncio.get_running_loop()
    transport, socket = await loop.create_datagram_endpoint(
        _Socket, local_addr=(host, port), remote_addr=(server, floor)
    )
    try:
        async with asyncio.timeout(SECONDS_MAX):
            machine = _machine(user, password, port, host=host, server=server)
            return await _register(transport, socket, machine)
    finally:
        transport.close()


async def _register(
    transport: asyncio.DatagramTransport, socket: _Socket, machine: Registration
) -> str:
    outputs = machine.start(0.0)
    while machine.state == "registering" or not machine.is_idle:
        for output in outputs:
            if isinstance(output, Ask):
                transport.sendto(output.request.encode())
        response = messages.parse(await socket.came.get())
        assert isinstance(response, messages.Response), response
        outputs = machine.response_received(response, 0.0)
    return machine.state


def _machine(user: str, password: str, port: int, *, host: str, server: str) -> Registration:
    branches = iter(range(1_000))

    def via() -> Via:
        branch = messages.branch(f"{user}{port}{next(branches)}")
        params = {"branch": branch, "rport": None}
        return Via(transport="UDP", host=host, port=port, params=params)

    account = Account(
        registrar=Uri(host=server),
        aor=Address(uri=Uri(user=user, host=server)),
        contact=Address(uri=Uri(user=user, host=host, port=port)),
        call_id=f"{user}@{port}",
        tag=user,
        expires_seconds=300,
    )
    credentials = Credentials(username=user, password=password)
    return Registration(
        account, via=via, prover=Prover(credentials=credentials, token=lambda: f"{port}")
    )


if __name__ == "__main__":  # On another host: user, password, own address, port, server, its port.
    name, secret, own, own_port, far, far_port = sys.argv[1:]
    found = register(name, secret, port=int(own_port), floor=int(far_port), host=own, server=far)
    print(asyncio.run(found))
