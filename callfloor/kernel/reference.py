"""
The pages of docs/reference about duties: permissions and roles, measures, competences.

Everything comes from what was joined, so that a page says what is enforced. Refuses: other
languages than English, and to write files.
"""

from collections.abc import Iterable, Iterator

from django.utils import translation

from callfloor.kernel import department, duties
from callfloor.kernel.competences import COMPETENCES
from callfloor.kernel.department import Department, Duty, Role
from callfloor.kernel.kpis import KPIS, Kpi
from callfloor.kernel.learning import ARTICLES, LESSONS

NOTE = "<!-- Written by ./run docs from {source}; edit that, not this page. -->"
BETTER = {
    "higher": "more is better",
    "lower": "less is better",
    "within": "too much is wrong, and too little",
}
UNITS = {
    "seconds": "seconds",
    "share": "percent",
    "count": "a count",
    "score": "points",
    "money": "money",
    "per_hour": "per hour",
}


def access() -> str:
    """Give the page of permissions, roles and duties."""
    with translation.override("en"):
        parts = ["# Permissions, roles and duties", NOTE.format(source="the manifests")]
        parts.append(
            "A permission comes from a duty and from nothing else. A role is a set of duties; a "
            "centre's file may change roles and move duties between departments."
        )
        parts += ["## Permissions", _lines(_permission(key) for key in duties.PERMISSIONS)]
        parts += ["## Roles", _lines(_role(role) for role in department.roles())]
        for place in department.departments():
            parts += [
                f"## {place.name}",
                _place(place),
                _lines(_duty(place, x) for x in place.duties),
            ]
        return "\n\n".join(parts) + "\n"


def kpis() -> str:
    """Give the page of the measures."""
    with translation.override("en"):
        built = [kpi for kpi in KPIS.values() if kpi.planned is None]
        planned = [kpi for kpi in KPIS.values() if kpi.planned is not None]
        parts = ["# Measures", NOTE.format(source="callfloor/kernel/kpis.py")]
        parts += ["## With figures in this version", _lines(map(_kpi, built))]
        parts += ["## Planned", _lines(map(_kpi, planned))]
        return "\n\n".join(parts) + "\n"


def competences() -> str:
    """Give the page of what people bring and learn."""
    with translation.override("en"):
        parts = ["# Competences, procedures and lessons", NOTE.format(source="callfloor/kernel")]
        asked = (f"- **{each.name}** (`{each.key}`). {each.asked}" for each in COMPETENCES.values())
        parts += ["## Competences", "Each with the question of an interview.", _lines(asked)]
        parts += [
            "## Procedures",
            _lines(f"- **{name}** (`{key}`)" for key, name in ARTICLES.items()),
        ]
        parts += ["## Lessons", _lines(f"- **{name}** (`{key}`)" for key, name in LESSONS.items())]
        return "\n\n".join(parts) + "\n"


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(lines)


def _keys(keys: Iterable[str]) -> str:
    return ", ".join(f"`{key}`" for key in keys)


def _permission(key: str) -> str:
    return f"- `{key}` {duties.PERMISSIONS[key]}"


def _role(role: Role) -> str:
    opened = _keys(sorted(department.permissions_of((role.key,))))
    return f"- **{role.name}** (`{role.key}`): {_keys(role.duties)}. May: {opened}"


def _place(place: Department) -> str:
    line = f"in the line of `{place.host}`" if place.host else "at the top of its line"
    if place.supervised_by:
        line = f"{line}, supervised by `{place.supervised_by}`"
    return f"`{place.key}`, {line}."


def _duty(place: Department, duty: Duty) -> str:
    return f"- **{duty.name}** (`{place.key}.{duty.key}`)" + "".join(_said_of(duty))


def _said_of(duty: Duty) -> Iterator[str]:
    for name, keys in (("may", duty.may), ("seen in", duty.kpis), ("needs", duty.skills)):
        if keys:
            yield f"; {name} {_keys(keys)}"
    if duty.decides:
        yield f"; decides a {duty.decides}, never one's own"
    if duty.apart_from:
        yield f"; not together with {_keys(duty.apart_from)}"
    if duty.planned:
        yield f"; its screens are planned ({duty.planned})"


def _kpi(kpi: Kpi) -> str:
    shown = [
        f"{place.key}.{duty.key}"
        for place in department.departments()
        for duty in place.duties
        if kpi.key in duty.kpis
    ]
    row = f" ({kpi.planned})" if kpi.planned else ""
    how = f"In {UNITS[kpi.unit]}; {BETTER[kpi.better]}{row}."
    return f"- **{kpi.name}** (`{kpi.key}`). {kpi.meaning} {how} Duties: {_keys(shown)}"
