"""
Job descriptions as they are and as they were issued, and the policies that people work by.

    facts    roles, duties and the centre's file, as the rules want them
    words    sentences in a language
    policies texts of the kind policy, and the values that enforce them
    reality  what descriptions say against what the records say was done
"""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation

from callfloor.departments.human_resources import rules
from callfloor.departments.human_resources.models import JobDescription
from callfloor.departments.human_resources.queries import facts, words
from callfloor.departments.human_resources.rules import Sentence
from callfloor.kernel import access
from callfloor.kernel.access import Someone
from callfloor.kernel.names import pick
from callfloor.records.people import queries as people

STATES = ("changed", "not_issued", "up_to_date")


@dataclass(frozen=True, kw_only=True)
class Issued:
    """A version that was issued."""

    version: int
    made_at: datetime
    made_by: str
    """The name of whoever issued it."""
    sentences: tuple[Sentence, ...]
    texts: Mapping[str, Sequence[str]]


@dataclass(frozen=True, kw_only=True)
class JobRow:
    """A role in the list."""

    key: str
    name: str
    department: str
    duties: int
    holders: int
    state: str
    """changed, not_issued or up_to_date."""
    version: int | None


@dataclass(frozen=True, kw_only=True)
class Holder:
    """Somebody who has the role, and is to be told when it changes."""

    key: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Job:
    """A role's description, whole."""

    role: rules.Role
    name: str
    sentences: tuple[Sentence, ...]
    issued: Issued | None
    change: rules.Change | None
    """What is different since it was issued; None if it never was."""
    holders: tuple[Holder, ...]
    holders_hidden: int
    """How many others have it who share no client with the reader."""
    questions: Mapping[str, Mapping[str, str]]
    """What is asked about values, by `value.KEY`."""


def jobs(*, person: Someone) -> list[JobRow]:
    """
    Give every role with the state of its description.

    Raises Forbidden without the duty.
    """
    access.check(person, "jobs.see")
    organisation, centre = people.organisation(), facts.centre()
    names, latest = people.role_names(), _latest()
    return [
        JobRow(
            key=role.key,
            name=names.get(role.key, role.key),
            department=_department(role),
            duties=len(role.works),
            holders=sum(role.key in held for held in organisation.holders.values()),
            state=_state(role, centre, latest.get(role.key)),
            version=latest[role.key].version if role.key in latest else None,
        )
        for role in facts.roles()
    ]


