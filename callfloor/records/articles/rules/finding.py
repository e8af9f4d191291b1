"""
Which words of the index somebody means, and which texts come first.

A word that the index has counts whole; one that is spelled alike counts less. Texts are ordered by
BM25 (S. Robertson, H. Zaragoza, The Probabilistic Relevance Framework, 2009, section 3), with
k1 = 1.2 and without the correction for length: articles are of one kind and of one length, and a
hit in a title counts as four in the text.
"""

import itertools
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from callfloor.records.articles.rules import stems, words

K1 = 1.2
TITLE_WEIGHT = 4.0
ALIKE_MIN = 0.5
"""From this likeness on a word of the index may be what was meant."""
SHARED_MIN = 0.25
"""Words that share fewer of their pieces are not compared letter by letter."""
WHOLE_WEIGHT = 1.0
PREFIX_WEIGHT = 0.8
"""Somebody is still typing, or a compound begins with it."""
ALIKE_WEIGHT = 0.7
QUERY_WORDS_MAX = 8  # More words than anybody types beside a caller.
SNIPPET_CHARACTERS_MAX = 180  # Two lines of a list.
ALIKE_WORDS_MAX = 6  # Of one typed word; more would be other words.


@dataclass(frozen=True)
class Hit:
    """A text has a word of the index."""

    version: str
    word: int
    in_title: int
    in_body: int


def asked(text: str, *, language: str) -> list[str]:
    """Give the stems that somebody looks for, each once; the small words only if nothing else."""
    found = list(dict.fromkeys(words.words(text)))
    telling = [word for word in found if word not in stems.STOPS.get(language, ())] or found
    wanted = (stems.stem(word, language=language) for word in telling[:QUERY_WORDS_MAX])
    return list(dict.fromkeys(wanted))


def joined(text: str, *, language: str) -> dict[str, tuple[str, str]]:
    """Give the stems of two neighbors written as one word, which is how an index may have them."""
    found = words.words(text)[:QUERY_WORDS_MAX]
    return {
        stems.stem(one + other, language=language): (
            stems.stem(one, language=language),
            stems.stem(other, language=language),
        )
        for one, other in itertools.pairwise(found)
        if one.isalpha() and other.isalpha()
    }


def index(*, title: str, body: str, language: str) -> dict[str, tuple[int, int]]:
    """Give the stems of a text with how often title and body have each."""
    found: dict[str, tuple[int, int]] = {}
    for place, text in enumerate((title, body)):
        for word in words.words(text):
            key = stems.stem(word, language=language)
            before = found.get(key, (0, 0))
            found[key] = (before[0] + (place == 0), before[1] + (place == 1))
    return found


def likeness(asked_for: str, known: str) -> float:
    """Say how much a word of the index may be what was typed, 0 to 1."""
    if asked_for == known:
        return WHOLE_WEIGHT
    shorter, longer = sorted((asked_for, known), key=len)
    if len(shorter) >= 3 and known == longer and longer.startswith(shorter):
        return PREFIX_WEIGHT
    if len(shorter) < 3:
        return 0.0
    mine, its = words.pieces(asked_for), words.pieces(known)
    shared = 2 * len(mine & its) / (len(mine) + len(its))
    if shared < SHARED_MIN:
        return 0.0
    steps = distance(asked_for, known)
    near = 1 - steps / len(longer) if steps <= allowed(longer) else 0.0
    best = max(shared, near)
    return ALIKE_WEIGHT * best if best >= ALIKE_MIN else 0.0


def allowed(word: str) -> int:
    """Say how many slips of the fingers are forgiven in a word."""
    return 2 if len(word) >= 7 else 1 if len(word) >= 4 else 0


def distance(one: str, other: str) -> int:
    """
    Count the slips between two words: a letter too many, too few, wrong, or two swapped.

    F. Damerau, A technique for computer detection and correction of spelling errors, 1964; the
    variant in which no letter is touched twice.
    """
    rows = [list(range(len(other) + 1))]
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, its in enumerate(other, 1):
            best = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (letter != its))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == its:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]


