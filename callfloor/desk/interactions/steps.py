"""
The timeline of one interaction as people read it: for each step an icon, a meaning, a second line.

Refuses: steps that only machines care for; they stay in the records.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from callfloor.records.interactions.queries import TimelineRow
from callfloor.records.routing import queries as routing
from callfloor.ui.templatetags.ui import digits, duration, number

LOOKS = {
    "Arrived": ("ring", "neutral"),
    "Restored": ("undo", "warn"),
    "Recognised": ("person", "neutral"),
    "Chose": ("keypad", "neutral"),
    "Typed": ("keypad", "neutral"),
    "NoticeGiven": ("check", "good"),
    "LanguageSet": ("globe", "neutral"),
    "Queued": ("clock", "accent"),
    "TierOpened": ("target", "neutral"),
    "Ringing": ("ring", "accent"),
    "RingEnded": ("neutral", "warn"),
    "Bridged": ("phone", "good"),
    "Held": ("pause", "warn"),
    "Unheld": ("play", "neutral"),
    "Muted": ("micoff", "neutral"),
    "KeysSent": ("keypad", "neutral"),
    "Transferred": ("transfer", "neutral"),
    "RecordingStarted": ("rec", "neutral"),
    "RecordingStopped": ("rec", "neutral"),
    "TalkEnded": ("hangup", "neutral"),
    "Finished": ("note", "neutral"),
    "Interrupted": ("warn", "bad"),
    "Closed": ("flag", "neutral"),
}
"""Icon and meaning of each kind that is shown."""


CHOICES = {"Chose": "choice", "Typed": "label"}
"""Where the key of a choice stands."""


@dataclass(frozen=True)
class Step:
    """One line of the timeline."""

    at: dt.datetime
    label: str
    icon: str
    tone: str
    detail: str
    value: str | None


def steps(rows: tuple[TimelineRow, ...]) -> list[Step]:
    """Return what is shown of a timeline, in order."""
    names = routing.choice_names(keys=filter(None, map(_choice, rows)))
    shown: list[Step] = []
    chosen = None
    for row in rows:
        if row.kind == "Typed" and _choice(row) == chosen:
            shown[-1] = replace(shown[-1], value=row.value)  # The key of the choice just before.
        elif row.kind in LOOKS:
            shown.append(_step(row, names))
        chosen = _choice(row) if row.kind == "Chose" else None
    return shown


def _choice(row: TimelineRow) -> str | None:
    return row.data.get(CHOICES.get(row.kind, ""))


def _step(row: TimelineRow, names: dict[str, str]) -> Step:
    icon, tone = LOOKS[row.kind]
    write = DETAILS.get(row.kind)
    if row.kind in CHOICES:
        detail = names.get(_choice(row) or "", "")
    else:
        detail = write(row.data) if write else ""
    return Step(row.at, str(row.label), icon, tone, detail, row.value)


def _join(*parts: object) -> str:
    return " · ".join(str(part) for part in parts if part)


def _queued(data: dict[str, Any]) -> str:
    place = _("place %(position)s") % {"position": number(data.get("position") or 1)}
    return _join(data.get("queue_name"), place)


def _talk_ended(data: dict[str, Any]) -> str:
    talked = _("talked %(time)s") % {"time": duration(data.get("talk_seconds"))}
    held = data.get("hold_seconds")
    return _join(talked, _("held %(time)s") % {"time": duration(held)} if held else "")


def _tier(data: dict[str, Any]) -> str:
    return _("tier %(tier)s") % {"tier": number((data.get("tier") or 0) + 1)}


DETAILS: dict[str, Callable[[dict[str, Any]], str]] = {
    "Arrived": lambda data: digits(_join(data.get("called"))),
    "Queued": _queued,
    "TierOpened": _tier,
    "Ringing": lambda data: _join(data.get("agent_name")),
    "RingEnded": lambda data: _join(data.get("agent_name")),
    "Bridged": lambda data: _join(data.get("agent_name")),
    "Held": lambda data: _join(data.get("agent_name")),
    "Unheld": lambda data: duration(data.get("held_seconds")),
    "Transferred": lambda data: _join(data.get("queue_name"), data.get("to_agent_name")),
    "TalkEnded": _talk_ended,
    "Finished": lambda data: _join(data.get("agent_name"), data.get("disposition_name")),
    "Muted": lambda data: _("Mute") if data.get("muted") else _("Unmute"),
}
