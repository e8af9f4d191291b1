"""
An article's way: it begins, is written, approved by somebody else, holds, and is retired.

One draft and one approved version per language; what held before stays, retired, and is found
again by whoever asks what held on a day.
"""

import datetime as dt
import unicodedata
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from callfloor.kernel import access, audit, ids
from callfloor.kernel.access import Someone
from callfloor.kernel.errors import Refusal
from callfloor.records.articles import rules
from callfloor.records.articles.models import Article, ArticleVersion
from callfloor.records.articles.queries import rows
from callfloor.records.articles.services import products
from callfloor.records.articles.services.index import put_in_index, take_out_of_index
from callfloor.records.people import queries as people


class KeyTaken(Refusal):
    """Another article has this key."""

    code = "articles.key_taken"
    message = _("Another article has this key already.")


class NotComplete(Refusal):
    """Something is missing without which a text cannot hold."""

    code = "articles.not_complete"
    message = _("An article needs a title, a text, a role that answers for it, and a review day.")


class NoDraft(Refusal):
    """There is no draft in this language."""

    code = "articles.no_draft"
    message = _("There is no draft of this any more.")


class OwnText(Refusal):
    """Whoever wrote in a text would approve it."""

    code = "articles.own_text"
    message = _("You wrote in this text. Somebody else with the duty approves it.")


class OfTheFile(Refusal):
    """The centre's file says this."""

    code = "articles.of_the_file"
    message = _("This stands in the file of the center and is changed there.")


@transaction.atomic
def begin(
    *,
    person: Someone,
    key: str,
    kind: str,
    client: str | None,
    owner: str,
    review_date: dt.date | None,
) -> None:
    """
    Begin an article; its text is written with `write`.

    Raises NotFound for a foreign client, Forbidden, NotComplete, KeyTaken.
    """
    access.check(person, "articles.write", client=client)
    assert kind in rules.KINDS, f"no kind {kind}"
    if review_date is None or owner not in people.role_names():
        raise NotComplete
    if Article.objects.filter(key=key).exists():
        raise KeyTaken
    row = Article(key=key, client_id=client, kind=kind, owner=owner, review_date=review_date)
    row.save(force_insert=True)


@transaction.atomic
def write(
    *,
    person: Someone,
    key: str,
    language: str,
    title: str,
    body: str,
    keywords: str,
    translates: str | None,
    now: dt.datetime,
    chance: bytes,
) -> str:
    """
    Keep the draft of an article in a language, and give its id; the version that holds stays.

    Raises NotFound, Forbidden, NotComplete.
    """
    article = rows.require(person, "articles.write", key)
    assert language in rules.LANGUAGES, f"no language {language}"
    title, body = _clean(title)[: rules.TITLE_CHARACTERS_MAX], _clean(body)
    if not title or not body or len(body) > rules.BODY_CHARACTERS_MAX:
        raise NotComplete
    drafts = ArticleVersion.objects.select_for_update()
    row = drafts.filter(article=article, language=language, state="draft").first()
    if row is None:
        row = _new(article, language, now=now, chance=chance)
    row.title, row.body, row.keywords = title, body, _clean(keywords)[:500]
    row.translates = _original(article, translates, language)
    row.writers = sorted({*row.writers, person.key})
    row.written_by_id, row.written_at = person.key, now
    row.save()
    return row.id


def _clean(text: str) -> str:
    """Give a text as one writes it down: composed letters, one kind of line end."""
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n").strip()


def _new(article: Article, language: str, *, now: dt.datetime, chance: bytes) -> ArticleVersion:
    before = ArticleVersion.objects.filter(article=article, language=language)
    last = before.order_by("-number").values_list("number", flat=True).first()
    return ArticleVersion(
        id=ids.make(now=now.timestamp(), chance=chance),
        article=article,
        language=language,
        number=(last or 0) + 1,
    )


def _original(article: Article, version: str | None, language: str) -> ArticleVersion | None:
    found = ArticleVersion.objects.filter(article=article, id=version or "", state="approved")
    return found.exclude(language=language).first()


