"""Processes restart alone, end together, and leave nobody behind."""

import asyncio
import dataclasses
import json
import os
import select
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from callfloor.app import child, supervisor
from callfloor.app.supervisor import Spec, Supervisor

pytestmark = pytest.mark.wire

SECONDS_MAX = 60  # Of waiting for what takes a tenth of a second on an idle machine.


class Reports:
    """Where the test's processes report their pids."""

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.setblocking(False)
        self.port = str(self.socket.getsockname()[1])

    async def next(self) -> tuple[str, int]:
        """Wait for one report: manner and pid."""
        loop = asyncio.get_running_loop()
        text = await asyncio.wait_for(loop.sock_recv(self.socket, 100), SECONDS_MAX)
        manner, pid = text.decode().split()
        return manner, int(pid)

    def spec(self, manner: str) -> Spec:
        """Return a process of this manner."""
        module = "callfloor.app.tests.patient"
        return Spec(name=manner, module=module, arguments=(self.port, manner))


@pytest.fixture
def reports() -> Iterator[Reports]:
    """Give a place for reports."""
    found = Reports()
    yield found
    found.socket.close()


def is_gone(handle: int) -> bool:
    """Wait until the process behind a pidfd has ended."""
    readable, _, _ = select.select([handle], [], [], SECONDS_MAX)
    os.close(handle)
    return bool(readable)


def pids(data: Path) -> dict[str, int]:
    known = json.loads((data / "processes.json").read_text(encoding="utf-8"))
    assert known["supervisor"] == os.getpid()
    return {name: entry["pid"] for name, entry in known["processes"].items()}


async def test_killed_process_comes_back_alone(tmp_path: Path, reports: Reports):
    """One that is killed is started again at once; the other goes on undisturbed."""
    said: list[str] = []
    centre = Supervisor(data=tmp_path, say=said.append)
    await centre.start([reports.spec("calm"), reports.spec("other")])
    first = dict([await reports.next(), await reports.next()])
    assert pids(tmp_path) == first
    os.kill(first["calm"], signal.SIGKILL)
    manner, again = await reports.next()
    assert manner == "calm"
    assert again != first["calm"]
    assert pids(tmp_path) == {"calm": again, "other": first["other"]}
    assert said == [f"calm was ended by SIGKILL; again now. Why: {tmp_path}/log/calm.log"]
    assert (tmp_path / "log" / "calm.log").read_text() == "calm is up\ncalm is up\n"
    await centre.stop()


async def test_stop_ends_all_and_kills_the_stubborn(tmp_path: Path, reports: Reports):
    """Who ignores the request to end is made to; the list of pids is gone with the processes."""
    said: list[str] = []
    centre = Supervisor(data=tmp_path, say=said.append, term_seconds=0.3)
    await centre.start([reports.spec("calm"), reports.spec("stubborn")])
    up = dict([await reports.next(), await reports.next()])
    handles = [os.pidfd_open(pid) for pid in up.values()]
    await centre.stop()
    assert all(is_gone(handle) for handle in handles)
    assert said == ["1 did not end within 0.3 s and are killed"]
    assert not (tmp_path / "processes.json").exists()


async def test_one_that_keeps_failing_is_slowed_and_counted(tmp_path: Path, reports: Reports):
    """The waits grow, so that a broken process does not take the processor from the others."""
    said: list[str] = []
    centre = Supervisor(data=tmp_path, say=said.append)
    await centre.start([reports.spec("brief")])
    for _ in range(3):
        await reports.next()
    await centre.stop()
    assert [text.split(";")[1].split(".")[0].strip() for text in said[:2]] == [
        "again now",
        "again in 0",
    ]
    assert centre.failures["brief"] >= 2
    assert list(supervisor.RESTART_SECONDS) == sorted(supervisor.RESTART_SECONDS)


SCRIPT = """
import asyncio, pathlib, sys
from callfloor.app.supervisor import Spec, Supervisor
async def main():
    centre = Supervisor(data=pathlib.Path(sys.argv[1]), say=print)
    arguments = (sys.argv[2], "calm")
    await centre.start([Spec(name="x", module="callfloor.app.tests.patient", arguments=arguments)])
    await asyncio.Event().wait()
asyncio.run(main())
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux tells of a parent's death")
async def test_killed_supervisor_leaves_no_orphan(tmp_path: Path, reports: Reports):
    """kill -9 of the supervisor ends its processes too."""
    parent = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", SCRIPT, str(tmp_path), reports.port),
        env=supervisor.environment({}),
    )
    try:
        _, pid = await reports.next()
        handle = os.pidfd_open(pid)
    finally:
        parent.kill()
        await parent.wait()
    assert is_gone(handle)


def test_tail_is_the_end_of_a_log(tmp_path: Path):
    """The last lines are shown when a process does not start; a missing log is empty."""
    path = tmp_path / "x.log"
    path.write_text("".join(f"line {number}\n" for number in range(2000)), encoding="utf-8")
    assert supervisor.tail(path, lines=2) == "line 1998\nline 1999"
    assert supervisor.tail(tmp_path / "none.log", lines=2) == ""


async def test_a_process_that_may_wait_stands_back(tmp_path: Path, reports: Reports):
    """What the processor is asked for first is said by the environment, also for the session."""
    centre = Supervisor(data=tmp_path, say=lambda text: None)
    spec = dataclasses.replace(reports.spec("patient"), environment={child.NICE: "10"})
    try:
        await centre.start([spec])
        _, pid = await reports.next()
        assert os.getpriority(os.PRIO_PROCESS, pid) == 10
        assert niceness_of_session(pid) in (None, 10)
    finally:
        await centre.stop()


def niceness_of_session(pid: int) -> int | None:
    """Return the niceness of a process's session; None where Linux has no autogroups."""
    session = Path(f"/proc/{pid}/autogroup")
    return int(session.read_text().split()[-1]) if session.exists() else None
