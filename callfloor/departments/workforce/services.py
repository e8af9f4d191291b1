"""
Asking the twin, and writing down how far it is: who asks, who runs it, what came out.

The page asks and stops; the worker claims, beats and finishes. A trial whose runner has gone is
begun again once. Refuses: to simulate anything, and to change the centre.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from callfloor.departments.workforce import queries, rules
from callfloor.departments.workforce.models import Trial, TrialClient
from callfloor.kernel import access, audit, ids
from callfloor.kernel.access import Someone
from callfloor.kernel.errors import Refusal
from callfloor.records.routing import queries as routing


class TooManyWaiting(Refusal):
    """The person has enough trials in line."""

    code = "workforce.too_many_trials"
    message = _("You have several trials in line. Wait until one ends, or stop one.")


class NothingToTry(Refusal):
    """The records were never applied from a file."""

    code = "workforce.nothing_to_try"
    message = _("The center has no file yet, so there is nothing to compare with. Apply one first.")


class Unanswerable(Refusal):
    """A part of the question is missing or out of its limits; `field` says which."""

    code = "workforce.unanswerable"
    message = _("This cannot be tried.")

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True, kw_only=True)
class Work:
    """A trial that is to be run, as its runner needs it."""

    id: str
    tries: int
    question: dict[str, Any]
    other: str
    days: int
    seed: int
    base: str
    """The text of the centre's file as it stood when the question was asked."""


def ask(
    *,
    person: Someone,
    question: dict[str, Any],
    days: int,
    seed: int,
    now: datetime,
    chance: bytes,
    other: str = "",
) -> str:
    """
    Put a question in line and give its id.

    Raises Forbidden without the duty, Unanswerable for a question that does not fit the centre or
    names what the person may not know of, TooManyWaiting at the limit, NothingToTry without a file.
    """
    access.check(person, "twin.try")
    known = queries.known(person=person)
    try:
        found = rules.checked(question, known=known)
    except rules.Wrong as error:
        raise Unanswerable(error.field) from error
    if not rules.DAYS_MIN <= days <= rules.DAYS_MAX:
        raise Unanswerable("days")
    if not 0 <= seed <= rules.SEED_MAX:
        raise Unanswerable("seed")
    if found["kind"] in rules.WITH_OTHER and not 0 < len(other) <= rules.FILE_CHARACTERS_MAX:
        raise Unanswerable(found["kind"])
    clients = sorted({known.queues[queue] for queue in rules.queues_of(found)})
    return _queue(person, found, other, days, seed, clients, now=now, chance=chance)


@transaction.atomic
def _queue(
    person: Someone,
    question: dict[str, Any],
    other: str,
    days: int,
    seed: int,
    clients: list[str],
    *,
    now: datetime,
    chance: bytes,
) -> str:
    mine = Trial.objects.filter(asked_by_id=person.key, state__in=("QUEUED", "RUNNING"))
    if mine.count() >= rules.WAITING_MAX:
        raise TooManyWaiting
    base = routing.current_file()
    if base is None:
        raise NothingToTry
    trial = Trial(
        base_version=base.version,
        id=ids.make(now=now.timestamp(), chance=chance),
        question=question,
        other=other,
        days=days,
        seed=seed,
        asked_by_id=person.key,
        asked_at=now,
    )
    trial.full_clean()
    trial.save(force_insert=True)
    TrialClient.objects.bulk_create(TrialClient(trial=trial, client_id=key) for key in clients)
    audit.note(
        by=person.key,
        action="twin.tried",
        about=f"trial:{trial.id}",
        detail={"kind": question["kind"], "days": days, "seed": seed},
        now=now,
    )
    return trial.id


def ask_again(*, person: Someone, trial_id: str, now: datetime, chance: bytes) -> str:
    """
    Ask the same question once more, with the centre as it is now; give the new id.

    Raises as `ask` does, and NotFound for a trial that is not there for this person.
    """
    asked = queries.asked(person=person, trial_id=trial_id)
    return ask(
        person=person,
        question=asked.question,
        other=asked.other,
        days=asked.days,
        seed=asked.seed,
        now=now,
        chance=chance,
    )


def stop(*, person: Someone, trial_id: str, now: datetime) -> None:
    """
    Stop a trial that has not ended; one that has stays as it is.

    Raises NotFound, Forbidden.
    """
    queries.asked(person=person, trial_id=trial_id)
    with transaction.atomic():
        if _open().filter(id=trial_id).update(state="STOPPED", ended_at=now):
            audit.note(by=person.key, action="twin.stopped", about=f"trial:{trial_id}", now=now)


# --- For whoever runs them ------------------------------------------------------------------------


def claim(*, now: datetime) -> Work | None:
    """Take the oldest trial in line, if none runs; what its runner left behind is taken first."""
    if not _open().exists():
        return None
    with transaction.atomic():
        _take_back(now=now)
        if Trial.objects.filter(state="RUNNING").exists():
            return None
        row = Trial.objects.filter(state="QUEUED").order_by("id").first()
        if row is None:
            return None
        changes = {"state": "RUNNING", "beaten_at": now, "begun_at": now, "progress": 0.0}
        found = Trial.objects.filter(id=row.id, state="QUEUED")
        if not found.update(tries=F("tries") + 1, **changes):
            return None  # Another runner was quicker.
    base = routing.file_of(row.base_version)
    assert base is not None, "a version of the centre's file is never deleted"
    return Work(
        base=base.body,
        id=row.id,
        tries=row.tries + 1,
        question=row.question,
        other=row.other,
        days=row.days,
        seed=row.seed,
    )


def _take_back(*, now: datetime) -> None:
    """Put back in line, or give up, what runs but whose runner is gone."""
    gone = now - timedelta(seconds=rules.ORPHAN_SECONDS)
    orphans = Trial.objects.filter(state="RUNNING", beaten_at__lt=gone)
    orphans.filter(tries__gte=rules.TRIES_MAX).update(state="FAILED", fault="ended", ended_at=now)
    orphans.update(state="QUEUED")


def is_wanted(*, work: Work, progress: float, now: datetime) -> bool:
    """Note how far a trial is; say whether to go on, or somebody has stopped it."""
    return bool(_mine(work).update(progress=progress, beaten_at=now))


def finish(*, work: Work, result: dict[str, Any], now: datetime) -> None:
    """Keep what came out, unless it was stopped meanwhile."""
    _mine(work).update(state="DONE", result=result, progress=1.0, ended_at=now)


def fail(*, work: Work, fault: str, now: datetime) -> None:
    """Keep why nothing came out."""
    assert fault in rules.FAULTS, f"{fault} has no words"
    _mine(work).update(state="FAILED", fault=fault, ended_at=now)


def give_back(*, work: Work) -> None:
    """Put a trial back in line because its runner ends in good order; that is no failed try."""
    _mine(work).update(state="QUEUED", tries=work.tries - 1)


def forget_old() -> int:
    """Delete the oldest of those that have ended, beyond what is kept; give how many."""
    ended = Trial.objects.exclude(state__in=("QUEUED", "RUNNING")).order_by("-id")
    old = list(ended.values_list("id", flat=True)[rules.KEPT :])
    return _delete(old) if old else 0


def _delete(trials: Iterable[str]) -> int:
    found = Trial.objects.filter(id__in=list(trials))
    count = found.count()
    found.delete()
    return count


def _open() -> QuerySet[Trial]:
    return Trial.objects.filter(Q(state="QUEUED") | Q(state="RUNNING"))


def _mine(work: Work) -> QuerySet[Trial]:
    return Trial.objects.filter(id=work.id, state="RUNNING", tries=work.tries)
