"""The glossary as data: which words of the trade each language uses."""

import re
from functools import cache

from tests.architecture import sources

COLUMNS = ("en", "hu", "es", "ru", "fa", "fr")
NOTE = re.compile(r"\([^)]*\)")


def rows(text: str) -> list[dict[str, frozenset[str]]]:
    """Return the rows of the glossary's table: for each language the words that are right."""
    found = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and len(cells) == len(COLUMNS) and not _is_head(cells):
            words = [_words(cell) for cell in cells]
            found.append(dict(zip(COLUMNS, words, strict=True)))
    return found


def _is_head(cells: list[str]) -> bool:
    return set(cells[0]) <= set("-: ") or cells[0] == "English"


def _words(cell: str) -> frozenset[str]:
    bare = NOTE.sub("", cell)
    return frozenset(word.strip().lower() for word in bare.split("/") if word.strip())


@cache
def terms(*, language: str) -> dict[str, frozenset[str]]:
    """Return, for each English term, the words that a language may use for it."""
    text = (sources.ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    return {english: row[language] for row in rows(text) for english in row["en"]}
