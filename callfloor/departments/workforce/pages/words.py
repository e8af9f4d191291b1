"""
How questions, states and verdicts are said.

Refuses: to work anything out. What it says was found by queries and rules.
"""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from callfloor.departments.workforce.queries import TrialRow
from callfloor.departments.workforce.rules import SECONDS, SHARES, Estimate
from callfloor.ui import formats

KINDS: dict[str, tuple[Any, Any, str]] = {
    "sick": (
        gettext_lazy("People are sick"),
        gettext_lazy("What happens if some of the planned people do not come?"),
        "person",
    ),
    "merge": (
        gettext_lazy("Merge two queues"),
        gettext_lazy("What happens if two queues of one client become one?"),
        "join",
    ),
    "tier": (
        gettext_lazy("Add a tier"),
        gettext_lazy("What happens if others may help after some seconds of waiting?"),
        "plus",
    ),
    "queue": (
        gettext_lazy("Change a queue"),
        gettext_lazy("Another goal, ringing time or time for the note."),
        "clock",
    ),
    "more": (
        gettext_lazy("More calls"),
        gettext_lazy("What happens on a day with more calls, or fewer?"),
        "phone",
    ),
    "file": (
        gettext_lazy("Another file"),
        gettext_lazy("A blueprint of your own against the center as it is."),
        "list",
    ),
}
"""Kind to name, hint and icon."""

STATES: dict[str, tuple[Any, str]] = {
    "QUEUED": (pgettext_lazy("trial", "In line"), "neutral"),
    "RUNNING": (pgettext_lazy("trial", "Running"), "accent"),
    "DONE": (pgettext_lazy("trial", "Done"), "good"),
    "FAILED": (pgettext_lazy("trial", "Failed"), "bad"),
    "STOPPED": (pgettext_lazy("trial", "Stopped"), "neutral"),
}

FAULTS: dict[str, Any] = {
    "no_demand": gettext_lazy(
        "The center's file says nothing of calls and shifts. Write its `demand` section, or let "
        "`callfloor calibrate` measure it, and try again."
    ),
    "refused": gettext_lazy(
        "With this change the center's file would have errors, so there is nothing to simulate. "
        "Nothing was changed."
    ),
    "too_long": gettext_lazy("It took too long and was ended. Try fewer days."),
    "too_large": gettext_lazy("It needed more memory than it may have. Try fewer days."),
    "ended": gettext_lazy(
        "The process that simulates ended in the middle of it, twice. The log says why; the calls "
        "of the center were not touched."
    ),
}

FIELDS: dict[str, Any] = {
    "kind": gettext_lazy("Choose what to try."),
    "count": gettext_lazy("Write a whole number from 1 to 500."),
    "people": gettext_lazy("Somebody you chose is not there any more. Choose again."),
    "team": gettext_lazy("This team is not there any more. Choose again."),
    "into": gettext_lazy("Choose a queue."),
    "merged": gettext_lazy("Choose another queue of the same client."),
    "queue": gettext_lazy("Choose a queue."),
    "queue_values": gettext_lazy("Write at least one value that shall be different."),
    "after_seconds": gettext_lazy("Write seconds from 1 to 3600."),
    "skill": gettext_lazy("Choose a skill."),
    "level": gettext_lazy("Write a level from 1 to 5."),
    "goal_seconds": gettext_lazy("Write seconds from 1 to 3600."),
    "goal_share": gettext_lazy("Write a percentage from 1 to 100."),
    "ring_seconds": gettext_lazy("Write seconds from 3 to 120."),
    "wrap_up_seconds": gettext_lazy("Write seconds from 0 to 3600."),
    "percent": gettext_lazy("Write a percentage from -90 to 500, and not 0."),
    "page": gettext_lazy("Go back to the page and look at the change again."),
    "file": gettext_lazy("Choose a blueprint: a text file of at most 4 million characters."),
    "days": gettext_lazy("Write a whole number of days from 3 to 60."),
    "seed": gettext_lazy("Write a whole number, 0 or more."),
}

MEASURES: dict[str, Any] = {
    "service_level": gettext_lazy("Service level"),
    "abandon_rate": gettext_lazy("Abandonment rate"),
    "asa_seconds": gettext_lazy("Average speed of answer"),
    "occupancy": gettext_lazy("Occupancy"),
    "offered": gettext_lazy("Offered"),
    "answered": gettext_lazy("Answered"),
    "abandoned": gettext_lazy("Abandoned"),
    "cost": gettext_lazy("Cost of a day"),
    "occupancy_spread": gettext_lazy("How uneven the load of people is"),
    "wait_spread_seconds": gettext_lazy("How unequal languages wait"),
}

