"""
The media process: `python -m callfloor.media.main --help`.

Refuses: any decision; it reads the command line, sets up the loop and waits for the end.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import ipaddress
import json
import logging
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from callfloor.media.worker import Settings, Worker
from callfloor.wire import fail

ANYWHERE = frozenset(("0.0.0.0", "::"))  # An address to listen on, none to send to.
FILES_MAX = 20_000  # Sockets and recordings of 4,000 legs, with room.
LOG_FIELDS_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
STALL_SECONDS = 10.0  # For tests only (wire/fail.py): twice what a supervisor waits for (F15).

log = logging.getLogger(__name__)


class JsonLines(logging.Formatter):
    """One JSON object per line: an event name and its fields."""

    def format(self, record: logging.LogRecord) -> str:
        """Give the line; what a caller put into `extra` are the fields."""
        fields = {name: value for name, value in vars(record).items() if name not in LOG_FIELDS_OWN}
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"at": at, "level": record.levelname, "event": record.getMessage()}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps({**line, **fields}, default=str)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT; gives the exit code."""
    options = _options(arguments)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    logging.getLogger("aioice").setLevel(logging.WARNING)
    _arm_failpoint()
    _raise_file_limit()
    with _runner() as runner:
        runner.run(_serve(options))
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line; an address that nobody could send to ends the program."""
    parser = _parser()
    options = parser.parse_args(arguments)
    options.ice_address = options.ice_address or ["127.0.0.1"]
    if options.advertise is None and ANYWHERE.intersection((options.address, *options.ice_address)):
        parser.error("--address and --ice-address may be 0.0.0.0 or :: only with --advertise")
    if ANYWHERE.intersection(options.ice_address[1:]):
        parser.error("--advertise stands for the first --ice-address only")
    return options


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="callfloor.media", description=__doc__)
    parser.add_argument("--control", type=_address, required=True, help="where to listen for ng")
    parser.add_argument("--floor", type=_address, required=True, help="where events are sent")
    parser.add_argument("--prompts", type=Path, required=True, help="folder of WAV files")
    parser.add_argument("--recordings", type=Path, required=True, help="folder of recordings")
    parser.add_argument("--address", default="127.0.0.1", help="where RTP legs listen")
    parser.add_argument(
        "--ice-address", action="append", help="where browser legs listen; may be repeated"
    )
    parser.add_argument(
        "--advertise", type=_advertised, help="the address that others see, behind a router"
    )
    parser.add_argument("--ports", type=_ports, default=(20_000, 29_999), help="FIRST-LAST")
    return parser


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    return host, int(port)


def _advertised(text: str) -> str:
    address = ipaddress.ip_address(text)  # A name would have to be looked up by everybody.
    if address.is_unspecified or address.is_multicast:
        raise ValueError(text)
    return str(address)


def _ports(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    return int(first), int(last)


def _pulse() -> Callable[[], None]:
    """Give what tells the supervisor that the loop turns (app/supervisor.py), if there is one."""
    number = os.environ.get("CALLFLOOR_PULSE")
    if number is None:
        return lambda: None
    os.set_blocking(int(number), False)

    def beat() -> None:
        with contextlib.suppress(OSError):  # Nobody reads: then nobody watches.
            os.write(int(number), b".")

    return beat


def _arm_failpoint() -> None:
    fail.arm(
        os.environ,
        kill=lambda: os.kill(os.getpid(), signal.SIGKILL),
        stall=lambda: time.sleep(STALL_SECONDS),
        warn=log.critical,
    )


def _raise_file_limit() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    limit = FILES_MAX if hard == resource.RLIM_INFINITY else min(FILES_MAX, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))


def _runner() -> asyncio.Runner:
    try:
        import uvloop
    except ImportError:  # Windows, or an interpreter it does not know yet.
        return asyncio.Runner()
    return asyncio.Runner(loop_factory=uvloop.new_event_loop)


async def _serve(options: argparse.Namespace) -> None:
    worker = Worker(
        Settings(
            floor=options.floor,
            prompts=options.prompts,
            recordings=options.recordings,
            address=options.address,
            ice_addresses=tuple(options.ice_address),
            advertised=options.advertise,
            ports=options.ports,
            beat=_pulse(),
        )
    )
    await worker.start(options.control)
    log.info("media.started", extra={"epoch": worker.epoch})
    # What stands now lives as long as the process: the collector need not look at it each time.
    gc.collect()
    gc.freeze()
    await _ended()
    await worker.stop()
    log.info("media.stopped")


async def _ended() -> None:
    """Wait for a signal to end."""
    end = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, end.set)
    await end.wait()


if __name__ == "__main__":
    sys.exit(main())
