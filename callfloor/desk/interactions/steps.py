"""
The timeline of one interaction as people read it: for each step an icon, a meaning, a second line.

Refuses: steps that only machines care for; they stay in the records.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from callfloor.desk import centre
from callfloor.desk.interactions import words
from callfloor.records.interactions import queries
from callfloor.records.interactions.queries import TimelineRow
from callfloor.records.people import queries as people
from callfloor.records.routing import queries as routing
from callfloor.ui.templatetags.ui import clock, day, digits, duration, number

LOOKS = {
    "Arrived": ("ring", "neutral"),
    "Restored": ("undo", "warn"),
    "Recognised": ("person", "neutral"),
    "Chose": ("keypad", "neutral"),
    "Typed": ("keypad", "neutral"),
    "NoticeGiven": ("check", "good"),
    "LanguageSet": ("globe", "neutral"),
    "Branched": ("globe", "neutral"),
    "Queued": ("clock", "accent"),
    "TierOpened": ("target", "neutral"),
    "Ringing": ("ring", "accent"),
    "RingEnded": ("neutral", "warn"),
    "Bridged": ("phone", "good"),
    "Held": ("pause", "warn"),
    "Unheld": ("play", "neutral"),
    "HoldReminded": ("clock", "warn"),
    "Dialing": ("phone", "accent"),
    "DialEnded": ("phone", "neutral"),
    "CallbackPostponed": ("clock", "warn"),
    "CallbackHeld": ("phone", "accent"),
    "CallbackReturned": ("undo", "neutral"),
    "CallbackWithdrawn": ("check", "good"),
    "CallbackJoined": ("plus", "neutral"),
    "CallbackGivenUp": ("flag", "warn"),
    "ConsultStarted": ("consult", "accent"),
    "ConsultAnswered": ("consult", "good"),
    "ConsultOver": ("consult", "neutral"),
    "PartyGone": ("hangup", "neutral"),
    "Supervised": ("ear", "neutral"),
    "SuperviseOver": ("ear", "neutral"),
    "RecordingPaused": ("pause", "warn"),
    "RecordingResumed": ("rec", "neutral"),
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


EMERGENCY = "@"
"""What the key of a step begins with that no flow has, but an emergency (core/emergencies.py)."""
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
        elif row.kind == "StepEntered" and str(row.data.get("step", "")).startswith(EMERGENCY):
            shown.append(_emergency(row))
        chosen = _choice(row) if row.kind == "Chose" else None
    return shown


def _emergency(row: TimelineRow) -> Step:
    name = centre.emergency_name(row.data["step"].removeprefix(EMERGENCY))
    return Step(row.at, _("An emergency was on"), "warn", "warn", name, row.value)


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
    held, asked = data.get("hold_seconds"), data.get("consult_seconds")
    return _join(
        data.get("agent_name"),
        talked,
        _("held %(time)s") % {"time": duration(held)} if held else "",
        _("asking %(time)s") % {"time": duration(asked)} if asked else "",
    )


def _arrived(data: dict[str, Any]) -> str:
    direction = data.get("direction") or "in"
    label = "" if direction == "in" else queries.direction_label(direction)
    return _join(label, digits(_join(data.get("called"))))


def _dialing(data: dict[str, Any]) -> str:
    return _join(
        data.get("agent_name"),
        _("line %(trunk)s") % {"trunk": data.get("trunk")},
        _("emergency") if data.get("emergency") else "",
    )


def _asked(data: dict[str, Any]) -> str:
    whom = data.get("to_agent_name") or data.get("queue_name")
    return _("%(name)s asks %(whom)s") % {
        "name": data.get("agent_name"),
        "whom": whom or _("somebody outside"),
    }


def _consult_over(data: dict[str, Any]) -> str:
    return _join(words.ending(data.get("outcome")), _seconds(data))


def _seconds(data: dict[str, Any]) -> str:
    return duration(data["seconds"]) if data.get("seconds") else ""


def _supervised(data: dict[str, Any]) -> str:
    return _join(data.get("agent_name"), words.mode(data.get("mode")), data.get("of_name"))


def _supervise_over(data: dict[str, Any]) -> str:
    return _join(data.get("agent_name"), words.ending(data.get("outcome")), _seconds(data))


def _paused(data: dict[str, Any]) -> str:
    return _join(data.get("agent_name"))


def _resumed(data: dict[str, Any]) -> str:
    return _("by itself, the pause was over") if data.get("by_itself") else ""


def _reminded(data: dict[str, Any]) -> str:
    told = _("the leader is told") if data.get("level") == 2 else _("the agent is reminded")
    return _join(duration(data.get("held_seconds")), told)


def _notice(data: dict[str, Any]) -> str:
    return _("does not want to be recorded") if data.get("refused") else ""


def _branched(data: dict[str, Any]) -> str:
    """Say by which language it went where; both as the flow has them."""
    label = _("in any other language") if data.get("otherwise") else ""
    return _join(people.language_name(data.get("language") or ""), label, data.get("to"))


def _later(data: dict[str, Any]) -> str:
    """Say why somebody is called later, and when."""
    until = data.get("until")
    when = dt.datetime.fromtimestamp(until, dt.UTC) if until else None
    told = _("on %(day)s at %(time)s") % {"day": day(when), "time": clock(when)} if when else ""
    return _join(words.ending(data.get("reason")), told)


def _given_up(data: dict[str, Any]) -> str:
    tried = number(data.get("calls") or 0)
    return _join(words.ending(data.get("reason")), _("tried %(count)s times") % {"count": tried})


def _tier(data: dict[str, Any]) -> str:
    return _("tier %(tier)s") % {"tier": number((data.get("tier") or 0) + 1)}


DETAILS: dict[str, Callable[[dict[str, Any]], str]] = {
    "Arrived": _arrived,
    "NoticeGiven": _notice,
    "Branched": _branched,
    "Dialing": _dialing,
    "DialEnded": lambda data: words.ending(data.get("outcome")),
    "ConsultStarted": _asked,
    "ConsultAnswered": lambda data: _join(data.get("to_agent_name")),
    "ConsultOver": _consult_over,
    "PartyGone": _seconds,
    "Supervised": _supervised,
    "SuperviseOver": _supervise_over,
    "HoldReminded": _reminded,
    "RecordingPaused": _paused,
    "RecordingResumed": _resumed,
    "CallbackPostponed": _later,
    "CallbackGivenUp": _given_up,
    "CallbackWithdrawn": lambda data: words.ending(data.get("reason")),
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
