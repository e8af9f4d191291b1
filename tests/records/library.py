"""
A library that is large enough to lose something in.

The demo's articles in six languages, among hundreds made of the sentences of our own pages.
"""

import datetime as dt
from functools import cache

from callfloor.app.demo import library
from callfloor.records.articles import services
from callfloor.records.people.models import Client
from callfloor.ui import catalogs

NOW = dt.datetime(2026, 3, 2, 12, 0, tzinfo=dt.UTC)
TODAY = NOW.date()
SENTENCES = 5  # Of one text among which the others are found.
OTHERS = 120
LANGUAGES = ("en", "hu", "es", "ru", "fa", "fr")


def fill(*, others: int = OTHERS, languages: tuple[str, ...] = LANGUAGES) -> None:
    """Take in the demo's articles and so many others."""
    for key in ("halden", "aster"):
        Client.objects.get_or_create(key=key, defaults={"languages": list(LANGUAGES)})
    for key, said in library.texts().items():
        only = {each: said["texts"][each] for each in languages}
        library._article(key, {**said, "texts": only}, now=NOW)
    said = {language: sentences(language) for language in languages}
    for number in range(others):
        services.take_in(
            key=f"other_{number}",
            kind="knowledge",
            client=None,
            owner="manager",
            review_date=TODAY,
            texts=[_other(language, found, number) for language, found in said.items()],
            now=NOW,
        )


def _other(language: str, found: tuple[str, ...], number: int) -> tuple[str, str, str, str]:
    begin = number * SENTENCES
    title, *body = (found[place % len(found)] for place in range(begin, begin + SENTENCES + 1))
    return language, title[:200], "", "\n".join(body)


@cache
def sentences(language: str) -> tuple[str, ...]:
    """Give what our pages say in a language."""
    catalog = catalogs.read("hu" if language == "en" else language)
    texts = [each.id if language == "en" else each.string for each in catalog if each.id]
    return tuple(text for text in texts if isinstance(text, str) and len(text) > 20)
