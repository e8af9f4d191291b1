"""
Bringing a centre up: the folder, what must be prepared, the processes, and what is printed.

Standard library only (see `supervisor`). Refuses: a start that would half work; a port that is
taken, a folder in use or a blueprint with findings is told before anything runs.
"""

import asyncio
import contextlib
import json
import os
import signal
import socket
import ssl
import sys
import time
from collections.abc import Coroutine, Iterator
from datetime import UTC, datetime
from pathlib import Path
from shutil import which

import callfloor
from callfloor.app import network, passwords, supervisor, tls
from callfloor.app.folder import (
    CENTRE_FILE,
    FILE_NOTE,
    Folder,
    Unusable,
    hash_of,
    write_whole,
)
from callfloor.app.options import Options, summary_of
from callfloor.app.processes import specs
from callfloor.app.supervisor import Spec, Supervisor
from callfloor.core import plan

PACKAGE = Path(callfloor.__file__).parent
START_SECONDS_MAX = 90.0  # What the first start may take; a healthy one takes a tenth of it.
PREPARE_ROUNDS = 2  # The second only if the records hold another file than was thought.
TRIES_MAX = 4  # A process that ends so often before the centre is up will not come up.
STARTED = time.time_ns()
POLL_SECONDS = 0.05
TAIL_LINES = 15
RENEW_SECONDS = 3600.0
PROVIDER = {"answers": "somebody answers", "busy": "is busy", "silent": "rings for ever"}
CERTIFICATE = "certificate"
"""The part that makes a certificate; it is made when it ages."""


class CannotStart(Exception):
    """The centre cannot be started; the text says why and what to do."""


FAULTS = (CannotStart, Unusable, network.Unusable, passwords.Unreadable, tls.BadPair)
"""All that a person may do wrong at a start; each says why and what to do."""


def run(options: Options) -> int:
    """Run a centre until it is told to stop; return the exit status."""
    folder = Folder(options.data)
    try:
        _check(options)
        folder.take(version=callfloor.__version__)
        return asyncio.run(_run(options, folder))
    except FAULTS as error:
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


def _check(options: Options) -> None:
    network.check(options.network)
    passwords.read(options.passwords)
    if options.network.pair is not None and not options.network.pair.is_self_made:
        tls.check(options.network.pair)
    turn = options.network.turn
    if turn is not None and turn.user not in passwords.read(options.passwords):
        raise CannotStart(
            f"the TURN relay has no password yet: callfloor password {turn.user} "
            f"--data {options.data}"
        )


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# --- Preparing ------------------------------------------------------------------------------------


def _code(*patterns: str) -> Iterator[bytes]:
    for pattern in patterns:
        for path in sorted(PACKAGE.glob(pattern)):
            if "tests" not in path.parts:
                yield path.read_bytes()


def _stamps(options: Options) -> dict[str, str]:
    """Return what each prepared part depends on."""
    recorded = sorted((options.file.parent / "prompts").glob("*/*.wav"))
    centre = hash_of(
        [
            str(options.file).encode(),
            *_written(options.file),
            *(f"{path}:{path.stat().st_mtime_ns}".encode() for path in recorded),
            *_code("blueprint/**/*.py", "core/plan.py", "app/prepare.py", "app/prompts/*.py"),
            *_code("app/applying.py", "app/demo/phrases.py", "departments/*/department.py"),
            f"{datetime.now(UTC).year} {options.is_demo} {which('espeak-ng')}".encode(),
            f"{options.network.host}:{options.network.sip}".encode() if options.is_demo else b"",
        ]
    )
    tables = hash_of(
        [
            centre.encode(),
            _bytes(options.data / CENTRE_FILE),  # Whoever applied something else has written it.
            *_code("**/migrations/*.py", "**/models.py", "records/*/services.py"),
        ]
    )
    where = os.environ.get("DATABASE_URL", "")
    return {
        "centre": centre,
        "records": hash_of([tables.encode(), where.encode(), *_code("app/settings.py")]),
    }


