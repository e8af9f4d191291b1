"""
What a change of the centre's file means, in words: what differs, and which rights move.

Refuses: to judge it.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from callfloor.desk import centre
from callfloor.kernel import ports
from callfloor.kernel.duties import PERMISSIONS
from callfloor.kernel.names import pick
from callfloor.kernel.ports import Keys, Looked
from callfloor.records.people import queries as people
from callfloor.records.routing.queries import FileRow
from callfloor.ui import formats

Names = Mapping[str, Mapping[str, str]]
Say = Callable[[Keys, Any, Any], tuple[str, str, str] | None]
"""What differs, what stood there, what shall stand there; None if nobody has words for it."""
ORDER = "(order)"
TEXT_CHARS_MAX = 160  # A longer value is a text; where it stands says enough.
RIGHTS_MAX = 200  # A change of a role that many have moves as many rights as they are.
NOTHING = "–"
PROOF_KINDS = {
    "certificate": gettext_lazy("Certificate"),
    "test": gettext_lazy("Test"),
    "observation": gettext_lazy("Observation"),
}
PROOF_PARTS = {
    "kind": gettext_lazy("Proof"),
    "by": gettext_lazy("Vouched for by"),
    "on": gettext_lazy("Proven on"),
    "until": gettext_lazy("Holds until"),
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """A value that differs."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A change as a page shows it."""

    lines: tuple[Line, ...]
    given: tuple[tuple[str, str], ...]
    """Who may do what from then on."""
    taken: tuple[tuple[str, str], ...]
    """Who may do what no longer."""
    findings: tuple[tuple[str, str, str], ...]
    """Why it may not be: the field of the form, what is wrong, what to do."""


def nothing_to_say(path: Keys, before: Any, after: Any) -> None:
    """Say nothing of a value, which then stands there as the file has it."""
    return


def look(looked: Looked, *, of: str = "", said: Say = nothing_to_say) -> Seen:
    """
    Return a change as a page shows it.

    `of` is the person whose page it is; `said` knows words for values that are not of people.
    """
    return Seen(
        lines=tuple(_lines(looked, names(), said)),
        given=_rights(looked.given, looked.taken),
        taken=_rights(looked.taken, looked.given),
        findings=tuple((_field(path, of), wrong, hint) for path, wrong, hint in looked.findings),
    )


def between(row: FileRow, *, said: Say) -> Seen:
    """Return what a version has changed since the one before."""
    assert row.parent is not None, "the first version has changed nothing"
    looked = ports.centre().between(before=row.parent, after=row.version)
    return look(looked, said=said)


def names() -> dict[str, dict[str, str]]:
    """Return what the centre's file calls skills and teams, in the reader's language."""
    return {
        section: {key: _name(key, value) for key, value in centre.section(section).items()}
        for section in ("skills", "teams")
    }


def _name(key: str, value: Any) -> str:
    name = (value or {}).get("name", key)
    return str(name) if isinstance(name, str) else pick(name, key=key)


def _lines(looked: Looked, names: Names, said: Say) -> Iterator[Line]:
    called = people.names_of(keys=set(_people(looked)))
    for path, before, after in looked.changes:
        if path[-1] == ORDER:
            continue
        if (found := said(path, before, after)) is not None:
            yield Line(what=found[0], before=found[1], after=found[2])
            continue
        text = _writer(path, names, called)
        yield Line(what=_what(path, names, called), before=text(before), after=text(after))


def _people(looked: Looked) -> Iterator[str]:
    """Yield whose values differ, and who vouches for them."""
    for path, *values in looked.changes:
        if _of(path):
            yield path[1]
            if path[-1] == "by":
                yield from filter(None, values)


def _of(path: Keys) -> bool:
    return len(path) > 1 and path[0] == "people"


def _what(path: Keys, names: Names, called: Mapping[str, str]) -> str:
    """Return what differs, in words where there are some, else by its place in the file."""
    if not _of(path):
        return " › ".join(path)
    fields = {
        "team": _("Team"),
        "roles": _("Roles"),
        "skills": _("Skills"),
        "proofs": _("Proofs of skills"),
    }
    field = path[2] if len(path) > 2 else ""
    parts = [called.get(path[1], path[1]), fields.get(field, field)]
    if field in ("skills", "proofs"):
        parts += [names["skills"].get(key, key) for key in path[3:4]]
        parts += [str(PROOF_PARTS.get(key, key)) for key in path[4:]]
    else:
        parts += path[3:]
    return " › ".join(filter(None, parts))


def _writer(path: Keys, names: Names, called: Mapping[str, str]) -> Any:
    field = path[2] if _of(path) and len(path) > 2 else ""
    if field == "proofs" and path[-1] == "by":
        return lambda value: called.get(value, value) if value else NOTHING
    if field == "proofs" and path[-1] == "kind":
        return lambda value: str(PROOF_KINDS.get(value, value)) if value else NOTHING
    if field == "team":
        return lambda value: names["teams"].get(value, value) if value else NOTHING
    if field == "roles":
        roles = people.role_names()
        language = get_language() or "en"
        return lambda value: (
            formats.listed((roles.get(key, key) for key in value or ()), language=language)
            or NOTHING
        )
    return _plain


def _plain(value: Any) -> str:
    if value is None:
        return NOTHING
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= TEXT_CHARS_MAX else f"{text[:TEXT_CHARS_MAX]}…"


def _rights(some: Any, others: Any) -> tuple[tuple[str, str], ...]:
    """Return whose permissions move; one that another duty opens as well does not."""
    moved = {(person, may) for person, _duty, may in some}
    moved -= {(person, may) for person, _duty, may in others}
    names = people.names_of(keys={person for person, _may in moved})
    rows = ((names.get(person, person), str(PERMISSIONS.get(may, may))) for person, may in moved)
    return tuple(sorted(rows))[:RIGHTS_MAX]


def _field(path: str, of: str) -> str:
    """Return the field of the form at which a finding is shown; nothing for the whole form."""
    parts = path.split(".")
    if len(parts) > 2 and parts[0] == "people" and parts[1] == of:
        return parts[2] if parts[2] in ("team", "roles", "skills", "proofs") else ""
    return ""
