"""
Starting and watching the processes of a centre: each restarts alone, and all of them end together.

Standard library only, for the supervisor stays in memory for months. Refuses: to know what a
process does. Whether a process that runs is also well is asked of /healthz, not of its pid.
"""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from callfloor.app import child
from callfloor.app.folder import write_whole

# The first restart is at once, for callers wait; one that keeps failing gets slower, so that it
# does not take the processor from the others.
RESTART_SECONDS = (0.0, 0.2, 1.0, 2.0, 5.0, 10.0)
STEADY_SECONDS = 20.0  # Who ran this long starts with a clean slate.
TERM_SECONDS = 5.0  # The floor commits in milliseconds; who needs longer has lost his way.
LOG_BYTES_MAX = 10 * 1024 * 1024
TAIL_BYTES = 4096
PULSE = "CALLFLOOR_PULSE"
"""The environment variable with the descriptor to which a process writes while its loop turns."""
STALLED_SECONDS = 5.0  # TRUST.md, R12 and F15: who stands still so long is ended and begun anew.
LOOK_SECONDS = 0.5
ROOT = Path(__file__).resolve().parents[2]

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """A process that shall run."""

    name: str
    module: str
    arguments: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Running:
    """A process that is watched."""

    spec: Spec
    process: asyncio.subprocess.Process | None = None
    started_at: float = 0.0
    restarts: int = 0
    failures: int = 0
    """Ends in a row without a steady time between."""
    beaten_at: float | None = None
    """When its loop last turned; None before the first time, and for those who never say."""


def command(spec: Spec) -> list[str]:
    """Return the command line of a process."""
    return [sys.executable, "-m", "callfloor.app.child", spec.module, *spec.arguments]


