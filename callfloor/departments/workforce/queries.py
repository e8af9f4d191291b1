"""
Trials as pages show them: a list, and one with its two variants side by side.

A reader sees the rows of his own clients and colleagues; what is of the whole centre (languages,
cost, fairness) only if he works for all of its clients. Refuses: to judge beyond `rules`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from callfloor.departments.workforce import rules
from callfloor.departments.workforce.models import Trial, TrialClient
from callfloor.departments.workforce.rules import Estimate
from callfloor.kernel import access, pages
from callfloor.kernel.access import Someone
from callfloor.kernel.names import pick
from callfloor.records.people import queries as people
from callfloor.records.people.models import Skill
from callfloor.records.routing import queries as routing

PERMISSION = "twin.try"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What was asked, to ask it again."""

    question: dict[str, Any]
    other: str
    days: int
    seed: int


@dataclass(frozen=True, kw_only=True)
class TrialRow:
    """A trial in a list."""

    id: str
    state: str
    question: dict[str, Any]
    names: Mapping[str, str]
    """Names of the queues, teams, skills and people in the question, as `queue:key`."""
    days: int
    seed: int
    base_version: str
    progress: float
    fault: str
    asked_by: str
    asked_at: datetime
    ended_at: datetime | None
    before_it: int
    """How many wait in line before it."""

    @property
    def is_open(self) -> bool:
        """Whether something may still come of it."""
        return self.state in ("QUEUED", "RUNNING")


@dataclass(frozen=True, kw_only=True)
class Pair:
    """One measure of one queue, client, language or person, without and with the change."""

    key: str
    name: str
    group: str
    """The client's name, for a queue."""
    measure: str
    now: Estimate | None
    then: Estimate | None
    difference: Estimate | None
    verdict: str
    """As rules.verdict; empty if nobody says what the difference is."""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What a reader may see of a result."""

    queues: tuple[Pair, ...]
    clients: tuple[Pair, ...]
    languages: tuple[Pair, ...]
    people: tuple[Pair, ...]
    totals: tuple[Pair, ...]
    currency: str
    is_whole: bool
    """Whether nothing was left out because it belongs to clients of others."""


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What a question may name."""

    queues: tuple[tuple[str, str], ...]
    teams: tuple[tuple[str, str], ...]
    skills: tuple[tuple[str, str], ...]
    people: tuple[tuple[str, str], ...]


def known(*, person: Someone) -> rules.Known:
    """Give what a question of this person may name."""
    return rules.Known(
        queues={row.key: row.client for row in routing.queues(person=person)},
        teams=frozenset(row.key for row in people.teams(person=person)),
        skills=frozenset(Skill.objects.values_list("key", flat=True)),
        people=frozenset(people.names(person=person)),
    )


def choices(*, person: Someone) -> Choices:
    """Give the same with names, each list by name."""
    access.check(person, PERMISSION)
    skills = {row.key: pick(row.names, key=row.key) for row in Skill.objects.order_by("key")}
    return Choices(
        queues=_by_name({row.key: row.name for row in routing.queues(person=person)}),
        teams=_by_name({row.key: row.name for row in people.teams(person=person)}),
        skills=_by_name(skills),
        people=_by_name(people.names(person=person)),
    )


def _by_name(names: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(names.items(), key=lambda pair: (pair[1].casefold(), pair[0])))


def trials(*, person: Someone, page: int = 1, size: int = 25) -> pages.Page[TrialRow]:
    """Give the trials that the person may see, newest first."""
    access.check(person, PERMISSION)
    rows = _visible(person).order_by("-id").defer("result", "other")
    return pages.cut(rows, page=page, size=size, build=lambda found: _rows(found, person))


def trial(*, person: Someone, trial_id: str) -> TrialRow:
    """
    Give one trial.

    Raises NotFound if it is not there for this person, Forbidden without the duty.
    """
    return _rows([_one(person, trial_id)], person)[0]


def asked(*, person: Someone, trial_id: str) -> Asked:
    """Give what was asked; raises as `trial` does."""
    row = _one(person, trial_id)
    return Asked(question=row.question, other=row.other, days=row.days, seed=row.seed)


def shown(*, person: Someone, trial_id: str, measure: str) -> Shown | None:
    """Give a measure of a result, as far as the person may see it; None if there is none."""
    result = _one(person, trial_id).result
    return _Reading(person, result, measure).shown() if result else None


def _one(person: Someone, trial_id: str) -> Trial:
    row = _visible(person).filter(id=trial_id).first()
    if row is None:
        raise access.NotFound
    access.check(person, PERMISSION)
    return row


def _visible(person: Someone) -> QuerySet[Trial]:
    """Give the trials whose question names no queue of a client of others."""
    foreign = TrialClient.objects.filter(trial=OuterRef("pk"))
    foreign = foreign.exclude(client_id__in=sorted(person.rights.clients))
    return Trial.objects.filter(~Exists(foreign))


