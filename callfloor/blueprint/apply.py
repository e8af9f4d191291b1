"""
Handing a checked blueprint over to the records: the file whole, and every row that is read off it.

Refuses: to decide who gets a password, and to start without a plan made of the same blueprint.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from django.db import transaction

from callfloor.blueprint import canonical, organisation, schema
from callfloor.blueprint.schema import Blueprint
from callfloor.blueprint.schema.cases import Cases
from callfloor.blueprint.texts import texts
from callfloor.core.plan import FloorPlan
from callfloor.records.articles import services as articles
from callfloor.records.cases.services import promises
from callfloor.records.people.services import PersonData, ProofData
from callfloor.records.routing.services import (
    CentreNames,
    DispositionData,
    FileData,
    apply_centre,
)


def apply(
    blueprint: Blueprint,
    *,
    floor_plan: FloorPlan,
    passwords: Mapping[str, str],
    is_demo: bool,
    now: datetime,
    by: str = "system",
    by_page: bool = False,
    on: str | None = None,
    source: str | None = None,
) -> str:
    """
    Bring the records to what the blueprint says, all or nothing; safe to do again.

    `passwords` are for people who have none yet; the names of the demo are used only if `is_demo`.
    `on` is the version that must hold still; without it nobody asks. `source` is the short hash of
    the author's own text.
    Returns the version of the centre's file. Whether the file may be applied is `standing`'s
    question. Raises records.routing.services.Overtaken.
    """
    body = canonical.text(blueprint)
    version = canonical.version(body)
    with transaction.atomic():
        apply_centre(
            plan=floor_plan,
            people=list(_people(blueprint, passwords=passwords, is_demo=is_demo)),
            names=_names(blueprint),
            dispositions=list(_dispositions(blueprint)),
            organisation=organisation.of(blueprint),
            file=FileData(version=version, body=body, source=source, by_page=by_page, on=on),
            now=now,
            by=by,
        )
        articles.take_headers(dict(_articles(blueprint)))
        _take_cases(blueprint.cases or Cases())
    return version


def _people(
    blueprint: Blueprint, *, passwords: Mapping[str, str], is_demo: bool
) -> Iterator[PersonData]:
    demo = blueprint.demo.people if is_demo and blueprint.demo else {}
    for key, person in blueprint.people.items():
        yield PersonData(
            key=key,
            name=demo[key].name if key in demo else None,
            roles=tuple(person.roles),
            clients=tuple(person.clients),
            team=person.team,
            password=passwords.get(key),
            proofs=tuple(_proofs(person)),
        )


def _proofs(person: schema.Person) -> Iterator[ProofData]:
    for skill, proof in person.proofs.items():
        yield ProofData(
            skill=skill,
            kind=proof.kind,
            by=proof.by,
            on=date.fromisoformat(proof.on),
            until=date.fromisoformat(proof.until) if proof.until else None,
        )


def _names(blueprint: Blueprint) -> CentreNames:
    def of(parts: Mapping[str, schema.Named]) -> dict[str, dict[str, str]]:
        return {key: texts(part.name) for key, part in parts.items()}

    return CentreNames(
        centre=_one(blueprint.centre.name),
        clients={key: texts(client.name) for key, client in blueprint.clients.items()},
        teams=of(blueprint.teams),
        skills=of(blueprint.skills),
        queues={key: texts(queue.name) for key, queue in blueprint.queues.items()},
        away_reasons={key: texts(reason.name) for key, reason in blueprint.away_reasons.items()},
    )


def _dispositions(blueprint: Blueprint) -> Iterator[DispositionData]:
    """Give each client those that one of its queues offers, in the order of the file."""
    for client in blueprint.clients:
        offered = {
            each
            for queue in blueprint.queues.values()
            if queue.client == client
            for each in queue.dispositions
        }
        for key, disposition in blueprint.dispositions.items():
            if key in offered:
                yield DispositionData(key=key, client=client, names=texts(disposition.name))


def _articles(blueprint: Blueprint) -> Iterator[tuple[str, articles.HeaderData]]:
    for key, article in blueprint.articles.items():
        yield (
            key,
            articles.HeaderData(
                names=texts(article.name),
                kind=article.kind,
                owner=article.owner,
                review_date=date.fromisoformat(article.review),
            ),
        )


def _take_cases(cases: Cases) -> None:
    rules: dict[str, promises.RuleData] = {
        kind: promises.RuleData(
            stages=tuple(rule.stages or ()),
            answer=rule.answer,
            solve=rule.solve,
            warn_share=rule.warn_share,
            escalates=tuple(rule.escalates),
        )
        for kind, rule in cases.kinds.items()
    }
    promises.take_rules(rules=rules, calendar=cases.calendar, calendars=cases.calendars)


def _one(text: schema.Text) -> str:
    by_language = texts(text)
    return by_language.get("en") or next(iter(by_language.values()))
