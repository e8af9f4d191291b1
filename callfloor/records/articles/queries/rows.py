"""
Articles as lists and pages show them.

A text of the whole centre is everybody's; a client's own text does not exist for others.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from callfloor.kernel import access
from callfloor.kernel.access import Someone
from callfloor.kernel.names import pick
from callfloor.records.articles import rules
from callfloor.records.articles.models import Article, ArticleVersion, ProductFact
from callfloor.records.people import queries as people

_Named = tuple[dict[str, str], dict[str, str]]
"""Names of clients and of roles."""
LISTED_MAX = 1_000  # As many articles as a centre can keep true; a list shows them all.


@dataclass(frozen=True, kw_only=True)
class AttributeRow:
    """One thing that is said of a product."""

    name: str
    value: str


@dataclass(frozen=True, kw_only=True)
class FactRow:
    """What holds of a product from a day on."""

    valid_from: dt.date
    price_minor: int | None
    currency: str
    attributes: tuple[AttributeRow, ...]


@dataclass(frozen=True, kw_only=True)
class VersionRow:
    """What an article says in one language."""

    id: str
    language: str
    number: int
    state: str
    title: str
    body: str
    keywords: str
    writers: tuple[str, ...]
    written_by: str | None
    written_at: dt.datetime
    approved_by: str | None
    approved_at: dt.datetime | None
    is_stale: bool
    """Whether it translates a version that does not hold any more."""


@dataclass(frozen=True, kw_only=True)
class ArticleRow:
    """An article and how far it is, by language."""

    key: str
    kind: str
    client: str | None
    client_name: str
    name: str
    owner: str
    owner_name: str
    review_date: dt.date
    is_overdue: bool
    from_file: bool
    approved: tuple[str, ...]
    """Languages in which it may be read."""
    drafts: tuple[str, ...]
    """Languages in which a draft waits."""

    @property
    def is_empty(self) -> bool:
        """Say whether nobody has written it in any language."""
        return not self.approved


@dataclass(frozen=True, kw_only=True)
class ArticleDetail:
    """One article with all its versions, those that hold first."""

    row: ArticleRow
    versions: tuple[VersionRow, ...]
    facts: tuple[FactRow, ...]
    """Of a product, the latest day first."""

    def holding(self, language: str) -> VersionRow | None:
        """Give the approved version in a language, None if there is none."""
        return self._of(language, "approved")

    def draft(self, language: str) -> VersionRow | None:
        """Give the draft in a language, None if there is none."""
        return self._of(language, "draft")

    def _of(self, language: str, state: str) -> VersionRow | None:
        found = (each for each in self.versions if (each.language, each.state) == (language, state))
        return next(found, None)


@dataclass(frozen=True, kw_only=True)
class CannedRow:
    """A text that is put into an answer."""

    key: str
    language: str
    title: str
    body: str


def within(person: Someone, queryset: QuerySet[Article]) -> QuerySet[Article]:
    """Limit articles to those of the whole centre and of the person's clients."""
    return queryset.filter(Q(client=None) | Q(client_id__in=sorted(person.rights.clients)))


def require(person: Someone, permission: str, key: str) -> Article:
    """
    Give an article.

    Raises NotFound for an unknown or foreign one, Forbidden without the duty.
    """
    row = within(person, Article.objects.filter(key=key, is_active=True)).first()
    if row is None:
        raise access.NotFound
    access.check(person, permission)
    return row


def articles(
    *, person: Someone, today: dt.date, kinds: Iterable[str] = (), client: str | None = None
) -> list[ArticleRow]:
    """
    Give the articles that the person may know of, by name.

    Raises Forbidden without the duty.
    """
    access.check(person, "articles.read", client=client)
    found = within(person, Article.objects.filter(is_active=True))
    if wanted := sorted(kinds):
        found = found.filter(kind__in=wanted)
    if client:
        found = found.filter(Q(client=None) | Q(client_id=client))
    rows = list(found.order_by("key")[:LISTED_MAX])
    states = _states(rows)
    named = _named(person)
    made = [_row(row, states.get(row.key, {}), named=named, today=today) for row in rows]
    return sorted(made, key=lambda row: (row.name.casefold(), row.key))


def waiting(*, person: Someone, today: dt.date) -> list[ArticleRow]:
    """Give the articles with a draft that waits for somebody to approve it."""
    return [row for row in articles(person=person, today=today) if row.drafts]


