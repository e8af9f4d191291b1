"""Articles and guides: what may be read, what answers a question, and how somebody was led."""

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from ninja import Query, Router, Schema
from pydantic import Field

from callfloor.app.api import base
from callfloor.app.api.base import Said, Word
from callfloor.records.articles import queries as articles
from callfloor.records.articles import rules
from callfloor.records.forms import queries as forms
from callfloor.records.forms.queries import running
from callfloor.ui.requests import Request

router = Router(tags=["knowledge"])
FOUND_MAX = 50


class Attribute(Said):
    """One thing that is said of a product."""

    name: str
    value: str


class Fact(Said):
    """What holds of a product from a day on; the price in the smallest unit of its currency."""

    valid_from: dt.date
    price_minor: int | None
    currency: str
    attributes: list[Attribute]


class Found(Said):
    """An article that answers, in the language in which it was found."""

    key: str
    kind: str
    client: str | None
    version: str
    language: str
    title: str
    snippet: str
    fact: Fact | None


class Article(Said):
    """An article, as in a list."""

    key: str
    kind: str
    client: str | None
    name: str
    owner: str
    review_date: dt.date
    is_overdue: bool
    approved: list[str]


class Version(Said):
    """What an article says in one language."""

    id: str
    language: str
    number: int
    state: str
    title: str
    body: str
    approved_at: dt.datetime | None


class ArticleWhole(Said):
    """An article with its texts, those that hold first."""

    row: Article
    versions: list[Version]
    facts: list[Fact]


class Form(Said):
    """A script or guide."""

    key: str
    kind: str
    client: str | None
    name: str
    number: int | None
    published_at: dt.datetime | None
    queues: list[str]


class Answered(Said):
    """What was answered at one node."""

    node: str
    choice: str
    value: str
    reason: str
    person: str
    answered_at: dt.datetime
    seconds: float


class Run(Said):
    """How somebody was led through one version of a script or guide."""

    id: str
    form: str
    kind: str
    number: int
    interaction: str
    client: str
    person: str
    language: str
    begun_at: dt.datetime
    ended_at: dt.datetime | None
    node: str
    answers: list[Answered]


class Asked(Schema):
    """A question, and where its answer may stand."""

    q: Word = Field(min_length=1)
    client: Word | None = None
    kind: Word | None = None
    language: Word | None = None
    limit: int = Field(8, ge=1, le=FOUND_MAX)


class Listed(Schema):
    """Which articles are asked for."""

    client: Word | None = None
    kind: Word | None = None


@base.read(router, "/articles", list[Article])
def list_articles(request: Request, wanted: Query[Listed]) -> Any:
    """Return the articles that the reader may know of, by name."""
    return articles.articles(
        person=request.user,
        today=timezone.localdate(),
        kinds=[wanted.kind] if wanted.kind else (),
        client=wanted.client,
    )


@base.read(router, "/search", list[Found])
def search(request: Request, asked: Query[Asked]) -> list[Found]:
    """Return the articles that answer a question, the best first."""
    mine = asked.language or (get_language() or "en").partition("-")[0]
    rows = articles.search(
        person=request.user,
        text=asked.q,
        languages=(mine, *(each for each in rules.LANGUAGES if each != mine)),
        today=timezone.localdate(),
        client=asked.client,
        kinds=[asked.kind] if asked.kind else (),
        limit=asked.limit,
    )
    return [
        Found(
            key=row.key,
            kind=row.kind,
            client=row.client,
            version=row.version,
            language=row.language,
            title=row.title,
            snippet="".join(text for text, _ in row.snippet),
            fact=Fact.model_validate(row.fact) if row.fact else None,
        )
        for row in rows
    ]


@base.read(router, "/articles/{key}", ArticleWhole)
def one_article(request: Request, key: Word) -> Any:
    """Return an article with all its texts, and drafts for who may write."""
    return articles.article(person=request.user, key=key, today=timezone.localdate())


@base.read(router, "/forms", list[Form])
def list_forms(request: Request, kind: Word | None = None) -> Any:
    """Return the scripts and guides that the reader may know of."""
    return forms.forms(person=request.user, kinds=[kind] if kind else ())


@base.read(router, "/interactions/{interaction_id}/runs", list[Run])
def list_runs(request: Request, interaction_id: Word) -> Any:
    """Return how a contact was led, the first script or guide first."""
    base.check(request, interaction_id=interaction_id)
    return running.runs_of(person=request.user, interaction=interaction_id)


@base.read(router, "/runs/{run_id}", Run)
def one_run(request: Request, run_id: Word) -> Any:
    """Return one run, with what was answered at each node."""
    return running.run(person=request.user, run_id=run_id)