def job(*, person: Someone, key: str) -> Job:
    """
    Give a role's description as it is now, and how it differs from the one issued last.

    Raises Forbidden without the duty, NotFound for a role that this centre does not have.
    """
    access.check(person, "jobs.see")
    role, centre = role_of(key), facts.centre()
    sentences = rules.describe(role, centre=centre)
    issued = issued_of(key)
    held = holders_of(key)
    seen = people.names(person=person, keys=held) if held else {}
    return Job(
        role=role,
        name=people.role_names().get(key, key),
        sentences=sentences,
        issued=issued,
        change=rules.changes(issued.sentences, sentences) if issued else None,
        holders=tuple(
            Holder(key=who, name=seen[who]) for who in sorted(seen, key=seen.__getitem__)
        ),
        holders_hidden=len(held) - len(seen),
        questions=questions(centre),
    )


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What the answers lead to."""

    departments: tuple[str, ...]
    """What may be chosen as a goal."""
    skills: tuple[str, ...]
    values: tuple[tuple[str, str], ...]
    """Key and name of what the centre holds dear."""
    names: dict[str, str]
    """What roles are called."""
    fits: tuple[rules.Fit, ...]
    chosen: rules.Role | None
    """The role that was asked for, else the best; None before anything was answered."""
    tailored: rules.Role | None
    others: tuple[str, ...]
    """Duties that could be added."""
    change: rules.Change | None
    """What would be said otherwise of the role."""


def choose(*, person: Someone, answers: rules.Answers, wanted: str | None) -> Choice:
    """
    Give the roles that fit the answers, and one of them tailored.

    Raises Forbidden without the duty.
    """
    access.check(person, "jobs.see")
    roles, works, centre = facts.roles(), facts.works(), facts.centre()
    fits = () if answers.is_empty else tuple(rules.fits(answers, roles))
    key = wanted or (fits[0].role if fits else None)
    chosen = next((role for role in roles if role.key == key and role.works), None)
    tailored = rules.tailor(chosen, answers, works=works) if chosen else None
    return Choice(
        departments=tuple(dict.fromkeys(work.department for work in works)),
        skills=tuple(dict.fromkeys(skill for work in works for skill in work.skills)),
        values=tuple((value.key, pick(value.names, key=value.key)) for value in centre.values),
        names=people.role_names(),
        fits=fits,
        chosen=chosen,
        tailored=tailored,
        others=tuple(work.key for work in works if tailored and work.key not in tailored.keys),
        change=_effect(chosen, tailored, answers, centre),
    )


def _effect(
    chosen: rules.Role | None,
    tailored: rules.Role | None,
    answers: rules.Answers,
    centre: rules.Centre,
) -> rules.Change | None:
    if chosen is None or tailored is None:
        return None
    wanted = rules.above_all(centre, answers.values)
    return rules.changes(
        rules.describe(chosen, centre=centre), rules.describe(tailored, centre=wanted)
    )


def name_of(*, key: str, language: str) -> str:
    """Give what a role is called in a language."""
    with translation.override(language):
        return people.role_names().get(key, key)


def holders_of(key: str) -> list[str]:
    """Give the keys of all who have a role, whoever asks."""
    return [who for who, roles in people.organisation().holders.items() if key in roles]


def role_of(key: str) -> rules.Role:
    """Give one role of this centre; raises NotFound."""
    found = next((role for role in facts.roles() if role.key == key), None)
    if found is None:
        raise access.NotFound
    return found


def questions(centre: rules.Centre) -> dict[str, Mapping[str, str]]:
    """Give what applicants are asked about the centre's values."""
    return {f"value.{value.key}": value.question for value in centre.values if value.question}


def body_of(sentences: Sequence[Sentence]) -> list[dict[str, Any]]:
    """Give sentences as JSON holds them."""
    return [dataclasses.asdict(sentence) for sentence in sentences]


def texts_of(sentences: Sequence[Sentence]) -> dict[str, list[str]]:
    """Give what sentences say in each language."""
    texts = {}
    for code, _ in settings.LANGUAGES:
        with translation.override(code):
            texts[code] = [words.say(sentence) for sentence in sentences]
    return texts


def issued_of(key: str) -> Issued | None:
    """Give the version that was issued last."""
    row = _latest_of(key)
    return _issued(row) if row else None


def issued_duties() -> dict[str, tuple[str, ...]]:
    """Give the duties that each role's description names, as it was issued last."""
    return {
        role: tuple(
            each.trace.removeprefix("duty:") for each in _sentences(row) if each.kind == "duty"
        )
        for role, row in _latest().items()
    }


def _department(role: rules.Role) -> str:
    """Give what the department where a role belongs is called here."""
    key = role.department or (role.works[0].department if role.works else "")
    return pick(role.place_names, key=words.department_name(key))


def _state(role: rules.Role, centre: rules.Centre, row: JobDescription | None) -> str:
    if row is None:
        return "not_issued"
    change = rules.changes(_sentences(row), rules.describe(role, centre=centre))
    return "up_to_date" if change.is_none else "changed"


def _latest() -> dict[str, JobDescription]:
    return {row.role: row for row in JobDescription.objects.order_by("role", "version")}


def _latest_of(key: str) -> JobDescription | None:
    return JobDescription.objects.filter(role=key).order_by("-version").first()


def _issued(row: JobDescription) -> Issued:
    return Issued(
        version=row.version,
        made_at=row.made_at,
        made_by=people.names_of(keys=[row.made_by]).get(row.made_by, row.made_by),
        sentences=_sentences(row),
        texts=row.texts,
    )


def _sentences(row: JobDescription) -> tuple[Sentence, ...]:
    return tuple(Sentence(**{**said, "proofs": tuple(said["proofs"])}) for said in row.body)