def article(*, person: Someone, key: str, today: dt.date) -> ArticleDetail:
    """
    Give one article with all that was ever approved, and the drafts for who may write.

    Raises NotFound, Forbidden.
    """
    row = require(person, "articles.read", key)
    versions = ArticleVersion.objects.filter(article=row).select_related("translates")
    if not (person.rights.may("articles.write") or person.rights.may("articles.approve")):
        versions = versions.exclude(state="draft")
    order = {"approved": 0, "draft": 1, "retired": 2}
    made = [_version(each) for each in versions.order_by("language", "-number")]
    states = _states([row]).get(row.key, {})
    return ArticleDetail(
        row=_row(row, states, named=_named(person), today=today),
        versions=tuple(sorted(made, key=lambda each: order[each.state])),
        facts=tuple(fact_row(each) for each in row.facts.order_by("-valid_from")),
    )


def facts_on(*, keys: Iterable[str], day: dt.date) -> dict[str, FactRow]:
    """Give what holds of products on a day; for articles that have been checked already."""
    found = ProductFact.objects.filter(article_id__in=sorted(set(keys)), valid_from__lte=day)
    return {row.article_id: fact_row(row) for row in found.order_by("valid_from")}


def titles(*, keys: Iterable[str], language: str) -> dict[str, str]:
    """Give what articles are called in a language, else in English; for keys checked already."""
    found = ArticleVersion.objects.filter(
        article_id__in=sorted(set(keys)), state="approved", language__in=(language, "en")
    )
    rows = sorted(found, key=lambda row: row.language == language)
    return {row.article_id: row.title for row in rows}


def canned(*, person: Someone, client: str, language: str) -> list[CannedRow]:
    """
    Give the texts for answers to a client's customers, in a language or else in English, by title.

    Raises NotFound for a foreign client, Forbidden without the duty.
    """
    access.check(person, "articles.read", client=client)
    of_client = Q(article__client=None) | Q(article__client_id=client)
    found = ArticleVersion.objects.filter(of_client, state="approved", article__kind="canned")
    by_key: dict[str, dict[str, ArticleVersion]] = {}
    for row in found.filter(article__is_active=True).order_by("article_id", "language"):
        by_key.setdefault(row.article_id, {})[row.language] = row
    rows = []
    for key, versions in by_key.items():
        chosen = rules.chosen(dict.fromkeys(versions, key), wanted=language)
        assert chosen is not None, "a key without versions was grouped"
        row = versions[chosen]
        rows.append(CannedRow(key=key, language=chosen, title=row.title, body=row.body))
    return sorted(rows, key=lambda row: (row.title.casefold(), row.key))


def fact_row(row: ProductFact) -> FactRow:
    """Give a fact in the language in force."""
    return FactRow(
        valid_from=row.valid_from,
        price_minor=row.price_minor,
        currency=row.currency,
        attributes=tuple(
            AttributeRow(name=pick(each["name"], key=""), value=pick(each["value"], key=""))
            for each in row.attributes
        ),
    )


def _states(rows: Iterable[Article]) -> dict[str, dict[str, list[str]]]:
    """Give article, state and the languages in it."""
    found: dict[str, dict[str, list[str]]] = {}
    pairs = ArticleVersion.objects.filter(
        article_id__in=[row.key for row in rows], state__in=("approved", "draft")
    )
    for key, state, language in pairs.values_list("article_id", "state", "language"):
        found.setdefault(key, {}).setdefault(state, []).append(language)
    return found


def _row(
    row: Article, states: Mapping[str, list[str]], *, named: _Named, today: dt.date
) -> ArticleRow:
    names, roles = named
    return ArticleRow(
        key=row.key,
        kind=row.kind,
        client=row.client_id,
        client_name=names.get(row.client_id, row.client_id) if row.client_id else "",
        name=pick(row.names, key=row.key),
        owner=row.owner,
        owner_name=roles.get(row.owner, row.owner),
        review_date=row.review_date,
        is_overdue=row.review_date < today,
        from_file=row.from_file,
        approved=_ordered(states.get("approved", ())),
        drafts=_ordered(states.get("draft", ())),
    )


def _named(person: Someone) -> _Named:
    return people.client_names(person=person), people.role_names()


def _ordered(languages: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(languages, key=rules.LANGUAGES.index))


def _version(row: ArticleVersion) -> VersionRow:
    return VersionRow(
        id=row.id,
        language=row.language,
        number=row.number,
        state=row.state,
        title=row.title,
        body=row.body,
        keywords=row.keywords,
        writers=tuple(row.writers),
        written_by=row.written_by_id,
        written_at=row.written_at,
        approved_by=row.approved_by_id,
        approved_at=row.approved_at,
        is_stale=row.translates is not None and row.translates.state != "approved",
    )
