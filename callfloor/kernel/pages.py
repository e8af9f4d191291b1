"""
One page of a long list.

Refuses: to know what is on it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

Key = TypeVar("Key")
Row = TypeVar("Row")

SIZE_MAX = 200  # More rows than this nobody reads, and each costs a decryption.


@dataclass(frozen=True, kw_only=True)
class Page(Generic[Row]):
    """Rows of a list, and where they stand in it."""

    rows: tuple[Row, ...]
    page: int
    """Counted from 1."""
    size: int
    total: int
    """Rows on all pages."""

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.size))

    @property
    def has_next(self) -> bool:
        """Whether a page follows."""
        return self.page < self.pages

    @property
    def has_previous(self) -> bool:
        """Whether a page goes before."""
        return self.page > 1


def cut(
    queryset: Any, *, page: int, size: int, build: Callable[[list[Any]], list[Row]]
) -> Page[Row]:
    """
    Read one page of a queryset and turn its models into rows, all of them at once.

    A page or size out of range is brought into it: a link that is too old still shows something.
    """
    return _cut(queryset, queryset.count(), page=page, size=size, build=build)


def part(
    keys: Sequence[Key], *, page: int, size: int, build: Callable[[list[Key]], list[Row]]
) -> Page[Row]:
    """Turn one page of what stands in order already into rows, in range as `cut` does it."""
    return _cut(keys, len(keys), page=page, size=size, build=build)


def _cut(
    all_: Any, total: int, *, page: int, size: int, build: Callable[[list[Any]], list[Row]]
) -> Page[Row]:
    size = min(max(1, size), SIZE_MAX)
    page = min(max(1, page), max(1, -(-total // size)))
    shown = list(all_[(page - 1) * size : page * size])
    return Page(rows=tuple(build(shown)), page=page, size=size, total=total)