@transaction.atomic
def approve(*, person: Someone, version: str, now: dt.datetime) -> None:
    """
    Let a draft hold in place of what held before, and be found.

    Raises NotFound, Forbidden, NoDraft, OwnText.
    """
    row = _version(person, "articles.approve", version)
    if row.state != "draft":
        raise NoDraft
    if person.key in row.writers:
        raise OwnText
    row.approved_by_id = person.key
    _hold(row, now=now)
    _note(person.key, "article.approved", row, now=now)


def _hold(row: ArticleVersion, *, now: dt.datetime) -> None:
    before = ArticleVersion.objects.filter(
        article=row.article, language=row.language, state="approved"
    )
    take_out_of_index(list(before.values_list("id", flat=True)))
    before.update(state="retired", retired_at=now)
    row.state, row.approved_at = "approved", now
    row.save()
    if not row.article.from_file:
        row.article.names = {**row.article.names, row.language: row.title}
        row.article.save(update_fields=["names"])
    put_in_index(row)


@transaction.atomic
def discard(*, person: Someone, version: str) -> None:
    """
    Throw a draft away.

    Raises NotFound, Forbidden, NoDraft.
    """
    row = _version(person, "articles.write", version)
    if row.state != "draft":
        raise NoDraft
    row.delete()


@transaction.atomic
def retire(*, person: Someone, version: str, now: dt.datetime) -> None:
    """
    Let a version hold no more, with nothing in its place; it stays with who has read it.

    Raises NotFound, Forbidden, NoDraft if it did not hold.
    """
    row = _version(person, "articles.approve", version)
    if row.state != "approved":
        raise NoDraft
    take_out_of_index([row.id])
    row.state, row.retired_at = "retired", now
    row.save(update_fields=["state", "retired_at"])
    _note(person.key, "article.retired", row, now=now)


@transaction.atomic
def plan_review(
    *, person: Someone, key: str, owner: str, review_date: dt.date | None, now: dt.datetime
) -> None:
    """
    Say who answers for an article from now on, and when it is looked at again.

    Raises NotFound, Forbidden, NotComplete, OfTheFile.
    """
    row = rows.require(person, "articles.write", key)
    if row.from_file:
        raise OfTheFile
    if review_date is None or owner not in people.role_names():
        raise NotComplete
    row.owner, row.review_date = owner, review_date
    row.save(update_fields=["owner", "review_date"])
    audit.note(
        by=person.key, action="article.reviewed", about=f"article:{key}", client=row.client_id,
        now=now,
    )  # fmt: skip


@transaction.atomic
def take_in(
    *,
    key: str,
    kind: str,
    client: str | None,
    owner: str,
    review_date: dt.date,
    texts: Iterable[tuple[str, str, str, str]],
    fact: products.FactData | None = None,
    now: dt.datetime,
) -> None:
    """
    Take in what a centre comes with: an article with approved texts, unless it has some already.

    `texts` are language, title, keywords and body. Nobody wrote them here, so nobody approves them.
    """
    values = {"kind": kind, "client_id": client, "owner": owner, "review_date": review_date}
    article, _made = Article.objects.get_or_create(key=key, defaults=values)
    if article.versions.exists():
        return
    for language, title, keywords, body in texts:
        source = f"{key}:{language}:1"
        row = ArticleVersion(
            id=ids.derive(kind="article", source=source, at=now.timestamp()),
            article=article,
            language=language,
            number=1,
            title=_clean(title),
            keywords=keywords,
            body=_clean(body),
            written_at=now,
        )
        row.save(force_insert=True)
        _hold(row, now=now)
    if fact is not None:
        products.keep_fact(article, fact, by=None, now=now)


def _version(person: Someone, permission: str, version: str) -> ArticleVersion:
    row = ArticleVersion.objects.select_for_update().filter(id=version).first()
    if row is None:
        raise access.NotFound
    row.article = rows.require(person, permission, row.article_id)
    return row


def _note(by: str, action: str, row: ArticleVersion, *, now: dt.datetime) -> None:
    audit.note(
        by=by,
        action=action,
        about=f"article:{row.article_id}",
        client=row.article.client_id,
        now=now,
        detail={"language": row.language, "number": row.number},
    )
