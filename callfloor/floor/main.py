"""
The floor process: `python -m callfloor.floor.main --help`.

Refuses: to make keys or a plan. Both lie in the data folder before it starts (link.md).
"""

import argparse
import asyncio
import contextlib
import gc
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

from callfloor.floor.process import Process, Settings
from callfloor.wire import fail

FILES_MAX = 20_000  # VOICE.md; the floor itself needs a few hundred.
LOG_FIELDS_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
STALL_SECONDS = 10.0  # For tests only (wire/fail.py): twice what a supervisor waits for (F15).

log = logging.getLogger("callfloor.floor")


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
    options = _parser().parse_args(arguments)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    _arm_failpoint()
    _raise_file_limit()
    with _runner() as runner:
        runner.run(_serve(_settings(options)))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="callfloor.floor", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the centre's folder")
    parser.add_argument("--sip", type=_address, required=True, help="where telephones call")
    parser.add_argument("--sip-tls", type=_address, help="where telephones call by TLS")
    parser.add_argument("--tls-cert", type=Path, help="PEM; a newer file is taken by itself")
    parser.add_argument("--tls-key", type=Path, help="PEM")
    parser.add_argument("--tls-trusted", type=Path, help="PEM, trusted beside the system's")
    parser.add_argument("--advertise", help="the address that others are told, else that of --sip")
    parser.add_argument("--media", type=_address, required=True, help="where the media listens")
    parser.add_argument("--ng", type=_address, required=True, help="where the media tells events")
    parser.add_argument("--public-key", type=Path, help="else DATA/keys/centre.pub")
    parser.add_argument("--token-key", type=Path, help="else DATA/keys/token.key")
    parser.add_argument(
        "--trunk-secrets", type=Path, help="JSON, user to password; else DATA/keys/passwords.json"
    )
    parser.add_argument("--region", help="country of numbers without a prefix, as HU")
    return parser


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    return host, int(port)


def _settings(options: argparse.Namespace) -> Settings:
    data: Path = options.data
    secrets: Path = options.trunk_secrets or data / "keys" / "passwords.json"
    return Settings(
        data=data,
        sip=options.sip,
        media=options.media,
        ng=options.ng,
        public_key=(options.public_key or data / "keys" / "centre.pub").read_bytes(),
        token_key=(options.token_key or data / "keys" / "token.key").read_bytes(),
        passwords=secrets,
        region=options.region,
        advertise=options.advertise,
        sip_tls=options.sip_tls,
        tls=(options.tls_cert, options.tls_key) if options.tls_cert else None,
        tls_trusted=options.tls_trusted,
        beat=_pulse(),
    )


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
    except ImportError:  # An interpreter that it does not know yet.
        return asyncio.Runner()
    return asyncio.Runner(loop_factory=uvloop.new_event_loop)


async def _serve(settings: Settings) -> None:
    process = Process(settings)
    await process.start()
    log.info("floor.started", extra={"epoch": process.floor.epoch, "seq": process.floor.seq})
    # What stands now lives as long as the process: the collector need not look at it each time.
    gc.collect()
    gc.freeze()
    await _ended()
    await process.stop()
    log.info("floor.stopped")


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
