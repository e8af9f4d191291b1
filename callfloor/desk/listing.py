"""
What every list shares: the page asked for, sorting of short lists, rows as CSV.

Refuses: to know what is listed.
"""

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.http import HttpRequest, StreamingHttpResponse

from callfloor.kernel.pages import Page

Row = TypeVar("Row")
EXPORT_ROWS_MAX = 10_000  # Ten seconds at 1,000 rows/s; more is a report, not a list.
PAGE_ROWS = 25  # One screen; each row costs a decryption and half a millisecond.
EXPORT_PAGE = 200  # As many as a query gives at once.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Pager:
    """Where a reader is in a long list."""

    number: int
    pages: int
    total: int

    @property
    def previous(self) -> int:
        """The page before."""
        return self.number - 1

    @property
    def next(self) -> int:
        """The page after."""
        return self.number + 1


def pager(page: Page[Any]) -> Pager:
    """Return what the pager shows of a page of rows."""
    return Pager(number=page.page, pages=page.pages, total=page.total)


def page_asked(request: HttpRequest) -> int:
    """Return the number of the page that was asked for, the first if it is no number."""
    text = request.GET.get("page", "")
    return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < 7 else 1


@dataclass(frozen=True)
class Column:
    """A head of a short list that sorts it."""

    key: str
    label: Any
    order: str
    """ascending, descending or nothing: how the list is sorted by it now."""
    next: str
    """The value of `sort` that a click asks for."""
    is_number: bool = False


Sorter = tuple[str, Any, Callable[[Any], Any], bool]
"""Key, label, the value to sort by, whether it is a number."""


def sort_rows(
    rows: Sequence[Row], *, asked: str, sorters: Sequence[Sorter], otherwise: str
) -> tuple[list[Row], list[Column]]:
    """Return rows in the order asked for, and the heads of their columns."""
    keys = {sorter[0] for sorter in sorters}
    name = asked.removeprefix("-")
    if name not in keys:
        asked, name = otherwise, otherwise.removeprefix("-")
    falling = asked.startswith("-")
    value = next(sorter[2] for sorter in sorters if sorter[0] == name)
    made = [
        _column(key, label, order=asked, is_number=is_number)
        for key, label, _, is_number in sorters
    ]
    return sorted(rows, key=value, reverse=falling), made


def heads(orders: Sequence[tuple[str, Any]], *, order: str) -> list[Column]:
    """Return the heads of a list that its query has sorted already."""
    return [_column(key, label, order=order, is_number=False) for key, label in orders]


def _column(key: str, label: Any, *, order: str, is_number: bool) -> Column:
    falling, is_it = order.startswith("-"), order.removeprefix("-") == key
    return Column(
        key=key,
        label=label,
        order=("descending" if falling else "ascending") if is_it else "",
        next=f"-{key}" if is_it and not falling else key,
        is_number=is_number,
    )


class _Line:
    """A file that gives back what was written instead of keeping it."""

    def write(self, text: str) -> str:
        return text


def as_csv(
    *, name: str, heads: Sequence[object], rows: Iterable[Sequence[object]]
) -> StreamingHttpResponse:
    """Return rows as a CSV file that opens well in spreadsheets."""
    writer = csv.writer(_Line())

    def lines() -> Iterable[str]:
        yield "\ufeff"  # Without it spreadsheets misread Persian and Russian.
        yield writer.writerow([str(head) for head in heads])
        for row in rows:
            yield writer.writerow([_harmless(cell) for cell in row])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _harmless(cell: object) -> str:
    """Return a cell that no spreadsheet takes for a formula; a phone number stays as it is."""
    text = "" if cell is None else str(cell)
    if text.startswith(FORMULA_STARTS) and not text[1:].replace(" ", "").isdecimal():
        return f"'{text}"
    return text
