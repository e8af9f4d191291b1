"""
How a file stands to what the records hold: new, the same, or older than what was changed meanwhile.

What somebody has changed on a page is never undone silently: a file that does not know of it is
refused with both differences, unless it is merged or forced. Refuses: to write anything.
"""

from dataclasses import dataclass
from typing import Literal

from pydantic import ValidationError

from callfloor.blueprint import canonical, diff, export
from callfloor.blueprint.check import check
from callfloor.blueprint.diff import Difference
from callfloor.blueprint.export import Held
from callfloor.blueprint.merge import Conflict, merge
from callfloor.blueprint.schema import Blueprint

How = Literal["plain", "merge", "force"]
Refusal = Literal["older", "unknown_version", "outdated", "conflicts", "no_merge", "findings"]

WORDS: dict[Refusal, str] = {
    "older": "The file is older than what the records hold.",
    "unknown_version": "The records never held the version that the file was taken from.",
    "outdated": "What was changed on a page has faults for this version of Callfloor.",
    "conflicts": "The file and the records have both changed the same.",
    "no_merge": "The two changes do not fit together.",
    "findings": "What comes of merging has faults.",
}
WAYS = """\
What you can do:
  callfloor export --data D -o FILE     take what the records hold, and change that
  callfloor apply FILE --data D --merge take from each side what only that side has changed
  callfloor apply FILE --data D --force take the file, and undo what was changed since"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is to be applied and what it changes, or why nothing is."""

    blueprint: Blueprint | None
    """What is to be applied; None if it is refused."""
    difference: Difference
    """From the records to what is to be applied; if refused, what the file changes."""
    is_same: bool = False
    """Whether the records hold exactly this already."""
    is_change: bool = True
    """Whether the records hold anything that it changes."""
    refusal: Refusal | None = None
    since: Difference | None = None
    """What the records have changed since the version that the file comes from."""
    conflicts: tuple[Conflict, ...] = ()
    findings: tuple[str, ...] = ()

    def explanation(self) -> str:
        """Say why it is refused, with both differences, and what can be done."""
        assert self.refusal is not None, "only a refusal is explained"
        parts = [WORDS[self.refusal]]
        if self.since is not None:
            parts.append(f"What the file changes:\n{self.difference or 'nothing'}")
            parts.append(f"What the records changed since:\n{self.since or 'nothing'}")
        parts += ["\n".join(str(each) for each in rows) for rows in (self.conflicts, self.findings)]
        return "\n\n".join(part for part in (*parts, WAYS) if part)


def of(
    blueprint: Blueprint, *, how: How = "plain", is_start: bool = False, source: str | None = None
) -> Standing:
    """
    Compare a checked file with the records.

    At a start (`is_start`) a file that the records held once and hold no more is older as well:
    nobody looks at a difference there. It is known by its version, or by the hash of its own text
    (`source`), which no later version of Callfloor writes otherwise.
    """
    try:
        held = export.current()
    except export.Outdated as error:
        return _unread(blueprint, str(error), is_forced=how == "force")
    if held is None:
        difference = diff.between(None, blueprint)
        return Standing(blueprint=blueprint, difference=difference, is_change=False)
    version = canonical.version(canonical.text(blueprint))
    difference = diff.between(held.blueprint, blueprint)
    if version == held.version:
        return Standing(blueprint=blueprint, difference=difference, is_same=True)
    was_held = is_start and (export.has_held(version) or source in export.held_sources())
    if how == "force" or not _is_older(blueprint, held, was_held=was_held):
        return Standing(blueprint=blueprint, difference=difference)
    base = _base(blueprint, version=version)
    if base is None:
        return Standing(blueprint=None, difference=difference, refusal="unknown_version")
    return _older(blueprint, held, base, is_merged=how == "merge")


def _unread(blueprint: Blueprint, faults: str, *, is_forced: bool) -> Standing:
    """
    Decide where only an older Callfloor could compare: what it holds has faults by now.

    A good file is better than that, unless it would undo what somebody did on a page.
    """
    difference = diff.between(None, blueprint)
    if export.is_by_page() and not is_forced:
        return Standing(
            blueprint=None, difference=difference, refusal="outdated", findings=(faults,)
        )
    return Standing(blueprint=blueprint, difference=difference, is_change=False)


def _base(blueprint: Blueprint, *, version: str) -> Held | None:
    """Give what a file comes from: what it says, else itself, else what an author brought last."""
    asked = blueprint.from_version
    try:
        if asked is not None:
            return export.of(asked)
        return export.of(version) or export.last_authored()
    except export.Outdated:
        return None


def _is_older(blueprint: Blueprint, held: Held, *, was_held: bool) -> bool:
    if blueprint.from_version is not None:
        return blueprint.from_version != held.version
    return held.by_page or was_held


def _older(blueprint: Blueprint, held: Held, base: Held, *, is_merged: bool) -> Standing:
    since = diff.between(base.blueprint, held.blueprint)
    wanted = diff.between(base.blueprint, blueprint)
    if not is_merged:
        return Standing(blueprint=None, difference=wanted, refusal="older", since=since)
    try:
        merged = merge(base=base.blueprint, ours=held.blueprint, theirs=blueprint)
    except ValidationError:
        return Standing(blueprint=None, difference=wanted, refusal="no_merge", since=since)
    if merged.blueprint is None:
        return Standing(
            blueprint=None, difference=wanted, refusal="conflicts", conflicts=merged.conflicts
        )
    return _merged(merged.blueprint, held)


def _merged(blueprint: Blueprint, held: Held) -> Standing:
    """Check what came of merging as if somebody had written it."""
    text = canonical.text(blueprint)
    difference = diff.between(held.blueprint, blueprint)
    checked = check(text, file="merged")
    if checked.blueprint is None:
        found = tuple(str(finding) for finding in checked.findings)
        return Standing(blueprint=None, difference=difference, refusal="findings", findings=found)
    is_same = canonical.version(text) == held.version
    return Standing(blueprint=checked.blueprint, difference=difference, is_same=is_same)
