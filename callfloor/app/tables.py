"""
What commands print for people: tables of the twin's figures.

Refuses: to compute any of them.
"""

from typing import Any

Document = dict[str, Any]

COLUMNS = (
    ("offered", "offered", "count"),
    ("answered", "answered", "count"),
    ("abandon_rate", "abandoned", "share"),
    ("service_level", "in goal", "share"),
    ("asa_seconds", "answer after", "seconds"),
    ("occupancy", "occupancy", "share"),
    ("load_hours", "work", "hours"),
)
"""Measures with the heads of their columns, and what kind of figure they are."""
SECTIONS = (("queues", "queue"), ("clients", "client"), ("languages", "language"))
PEOPLE = (
    ("occupancy", "occupancy", "share"),
    ("handled", "handled", "count"),
    ("load_hours", "work", "hours"),
    ("seated_hours", "seated", "hours"),
)
LEGEND = (
    "Means per day, ± what chance leaves open at 95 %. In goal: answered within the queue's time, "
    "of all that were offered."
)


def simulated(document: Document, *, currency: str) -> str:
    """Write a document of `callfloor simulate` as text."""
    changed = document.get("change")
    if changed is None:
        return "\n".join([*_one(document, currency=currency), LEGEND])
    return "\n".join(
        [
            *_one(document, currency=currency),
            "with the change:",
            "",
            *_one(changed, currency=currency),
            "what the change does (change - before, the same callers and agents):",
            "",
            *_differences(document),
            LEGEND,
            "(no clear difference): chance alone may do that.",
        ]
    )


def _one(document: Document, *, currency: str) -> list[str]:
    lines = [f"{document['file']}: {document['days']} days, seed {document['seed']}", ""]
    whole = [("all", document["centre"])] if document["centre"] else []
    for section, head in SECTIONS:
        rows = [*sorted(document[section].items()), *(whole if section == "queues" else [])]
        lines += _table(head, rows, COLUMNS)
    lines += _table("person", sorted(document["people"].items()), PEOPLE)
    if document["cost"]:
        lines.append(f"cost per day: {_figure(document['cost'], 'money')} {currency}")
    fairness = document["fairness"]
    lines += [
        f"spread of occupancy between people: {_figure(fairness['occupancy_spread'], 'share')}",
        "longest less shortest mean wait of a language: "
        f"{_figure(fairness['wait_spread_seconds'], 'seconds')}",
        "",
    ]
    return lines


def _differences(document: Document) -> list[str]:
    whole = document["differences"].get("centre", {})
    rows = [*sorted(document["difference"].items()), ("all", whole)]
    lines = _table("queue", rows, COLUMNS, signed=True)
    cost = whole.get("cost")
    return [*lines, f"cost per day: {_figure(cost, 'money', signed=True)}", ""] if cost else lines


def _table(
    head: str,
    rows: list[tuple[str, Document]],
    columns: tuple[tuple[str, str, str], ...],
    *,
    signed: bool = False,
) -> list[str]:
    if not rows:
        return []
    cells = [[head, *(name for _, name, _ in columns)]]
    for key, measures in rows:
        found = (_figure(measures.get(name), kind, signed=signed) for name, _, kind in columns)
        cells.append([key, *found])
    widths = [max(len(row[place]) for row in cells) for place in range(len(cells[0]))]
    return [*(_row(row, widths) for row in cells), ""]


def _row(row: list[str], widths: list[int]) -> str:
    first, *others = (
        text.ljust(width) if place == 0 else text.rjust(width)
        for place, (text, width) in enumerate(zip(row, widths, strict=True))
    )
    return "  ".join([first, *others])


def _figure(found: Document | None, kind: str, *, signed: bool = False) -> str:
    if found is None or found["mean"] is None:
        return "-"
    scale, digits, unit = {
        "count": (1.0, 1, ""),
        "share": (100.0, 1, " %"),
        "seconds": (1.0, 1, " s"),
        "hours": (1.0, 1, " h"),
        "money": (1.0, 2, ""),
    }[kind]
    if signed and not found["clear"]:
        return "(no clear difference)"
    sign = "+" if signed else ""
    text = f"{found['mean'] * scale:{sign}.{digits}f}{unit}"
    if found["low"] is None:
        return text
    half = max(found["high"] - found["mean"], found["mean"] - found["low"])
    return f"{text} ± {half * scale:.{digits}f}"