def meant(
    wanted: Iterable[str],
    known: Mapping[int, str],
    *,
    joined: Mapping[str, tuple[str, str]] | None = None,
) -> dict[str, dict[int, float]]:
    """
    Give, for each stem that is looked for, the words of the index that it may be.

    Two stems that the index has as one word both mean that word too.
    """
    found: dict[str, dict[int, float]] = {}
    for each in wanted:
        alike = {word: likeness(each, text) for word, text in known.items()}
        best = sorted((word for word in alike if alike[word]), key=lambda w: (-alike[w], w))
        whole = [word for word in best if alike[word] == WHOLE_WEIGHT]
        # Whoever spelled a word of the index right means it, or a compound that begins with it.
        kept = [w for w in best if alike[w] >= PREFIX_WEIGHT] if whole else best
        found[each] = {word: alike[word] for word in kept[:ALIKE_WORDS_MAX]}
    for word, text in known.items():
        for part in (joined or {}).get(text, ()):
            if part in found:
                found[part][word] = WHOLE_WEIGHT
    return found


def ranked(
    hits: Iterable[Hit], *, meanings: Mapping[str, Mapping[int, float]], texts: int
) -> list[tuple[str, float]]:
    """
    Give versions with their scores, the best first; ties by id.

    `texts` is how many texts the index has in this language.
    """
    by_word: dict[int, list[Hit]] = {}
    for hit in hits:
        by_word.setdefault(hit.word, []).append(hit)
    scores: dict[str, dict[str, float]] = {}
    for stem, meaning in meanings.items():
        for word, weight in meaning.items():
            having = by_word.get(word, ())
            for hit in having:
                score = weight * _rarity(len(having), texts) * _often(hit)
                held = scores.setdefault(hit.version, {})
                held[stem] = max(held.get(stem, 0.0), score)
    asked_for = max(1, len(meanings))
    total = {
        version: sum(each.values()) * (len(each) / asked_for) for version, each in scores.items()
    }
    return sorted(total.items(), key=lambda pair: (-pair[1], pair[0]))


def _rarity(having: int, texts: int) -> float:
    return math.log(1 + (max(texts, having) - having + 0.5) / (having + 0.5))


def _often(hit: Hit) -> float:
    count = hit.in_body + TITLE_WEIGHT * hit.in_title
    return count * (K1 + 1) / (count + K1)


def snippet(body: str, *, stems_hit: frozenset[str], language: str) -> list[tuple[str, bool]]:
    """
    Give the part of a text that answers best, in runs of which the found words are marked.

    The part begins with the sentence that has most of the words.
    """
    best = max(_sentences(body), key=lambda text: _found_in(text, stems_hit, language), default="")
    text = best if len(best) <= SNIPPET_CHARACTERS_MAX else _around(best, stems_hit, language)
    return _runs(text, stems_hit, language)


def _sentences(body: str) -> list[str]:
    marks = str.maketrans({mark: f"{mark}\n" for mark in ".!?؟"})
    found = (line.strip(" \t#*-") for line in body.translate(marks).splitlines())
    return [line for line in found if line]


def _hits(text: str, stems_hit: frozenset[str], language: str) -> list[words.Found]:
    return [
        spot
        for spot in words.spots(text)
        if any(stems.stem(form, language=language) in stems_hit for form in spot.forms)
    ]


def _found_in(text: str, stems_hit: frozenset[str], language: str) -> int:
    hits = _hits(text, stems_hit, language)
    return len({form for spot in hits for form in spot.forms})


def _around(text: str, stems_hit: frozenset[str], language: str) -> str:
    first = next(iter(_hits(text, stems_hit, language)), None)
    begin = max(0, (first.begin if first else 0) - SNIPPET_CHARACTERS_MAX // 3)
    begin = text.rfind(" ", 0, begin) + 1
    end = begin + SNIPPET_CHARACTERS_MAX
    cut = text[begin:end].rsplit(" ", 1)[0] if end < len(text) else text[begin:]
    return f"{'… ' if begin else ''}{cut}{' …' if end < len(text) else ''}"


def _runs(text: str, stems_hit: frozenset[str], language: str) -> list[tuple[str, bool]]:
    runs: list[tuple[str, bool]] = []
    at = 0
    for spot in _hits(text, stems_hit, language):
        runs += [(text[at : spot.begin], False), (text[spot.begin : spot.end], True)]
        at = spot.end
    return [(part, is_hit) for part, is_hit in (*runs, (text[at:], False)) if part]