VERDICTS: dict[str, tuple[Any, str, str]] = {
    "better": (gettext_lazy("Clearly better"), "good", "good"),
    "worse": (gettext_lazy("Clearly worse"), "bad", "bad"),
    "more": (gettext_lazy("Clearly more"), "neutral", "neutral"),
    "less": (gettext_lazy("Clearly less"), "neutral", "neutral"),
    "unclear": (gettext_lazy("No clear difference"), "neutral", "neutral"),
}
"""Verdict to words, tone and icon."""


def question(row: TrialRow, *, language: str) -> str:
    """Say what is tried, in one line."""
    asked = row.question
    match asked["kind"]:
        case "sick":
            return _sick(row, language)
        case "merge":
            return _("Merge %(merged)s into %(into)s") % {
                "merged": _name(row, "queue", asked["merged"]),
                "into": _name(row, "queue", asked["into"]),
            }
        case "tier":
            return _("%(queue)s: after %(seconds)s s also %(skill)s from level %(level)s") % {
                "queue": _name(row, "queue", asked["queue"]),
                "seconds": formats.number(asked["after_seconds"], language=language),
                "skill": _name(row, "skill", asked["skill"]),
                "level": formats.number(asked["level"], language=language),
            }
        case "queue":
            return f"{_name(row, 'queue', asked['queue'])}: {_values(asked, language)}"
        case "page":
            return _page(row)
        case "more":
            return _("Calls %(change)s") % {"change": _signed(asked["percent"] / 100, language)}
        case _:
            return _("The file %(name)s") % {"name": asked["name"]}


def _page(row: TrialRow) -> str:
    key = row.question["key"]
    text = {
        "queues": _("%(name)s: the queue as changed on its page"),
        "calendars": _("%(name)s: the hours as changed on their page"),
        "flows": _("%(name)s: the flow as changed on its page"),
    }[row.question["section"]]
    return text % {"name": _name(row, "queue", key)}


def _sick(row: TrialRow, language: str) -> str:
    asked = row.question
    count = int(asked["count"])
    many = formats.number(count, language=language)
    known = [row.names[f"person:{key}"] for key in asked["people"] if f"person:{key}" in row.names]
    if known and len(known) == count <= 3:
        return _("Sick: %(names)s") % {"names": formats.listed(known, language=language)}
    if asked["team"]:
        text = ngettext(
            "%(many)s person of %(team)s is sick", "%(many)s people of %(team)s are sick", count
        )
        return text % {"many": many, "team": _name(row, "team", asked["team"])}
    return ngettext("%(many)s person is sick", "%(many)s people are sick", count) % {"many": many}


def _values(asked: dict[str, Any], language: str) -> str:
    def seconds(field: str) -> dict[str, str]:
        return {"value": formats.number(asked[field], language=language)}

    said = []
    if "goal_share" in asked:
        share = {"value": formats.percent(asked["goal_share"], language=language)}
        said.append(_("goal %(value)s") % share)
    if "goal_seconds" in asked:
        said.append(_("within %(value)s s") % seconds("goal_seconds"))
    if "ring_seconds" in asked:
        said.append(_("rings %(value)s s") % seconds("ring_seconds"))
    if "wrap_up_seconds" in asked:
        said.append(_("wrap-up %(value)s s") % seconds("wrap_up_seconds"))
    return formats.listed(said, language=language)


def _name(row: TrialRow, kind: str, key: str) -> str:
    return row.names.get(f"{kind}:{key}", key)


def value(amount: float, *, measure: str, language: str, places: int = 1) -> str:
    """Write a value of a measure."""
    if measure in SHARES:
        return formats.percent(amount, language=language, places=places)
    if measure in SECONDS:
        return _("%(value)s s") % {
            "value": formats.number(amount, language=language, places=places)
        }
    return formats.number(amount, language=language, places=places if abs(amount) < 100 else 0)


def between(estimate: Estimate, *, measure: str, language: str) -> str:
    """Write the interval of an estimate."""
    low = value(estimate.low, measure=measure, language=language)
    high = value(estimate.high, measure=measure, language=language)
    return _("%(low)s to %(high)s") % {"low": low, "high": high}


def difference(amount: float, *, measure: str, language: str) -> str:
    """Write a difference with its sign; that of shares is in points of a percent."""
    sign = "−" if amount < 0 else "+"
    if measure not in SHARES:
        return _isolated(sign, value(abs(amount), measure=measure, language=language))
    points = formats.number(100 * abs(amount), language=language, places=1)
    return _("%(value)s points") % {"value": _isolated(sign, points)}


def _isolated(sign: str, number: str) -> str:
    """Keep a sign before its number, whichever way the text around runs (UAX 9, 2.4.2)."""
    return f"\u2066{sign}{number}\u2069"


def _signed(share: float, language: str) -> str:
    places = 0 if round(share * 100, 6) == round(share * 100) else 1
    number = formats.percent(abs(share), language=language, places=places)
    return _isolated("−" if share < 0 else "+", number)
