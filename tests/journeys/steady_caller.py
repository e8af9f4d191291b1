"""
A customer who stays on the line and tells what he hears, as a program: for hosts of their own.

`python -m tests.journeys.steady_caller HOST PORT NUMBER SECONDS` calls from 127.0.0.1, presses 1
after the greeting, sounds his tone, and at the end writes JSON: the instants at which the agent's
tone was heard, and why the call ended. Ends early by SIGTERM, with the same words.
"""

import asyncio
import json
import random
import signal
import sys
import time

from callfloor.app.demo.phone import Phone
from callfloor.wire import g711
from tests.journeys import tones
from tests.journeys.caller import Caller, Ear

KEY_AFTER_SECONDS = 12.0  # Greeting and notice of the demo are over; the menu listens.
STILL_SECONDS = 0.1
PACKETS = 5


def hearing(ear: Ear) -> list[float]:
    """Tell at which instants the agent's tone came, in steps of five packets."""
    found = []
    for at in range(0, len(ear.packets) - PACKETS, PACKETS):
        some = ear.packets[at : at + PACKETS]
        samples = tones.linear(b"".join(packet.payload for packet in some))
        if tones.share(samples, tones.AGENT_HZ) > 0.5:
            found.append(some[-1].at)
    return found


async def call(host: str, port: int, number: str, seconds: float) -> dict[str, object]:
    """Hold one call."""
    over = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, over.set)
    phone = Phone(server=(host, port), draw=random.Random())
    await phone.open("127.0.0.1")
    one = Caller(Ear(), phone)
    one.ear.mouth = g711.linear_to_ulaw(tones.tone(tones.CALLER_HZ, seconds=0.02).tobytes())
    one.dial(number, caller="+36301110077")
    await asyncio.wait_for(one.answered.wait(), 60)
    ends = time.monotonic() + seconds
    pressed = False
    began = time.monotonic()
    while time.monotonic() < ends and not over.is_set() and not one.ended.is_set():
        if not pressed and time.monotonic() - began > KEY_AFTER_SECONDS:
            one.ear.press("1")
            pressed = True
        await asyncio.sleep(STILL_SECONDS)
    told = {"heard": hearing(one.ear), "ended": one.reason if one.ended.is_set() else ""}
    one.hang_up()
    await asyncio.sleep(STILL_SECONDS)
    phone.close()
    return told


if __name__ == "__main__":
    sip_host, sip_port, called, length = sys.argv[1:]
    print(json.dumps(asyncio.run(call(sip_host, int(sip_port), called, float(length)))))
