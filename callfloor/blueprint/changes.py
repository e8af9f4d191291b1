"""
A change that somebody makes on a page: a few values of the centre's file, by path.

It makes a new version of the whole file, checked like one that an author wrote, so that a page can
never bring the centre into a state that no file says. Refuses: to change what was changed by
somebody else meanwhile.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from callfloor.blueprint import canonical, export, values
from callfloor.blueprint.check import check, shape
from callfloor.blueprint.findings import Finding
from callfloor.blueprint.read import Source
from callfloor.blueprint.schema import Blueprint
from callfloor.blueprint.values import MISSING, Path
from callfloor.kernel.errors import Refusal
from callfloor.records.routing.services import Overtaken


class NotPossible(Refusal):
    """The centre would have faults."""

    code = "centre.not_possible"
    message = _("The center would have faults with this change.")

    def __init__(self, findings: tuple[Finding, ...] = ()) -> None:
        """Keep the findings, which name place and remedy."""
        super().__init__(*(str(finding) for finding in findings))
        self.findings = findings


def changed(*, based_on: str, edits: Mapping[Path, Any]) -> Blueprint:
    """
    Give the centre's file with some values changed; `values.MISSING` takes one out.

    `based_on` is the version that the page has shown. Nothing is written yet.
    Raises Overtaken, NotPossible.
    """
    held = export.current()
    if held is None or held.version != based_on:
        raise Overtaken
    return edited(held.blueprint, edits)


def edited(blueprint: Blueprint, edits: Mapping[Path, Any]) -> Blueprint:
    """
    Give a blueprint with some values changed, checked as if somebody had written it.

    Raises NotPossible.
    """
    flat = values.leaves(values.values_of(blueprint))
    for path, value in edits.items():
        flat = {key: each for key, each in flat.items() if key[: len(path)] != path}
        if isinstance(value, Mapping):
            below = values.leaves(dict(value)) or {(): {}}
            flat |= {(*path, *key): each for key, each in below.items()}
        elif value is not MISSING:
            flat[path] = value
    return _checked(flat)


def _checked(flat: values.Leaves) -> Blueprint:
    blueprint, problems = shape.parse({"blueprint": 1, **values.tree(flat)})
    if blueprint is None:  # There is no text of it, so nobody can say in which line.
        source = Source(file="", values=None, places={(): (0, 0)})
        raise NotPossible(tuple(source.finding(problem) for problem in problems))
    found = check(canonical.text(blueprint), file="")
    if found.blueprint is None:
        raise NotPossible(found.findings)
    return found.blueprint