def _rows(found: list[Trial], person: Someone) -> list[TrialRow]:
    names = _names([row.question for row in found], person)
    askers = people.names_of(keys={row.asked_by_id for row in found})
    waiting = sorted(Trial.objects.filter(state="QUEUED").values_list("id", flat=True))
    return [
        TrialRow(
            id=row.id,
            state=row.state,
            question=row.question,
            names=names,
            days=row.days,
            seed=row.seed,
            base_version=row.base_version,
            progress=row.progress,
            fault=row.fault,
            asked_by=askers.get(row.asked_by_id, row.asked_by_id),
            asked_at=row.asked_at,
            ended_at=row.ended_at,
            before_it=sum(other < row.id for other in waiting),
        )
        for row in found
    ]


def _names(questions: list[dict[str, Any]], person: Someone) -> dict[str, str]:
    queues = {key for question in questions for key in rules.queues_of(question)}
    skills = {question["skill"] for question in questions if "skill" in question}
    keys = {key for question in questions for key in question.get("people", ())}
    found = {f"queue:{key}": name for key, name in routing.queue_names_of(keys=queues).items()}
    found |= {f"team:{row.key}": row.name for row in people.teams(person=person)}
    for row in Skill.objects.filter(key__in=skills):
        found[f"skill:{row.key}"] = pick(row.names, key=row.key)
    if keys:
        colleagues = people.names(person=person, keys=sorted(keys))
        found |= {f"person:{key}": name for key, name in colleagues.items()}
    return found


class _Reading:
    """One result, read by one person."""

    def __init__(self, person: Someone, result: dict[str, Any], measure: str) -> None:
        self._person = person
        self._result = result
        self._then = result.get("change") or {}
        self._differences = {
            **(result.get("differences") or {}),
            "queues": result.get("difference") or {},
        }
        self._measure = measure
        self._clients = people.client_names_of(keys=self._named("clients"))
        self._hidden = 0

    def shown(self) -> Shown:
        """Give everything that the person may see."""
        queues = tuple(self._pairs("queues", self._queue_names()))
        clients = tuple(self._pairs("clients", self._client_names()))
        is_whole = all(self._sees(key) for key in self._named("clients"))
        languages = self._named("languages")
        spoken = {key: (people.language_name(key), "") for key in languages} if is_whole else {}
        return Shown(
            queues=queues,
            clients=clients,
            languages=tuple(self._pairs("languages", spoken)),
            people=tuple(self._loads()),
            totals=tuple(self._totals()) if is_whole else (),
            currency=str(self._result.get("currency", "")),
            is_whole=is_whole,
        )

    def _sees(self, client: str | None) -> bool:
        """A client that the centre does not have (yet) is nobody's secret."""
        return self._person.rights.sees(client) or client not in self._clients

    def _named(self, section: str) -> list[str]:
        return sorted({*self._result.get(section, {}), *self._then.get(section, {})})

    def _queue_names(self) -> dict[str, tuple[str, str]]:
        clients = self._result.get("clients_of", {})
        written = self._result.get("names", {})
        keys = [key for key in self._named("queues") if self._sees(clients.get(key))]
        names = routing.queue_names_of(keys=keys)
        return {
            key: (
                names.get(key) or pick(written.get(key, {}), key=key),
                self._clients.get(clients.get(key), clients.get(key) or ""),
            )
            for key in keys
        }

    def _client_names(self) -> dict[str, tuple[str, str]]:
        keys = [key for key in self._named("clients") if self._sees(key)]
        return {key: (self._clients.get(key, key), "") for key in keys}

    def _pairs(self, section: str, names: Mapping[str, tuple[str, str]]) -> Iterator[Pair]:
        direction = rules.MEASURES[self._measure]
        for key, (name, group) in names.items():
            path = (section, key, self._measure)
            yield self._pair(path, key, name, group, self._measure, direction)

    def _loads(self) -> Iterator[Pair]:
        keys = self._named("people")
        names = people.names(person=self._person, keys=keys) if keys else {}
        for key in sorted(names, key=lambda one: (names[one].casefold(), one)):
            path = ("people", key, "occupancy")
            yield self._pair(path, key, names[key], "", "occupancy", 0)

    def _totals(self) -> Iterator[Pair]:
        for total, path in rules.TOTALS.items():
            if rules.estimate(_at(self._result, path)) is not None:
                direction = 0 if total in rules.NEITHER else -1
                yield self._pair(path, total, total, "", total, direction)

    def _pair(
        self,
        path: tuple[str, ...],
        key: str,
        name: str,
        group: str,
        measure: str,
        direction: int,
    ) -> Pair:
        difference = rules.estimate(_at(self._differences, path))
        return Pair(
            key=key,
            name=name,
            group=group,
            measure=measure,
            now=rules.estimate(_at(self._result, path)),
            then=rules.estimate(_at(self._then, path)),
            difference=difference,
            verdict=rules.verdict(difference, direction=direction) if difference else "",
        )


def _at(document: Any, path: tuple[str, ...]) -> Any:
    for step in path:
        document = document.get(step) if isinstance(document, dict) else None
    return document
