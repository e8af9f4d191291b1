"""
What commands print for people: tables of the twin's figures.

Refuses: to compute any of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from callfloor.blueprint import measured
    from callfloor.twin import backtest, calibrate

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


# --- calibration ----------------------------------------------------------------------------------


def fitted(found: calibrate.Fitted) -> str:
    """Write what was measured as text."""
    lines = [f"measured on {len(found.days)} days, {found.days[0]} to {found.days[-1]}", ""]
    cells = [["figure", "measured", "95 %", "observed", "shape"]]
    for key, number in found.numbers.items():
        cells.append(_fit(f"{key} contacts a day", number.contacts_day))
        same = _shape(number.same_profile)
        cells.append([f"{key} profile", "", "", "", f"the same on all weekdays: {same}"])
        cells.append([f"{key} spread of days", f"{number.day_spread:.3f}", "", "", ""])
        if number.patience is not None:
            cells.append(_fit(f"{key} patience, s", number.patience, shape="exponential"))
            cells.append([f"{key} call again", f"{number.repeat_share:.3f}", "", "", ""])
    for key, queue in found.queues.items():
        cells.append(_fit(f"{key} handling, s", queue.handling, shape="log-normal"))
        cells.append([f"{key} spread of talks", f"{queue.spread:.3f}", "", "", ""])
        if queue.wrap_up is not None:
            cells.append(_fit(f"{key} wrap-up, s", queue.wrap_up))
    if found.slowing is not None:
        cells.append(_fit("slowing by each in hand", found.slowing, digits=2))
    if found.answer_seconds is not None:
        cells.append(_fit("answer, s", found.answer_seconds))
    cells.append(["missed offers", f"{found.miss_share:.3f}", "", "", ""])
    if found.reached_share is not None:
        cells.append(["calls back picked up", f"{found.reached_share:.3f}", "", "", ""])
    return "\n".join([*lines, *_aligned(cells), ""])


def _fit(what: str, found: calibrate.Fit, *, shape: str = "", digits: int = 1) -> list[str]:
    judged = f"{shape}: {_shape(found.fits)}" if shape else ""
    between = f"{found.low:.{digits}f} to {found.high:.{digits}f}"
    return [what, f"{found.value:.{digits}f}", between, str(found.count), judged]


def _shape(fits: bool | None) -> str:
    return "too few to say" if fits is None else "fits" if fits else "DOES NOT FIT"


def assumptions(found: list[measured.Compared]) -> str:
    """Write what a file assumes beside what was measured."""
    if not found:
        return "the file assumes nothing: it has no `demand`"
    cells = [["the file assumes", "assumed", "measured", ""]]
    for each in found:
        judged = "CONTRADICTED by the records" if each.is_wrong else "not contradicted"
        figures = (f"{value:.{each.digits}f}" for value in (each.assumed, each.measured.value))
        cells.append([each.what, *figures, judged])
    return "\n".join([*_aligned(cells), ""])


def judged(found: list[backtest.Judged]) -> str:
    """Write how often reality lay inside."""
    from callfloor.twin import backtest

    if not found:
        return "backtest: no day could be judged"
    lines = []
    for name, share in backtest.coverage(found).items():
        days = [each for each in found if each.measure == name]
        inside = sum(each.inside for each in days)
        lines.append(
            f"backtest of {name}: {inside} of {len(days)} days ({share * 100:.0f} %) lay inside "
            f"their {backtest.LEVEL * 100:.0f} % interval"
        )
    return "\n".join(lines)


# --- tables ---------------------------------------------------------------------------------------


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
    return [*_aligned(cells), ""]


def _aligned(cells: list[list[str]]) -> list[str]:
    widths = [max(len(row[place]) for row in cells) for place in range(len(cells[0]))]
    return [_row(row, widths).rstrip() for row in cells]


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
