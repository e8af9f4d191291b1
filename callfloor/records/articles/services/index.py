"""
The words of approved texts, put into the index and taken out of it.

Refuses: to decide what holds; `texts` calls it in the same transaction.
"""

from collections.abc import Iterable

from callfloor.kernel.names import Names
from callfloor.records.articles.models import (
    ArticleVersion,
    Posting,
    ProductFact,
    Word,
    WordPiece,
)
from callfloor.records.articles.rules import finding
from callfloor.records.articles.rules.words import CHARACTERS_MAX, pieces

BATCH = 200  # Rows of one statement, below SQLite's limit of variables.
COUNT_MAX = 1_000  # A word more often than that says nothing more.


def put_in_index(version: ArticleVersion) -> None:
    """Let a version be found by its title, keywords and text, and by what is said of it."""
    take_out_of_index([version.id])
    title = f"{version.title}\n{version.keywords}"
    body = "\n".join([version.body, *_facts(version)])
    found = finding.index(title=title, body=body, language=version.language)
    kept = {word: counts for word, counts in found.items() if len(word) <= CHARACTERS_MAX}
    words = _words(version.language, kept)
    Posting.objects.bulk_create(
        [
            Posting(
                word_id=words[word],
                version=version,
                in_title=min(counts[0], COUNT_MAX),
                in_body=min(counts[1], COUNT_MAX),
            )
            for word, counts in kept.items()
        ],
        batch_size=BATCH,
    )


def take_out_of_index(versions: Iterable[str]) -> None:
    """Let versions be found no more, and forget words that no other text has."""
    gone = Posting.objects.filter(version_id__in=list(versions))
    words = list(gone.values_list("word_id", flat=True))
    gone.delete()
    for place in range(0, len(words), BATCH):
        some = words[place : place + BATCH]
        held = Posting.objects.filter(word_id__in=some).values_list("word_id", flat=True)
        Word.objects.filter(id__in=set(some) - set(held)).delete()


def _facts(version: ArticleVersion) -> list[str]:
    """Give names and values of what is said of a product, in the version's language."""
    latest = ProductFact.objects.filter(article_id=version.article_id).order_by("valid_from").last()
    attributes = latest.attributes if latest else ()
    return [
        f"{_in(each['name'], version.language)} {_in(each['value'], version.language)}"
        for each in attributes
    ]


def _in(names: Names, language: str) -> str:
    return names.get(language) or names.get("en") or next(iter(names.values()), "")


def _words(language: str, texts: Iterable[str]) -> dict[str, int]:
    """Give the ids of words, making those that the index does not have yet."""
    wanted = list(texts)
    known = _known(language, wanted)
    new = [word for word in wanted if word not in known]
    rows = [Word(language=language, text=word) for word in new]
    Word.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    made = _known(language, new)
    parts = [
        WordPiece(language=language, piece=piece, word_id=made[word])
        for word in new
        for piece in sorted(pieces(word))
    ]
    WordPiece.objects.bulk_create(parts, batch_size=BATCH)
    return known | made


def _known(language: str, texts: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place in range(0, len(texts), BATCH):
        some = texts[place : place + BATCH]
        rows = Word.objects.filter(language=language, text__in=some)
        found |= dict(rows.values_list("text", "id"))
    return found
