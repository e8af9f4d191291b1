"""
Bringing a centre up: the folder, what must be prepared, the processes, and what is printed.

Standard library only (see `supervisor`). Refuses: a start that would half work; a port that is
taken, a folder in use or a blueprint with findings is told before anything runs.
"""

import argparse
import asyncio
import contextlib
import ipaddress
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from shutil import which

import callfloor
from callfloor.app import child, supervisor
from callfloor.app.folder import Folder, Unusable, hash_of, write_whole
from callfloor.app.supervisor import Spec, Supervisor

PACKAGE = Path(callfloor.__file__).parent
START_SECONDS_MAX = 90.0  # What the first start may take; a healthy one takes a tenth of it.
TRIES_MAX = 4  # A process that ends so often before the centre is up will not come up.
POLL_SECONDS = 0.05
TAIL_LINES = 15
# At 450 callers on two busy cores the sound stood still for a fifth of the time while records were
# written; records may be a second late, a tick of 20 ms may not.
MEDIA_NICE, FLOOR_NICE, WORKER_NICE = "-10", "-5", "10"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a start was asked for."""

    file: Path
    data: Path
    host: str
    http: int
    sip: int
    is_demo: bool
    is_quiet: bool
    seed: int


class CannotStart(Exception):
    """The centre cannot be started; the text says why and what to do."""


def options_of(asked: argparse.Namespace, *, starter: Path, demo: Path) -> Options:
    """Turn the command line into options; without a file the last one or a shipped one is used."""
    is_demo = asked.command == "demo"
    data = asked.data.resolve()
    return Options(
        file=(asked.file or (demo if is_demo else _last_file(data) or starter)).resolve(),
        data=data,
        host=asked.host,
        http=asked.http,
        sip=asked.sip,
        is_demo=is_demo,
        is_quiet=is_demo and asked.quiet_floor,
        seed=asked.seed if is_demo else 0,
    )


def _last_file(data: Path) -> Path | None:
    with contextlib.suppress(OSError):
        path = Path((data / "file").read_text(encoding="utf-8").strip())
        return path if path.is_file() else None
    return None


def run(options: Options) -> int:
    """Run a centre until it is told to stop; return the exit status."""
    folder = Folder(options.data)
    try:
        _check_ports(options)
        folder.take(version=callfloor.__version__)
        return asyncio.run(_run(options, folder))
    except (CannotStart, Unusable) as error:
        say(f"callfloor: {error}")
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        folder.release()


def say(text: str) -> None:
    """Print a line for whoever started this."""
    print(text, file=sys.stderr, flush=True)


# --- Before anything runs -------------------------------------------------------------------------


def _check_ports(options: Options) -> None:
    try:
        address = ipaddress.ip_address(options.host)
    except ValueError:
        raise CannotStart(f"--host {options.host} is no IP address.") from None
    if address.is_unspecified:
        raise CannotStart(
            f"--host {options.host}: callers must be told where to send their audio. "
            "Give the address of this machine itself."
        )
    for what, port, kind in (
        ("--http", options.http, socket.SOCK_STREAM),
        ("--sip", options.sip, socket.SOCK_DGRAM),
        ("--sip", options.sip, socket.SOCK_STREAM),
    ):
        _check_port(options.host, what, port, kind)


def _check_port(host: str, what: str, port: int, kind: socket.SocketKind) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, kind) as probe:
        if kind == socket.SOCK_STREAM:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotStart(
                f"port {port} of {host} cannot be used ({error.strerror}). "
                f"Stop what uses it, or give another with {what} PORT."
            ) from error


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# --- Preparing ------------------------------------------------------------------------------------


def _code(*patterns: str) -> Iterator[bytes]:
    for pattern in patterns:
        for path in sorted(PACKAGE.glob(pattern)):
            yield path.read_bytes()


def _stamps(options: Options) -> dict[str, str]:
    """Return what each prepared part depends on."""
    recorded = sorted((options.file.parent / "prompts").glob("*/*.wav"))
    centre = hash_of(
        [
            str(options.file).encode(),
            options.file.read_bytes() if options.file.is_file() else b"",
            *(f"{path}:{path.stat().st_mtime_ns}".encode() for path in recorded),
            *_code("blueprint/**/*.py", "core/plan.py", "app/prepare.py", "app/prompts/*.py"),
            *_code("app/demo/phrases.py"),
            f"{datetime.now(UTC).year} {options.is_demo} {which('espeak-ng')}".encode(),
        ]
    )
    tables = hash_of(
        [centre.encode(), *_code("**/migrations/*.py", "**/models.py", "records/*/services.py")]
    )
    where = os.environ.get("DATABASE_URL", "")
    return {
        "centre": centre,
        "records": hash_of([tables.encode(), where.encode(), *_code("app/settings.py")]),
    }


def _is_made(part: str, data: Path) -> bool:
    """Say whether what a part makes is really there."""
    if part == "records":
        return bool(os.environ.get("DATABASE_URL")) or (data / "records.db").is_file()
    with contextlib.suppress(OSError, ValueError):
        names = json.loads((data / "prompts" / "index.json").read_text(encoding="utf-8"))
        sounds = all((data / "prompts" / f"{name}.wav").is_file() for name in names)
        return sounds and (data / "plan.json").is_file()
    return False


async def _prepare(options: Options, folder: Folder) -> None:
    """Make what is missing or stale, side by side."""
    stamps = _stamps(options)
    stale = [
        part
        for part, stamp in stamps.items()
        if folder.stamp(part) != stamp or not _is_made(part, options.data)
    ]
    parts = list(stale)
    if options.is_demo and folder.stamp("history") is None:
        parts.append("history")
    for result in await asyncio.gather(*(_part(part, options) for part in parts)):
        part, status, output = result
        if status != 0:
            raise CannotStart(_why(part, output))
        for line in output.splitlines():
            say(f"  {line}")
    for part in parts:
        folder.note(part, stamps.get(part, "made"))
    write_whole(options.data / "file", str(options.file))


async def _part(part: str, options: Options) -> tuple[str, int, str]:
    arguments = [part, str(options.file), str(options.data), "--seed", str(options.seed)]
    process = await asyncio.create_subprocess_exec(
        *supervisor.command(
            Spec(
                name=part,
                module="callfloor.app.prepare",
                arguments=(*arguments, *(["--demo"] if options.is_demo else [])),
            )
        ),
        env=supervisor.environment({}),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        output, _ = await process.communicate()
    except asyncio.CancelledError:
        process.kill()
        await process.wait()
        raise
    assert process.returncode is not None
    return part, process.returncode, output.decode(errors="replace").strip()


def _why(part: str, output: str) -> str:
    if part == "centre" or "blueprint.E" in output:
        return f"the blueprint is refused.\n{output}"
    return f"the {part} could not be prepared.\n{output}"


# --- Running --------------------------------------------------------------------------------------


def specs(options: Options, *, control: int, ng: int) -> list[Spec]:
    """Return the processes of a centre."""
    data, host = str(options.data), options.host
    known = {"CALLFLOOR_DATA": data}
    media = Spec(
        name="media",
        module="callfloor.media.main",
        arguments=(
            *("--control", f"127.0.0.1:{control}", "--floor", f"127.0.0.1:{ng}"),
            *("--prompts", f"{data}/prompts", "--recordings", f"{data}/recordings"),
            *("--address", host),
        ),
        environment={child.NICE: MEDIA_NICE},
    )
    floor = Spec(
        name="floor",
        module="callfloor.floor.main",
        arguments=(
            *("--data", data, "--sip", f"{host}:{options.sip}"),
            *("--media", f"127.0.0.1:{control}", "--ng", f"127.0.0.1:{ng}"),
        ),
        environment={child.NICE: FLOOR_NICE},
    )
    web = Spec(
        name="web",
        module="callfloor.web.main",
        arguments=("--data", data, "--host", host, "--http", str(options.http)),
        environment=known,
    )
    worker = Spec(
        name="worker",
        module="callfloor.worker.main",
        environment={**known, child.NICE: WORKER_NICE},
    )
    guests = [] if options.is_quiet or not options.is_demo else [_guests(options)]
    return [media, floor, web, worker, *guests]


def _guests(options: Options) -> Spec:
    return Spec(
        name="demo",
        module="callfloor.app.demo.main",
        arguments=(
            *("--data", str(options.data), "--file", str(options.file)),
            *("--sip", f"{options.host}:{options.sip}", "--seed", str(options.seed)),
        ),
    )


async def _run(options: Options, folder: Folder) -> int:
    began = time.monotonic()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    if not await _unless(stop, _prepare(options, folder)):
        return 130
    prepared = time.monotonic() - began
    centre = Supervisor(data=options.data, say=lambda text: say(f"  {text}"))
    try:
        await centre.start(specs(options, control=_free_port(), ng=_free_port()))
        if not await _unless(stop, _until_well(options, centre)):
            return 130
        tell(options, seconds=time.monotonic() - began, prepared=prepared)
        await stop.wait()
        say("stopping")
        return 0
    finally:
        await centre.stop()


async def _unless(stop: asyncio.Event, work: Coroutine[None, None, None]) -> bool:
    """Do the work and say True, or give it up and say False when a stop is asked for."""
    doing = asyncio.ensure_future(work)
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({doing, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if doing.done():
        doing.result()
        return True
    doing.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await doing
    return False


async def _until_well(options: Options, centre: Supervisor) -> None:
    deadline = time.monotonic() + START_SECONDS_MAX
    while not await is_well(options.host, options.http):
        failed = [name for name, many in centre.failures.items() if many >= TRIES_MAX]
        if failed or time.monotonic() > deadline:
            raise CannotStart(_why_not_well(failed, centre))
        await asyncio.sleep(POLL_SECONDS)


def _why_not_well(failed: list[str], centre: Supervisor) -> str:
    if not failed:
        return f"the centre is not well after {START_SECONDS_MAX:g} s; see {centre.log('web')}."
    last = supervisor.tail(centre.log(failed[0]), lines=TAIL_LINES)
    return f"{failed[0]} does not start; the end of {centre.log(failed[0])}:\n{last}"


async def is_well(host: str, port: int) -> bool:
    """Ask /healthz once."""
    try:
        reader, writer = await asyncio.open_connection(host, port)
    except OSError:
        return False
    try:
        writer.write(f"GET /healthz HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        first = await asyncio.wait_for(reader.readline(), 2.0)
        return b" 200 " in first
    except (OSError, TimeoutError):
        return False
    finally:
        writer.close()


# --- What is printed ------------------------------------------------------------------------------


def tell(options: Options, *, seconds: float, prepared: float) -> None:
    """Print where everything is."""
    page = f"http://{options.host}:{options.http}/"
    say(f"\nCallfloor is up after {seconds:.1f} s ({prepared:.1f} s of it to prepare).\n")
    say(f"  page     {page}")
    for number in _numbers(options.data):
        say(f"  call     sip:{number}@{options.host}:{options.sip}")
    if options.is_demo:
        for seat in json.loads((options.data / "seats.json").read_text(encoding="utf-8")):
            say(f"  sign in  {seat['key']:<10} {seat['password']:<20} {seat['role']}")
    say(f"  logs     {options.data / 'log'}")
    say("  stop     Ctrl-C\n")


def _numbers(data: Path) -> list[str]:
    plan = json.loads((data / "plan.json").read_text(encoding="utf-8"))
    return [entry["number"] for entry in plan["numbers"]]
