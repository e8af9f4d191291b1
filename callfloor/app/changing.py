"""
The centre's file as pages change it: looked at, checked, applied, and on the floor at once.

A version never changes, so what was read of one is kept. Refuses: to decide who may change what;
the service that asks has done so.
"""

import functools
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from callfloor.kernel.ports import Keys, Looked

if TYPE_CHECKING:  # The blueprint takes half a second to load, which few pages need.
    from callfloor.blueprint.diff import Difference
    from callfloor.blueprint.schema import Blueprint

VERSIONS_KEPT = 4  # What holds, what somebody looks at, and its neighbor; each some megabytes.
CHANGES_MAX = 400  # What a person reads; an author's file may differ in thousands of values.


class Centre:
    """The file of the centre in a data folder."""

    def __init__(self, data: Path) -> None:
        self._data = data

    def look(self, *, based_on: str, edits: Mapping[Keys, Any]) -> Looked:
        """Say what some values would change."""
        from callfloor.blueprint import diff
        from callfloor.blueprint.changes import NotPossible

        try:
            after = self._edited(based_on, edits)
        except NotPossible as no:
            return Looked(findings=tuple((f.path, f.wrong, f.hint) for f in no.findings))
        return _looked(diff.between(_version(based_on), after))

    def take(self, *, based_on: str, edits: Mapping[Keys, Any], by: str, now: datetime) -> str:
        """Make it so in records and on the floor."""
        from callfloor.app import applying

        edited = self._edited(based_on, edits)
        self._speak(edited, frozenset(path[1] for path in edits if path[0] == "prompts"))
        taken = applying.take(
            edited,
            data=self._data,
            sip=applying.demo_sip(self._data),
            passwords={},
            now=now,
            by=by,
            by_page=True,
            on=based_on,
        )
        applying.tell_floor(self._data, taken.plan)  # Else the worker does, as soon as it is there.
        return taken.version

    def between(self, *, before: str, after: str) -> Looked:
        """Say what a version of the file has changed since another."""
        from callfloor.blueprint import diff

        return _looked(diff.between(_version(before), _version(after)))

    def _speak(self, blueprint: "Blueprint", prompts: frozenset[str]) -> None:
        """Make the sound of texts that have changed, before anything leads to them."""
        from callfloor.app import applying
        from callfloor.app.prompts import render

        if prompts:
            recorded = applying.recorded_of(self._data)
            render(blueprint, recorded=recorded, data=self._data, keys=prompts)

    def _edited(self, based_on: str, edits: Mapping[Keys, Any]) -> "Blueprint":
        from callfloor.blueprint import changes, export
        from callfloor.blueprint.values import MISSING
        from callfloor.records.routing.services import Overtaken

        if export.current_version() != based_on:
            raise Overtaken
        wanted = {path: MISSING if value is None else value for path, value in edits.items()}
        return changes.edited(_version(based_on), wanted)


@functools.lru_cache(maxsize=VERSIONS_KEPT)
def _version(version: str) -> "Blueprint":
    from callfloor.blueprint import export

    held = export.of(version)
    assert held is not None, "a version that was shown was held"
    return held.blueprint


def _looked(difference: "Difference") -> Looked:
    return Looked(
        changes=tuple(_changes(difference)), taken=difference.taken, given=difference.given
    )


def _changes(difference: "Difference") -> Iterable[tuple[Keys, Any, Any]]:
    from callfloor.blueprint.values import MISSING

    for change in difference.changes[:CHANGES_MAX]:
        before, after = (
            None if each is MISSING else each for each in (change.before, change.after)
        )
        yield change.path, before, after
