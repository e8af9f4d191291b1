"""
How many supervised calls of three legs one core carries: customer, agent, leader.

A worker process on its own core; each leg has a telephone that sends G.711 every 20 ms. Listening:
customer and agent hear each other (relayed), the leader hears both (mixed). Joined: everybody hears
the two others, so every leg is mixed. A call counts if nothing is lost: what the worker sent
arrives, and no mixed packet lacks a voice. Latency of relayed legs is as in `bench/media.py`; a
mixed packet has no single way, so for those stands how far the time between two packets is from
20 ms, at the receiver's kernel. The number of calls grows until a promise breaks.
"""

from __future__ import annotations

import json
import platform
import socket
import struct
import time

from bench import _media_rig as rig
from bench import media
from callfloor.media import sound
from callfloor.wire import rtp

TARGET_CALLS = 150
STEPS = (50, 100, 150, 200)
TRIES = 2  # A neighbor on the machine may take the worker's core; `worker_waited_share` tells.
SAMPLED_CALLS = 10
NAMES = ("customer", "agent", "leader")
LEVELS = {"customer": 8_000, "agent": 4_200, "leader": 2_000}
STAMP_BYTES = media.NANO.size
SETTLED_PACKETS = 10  # Queues fill in the first 200 ms and run dry one by one in the last.
HEARS = {
    "listen": {"customer": ("agent",), "agent": ("customer",), "leader": ("customer", "agent")},
    "join": {ear: tuple(mouth for mouth in NAMES if mouth != ear) for ear in NAMES},
}


class Party(media.Telephone):
    """One leg's far side: speaks at a level of its own and knows what it must hear."""

    def __init__(self, number: int, *, name: str, hears: tuple[str, ...], sampled: bool) -> None:
        super().__init__(number, is_sampled=sampled)
        self.is_mixed = len(hears) > 1
        self.said = rig.voice(LEVELS[name])[STAMP_BYTES:]
        self.wanted = rig.voice(*(LEVELS[mouth] for mouth in hears))[STAMP_BYTES:]
        self.thin_at: list[int] = []
        self.steps: list[float] = []
        self._before = 0.0
        self.first: int | None = None
        self.last = 0

    def send(self) -> None:
        """Send the next packet, with the time in it."""
        head = struct.pack(
            "!BBHII", 0x80, 0, self.sent & 0xFFFF, self.sent * 160 & 0xFFFFFFFF, self.ssrc
        )
        try:
            self.sock.send(head + media.NANO.pack(time.time_ns()) + self.said)
        except BlockingIOError:
            return
        self.sent += 1

    def receive(self) -> None:
        """Count one packet and whether everybody is in it."""
        data, extra, _, _ = self.sock.recvmsg(2_048, socket.CMSG_SPACE(16))
        if rtp.kind(data) != "rtp" or not rig.is_ours(data):
            return
        self.received += 1
        sequence = int.from_bytes(data[2:4], "big")
        self.first = sequence if self.first is None else self.first
        self.last = sequence
        if data[rtp.HEAD_BYTES + STAMP_BYTES :] != self.wanted:
            self.thin_at.append(self.received)
        if self.is_sampled:
            self._time(data, extra[0][2])

    def _time(self, data: bytes, stamp: bytes) -> None:
        seconds, nano = struct.unpack("qq", stamp[:16])
        now = seconds * 10**9 + nano
        if not self.is_mixed:
            sent = media.NANO.unpack_from(data, rtp.HEAD_BYTES)[0]
            self.latencies.append((now - sent) / 1e6)
        elif self.received > SETTLED_PACKETS:
            self.steps.append(abs((now - self._before) / 1e6 - sound.FRAME_MS))
        self._before = now

    @property
    def thin(self) -> int:
        """How many packets lack a voice, but for those while everybody begins and ends."""
        last = self.received - SETTLED_PACKETS
        return sum(SETTLED_PACKETS < at <= last for at in self.thin_at)

    @property
    def lost(self) -> int:
        """How many of the packets between the first and the last did not come."""
        if self.first is None:
            return 0
        return (self.last - self.first) % 65_536 + 1 - self.received


def run(calls: int, mode: str) -> dict[str, float | str]:
    """Carry so many calls for a while and give the figures."""
    with rig.Rig() as floor:
        parties = _connected(floor, calls, mode)
        before, own, waited = floor.cpu_seconds(), time.process_time(), floor.waited_seconds()
        passed = media.talk(parties)
        worker, sender = floor.cpu_seconds() - before, time.process_time() - own
        waited = floor.waited_seconds() - waited
        for party in parties:
            party.sock.close()
    latencies = [each for party in parties for each in party.latencies]
    steps = [each for party in parties for each in party.steps]
    return {
        "mode": mode,
        "calls": calls,
        "legs": len(parties),
        "mixed_legs": sum(party.is_mixed for party in parties),
        "packets": sum(party.received for party in parties),
        "lost": sum(party.lost for party in parties),
        "thin": sum(party.thin for party in parties),
        "fewest": min(party.received for party in parties),
        "p99_ms": round(rig.percentile(latencies, 0.99), 3),
        "p99_step_ms": round(rig.percentile(steps, 0.99), 3),
        "worker_core_share": round(worker / passed, 3),
        "worker_waited_share": round(waited / passed, 3),
        "sender_core_share": round(sender / passed, 3),
    }


def _connected(floor: rig.Rig, calls: int, mode: str) -> list[Party]:
    parties = []
    every = max(1, calls // SAMPLED_CALLS)
    for call in range(calls):
        legs = {name: f"{call}-{name}" for name in NAMES}
        for number, name in enumerate(NAMES):
            hears = HEARS[mode][name]
            sampled = call % every == 0
            party = Party(3 * call + number, name=name, hears=hears, sampled=sampled)
            item = f"item-{call}" if name == "customer" else f"agent:{call}-{name}"
            party.connect(floor, item, legs[name])
            parties.append(party)
        rows = [[legs[ear], legs[mouth], 1_000] for ear in NAMES for mouth in HEARS[mode][ear]]
        floor.ask("mix", legs=list(legs.values()), rows=rows)
    return parties


def is_kept(row: dict[str, float | str]) -> bool:
    """Say whether every promise was kept."""
    whole = row["lost"] == row["thin"] == 0
    timely = max(row["p99_ms"], row["p99_step_ms"]) < media.LATENCY_MS_MAX
    return whole and timely and row["fewest"] >= media.SECONDS * 50 * 0.98


def best_of(mode: str) -> tuple[int, list[dict[str, float | str]]]:
    """Give the most calls that were carried well, and every step's figures."""
    rows, best = [], 0
    for calls in STEPS:
        for _ in range(TRIES):
            rows.append(run(calls, mode))
            if is_kept(rows[-1]):
                best = calls
                break
        if best != calls:
            break
    return best, rows


def main() -> None:
    """Print the figures."""
    rig.pin(0, rig.OTHER_CORE)
    scheduling = rig.prefer(0)
    figures = {mode: best_of(mode) for mode in HEARS}
    print(
        json.dumps(
            {
                "bench": "supervised",
                "listened_calls_per_core": figures["listen"][0],
                "joined_calls_per_core": figures["join"][0],
                "target": TARGET_CALLS,
                "steps": [row for _, rows in figures.values() for row in rows],
                "scheduling": scheduling,
                "cores": len(rig.CORES),
                "python": platform.python_version(),
            }
        )
    )


if __name__ == "__main__":
    main()
