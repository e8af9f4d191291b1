"""
An article's plain text as blocks and runs, for a template to write. Pure.

`# ` begins a heading, `- ` and `1. ` items of lists, `**` bold; everything else is a paragraph.
In a text from right to left, Latin names and numbers are runs of their own, so that a product's
name keeps its order. Refuses HTML: whatever is typed is text.
"""

import re
from dataclasses import dataclass, field

RTL = frozenset({"fa"})
_ITEM = re.compile(r"^(?:([-*•])|(\d{1,3})[.)])\s+")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_LATIN = re.compile(r"\+?[A-Za-z0-9][\w@./:+%&-]*(?:[ \u00a0][A-Za-z0-9][\w@./:+%&-]*)*", re.ASCII)

Run = tuple[str, str]
"""Kind (text, bold, latin) and what it says."""


@dataclass
class Block:
    """A heading, a paragraph or a list."""

    kind: str
    """h, p, ul or ol."""
    lines: list[list[Run]] = field(default_factory=list)


def direction(language: str) -> str:
    """Give the direction in which a language is written."""
    return "rtl" if language in RTL else "ltr"


def blocks(body: str, *, language: str) -> list[Block]:
    """Give a text in blocks."""
    found: list[Block] = []
    for line in body.splitlines():
        kind, text = _kind(line.strip())
        if not text:
            found.append(Block(kind="gap"))
        elif found and found[-1].kind == kind and kind in ("ul", "ol"):
            found[-1].lines.append(runs(text, language=language))
        elif found and found[-1].kind == kind == "p":
            found[-1].lines[0] += [("text", " "), *runs(text, language=language)]
        else:
            found.append(Block(kind=kind, lines=[runs(text, language=language)]))
    return [block for block in found if block.kind != "gap"]


def _kind(line: str) -> tuple[str, str]:
    if line.startswith("#"):
        return "h", line.lstrip("#").strip()
    item = _ITEM.match(line)
    if item is None:
        return "p", line
    return ("ul" if item[1] else "ol"), line[item.end() :]


def runs(text: str, *, language: str) -> list[Run]:
    """Give a line in runs."""
    found: list[Run] = []
    at = 0
    for match in _BOLD.finditer(text):
        found += isolated(text[at : match.start()], language=language)
        found.append(("bold", match[1]))
        at = match.end()
    return found + isolated(text[at:], language=language)


def isolated(text: str, *, language: str) -> list[Run]:
    """Give a text with what is written the other way round in runs of its own."""
    if not text:
        return []
    if language not in RTL:
        return [("text", text)]
    found: list[Run] = []
    at = 0
    for match in _LATIN.finditer(text):
        if match.start() > at:
            found.append(("text", text[at : match.start()]))
        found.append(("latin", match[0]))
        at = match.end()
    if at < len(text):
        found.append(("text", text[at:]))
    return found
