"""
Runs what people try in the twin: one process at a time, niced, ended with the worker.

Each look is short; between two the worker does its other work. Refuses: to simulate in its own
process, and to know what is tried.
"""

from datetime import datetime
from typing import Any

from callfloor.departments.workforce import services
from callfloor.departments.workforce.services import Work
from callfloor.kernel import ports
from callfloor.kernel.ports import Simulation


class Trials:
    """The trial that this worker runs, if it does."""

    def __init__(self) -> None:
        self._work: Work | None = None
        self._simulation: Simulation | None = None

    def run(self, now: datetime) -> None:
        """Look after the one that runs, or begin the next in line."""
        if self._simulation is None:
            self._begin(now)
        else:
            self._look(self._simulation, now)

    def close(self) -> None:
        """End the process; the next worker begins the trial again."""
        if self._simulation is not None and self._work is not None:
            self._simulation.stop()
            services.give_back(work=self._work)
        self._simulation = self._work = None

    def _begin(self, now: datetime) -> None:
        self._work = services.claim(now=now)
        if self._work is None:
            return
        self._simulation = ports.twin().begin(job=_job(self._work, now=now))

    def _look(self, simulation: Simulation, now: datetime) -> None:
        work = self._work
        assert work is not None
        is_over, progress = simulation.is_over, simulation.progress
        if not services.is_wanted(work=work, progress=progress, now=now):
            simulation.stop()
        elif not is_over:
            return
        elif simulation.result is not None:
            services.finish(work=work, result=simulation.result, now=now)
        else:
            services.fail(work=work, fault=simulation.fault, now=now)
        self._simulation = self._work = None


def _job(work: Work, *, now: datetime) -> dict[str, Any]:
    return {
        "centre": work.base,
        "question": work.question,
        "other": work.other,
        "days": work.days,
        "seed": work.seed,
        "now": now.isoformat(),
    }
