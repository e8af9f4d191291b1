"""
How many calls a second the floor sets up, with its journal, and what each costs.

sipp calls, the floor journals, answers and plays a prompt by the media process, sipp hangs up
after 0.1 s. Printed as JSON: for each rate the calls that failed, the mean set-up time as sipp saw
it, and the processor time per call of floor, media and sipp, each from its own process.
`calls_per_core` is what one core would carry by the floor's processor time at the highest rate
without a failure: a busy machine changes it less than the rate that was reached.
`signaling_ms` is the processor time of parsing, judging and answering the SIP messages of a call,
without journal, exchange and media.
"""

from __future__ import annotations

import asyncio
import csv
import json
import os
import platform
import tempfile
import time
from pathlib import Path
from typing import Any

from callfloor.wire.sip import endpoint, machines, validate
from callfloor.wire.sip import message as messages
from tests import phones, small_centre

RATES = (50, 100, 200, 300, 400)
SECONDS = 8
TALK_MS = 100
TARGET_PER_SECOND = 300
SIGNALING_CALLS = 2_000
SIGNALING_TARGET_MS = 0.3

_SDP = (
    "v=0\r\no=- 1 1 IN IP4 192.0.2.7\r\ns=-\r\nc=IN IP4 192.0.2.7\r\nt=0 0\r\n"
    "m=audio 4000 RTP/AVP 0\r\n"
)
_TAG = "ours"
_DIALOG = (("INVITE", 1, ""), ("ACK", 1, _TAG), ("BYE", 2, _TAG))


async def one_rate(rate: int) -> dict[str, Any]:
    """Call at one rate for a while; give what happened and what it cost."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        async with small_centre.running(data, small_centre.small_plan()) as centre:
            count = rate * SECONDS
            before = {name: centre.cpu_seconds(name) for name in centre.processes}
            began = time.monotonic()
            failed, sipp = await _calls(centre, rate, count)
            took = time.monotonic() - began
            cost = {
                f"{name}_ms": round(1000 * (centre.cpu_seconds(name) - before[name]) / count, 3)
                for name in before
            }
        return {
            "rate": rate,
            "calls": count,
            "failed": failed,
            "reached": round(count / took, 1),
            "setup_ms": _setup_ms(data),
            **cost,
            "sipp_ms": round(1000 * sipp / count, 3),
        }


async def _calls(centre: small_centre.Centre, rate: int, count: int) -> tuple[int, float]:
    arguments = [
        "-m", str(count), "-r", str(rate), "-d", str(TALK_MS), "-l", str(4 * rate),
        "-trace_stat", "-stf", "figures.csv", "-fd", "1",
    ]  # fmt: skip
    before = phones.child_seconds()
    try:
        await phones.run_sipp(centre, *arguments, seconds_max=SECONDS + 40.0)
    except phones.SippFailed:
        return int(_last(centre.data)["FailedCall(C)"]), phones.child_seconds() - before
    return 0, phones.child_seconds() - before


def _last(data: Path) -> dict[str, str]:
    with (data / "figures.csv").open() as file:
        return list(csv.DictReader(file, delimiter=";"))[-1]


def _setup_ms(data: Path) -> float:
    hours, minutes, seconds, micros = _last(data)["ResponseTime1(C)"].split(":")
    whole = int(hours) * 3600 + int(minutes) * 60 + int(seconds)
    return round(1000 * whole + int(micros) / 1000, 2)


def signaling_ms() -> float:
    """Measure the SIP of a call alone, in this process."""
    sip = endpoint.Endpoint(
        policy=validate.Policy(methods=frozenset({"INVITE", "ACK", "BYE"})), secret=b"s"
    )
    remote = machines.Remote(host="192.0.2.7", port=5060)
    calls = [
        [_datagram(method, cseq, tag, number) for method, cseq, tag in _DIALOG]
        for number in range(SIGNALING_CALLS)
    ]
    began = time.process_time()
    for number, datagrams in enumerate(calls):
        _one_call(sip, remote, datagrams, number / TARGET_PER_SECOND)
    return 1000 * (time.process_time() - began) / SIGNALING_CALLS


def _one_call(
    sip: endpoint.Endpoint, remote: machines.Remote, datagrams: list[bytes], now: float
) -> None:
    sip.fire(now)
    for datagram in datagrams:
        for output in sip.receive(datagram, remote, now):
            if isinstance(output, machines.Up) and isinstance(output.message, messages.Request):
                _answer(sip, output.message, now)


def _answer(sip: endpoint.Endpoint, request: messages.Request, now: float) -> None:
    if request.method == "INVITE":
        sip.send(messages.respond(request, 100), None, now)
    if request.method != "ACK":
        sip.send(messages.respond(request, 200, tag=_TAG), None, now)


def _datagram(method: str, cseq: int, to_tag: str, number: int) -> bytes:
    body = _SDP if method == "INVITE" else ""
    tag = f";tag={to_tag}" if to_tag else ""
    kind = "Content-Type: application/sdp\r\n" if body else ""
    return (
        f"{method} sip:900@192.0.2.1 SIP/2.0\r\n"
        f"Via: SIP/2.0/UDP 192.0.2.7:5060;branch=z9hG4bK{number}{method}\r\n"
        f"From: <sip:+3612345678@192.0.2.7>;tag=t{number}\r\nTo: <sip:900@192.0.2.1>{tag}\r\n"
        f"Call-ID: {number}@192.0.2.7\r\nCSeq: {cseq} {method}\r\nMax-Forwards: 70\r\n"
        f"Contact: <sip:x@192.0.2.7:5060>\r\n{kind}Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


def main() -> None:
    """Print the figures."""
    rates = [asyncio.run(one_rate(rate)) for rate in RATES]
    clean = [each for each in rates if not each["failed"]]
    best = clean[-1] if clean else None
    print(
        json.dumps(
            {
                "bench": "calls",
                "rates": rates,
                "calls_per_core": round(1000 / best["floor_ms"]) if best else None,
                "target_per_second": TARGET_PER_SECOND,
                "signaling_ms": round(signaling_ms(), 3),
                "signaling_target_ms": SIGNALING_TARGET_MS,
                "load_before": round(os.getloadavg()[1], 2),
                "python": platform.python_version(),
            }
        )
    )


if __name__ == "__main__":
    main()
