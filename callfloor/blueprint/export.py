"""
The centre's file as the records hold it, with the version that it is taken from.

Refuses: anything that the file does not say; names, passwords and notes stay in the records.
"""

from dataclasses import dataclass

from callfloor.blueprint import canonical
from callfloor.blueprint.check import check
from callfloor.blueprint.schema import Blueprint
from callfloor.records.routing import queries
from callfloor.records.routing.queries import FileRow


class Outdated(Exception):
    """A file in the records that this version of Callfloor finds faults in; the text lists them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A version of the centre's file."""

    version: str
    blueprint: Blueprint
    by_page: bool

    def text(self) -> str:
        """Give the YAML that `callfloor apply` takes again."""
        return canonical.text(self.blueprint, from_version=self.version)


def current() -> Held | None:
    """
    Give what holds, or None before anything was applied.

    Raises Outdated.
    """
    return _held(queries.current_file())


def current_version() -> str | None:
    """Name the version that holds; None before anything was applied."""
    row = queries.current_file()
    return row.version if row is not None else None


def is_by_page() -> bool:
    """Say whether what holds was last changed on a page."""
    row = queries.current_file()
    return row is not None and row.by_page


def of(version: str) -> Held | None:
    """
    Give an earlier version, or None if there was none.

    Raises Outdated.
    """
    return _held(queries.file_of(version))


def last_authored() -> Held | None:
    """
    Give the last version that an author's file brought, or None.

    Raises Outdated.
    """
    return _held(queries.last_authored_file())


def has_held(version: str) -> bool:
    """Say whether the records held a version at any time."""
    return queries.file_of(version) is not None


def held_sources() -> list[str]:
    """Give the hashes of authors' texts that held once, but for what holds now."""
    return queries.held_sources()


def _held(row: FileRow | None) -> Held | None:
    if row is None:
        return None
    checked = check(row.body, file=f"version {row.version}")
    if checked.blueprint is None:
        raise Outdated("\n".join(str(finding) for finding in checked.findings))
    return Held(version=row.version, blueprint=checked.blueprint, by_page=row.by_page)
