"""
Which events a person may cause over the link, and how one is read from what web sent.

The fixed list is the wall: no message of a browser can become an arrival, a plan or a clock.

Refuses: to ask whether the person may (web did, with `kernel.access`) or whether it fits the moment
(`Exchange.refusal` does).
"""

import dataclasses
import typing
from typing import Any

from callfloor.core import events

COMMANDS: tuple[type[events.Event], ...] = (
    events.AgentSignedIn,
    events.AgentSignedOut,
    events.ReadyAsked,
    events.AwayAsked,
    events.HelpAsked,
    events.OfferAnswered,
    events.OfferDeclined,
    events.HoldAsked,
    events.ResumeAsked,
    events.MuteAsked,
    events.KeysAsked,
    events.TransferAsked,
    events.CallAsked,
    events.ConsultAsked,
    events.ConsultEnded,
    events.TransferCompleted,
    events.ConferenceAsked,
    events.ConferenceLeft,
    events.SuperviseAsked,
    events.SuperviseEnded,
    events.TakeOverAsked,
    events.RecordingPauseAsked,
    events.RecordingResumeAsked,
    events.RecordingRefused,
    events.HangUpAsked,
    events.WrapUpExtended,
    events.WorkFinished,
    events.EmergencySet,
)
OURS: dict[type[events.Event], dict[str, Any]] = {
    events.CallAsked: {"item": "", "leg": ""}
    | dict.fromkeys(("zone", "callee", "sealed"))
    | {"emergency": False},
    events.ConsultAsked: dict.fromkeys(("leg", "zone", "callee", "sealed")) | {"emergency": False},
}
"""What the floor alone says of a call (`callees`), with what stands there before it has."""
TEXT_CHARS_MAX = 200  # Keys, ids and reasons; the longest id has 36 characters.

_BY_NAME = {command.__name__: command for command in COMMANDS}
_HINTS = {command: typing.get_type_hints(command) for command in COMMANDS}


class BadCommand(Exception):
    """What came is no command of the list, or a field has the wrong kind."""


def read(plain: Any) -> events.Event:
    """
    Build a command from its plain form.

    Raises BadCommand if it is not on the list, lacks a field, or has one too many or of another
    kind.
    """
    if not isinstance(plain, dict):
        raise BadCommand("a command is an object")
    command = _BY_NAME.get(str(plain.get("is")))
    if command is None:
        raise BadCommand("no such command")
    given = {name: value for name, value in plain.items() if name != "is"}
    ours = OURS.get(command, {})
    if any(given.get(name, ours[name]) != ours[name] for name in ours):
        raise BadCommand("the floor says that itself")
    given |= ours
    _check(command, given)
    return command(**given)


def _check(command: type[events.Event], given: dict[str, Any]) -> None:
    hints = _HINTS[command]
    for field in dataclasses.fields(command):
        if field.name not in given and field.default is dataclasses.MISSING:
            raise BadCommand(f"{field.name} is missing")
    for name, value in given.items():
        if name not in hints or not _fits(value, hints[name]):
            raise BadCommand(f"{name[:TEXT_CHARS_MAX]} does not fit")


def _fits(value: Any, hint: Any) -> bool:
    kinds = typing.get_args(hint) or (hint,)
    # A bool is an int to Python, so kinds are compared and not asked by isinstance.
    return type(value) in kinds and not (isinstance(value, str) and len(value) > TEXT_CHARS_MAX)
