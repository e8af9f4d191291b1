"""A telephone that registers by a real socket, with our own client, and gives its port away."""

import asyncio

from callfloor.wire.sip import message as messages
from callfloor.wire.sip.asking import Ask
from callfloor.wire.sip.credentials import Credentials, Prover
from callfloor.wire.sip.headers import Address, Via
from callfloor.wire.sip.registration import Account, Registration
from callfloor.wire.sip.uri import Uri

SECONDS_MAX = 10.0


class _Socket(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self.came: asyncio.Queue[bytes] = asyncio.Queue()

    def datagram_received(self, data: bytes, addr: object) -> None:
        """Keep what came."""
        self.came.put_nowait(data)


async def register(user: str, password: str, *, port: int, floor: int) -> str:
    """Register a telephone that will be reached at a port; give the state it came to."""
    loop = asyncio.get_running_loop()
    transport, socket = await loop.create_datagram_endpoint(
        _Socket, local_addr=("127.0.0.1", port), remote_addr=("127.0.0.1", floor)
    )
    try:
        async with asyncio.timeout(SECONDS_MAX):
            return await _register(transport, socket, _machine(user, password, port))
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


def _machine(user: str, password: str, port: int) -> Registration:
    branches = iter(range(1_000))

    def via() -> Via:
        branch = messages.branch(f"{user}{port}{next(branches)}")
        return Via(
            transport="UDP", host="127.0.0.1", port=port, params={"branch": branch, "rport": None}
        )

    account = Account(
        registrar=Uri(host="127.0.0.1"),
        aor=Address(uri=Uri(user=user, host="127.0.0.1")),
        contact=Address(uri=Uri(user=user, host="127.0.0.1", port=port)),
        call_id=f"{user}@{port}",
        tag=user,
        expires_seconds=300,
    )
    credentials = Credentials(username=user, password=password)
    return Registration(
        account, via=via, prover=Prover(credentials=credentials, token=lambda: f"{port}")
    )