def environment(extra: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a child: ours, where to find us, and whose child it is."""
    found = {**os.environ, **extra, child.PARENT: str(os.getpid())}
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**found, "PYTHONPATH": os.pathsep.join(paths), "PYTHONUNBUFFERED": "1"}


class Supervisor:
    """All processes of one centre."""

    def __init__(self, *, data: Path, say: Say, term_seconds: float = TERM_SECONDS) -> None:
        self._data = data
        self._say = say
        self._term_seconds = term_seconds
        self._running: dict[str, Running] = {}
        self._watches: dict[str, asyncio.Task[None]] = {}
        self._stopping = False
        self._looking: asyncio.Task[None] | None = None

    @property
    def failures(self) -> dict[str, int]:
        """How often in a row each process has ended by itself."""
        return {name: running.failures for name, running in self._running.items()}

    def log(self, name: str) -> Path:
        """Return the log file of a process."""
        return self._data / "log" / f"{name}.log"

    async def start(self, specs: Iterable[Spec]) -> None:
        """Start processes side by side and watch them from now on."""
        for spec in specs:
            running = self._running[spec.name] = Running(spec)
            await self._launch(running)
            self._watches[spec.name] = asyncio.create_task(self._watch(running))
        if self._looking is None:
            self._looking = asyncio.create_task(self._look_always())
        self._write_pids()

    async def stop(self) -> None:
        """End all processes: ask them, and after a while make them."""
        self._stopping = True
        for watch in (*self._watches.values(), *filter(None, [self._looking])):
            watch.cancel()
        alive = [r.process for r in self._running.values() if _is_alive(r.process)]
        _signal_all(alive, signal.SIGTERM)
        ends = [asyncio.create_task(process.wait()) for process in alive if process]
        if ends:
            _done, late = await asyncio.wait(ends, timeout=self._term_seconds)
            if late:
                self._say(f"{len(late)} did not end within {self._term_seconds:g} s and are killed")
                _signal_all(alive, signal.SIGKILL)
                await asyncio.wait(late)
        (self._data / "processes.json").unlink(missing_ok=True)

    async def _launch(self, running: Running) -> None:
        spec = running.spec
        running.started_at, running.beaten_at = time.monotonic(), None
        with _open_log(self.log(spec.name)) as log, self._pulse_of(running) as pulse:
            running.process = await asyncio.create_subprocess_exec(
                *command(spec),
                env=environment({**spec.environment, PULSE: str(pulse)}),
                pass_fds=(pulse,),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the supervisor, which ends them in order.
            )

    def _pulse_of(self, running: Running) -> "contextlib.AbstractContextManager[int]":
        """Give the end of a pipe that a process writes to; the other end is listened to."""
        ours, theirs = os.pipe()
        os.set_blocking(ours, False)
        asyncio.get_running_loop().add_reader(ours, _feel, ours, running)
        return _Descriptor(theirs)

    async def _look_always(self) -> None:
        """End whoever stands still; the watch begins him anew."""
        while True:
            before = time.monotonic()
            await asyncio.sleep(LOOK_SECONDS)
            now = time.monotonic()
            for running in self._running.values():
                if running.beaten_at is None:
                    continue
                if now - before > 2 * LOOK_SECONDS:  # This process stood still itself.
                    running.beaten_at = now
                elif now - running.beaten_at > STALLED_SECONDS:
                    running.beaten_at = None
                    self._say(f"{running.spec.name} stands still for {STALLED_SECONDS:g} s")
                    _signal_all([running.process], signal.SIGKILL)

    async def _watch(self, running: Running) -> None:
        while not self._stopping:
            assert running.process is not None
            status = await running.process.wait()
            await self._restart(running, status)

    async def _restart(self, running: Running, status: int) -> None:
        lived = time.monotonic() - running.started_at
        running.failures = 1 if lived >= STEADY_SECONDS else running.failures + 1
        wait = RESTART_SECONDS[min(running.failures, len(RESTART_SECONDS)) - 1]
        again = f"again in {wait:g} s" if wait else "again now"
        name = running.spec.name
        self._say(f"{name} {_how_it_ended(status)}; {again}. Why: {self.log(name)}")
        await asyncio.sleep(wait)
        running.restarts += 1
        await self._launch(running)
        self._write_pids()

    def _write_pids(self) -> None:
        processes = {
            name: {"pid": running.process.pid, "restarts": running.restarts}
            for name, running in self._running.items()
            if running.process is not None
        }
        pids = {"supervisor": os.getpid(), "processes": processes}
        write_whole(self._data / "processes.json", json.dumps(pids))


def tail(path: Path, *, lines: int) -> str:
    """Return the last lines of a log."""
    with contextlib.suppress(OSError), path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - TAIL_BYTES))
        return "\n".join(file.read().decode(errors="replace").splitlines()[-lines:])
    return ""


def _feel(ours: int, running: Running) -> None:
    """Take note that a loop turned, or that its process is gone."""
    if os.read(ours, TAIL_BYTES):
        running.beaten_at = time.monotonic()
    else:
        asyncio.get_running_loop().remove_reader(ours)
        os.close(ours)


def _is_alive(process: asyncio.subprocess.Process | None) -> bool:
    return process is not None and process.returncode is None


def _signal_all(
    processes: Iterable[asyncio.subprocess.Process | None], number: signal.Signals
) -> None:
    for process in processes:
        if process is not None and process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(number)


def _open_log(path: Path) -> "contextlib.AbstractContextManager[int]":
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LOG_BYTES_MAX:
        path.replace(path.with_suffix(".log.1"))
    return _Descriptor(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))


class _Descriptor(contextlib.AbstractContextManager[int]):
    """A file of ours that children inherit and we close."""

    def __init__(self, number: int) -> None:
        self._number = number

    def __enter__(self) -> int:
        return self._number

    def __exit__(self, *_exc: object) -> None:
        os.close(self._number)


def _how_it_ended(status: int) -> str:
    if status >= 0:
        return f"ended with status {status}"
    with contextlib.suppress(ValueError):
        return f"was ended by {signal.Signals(-status).name}"
    return f"was ended by signal {-status}"
