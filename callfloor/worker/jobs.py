"""
What is done from time to time: handed-over keys are forgotten, old rows leave, files are cleaned.

Each job does a little and is called again. Refuses: to be in a hurry.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.contrib.sessions.backends.db import SessionStore

from callfloor.connectors.webhook import deliveries, incoming
from callfloor.departments.management.services import emptying
from callfloor.departments.management.services import retention as forgetting
from callfloor.departments.workforce import services as workforce
from callfloor.kernel import events, once
from callfloor.kernel.keys import ring
from callfloor.records.cases.queries import policy
from callfloor.records.cases.services import watch
from callfloor.records.customers import services as customers
from callfloor.records.interactions.services import gone, retention
from callfloor.records.metrics import services as metrics
from callfloor.records.routing import queries as routing
from callfloor.worker.projection import Follower

HAND_OVER_AFTER = timedelta(seconds=120)
"""After its end an item's key stays this long: the desk may still show digits in wrap-up."""
FORGET_BATCH = 500


@dataclass(frozen=True, kw_only=True)
class Job:
    """Something that is done every so often."""

    name: str
    every_seconds: float
    run: Callable[[datetime], None]


class Forgetter:
    """
    Tells the floor which items' keys it may delete, because their values were handed over.

    Walks through the floor's keys from old to new, a batch at a time, and begins again at the end.
    """

    def __init__(self, *, follower: Follower, forget: Callable[[list[str]], None]) -> None:
        self._follower = follower
        self._forget = forget
        self._after = ""

    def run(self, now: datetime) -> None:
        """Look at one batch of the floor's keys."""
        items = self._follower.sealed_items(after=self._after, limit=FORGET_BATCH)
        self._after = items[-1] if len(items) == FORGET_BATCH else ""
        over = retention.handed_over(items=items, ended_before=now - HAND_OVER_AFTER)
        if over:
            self._forget(over)


def jobs(*, follower: Follower, forget: Callable[[list[str]], None]) -> list[Job]:
    """Give every job of this worker."""
    forgetter = Forgetter(follower=follower, forget=forget)
    return [
        Job(name="forget", every_seconds=5, run=forgetter.run),
        Job(name="outbox", every_seconds=600, run=lambda now: _forget_events(now)),
        Job(name="sessions", every_seconds=3_600, run=lambda now: SessionStore.clear_expired()),
        Job(name="case_alarms", every_seconds=5, run=_alarm_cases),
        Job(name="case_owners", every_seconds=60, run=_offer_cases),
        Job(name="case_clocks", every_seconds=5, run=Recount().run),
        Job(name="gone_visitors", every_seconds=15, run=_let_visitors_go),
        Job(name="old_requests", every_seconds=600, run=_forget_requests),
        Job(name="old_trials", every_seconds=3_600, run=lambda now: _forget_trials()),
        Job(name="imports", every_seconds=0.5, run=_import_customers),
        Job(name="erased", every_seconds=60, run=_clean_erased),
        Job(name="retention", every_seconds=60, run=_forget_old),
        Job(name="closed_days", every_seconds=60, run=Closing(follower=follower).run),
    ]


def _alarm_cases(now: datetime) -> None:
    watch.alarm(now=now)


def _offer_cases(now: datetime) -> None:
    watch.offer_again(absent=watch.absent_owners(now=now), now=now)


class Closing:
    """Keeps the figures of days that have closed, once all that happened in them is recorded."""

    def __init__(self, *, follower: Follower) -> None:
        self._follower = follower

    def run(self, now: datetime) -> None:
        """Look whether a day has closed; what the journal is ahead is waited for."""
        if not self._follower.behind():
            metrics.close_days(now=now)


class Recount:
    """Folds open cases anew when the file promises other instants, by times or by calendars."""

    def __init__(self) -> None:
        self._basis: tuple[object, ...] = ()

    def run(self, now: datetime) -> None:
        """Look whether the promises have changed; once after each start it counts as changed."""
        basis = policy.basis()
        if basis[0] is not None and basis != self._basis:
            watch.recompute(now=now)
            self._basis = basis


def _let_visitors_go(now: datetime) -> None:
    gone.let_go(now=now)


def _forget_events(now: datetime) -> None:
    events.forget_delivered(now=now)


def _forget_requests(now: datetime) -> None:
    once.forget(now=now)
    deliveries.forget(now=now)
    incoming.forget(now=now)


def _import_customers(now: datetime) -> None:
    customers.take_in(now=now)


def _forget_trials() -> None:
    workforce.forget_old()


def _clean_erased(now: datetime) -> None:
    emptying.empty_erased(now=now)
    retention.remove_erased_sound()
    ring.clean()


def _forget_old(now: datetime) -> None:
    zone = routing.zone()
    if zone is not None:
        forgetting.round_of_night(local=now.astimezone(ZoneInfo(zone)), now=now)


class Schedule:
    """Runs jobs when they are due; a job that is late runs once."""

    def __init__(self, jobs: list[Job]) -> None:
        self._jobs = jobs
        self._due: dict[str, datetime] = {}

    def due(self, now: datetime) -> list[Job]:
        """Give the jobs that are due, and set when each is due again."""
        found = [job for job in self._jobs if self._due.get(job.name, now) <= now]
        for job in found:
            self._due[job.name] = now + timedelta(seconds=job.every_seconds)
        return found
