"""
The twin as the other rooms reach it: a file is checked, and a process tries a change.

One process is begun for each trial (`app.trial`), niced behind everything that carries sound and
held to limits of time and memory. Refuses: to begin two at a time (whoever asks sees to that).
"""

import json
import subprocess
import threading
from pathlib import Path
from typing import Any

from callfloor.app import supervisor
from callfloor.app.supervisor import Spec
from callfloor.kernel.ports import Simulation

LOG_NAME = "trial"
FAULT_OTHER = "ended"


class Process:
    """A trial in a process of its own; a thread of ours reads what it says."""

    def __init__(self, *, job: dict[str, Any], log: Path) -> None:
        self._progress = 0.0
        self._result: dict[str, Any] | None = None
        self._fault = FAULT_OTHER
        self._process = _start(log)
        self._talk = threading.Thread(target=self._converse, args=(json.dumps(job),), daemon=True)
        self._talk.start()

    @property
    def progress(self) -> float:
        """How far it is, 0 to 1."""
        return self._progress

    @property
    def is_over(self) -> bool:
        """Whether the process has ended and all that it said was read."""
        return self._process.poll() is not None and not self._talk.is_alive()

    @property
    def result(self) -> dict[str, Any] | None:
        """What came out."""
        return self._result

    @property
    def fault(self) -> str:
        """Why nothing came out."""
        return "" if self._result is not None else self._fault

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    def wait(self, seconds: float) -> bool:
        """Wait until it is over, for whoever has nothing else to do; say whether it is."""
        self._talk.join(seconds)
        return not self._talk.is_alive() and self._process.wait(seconds) is not None

    def stop(self) -> None:
        """End the process now, and wait for it; it keeps nothing that could be lost."""
        self._process.kill()
        self._process.wait()
        self._talk.join()

    def _converse(self, job: str) -> None:
        """Say what is to be tried, and take in what comes back, line by line."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._process.stdin as ours, self._process.stdout as theirs:
            try:
                ours.write(job)
                ours.close()
            except BrokenPipeError:
                return  # It ended before it could read; its status says so.
            for line in theirs:
                self._take(json.loads(line))

    def _take(self, said: dict[str, Any]) -> None:
        self._progress = min(1.0, max(self._progress, float(said.get("progress", 0.0))))
        self._result = said.get("result", self._result)
        self._fault = said.get("fault", self._fault)


def _start(log: Path) -> subprocess.Popen[str]:
    log.parent.mkdir(parents=True, exist_ok=True)
    spec = Spec(name=LOG_NAME, module="callfloor.app.trial")
    with log.open("wb") as said:  # Only the last trial's complaints are worth keeping.
        return subprocess.Popen(
            supervisor.command(spec),
            env=supervisor.environment({}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
            encoding="utf-8",  # It stays in the worker's session, whose place is behind the calls'.
        )


class Twin:
    """The twin of the centre in a data folder."""

    def __init__(self, data: Path) -> None:
        self._data = data

    def findings(self, *, text: str, file: str) -> list[dict[str, Any]]:
        """Say what is wrong with a file."""
        from callfloor.blueprint.check import check  # Half a second that few pages need.

        return [
            {
                "id": finding.id,
                "line": finding.line,
                "column": finding.column,
                "message": finding.wrong,
                "hint": finding.hint,
                "severity": getattr(finding, "severity", "error"),
            }
            for finding in check(text, file=file).findings
        ]

    def begin(self, *, job: dict[str, Any]) -> Simulation:
        """Try a change in a process of its own."""
        return Process(job=job, log=self._data / "log" / f"{LOG_NAME}.log")