def _bytes(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def _written(file: Path) -> Iterator[bytes]:
    """Yield what an author wrote; what else it includes is looked at by each start anew."""
    text = _bytes(file)
    yield text
    if b"include:" in text:
        yield str(STARTED).encode()
    if b"preset:" in text:
        yield from map(_bytes, sorted((PACKAGE.parent / "blueprints").glob("*.yaml")))


def _is_made(part: str, data: Path) -> bool:
    """Say whether what a part makes is really there."""
    if part == "records":
        has_rows = bool(os.environ.get("DATABASE_URL")) or (data / "records.db").is_file()
        return has_rows and (data / "plan.json").is_file()
    with contextlib.suppress(OSError, ValueError):
        names = json.loads((data / "prompts" / "index.json").read_text(encoding="utf-8"))
        return all((data / "prompts" / f"{name}.wav").is_file() for name in names)
    return False


async def _prepare(options: Options, folder: Folder) -> None:
    """Make what is missing or stale; what the records turn out to hold may be more than was."""
    for _ in range(PREPARE_ROUNDS):
        if not await _prepare_once(options, folder):
            break
    if options.file != options.data / CENTRE_FILE:
        write_whole(options.data / FILE_NOTE, str(options.file))


async def _prepare_once(options: Options, folder: Folder) -> bool:
    """Make what is missing or stale, side by side; say whether anything was."""
    stamps = _stamps(options)
    stale = [
        part
        for part, stamp in stamps.items()
        if folder.stamp(part) != stamp or not _is_made(part, options.data)
    ]
    parts = list(stale)
    if options.is_demo and folder.stamp("history") is None:
        parts.append("history")
    if _needs_certificate(options):
        parts.append(CERTIFICATE)
    for result in await asyncio.gather(*(_part(part, options) for part in parts)):
        part, status, output = result
        if status != 0:
            raise CannotStart(_why(part, output))
        for line in output.splitlines():
            say(f"  {line}")
    made_of = _stamps(options)
    for part in parts:
        if part != CERTIFICATE:  # Its age decides, not what it was made from.
            # The records write what they hold: that is no reason to write it again.
            now = made_of if part == "records" else stamps
            folder.note(part, now.get(part, "made"))
    return bool(stale)


def _needs_certificate(options: Options) -> bool:
    pair = options.network.pair
    if pair is None or not pair.is_self_made:
        return False
    return not tls.is_fresh(options.data, names=options.network.known_as, now=datetime.now(UTC))


async def _part(part: str, options: Options) -> tuple[str, int, str]:
    at = f"{options.network.host}:{options.network.sip}"
    arguments = [part, str(options.file), str(options.data)]
    arguments += ["--seed", str(options.seed), "--sip", at]
    arguments += [word for name in options.network.known_as for word in ("--name", name)]
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
        renewing = asyncio.create_task(_renew(options))
        await stop.wait()
        renewing.cancel()
        say("stopping")
        return 0
    finally:
        await centre.stop()


async def _renew(options: Options) -> None:
    """Make the certificate anew before it ends; web and floor take the new file by themselves."""
    while True:
        await asyncio.sleep(RENEW_SECONDS)
        if _needs_certificate(options):
            _part_name, status, output = await _part(CERTIFICATE, options)
            say(
                f"  {output}"
                if status == 0
                else f"  the certificate could not be renewed: {output}"
            )


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
    net = options.network
    while not await is_well(net.host, net.http, is_tls=net.pair is not None):
        failed = [name for name, many in centre.failures.items() if many >= TRIES_MAX]
        if failed or time.monotonic() > deadline:
            raise CannotStart(_why_not_well(failed, centre))
        await asyncio.sleep(POLL_SECONDS)


def _why_not_well(failed: list[str], centre: Supervisor) -> str:
    if not failed:
        return f"the centre is not well after {START_SECONDS_MAX:g} s; see {centre.log('web')}."
    last = supervisor.tail(centre.log(failed[0]), lines=TAIL_LINES)
    return f"{failed[0]} does not start; the end of {centre.log(failed[0])}:\n{last}"


def _trusting() -> ssl.SSLContext:
    """Return a context for asking ourselves, by an address that a certificate need not name."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


async def is_well(host: str, port: int, *, is_tls: bool = False) -> bool:
    """Ask /healthz once."""
    try:
        asked = asyncio.open_connection(host, port, ssl=_trusting() if is_tls else None)
        reader, writer = await asyncio.wait_for(asked, 2.0)
    except (OSError, TimeoutError):
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
    net = options.network
    say(f"\nCallfloor is up after {seconds:.1f} s ({prepared:.1f} s of it to prepare).\n")
    say(f"  page     {net.page}")
    if net.pair is not None and net.pair.is_self_made:
        say(f"  SHA-256  {tls.fingerprint(net.pair)}")
    for number in _numbers(options.data):
        channel, _, key = number.rpartition(":")
        if plan.channel_of(number) == plan.CALL:
            say(f"  call     sip:{number}@{network.bracketed(net.address)}:{net.sip}")
        elif channel == plan.CHAT:
            say(f"  chat     {net.page}chat/try/{key}")
    if options.is_demo:
        for seat in json.loads((options.data / "seats.json").read_text(encoding="utf-8")):
            say(f"  sign in  {seat['key']:<10} {seat['password']:<20} {seat['role']}")
    _tell_telephones(options)
    say(f"  logs     {options.data / 'log'}")
    say("  stop     Ctrl-C\n")


def _tell_telephones(options: Options) -> None:
    """Print the demo's telephones; elsewhere only whose password is missing."""
    summary = summary_of(options.data)
    for phone in summary.get("telephones", []):
        say(f"  phone    {phone['user']:<10} {phone['password']:<20} of {phone['person']}")
    known = passwords.read(options.passwords)
    for name, numbers in summary.get("provider", {}).items():
        say(f"  dial     {', '.join(numbers)}: {PROVIDER[name]}")
    for user in sorted(set(summary.get("users", [])) - set(known)):
        say(f"  missing  no password for {user}: callfloor password {user} --data {options.data}")


def _numbers(data: Path) -> list[str]:
    applied = json.loads((data / "plan.json").read_text(encoding="utf-8"))
    probe = summary_of(data).get("probe") or {}
    found = [str(entry["number"]) for entry in applied["numbers"]]
    return [number for number in found if number != probe.get("number")]
