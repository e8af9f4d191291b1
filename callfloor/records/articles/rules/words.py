"""
Text to words, so that the same word is the same however it was typed.

Accents, case, presentation forms, tatweel and vowel marks go; Arabic letters become the Persian
ones (U+064A and U+0649 to U+06CC, U+0643 to U+06A9), digits of any script become 0 to 9 (Unicode
Standard Annex 15 for the decomposition). Refuses: to know a language.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

ZWNJ = "\u200c"
_LETTERS = str.maketrans(
    {
        "\u064a": "\u06cc",
        "\u0649": "\u06cc",
        "\u0643": "\u06a9",
        "\u0629": "\u0647",
        "\u06c0": "\u0647",
        "\u06c1": "\u0647",
        "\u0640": None,
        "\u200d": None,
        "\u00ad": None,
        "ø": "o",
        "đ": "d",
        "ł": "l",
        "œ": "oe",
        "æ": "ae",
        "ı": "i",
    }
)
_WORD = re.compile(rf"[^\W_]+(?:[{ZWNJ}\-\u2010\u2011'’][^\W_]+)*")
_LINK = re.compile(rf"[{ZWNJ}\-\u2010\u2011'’]")
_APOSTROPHE = re.compile(r"['’]")
CHARACTERS_MAX = 40  # Longer than any word; an address that long is found by its parts.


@dataclass(frozen=True)
class Found:
    """A word of a text and where it stands in it."""

    forms: tuple[str, ...]
    """Its folded forms: a compound whole and in parts."""
    begin: int
    end: int


def fold(text: str) -> str:
    """Give a text without what people type differently."""
    plain = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
    return "".join(_digit(each) for each in plain if unicodedata.category(each) != "Mn")


def _digit(letter: str) -> str:
    return str(unicodedata.decimal(letter)) if letter.isdecimal() else letter


def words(text: str) -> list[str]:
    """Give the folded words of a text, in order; compounds whole and in parts."""
    return [form for found in spots(text) for form in found.forms]


def spots(text: str) -> Iterator[Found]:
    """Yield the words of a text with their places, so that a hit can be marked in it."""
    for match in _WORD.finditer(unicodedata.normalize("NFC", text)):
        forms = tuple(_forms(fold(match[0])))
        if forms:
            yield Found(forms=forms, begin=match.start(), end=match.end())


def _forms(word: str) -> Iterator[str]:
    parts = [part for part in _LINK.split(word) if _counts(part)]
    if len(parts) > 1 and not _APOSTROPHE.search(word):
        yield "".join(parts)[:CHARACTERS_MAX]
    yield from (part[:CHARACTERS_MAX] for part in parts)


def _counts(part: str) -> bool:
    """Say whether a part tells anything: one letter alone is an article or an elision."""
    return len(part) > 1 or part.isdecimal()


def pieces(word: str) -> set[str]:
    """Give the overlapping triples of letters of a word with its edges marked."""
    edged = f"_{word}_"
    return {edged[place : place + 3] for place in range(max(1, len(edged) - 2))}
