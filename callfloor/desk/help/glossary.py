"""
The glossary's table, read from its Markdown.

Pure. Refuses everything of the file but rows of as many cells as there are languages.
"""

from dataclasses import dataclass

LANGUAGES = ("en", "hu", "es", "ru", "fa", "fr")
"""The columns, in the order of settings.LANGUAGES."""


@dataclass(frozen=True)
class Table:
    """The words, one row for each thing, one cell for each language."""

    languages: tuple[str, ...]
    rows: tuple[tuple[tuple[str, str], ...], ...]
    """Cells as pairs of language and word."""


def table(markdown: str) -> Table:
    """Return the rows of the glossary."""
    rows = []
    for line in markdown.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|") or len(cells) != len(LANGUAGES) or _is_head(cells):
            continue
        rows.append(tuple(zip(LANGUAGES, cells, strict=True)))
    return Table(LANGUAGES, tuple(rows))


def _is_head(cells: list[str]) -> bool:
    return set(cells[0]) <= set("-: ") or cells[0] == "English"
