"""
How many two-party calls one core relays without loss, with p99 below 5 ms.

A worker process on its own core; each call has two telephones on sockets of their own, each of
which sends a G.711 packet every 20 ms, spread evenly. Loss is what either side counts as missing.
Latency is kernel to kernel: from before `send` to the receive time stamp of the other telephone's
socket, for a sample of the legs. The number of calls grows until a promise breaks.
"""

from __future__ import annotations

import json
import platform
import select
import socket
import struct
import time
from collections.abc import Mapping, Sequence

from bench import _media_rig as rig
from callfloor.wire import rtp, sdp

TARGET_CALLS = 250
LATENCY_MS_MAX = 5.0
STEPS = (100, 250, 350, 450, 550)
SECONDS = 5.0
TRIES = 2  # A neighbor on the machine may take the worker's core; `worker_waited_share` tells.
SLOTS = 20  # Of a millisecond each; every leg sends in one of them.
SAMPLED_LEGS = 20
SETTLE_SECONDS = 0.3
NANO = struct.Struct("!Q")
SO_TIMESTAMPNS = 35  # Linux's number; Python has no name for it.
_STAMP_BYTES = 16  # struct timespec.


class Telephone:
    """One leg's far side."""

    def __init__(self, number: int, *, is_sampled: bool) -> None:
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        if is_sampled:
            self.sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self.sock.bind((rig.HOST, 0))
        self.sock.setblocking(False)
        self.is_sampled = is_sampled
        self.ssrc = number + 1
        self.sent = 0
        self.received = 0
        self.latencies: list[float] = []

    def connect(self, floor: rig.Rig, call: str, name: str) -> None:
        """Make the leg and send to it from now on."""
        port = self.sock.getsockname()[1]
        offered = sdp.encode(sdp.offer(host=rig.HOST, port=port, origin_id=1))
        answer = floor.ask("offer", call_id=call, from_tag=name, kind="rtp", sdp=offered)
        media = sdp.parse(answer["sdp"].encode()).audio
        assert media is not None
        self.sock.connect((media.host, media.port))

    def send(self) -> None:
        """Send the next packet, with the time in it."""
        payload = NANO.pack(time.time_ns()) + bytes(152)
        head = struct.pack(
            "!BBHII", 0x80, 0, self.sent & 0xFFFF, self.sent * 160 & 0xFFFFFFFF, self.ssrc
        )
        try:
            self.sock.send(head + payload)
        except BlockingIOError:
            return
        self.sent += 1

    def receive(self) -> None:
        """Count one packet, and tell its way's length if this leg is of the sample."""
        if not self.is_sampled:
            data = self.sock.recv(2_048)
            self.received += rtp.kind(data) == "rtp" and rig.is_ours(data)
            return
        data, extra, _, _ = self.sock.recvmsg(2_048, socket.CMSG_SPACE(_STAMP_BYTES))
        if rtp.kind(data) != "rtp" or not rig.is_ours(data):
            return
        self.received += 1
        seconds, nano = struct.unpack("qq", extra[0][2][:_STAMP_BYTES])
        sent = NANO.unpack_from(data, rtp.HEAD_BYTES)[0]
        self.latencies.append((seconds * 10**9 + nano - sent) / 1e6)


def run(calls: int) -> dict[str, float]:
    """Relay so many calls for a while and give the figures."""
    with rig.Rig() as floor:
        phones = _connected(floor, calls)
        before, own, waited = floor.cpu_seconds(), time.process_time(), floor.waited_seconds()
        passed = talk(phones)
        worker, sender = floor.cpu_seconds() - before, time.process_time() - own
        waited = floor.waited_seconds() - waited
        for phone in phones:
            phone.sock.close()
    latencies = [each for phone in phones for each in phone.latencies]
    sent, received = (sum(getattr(p, name) for p in phones) for name in ("sent", "received"))
    return {
        "calls": calls,
        "packets": sent,
        "lost": sent - received,
        "p50_ms": round(rig.percentile(latencies, 0.5), 3),
        "p99_ms": round(rig.percentile(latencies, 0.99), 3),
        "worst_ms": round(max(latencies), 3),
        "late_share": round(1 - sent / (passed * 50 * len(phones)), 4),
        "worker_core_share": round(worker / passed, 3),
        "worker_waited_share": round(waited / passed, 3),
        "sender_core_share": round(sender / passed, 3),
    }


def _connected(floor: rig.Rig, calls: int) -> list[Telephone]:
    phones = []
    every = max(1, 2 * calls // SAMPLED_LEGS)
    for call in range(calls):
        pair = [Telephone(n, is_sampled=n % every == 0) for n in (2 * call, 2 * call + 1)]
        names = [f"{call}-customer", f"{call}-agent"]
        for phone, name in zip(pair, names, strict=True):
            phone.connect(floor, f"item-{call}", name)
        rows = [[names[0], names[1], 1_000], [names[1], names[0], 1_000]]
        floor.ask("mix", legs=names, rows=rows)
        phones += pair
    return phones


def talk(phones: Sequence[Telephone]) -> float:
    """Send and receive for a while; gives the seconds that it took."""
    poll = select.epoll()
    by_number = {phone.sock.fileno(): phone for phone in phones}
    for number in by_number:
        poll.register(number, select.EPOLLIN)
    slots = [phones[slot::SLOTS] for slot in range(SLOTS)]
    started = time.perf_counter()
    for tick in range(int(SECONDS * 1_000)):
        due = started + tick / 1_000
        while (left := due - time.perf_counter()) > 0:
            _receive(poll, by_number, left)
        for phone in slots[tick % SLOTS]:
            phone.send()
        _receive(poll, by_number, 0)
    passed = time.perf_counter() - started
    limit = time.perf_counter() + SETTLE_SECONDS
    while (left := limit - time.perf_counter()) > 0:
        _receive(poll, by_number, left)
    poll.close()
    return passed


def _receive(poll: select.epoll, phones: Mapping[int, Telephone], seconds: float) -> None:
    for number, _ in poll.poll(seconds, 256):
        phones[number].receive()


def main() -> None:
    """Print the figures."""
    rig.pin(0, rig.OTHER_CORE)
    scheduling = rig.prefer(0)
    rows, best = [], 0
    for calls in STEPS:
        kept = False
        for _ in range(TRIES):
            rows.append(run(calls))
            kept = not rows[-1]["lost"] and rows[-1]["p99_ms"] < LATENCY_MS_MAX
            if kept:
                best = calls
                break
        if not kept:
            break
    print(
        json.dumps(
            {
                "bench": "media",
                "relayed_calls_per_core": best,
                "target": TARGET_CALLS,
                "stopped_by": "the last step" if best == STEPS[-1] else "loss or latency",
                "steps": rows,
                "scheduling": scheduling,
                "cores": len(rig.CORES),
                "python": platform.python_version(),
            }
        )
    )


if __name__ == "__main__":
    main()
