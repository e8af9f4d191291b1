"""
Floods of every method, sent by a process of its own: `python -m tests.abuse.floods KIND …`.

Each flood is a list of datagrams made beforehand, so that sending costs as little as it can, and a
list of source addresses. The loopback has sixteen million of them: 127.0.0.1 is the trunk of the
small centre, 127.0.0.3 a second trunk that may bring few calls, all others are strangers.

Refuses: to wait for an answer. Whoever floods does not.
"""

import argparse
import asyncio
import random
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path

TRUNK, SMALL_TRUNK = "127.0.0.1", "127.0.0.3"
STRANGER = "127.0.0.2"
SPRAY = tuple(f"127.0.1.{number}" for number in range(1, 201))
GARBAGE_BYTES_MAX = 1_400
# Of their own: they are soon silenced, and another flood from there would cost nothing.
GUESSERS = tuple(f"127.0.2.{number}" for number in range(1, 201))
VARIANTS = 500  # Different datagrams of one flood; more change nothing that a server could know.
ROOT = Path(__file__).resolve().parents[2]
SDP = (
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
    "m=audio 9 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n"
)


def message(
    method: str, number: int, *, user: str = "900", extra: str = "", body: str = "", run: str = ""
) -> bytes:
    """Write one request, with branch and Call-ID of its own."""
    kind = "Content-Type: application/sdp\r\n" if body else ""
    return (
        f"{method} sip:{user}@127.0.0.1 SIP/2.0\r\n"
        f"Via: SIP/2.0/UDP 127.0.0.9:5060;branch=z9hG4bK{run}{number:08x};rport\r\n"
        f"From: <sip:+1555{number:07d}@127.0.0.9>;tag=f{number}\r\nTo: <sip:{user}@127.0.0.1>\r\n"
        f"Call-ID: {run}{number}@flood\r\nCSeq: 1 {method}\r\nMax-Forwards: 70\r\n"
        f"Contact: <sip:flood@127.0.0.9:5060>\r\n{extra}{kind}"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


def _invite(number: int, run: str) -> bytes:
    return message("INVITE", number, body=SDP, run=run)


def _invite_nobody(number: int, run: str) -> bytes:
    return message("INVITE", number, user=f"+9198{number:08d}", body=SDP, run=run)


def _register(number: int, run: str) -> bytes:
    nonce = f"{number:012x}" + "0" * 64
    proof = (
        f'Authorization: Digest username="{1000 + number % 50}", realm="test", nonce="{nonce}", '
        f'uri="sip:127.0.0.1", response="{number:064x}", algorithm=SHA-256, qop=auth, '
        f'nc=00000001, cnonce="c"\r\n'
    )
    return message("REGISTER", number, extra=proof, run=run)


def _garbage(number: int, run: str) -> bytes:
    return random.Random(f"{run}{number}").randbytes(20 + number % GARBAGE_BYTES_MAX)


def _simple(method: str) -> Callable[[int, str], bytes]:
    return lambda number, run: message(method, number, run=run)


KINDS: dict[str, tuple[Callable[[int, str], bytes], tuple[str, ...]]] = {
    "invite_stranger": (_invite, (STRANGER,)),
    "invite_spray": (_invite, SPRAY),
    "invite_nobody_from_trunk": (_invite_nobody, (TRUNK,)),
    "invite_half_from_trunk": (_invite, (SMALL_TRUNK,)),
    "register_wrong": (_register, GUESSERS),
    "options": (_simple("OPTIONS"), SPRAY),
    "options_from_trunk": (_simple("OPTIONS"), (TRUNK,)),
    "subscribe": (_simple("SUBSCRIBE"), SPRAY),
    "message": (_simple("MESSAGE"), SPRAY),
    "bye": (_simple("BYE"), SPRAY),
    "bye_from_trunk": (_simple("BYE"), (TRUNK,)),
    "cancel": (_simple("CANCEL"), (TRUNK,)),
    "ack": (_simple("ACK"), (TRUNK,)),
    "garbage": (_garbage, SPRAY),
    "garbage_from_trunk": (_garbage, (TRUNK,)),
}
"""A flood by its name: how one datagram is made, and where they come from."""


def send(kind: str, port: int, *, per_second: int, seconds: float) -> int:
    """Send a flood at a steady pace, in bursts of a few milliseconds; say how many were sent."""
    make, hosts = KINDS[kind]
    run = f"{kind[:3]}{port}"
    sockets = [_bound(host) for host in hosts]
    sent, began = 0, time.monotonic()
    batch: list[bytes] = []
    while (passed := time.monotonic() - began) < seconds:
        while sent < passed * per_second:
            if not batch:
                batch = [make(sent + number, run) for number in range(VARIANTS)]
            try:
                sockets[sent % len(sockets)].sendto(batch.pop(), ("127.0.0.1", port))
            except BlockingIOError:
                break
            sent += 1
        time.sleep(0.002)
    return sent


def _bound(host: str) -> socket.socket:
    bound = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    bound.setblocking(False)
    bound.bind((host, 0))
    return bound


async def flood(kind: str, port: int, *, per_second: int, seconds: float) -> int:
    """Let another process send a flood; say how many datagrams it sent."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.abuse.floods", kind, str(port),
        "--per-second", str(per_second), "--seconds", str(seconds),
        cwd=ROOT, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, _ = await process.communicate()
    assert process.returncode == 0, f"the flood {kind} could not be sent"
    return int(out)


def main() -> None:
    """Send one flood and print how many datagrams it had."""
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("port", type=int)
    parser.add_argument("--per-second", type=int, default=3_000)
    parser.add_argument("--seconds", type=float, default=3.0)
    options = parser.parse_args()
    print(send(options.kind, options.port, per_second=options.per_second, seconds=options.seconds))


if __name__ == "__main__":
    main()
