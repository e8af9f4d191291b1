"""
What is missing of articles: languages that customers or colleagues read and in which they are not.

Refuses: to count a translation of what does not hold any more as there.
"""

from dataclasses import dataclass

from callfloor.kernel import access
from callfloor.kernel.access import Someone
from callfloor.kernel.names import pick
from callfloor.records.articles.models import Article, ArticleVersion
from callfloor.records.articles.queries import rows as lists
from callfloor.records.people.models import Client


@dataclass(frozen=True, kw_only=True)
class Gap:
    """An article that a language does not have."""

    key: str
    name: str
    client: str | None
    language: str
    is_stale: bool
    """Whether there is a translation, of a version that does not hold any more."""


def gaps(*, person: Someone) -> list[Gap]:
    """
    Give what is missing in the languages of the person's clients, by article and language.

    A text of the whole centre is needed in the languages of all of them.
    Raises Forbidden without the duty.
    """
    access.check(person, "organisation.see")
    spoken = _spoken(person)
    everywhere = list(dict.fromkeys(each for languages in spoken.values() for each in languages))
    found = lists.within(person, Article.objects.filter(is_active=True)).order_by("key")
    holding, stale = _languages()
    return [
        Gap(
            key=row.key,
            name=pick(row.names, key=row.key),
            client=row.client_id,
            language=language,
            is_stale=(row.key, language) in stale,
        )
        for row in found
        for language in (spoken.get(row.client_id, ()) if row.client_id else everywhere)
        if (row.key, language) not in holding
    ]


def _spoken(person: Someone) -> dict[str, list[str]]:
    found = Client.objects.filter(key__in=sorted(person.rights.clients), is_active=True)
    return {row.key: list(row.languages) for row in found.order_by("key")}


def _languages() -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """Give article and language of what holds, and of translations of what does not."""
    holding: set[tuple[str, str]] = set()
    stale: set[tuple[str, str]] = set()
    rows = ArticleVersion.objects.filter(state="approved")
    columns = ("article_id", "language", "translates__state")
    for key, language, original in rows.values_list(*columns):
        (holding if original in (None, "approved") else stale).add((key, language))
    return holding, stale
