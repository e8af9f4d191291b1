"""
One round of the worker's work, on one thread: project, deliver, take over recordings, jobs, beat.

What fails is logged and tried again in the next round; nothing of it stops the others.
Refuses: to wait. `main` decides when the next round comes.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import close_old_connections

from callfloor.kernel import events, health
from callfloor.worker.guard import Alarm, Guard
from callfloor.worker.jobs import Job, Schedule, jobs
from callfloor.worker.plans import Plans
from callfloor.worker.projection import Follower, sources
from callfloor.worker.promises import Promises
from callfloor.worker.texts import Texts
from callfloor.worker.trials import Trials

log = logging.getLogger(__name__)

NAME = "worker"
BEAT_SECONDS = 2.0  # /healthz may call a worker dead after three of them.
GUARD_SECONDS = 30.0  # A disk fills in hours; a restart should not be news of yesterday.
TRIALS_SECONDS = 0.5  # Who waits for the twin's answer sees it move.
PLAN_SECONDS = 0.5  # How soon the floor runs by what somebody has changed on a page.
TEXTS_SECONDS = 0.1  # Every round of a quiet worker: somebody who chats waits for it.
PROMISES_SECONDS = 1.0  # How late a promise begins, at most; the slots are of minutes.
RECORDINGS_SECONDS = 0.5  # How soon after its end a recording can be played, at most.


class Rounds:
    """Everything that the worker does, a little at a time."""

    def __init__(
        self,
        *,
        data: Path,
        forget: Callable[[list[str]], None],
        plans: Plans,
        texts: Texts,
        promises: Promises,
        alarm: Alarm,
        certificate: Path | None,
        is_linked: Callable[[], bool],
        tick: Callable[[], float],
    ) -> None:
        self._followers = [Follower(source, tick=tick) for source in sources(data)]
        self._is_linked = is_linked
        self._trials = Trials()
        guard = Guard(data=data, certificate=certificate, alarm=alarm)
        regular = [
            Job(name="recordings", every_seconds=RECORDINGS_SECONDS, run=self._recordings),
            Job(name="trials", every_seconds=TRIALS_SECONDS, run=self._trials.run),
            Job(name="texts", every_seconds=TEXTS_SECONDS, run=texts.run),
            Job(name="promises", every_seconds=PROMISES_SECONDS, run=promises.run),
            Job(name="plan", every_seconds=PLAN_SECONDS, run=plans.run),
            Job(name="guard", every_seconds=GUARD_SECONDS, run=guard.run),
            Job(name="beat", every_seconds=BEAT_SECONDS, run=self._beat),
        ]
        self._schedule = Schedule(regular + jobs(follower=self._followers[0], forget=forget))

    def run(self, now: datetime) -> bool:
        """Do one round; say whether there is more to do at once."""
        close_old_connections()
        is_busy = False
        for follower in self._followers:
            is_busy = bool(_guarded("projection", lambda f=follower: f.follow(now=now)))
            if is_busy:  # The live journal goes first: history waits until it has caught up.
                break
        delivery = _guarded("outbox", lambda: events.deliver(now=now))
        for job in self._schedule.due(now):
            _guarded(job.name, lambda j=job: j.run(now))
        return is_busy or bool(delivery and delivery.delivered >= events.BATCH)

    def close(self) -> None:
        """Close the journals, and end what is tried in the twin."""
        self._trials.close()
        for follower in self._followers:
            follower.close()

    def _recordings(self, now: datetime) -> None:
        for follower in self._followers:
            follower.follow_recordings(now=now)

    def _beat(self, now: datetime) -> None:
        live = self._followers[0]
        detail = {
            "projected_seq": live.seq,
            "behind": live.behind(),
            "history_behind": self._followers[1].behind(),
            "parked": live.parked,
            "outbox": events.waiting(),
            "link": self._is_linked(),
        }
        health.beat(name=NAME, now=now, detail=detail)


def _guarded(name: str, run: Callable[..., Any]) -> Any:
    """Do one part; whatever goes wrong in it must not stop the others."""
    try:
        return run()
    except Exception:
        log.exception("worker.failed", extra={"part": name})
        return None
