"""
Reading a file of customers: which lines can be taken in, and what is wrong with the others.

Faults are codes, with what was written there; pages have the words for them.
Refuses: to guess what a column means (its head says so), and to write anything.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from callfloor.records.customers import rules

LINES_MAX = 10_000  # More is a migration, and goes in several files.
CELL_CHARACTERS_MAX = 10_000
IDENTITIES = {
    "number": rules.KIND_NUMBER,
    "number 2": rules.KIND_NUMBER,
    "email": rules.KIND_ADDRESS,
    "email 2": rules.KIND_ADDRESS,
    "handle": rules.KIND_HANDLE,
    "external": rules.KIND_EXTERNAL,
}
COLUMNS = ("name", "kind", "language", "tags", "note", *IDENTITIES)
KINDS = ("person", "organisation", "household")
NAME_CHARACTERS_MAX = 200
NOTHING, TWICE, TOO_LONG, TOO_MANY = "nothing", "twice", "too_long", "too_many"
FAULTS = (*COLUMNS, NOTHING, TWICE, TOO_LONG, TOO_MANY)
"""What may be wrong with a line: one of its columns, or the line itself."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """A customer as a line of the file tells of him."""

    number: int
    """As an editor counts the lines; the head is the first."""
    name: str = ""
    kind: str = "person"
    language: str = ""
    tags: tuple[str, ...] = ()
    note: str = ""
    identities: tuple[tuple[str, str], ...] = ()
    """Kind and value in the form that is kept."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What is wrong with a line."""

    number: int
    what: str
    """One of FAULTS."""
    value: str
    """What stands there."""


@dataclass(kw_only=True)
class Reading:
    """What a file holds."""

    lines: list[Line] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    columns: tuple[str, ...] = ()
    """Those that are known, in the order of the file."""
    unknown: tuple[str, ...] = ()
    """Heads that mean nothing here; what stands below them is left out."""


def read(text: str, *, languages: Sequence[str]) -> Reading:
    """Read a file; a line with a fault is told of and left out, the others are taken."""
    rows = csv.reader(io.StringIO(text), delimiter=_delimiter(text), strict=False)
    heads = [each.strip().casefold() for each in next(rows, [])]
    reading = Reading(
        columns=tuple(each for each in heads if each in COLUMNS),
        unknown=tuple(each for each in heads if each and each not in COLUMNS),
    )
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        if not any(cell.strip() for cell in row):
            continue
        if len(reading.lines) >= LINES_MAX:
            reading.faults.append(Fault(number=rows.line_num, what=TOO_MANY, value=""))
            break
        cells = {head: cell.strip() for head, cell in zip(heads, row, strict=False)}
        _take(reading, rows.line_num, cells, seen, languages=languages)
    return reading


def _delimiter(text: str) -> str:
    """Say what stands between the cells: what the head has most of, else a comma."""
    head = text.partition("\n")[0]
    return max((",", ";", "\t"), key=head.count)


def _take(
    reading: Reading,
    number: int,
    cells: dict[str, str],
    seen: dict[tuple[str, str], int],
    *,
    languages: Sequence[str],
) -> None:
    faults = list(_faults(cells, languages=languages))
    identities = tuple(dict.fromkeys(_identities(cells)))
    if not faults and not identities and not cells.get("name"):
        faults.append((NOTHING, ""))
    twice = next((seen[each] for each in identities if each in seen), None)
    if not faults and twice is not None:
        faults.append((TWICE, str(twice)))
    if faults:
        reading.faults += [Fault(number=number, what=what, value=v) for what, v in faults]
        return
    seen |= dict.fromkeys(identities, number)
    reading.lines.append(
        Line(
            number=number,
            name=cells.get("name", ""),
            kind=cells.get("kind", "").casefold() or "person",
            language=cells.get("language", "").casefold(),
            tags=_tags(cells),
            note=cells.get("note", ""),
            identities=identities,
        )
    )


def _faults(cells: dict[str, str], *, languages: Sequence[str]) -> Iterator[tuple[str, str]]:
    if any(len(cell) > CELL_CHARACTERS_MAX for cell in cells.values()):
        yield TOO_LONG, ""
        return
    if len(cells.get("name", "")) > NAME_CHARACTERS_MAX:
        yield "name", cells["name"][:NAME_CHARACTERS_MAX]
    if cells.get("kind", "").casefold() not in ("", *KINDS):
        yield "kind", cells["kind"]
    if cells.get("language", "").casefold() not in ("", *languages):
        yield "language", cells["language"]
    for word in _words(cells.get("tags", "")):
        if not rules.tag(word):
            yield "tags", word
    for column, kind in IDENTITIES.items():
        value = cells.get(column, "")
        if value and not rules.forms(kind=kind, value=value):
            yield column, value


def _identities(cells: dict[str, str]) -> Iterator[tuple[str, str]]:
    for column, kind in IDENTITIES.items():
        forms = rules.forms(kind=kind, value=cells.get(column, ""))
        if forms:
            yield kind, forms[0]


def _tags(cells: dict[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(rules.tag(word) for word in _words(cells.get("tags", ""))))


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.replace("|", ";").split(";") if word.strip()]
