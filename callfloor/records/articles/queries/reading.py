"""
Readers' proof: what somebody still has to acknowledge, and who has acknowledged what.

A version counts for a reader in any language, as long as it is not the translation of one that
does not hold any more.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from callfloor.kernel import access, department
from callfloor.kernel.access import Someone
from callfloor.kernel.names import pick
from callfloor.records.articles import rules
from callfloor.records.articles.models import Acknowledgement, Article, ArticleVersion
from callfloor.records.articles.queries import rows as lists
from callfloor.records.people import queries as people
from callfloor.records.people.models import Person, PersonClient, PersonRole, RoleDuty


@dataclass(frozen=True, kw_only=True)
class ReadRow:
    """Something that is owed: the version that the reader should read."""

    key: str
    name: str
    kind: str
    version: str
    language: str
    number: int
    approved_at: dt.datetime | None


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Somebody whom an article concerns, and what of it he has acknowledged last."""

    person: str
    name: str
    language: str
    """Of what he has acknowledged; empty if nothing."""
    number: int | None
    at: dt.datetime | None
    is_current: bool
    """Whether that version still holds."""


def asked_of(person_key: str) -> frozenset[str]:
    """Give the keys of the articles that somebody's duties name."""
    return _asked(_duties([person_key]).get(person_key, ()))


def owed(*, person: Someone, language: str) -> list[ReadRow]:
    """
    Give what the person must still acknowledge, what was approved first at the top.

    Raises Forbidden without the duty.
    """
    access.check(person, "articles.read")
    asked = asked_of(person.key)
    found = lists.within(person, Article.objects.filter(is_active=True))
    mine = [
        row
        for row in found.filter(kind__in=sorted(rules.ACKNOWLEDGED)).order_by("key")
        if rules.is_owed(kind=row.kind, key=row.key, asked=asked)
    ]
    holding = _holding([row.key for row in mine])
    read = set(
        Acknowledgement.objects.filter(person_id=person.key).values_list("version_id", flat=True)
    )
    rows = [
        _owed(row, versions, language)
        for row in mine
        if (versions := holding.get(row.key))
        and not any(each.id in read for each in versions.values())
    ]
    return sorted(rows, key=lambda row: (str(row.approved_at), row.key))


def readers(*, person: Someone, key: str) -> list[Reader]:
    """
    Give everybody whom an article concerns, those who have not read it first.

    Raises NotFound, Forbidden without the duty to write or approve.
    """
    row = lists.require(person, "articles.read", key)
    access.check_any(person, "articles.write", "articles.approve")
    names = people.names(person=person)
    concerned = [each for each in _concerned(row) if each in names]
    last = _last(key, concerned)
    holding = {each.id for each in _holding([key]).get(key, {}).values()}
    made = [_reader(each, names[each], last.get(each), holding) for each in concerned]
    return sorted(made, key=lambda each: (each.is_current, each.name.casefold(), each.person))


def _reader(key: str, name: str, last: Acknowledgement | None, holding: Iterable[str]) -> Reader:
    return Reader(
        person=key,
        name=name,
        language=last.version.language if last else "",
        number=last.version.number if last else None,
        at=last.at if last else None,
        is_current=last is not None and last.version_id in holding,
    )


def _last(key: str, concerned: list[str]) -> dict[str, Acknowledgement]:
    found = Acknowledgement.objects.filter(version__article_id=key, person_id__in=concerned)
    return {row.person_id: row for row in found.select_related("version").order_by("at", "id")}


def _concerned(row: Article) -> list[str]:
    """Give the people whom an article concerns: of its client, with a duty that names it."""
    everybody = Person.objects.filter(is_active=True)
    if row.client_id:
        of_client = PersonClient.objects.filter(client_id=row.client_id)
        everybody = everybody.filter(key__in=of_client.values("person_id"))
    keys = list(everybody.order_by("key").values_list("key", flat=True))
    duties = _duties(keys)
    return [
        key
        for key in keys
        if rules.is_owed(kind=row.kind, key=row.key, asked=_asked(duties.get(key, ())))
    ]


def _duties(keys: Iterable[str]) -> dict[str, list[str]]:
    """Give people's duties."""
    roles: dict[str, list[str]] = {}
    for person, role in PersonRole.objects.filter(person_id__in=list(keys)).values_list(
        "person_id", "role"
    ):
        roles.setdefault(person, []).append(role)
    of_role: dict[str, list[str]] = {}
    for role, duty in RoleDuty.objects.values_list("role_id", "duty"):
        of_role.setdefault(role, []).append(duty)
    return {
        person: [duty for role in mine for duty in of_role.get(role, ())]
        for person, mine in roles.items()
    }


def _asked(duties: Iterable[str]) -> frozenset[str]:
    found = (department.duty(key) for key in duties)
    return frozenset(key for each in found if each is not None for key in each[1].articles)


def _holding(keys: Iterable[str]) -> dict[str, dict[str, ArticleVersion]]:
    """Give the versions that hold, by article and language, without outdated translations."""
    found: dict[str, dict[str, ArticleVersion]] = {}
    rows = ArticleVersion.objects.filter(article_id__in=list(keys), state="approved")
    for row in rows.select_related("translates").order_by("article_id", "language"):
        if row.translates is None or row.translates.state == "approved":
            found.setdefault(row.article_id, {})[row.language] = row
    return found


def _owed(row: Article, versions: dict[str, ArticleVersion], language: str) -> ReadRow:
    chosen = rules.chosen(dict.fromkeys(versions, ""), wanted=language)
    assert chosen is not None, "an article without versions is owed by nobody"
    version = versions[chosen]
    return ReadRow(
        key=row.key,
        name=version.title or pick(row.names, key=row.key),
        kind=row.kind,
        version=version.id,
        language=version.language,
        number=version.number,
        approved_at=version.approved_at,
    )
