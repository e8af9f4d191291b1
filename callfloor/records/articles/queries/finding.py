"""
Search among approved texts, in every language that the reader names.

Three statements whatever the size of the index: the words that may be meant, where they stand, and
the texts that won. Refuses: drafts, and what has been retired.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from callfloor.kernel import access, quick
from callfloor.kernel.access import Someone
from callfloor.records.articles.models import (
    Article,
    ArticleVersion,
    Posting,
    Word,
    WordPiece,
)
from callfloor.records.articles.queries.rows import FactRow, facts_on
from callfloor.records.articles.rules import finding
from callfloor.records.articles.rules.words import pieces

CANDIDATES_MAX = 300  # Words of the index that share a piece; those that share most come first.
HITS_MAX = 20_000  # Eight words, each in every text of a large centre.
OTHER_LANGUAGES = 0.8
"""What a hit in another language than the first is worth."""


@dataclass(frozen=True, kw_only=True)
class FoundRow:
    """An article that answers, in the language in which it was found."""

    key: str
    kind: str
    client: str | None
    version: str
    language: str
    title: str
    snippet: tuple[tuple[str, bool], ...]
    """Runs of the best place; the second says whether it is what was looked for."""
    fact: FactRow | None
    """Of a product, what holds today."""
    score: float


def search(
    *,
    person: Someone,
    text: str,
    languages: Sequence[str],
    today: dt.date,
    client: str | None = None,
    kinds: Iterable[str] = (),
    limit: int = 8,
) -> list[FoundRow]:
    """
    Give the articles that answer what somebody typed, the best first, each once.

    The first language counts more than the others. With a client, texts of others are left out.
    Raises Forbidden without the duty, NotFound for a foreign client.
    """
    access.check(person, "articles.read", client=client)
    wanted = {each: finding.asked(text, language=each) for each in dict.fromkeys(languages)}
    pairs = {each: finding.joined(text, language=each) for each in wanted}
    known = _known({each: [*stems, *pairs[each]] for each, stems in wanted.items()})
    clients = [client] if client else sorted(person.rights.clients)
    hits = _hits([word for found in known.values() for word in found], clients, sorted(kinds))
    counts = _counts(wanted)
    best: list[tuple[str, float]] = []
    for place, (language, stems) in enumerate(wanted.items()):
        meanings = finding.meant(stems, known.get(language, {}), joined=pairs[language])
        found = finding.ranked(hits, meanings=meanings, texts=counts.get(language, 0))
        weight = OTHER_LANGUAGES if place else 1.0
        best += [(version, score * weight) for version, score in found if score > 0]
    best.sort(key=lambda pair: (-pair[1], pair[0]))
    return _rows(best, known, limit=limit, today=today)


def _known(wanted: dict[str, list[str]]) -> dict[str, dict[int, str]]:
    """Give the words of the index that are, or are spelled like, what is looked for."""
    stems = sorted({stem for each in wanted.values() for stem in each})
    parts = sorted({piece for stem in stems for piece in pieces(stem)})
    languages = sorted(wanted)
    if not parts:
        return {}
    word, piece = quick.table(Word), quick.table(WordPiece)
    sql = (
        f"SELECT w.language, w.id, w.text FROM (SELECT word_id, COUNT(*) AS shared FROM {piece} "
        f"WHERE language IN {quick.marks(languages)} AND piece IN {quick.marks(parts)} "
        f"GROUP BY word_id ORDER BY 2 DESC, 1 LIMIT {CANDIDATES_MAX}) f "
        f"JOIN {word} w ON w.id = f.word_id UNION "
        f"SELECT language, id, text FROM {word} "
        f"WHERE language IN {quick.marks(languages)} AND text IN {quick.marks(stems)}"
    )
    found: dict[str, dict[int, str]] = {}
    for language, id_, text in quick.fetch(sql, [*languages, *parts, *languages, *stems]):
        found.setdefault(language, {})[id_] = text
    return found


def _hits(words: list[int], clients: list[str], kinds: list[str]) -> list[finding.Hit]:
    if not words:
        return []
    sql = (
        f"SELECT p.version_id, p.word_id, p.in_title, p.in_body FROM {quick.table(Posting)} p "
        f"JOIN {quick.table(ArticleVersion)} v ON v.id = p.version_id "
        f"JOIN {quick.table(Article)} a ON a.key = v.article_id "
        f"WHERE p.word_id IN {quick.marks(words)} AND a.is_active "
        f"AND (a.client_id IS NULL OR a.client_id IN {quick.marks(clients)})"
    )
    if kinds:
        sql += f" AND a.kind IN {quick.marks(kinds)}"
    rows = quick.fetch(f"{sql} LIMIT {HITS_MAX}", [*words, *clients, *kinds])
    return [finding.Hit(*row) for row in rows]


def _counts(languages: Iterable[str]) -> dict[str, int]:
    wanted = sorted(languages)
    sql = (
        f"SELECT language, COUNT(*) FROM {quick.table(ArticleVersion)} "
        f"WHERE state = 'approved' AND language IN {quick.marks(wanted)} GROUP BY language"
    )
    return dict(quick.fetch(sql, wanted))


def _rows(
    best: list[tuple[str, float]],
    known: dict[str, dict[int, str]],
    *,
    limit: int,
    today: dt.date,
) -> list[FoundRow]:
    """Give the first articles, each in the language in which it answers best."""
    scores = dict(best[: limit * 6])  # Six languages of one article may stand beside one another.
    versions = ArticleVersion.objects.filter(id__in=list(scores)).select_related("article")
    ordered = sorted(versions, key=lambda row: (-scores[row.id], row.id))
    once: dict[str, ArticleVersion] = {}
    for row in ordered:
        once.setdefault(row.article_id, row)
    chosen = list(once.values())[:limit]
    facts = facts_on(keys=[row.article_id for row in chosen], day=today)
    return [_found(row, scores[row.id], known, facts.get(row.article_id)) for row in chosen]


def _found(
    row: ArticleVersion, score: float, known: dict[str, dict[int, str]], fact: FactRow | None
) -> FoundRow:
    hit = frozenset(known.get(row.language, {}).values())
    runs = finding.snippet(row.body, stems_hit=hit, language=row.language)
    return FoundRow(
        key=row.article_id,
        kind=row.article.kind,
        client=row.article.client_id,
        version=row.id,
        language=row.language,
        title=row.title,
        snippet=tuple(runs),
        fact=fact,
        score=score,
    )
