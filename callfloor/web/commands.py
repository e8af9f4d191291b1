"""
What an agent's desk may ask, and the floor's command that it becomes.

Pure. The agent is whoever the connection belongs to: no message can name another. Refuses whatever
is not on the list or has a field of another kind.
"""

from collections.abc import Callable
from typing import Any

from callfloor.core import events
from callfloor.core.events import Event

Fields = dict[str, Any]
TEXT_CHARS_MAX = 200  # As floor/commands.py: the longest id has 36 characters.
NUMBER_CHARS_MAX = 40  # E.164 has 15 digits; people write spaces, brackets and hyphens between.
MODES = ("listen", "whisper", "join")


class Misunderstood(Exception):
    """A message that no desk of ours sends."""


def _text(fields: Fields, name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= TEXT_CHARS_MAX:
        raise Misunderstood(name)
    return value


def _flag(fields: Fields, name: str) -> bool:
    value = fields.get(name)
    if not isinstance(value, bool):
        raise Misunderstood(name)
    return value


def _transfer(agent: str, fields: Fields) -> Event:
    item = _text(fields, "item")
    if "to_agent" in fields:
        return events.TransferAsked(agent=agent, item=item, to_agent=_text(fields, "to_agent"))
    return events.TransferAsked(agent=agent, item=item, queue=_text(fields, "queue"))


def _mute(agent: str, fields: Fields) -> Event:
    item = _text(fields, "item")
    return events.MuteAsked(agent=agent, item=item, muted=_flag(fields, "muted"))


def _call(agent: str, fields: Fields) -> Event:
    # Item, leg, zone and seal are the floor's to give; the number goes beside the event.
    to_agent = _text(fields, "to_agent") if "to_agent" in fields else None
    if to_agent is None:
        _number(fields)
    client = _text(fields, "client")
    return events.CallAsked(agent=agent, item="", leg="", client=client, to_agent=to_agent)


def _consult(agent: str, fields: Fields) -> Event:
    item = _text(fields, "item")
    if "to_agent" in fields:
        return events.ConsultAsked(agent=agent, item=item, to_agent=_text(fields, "to_agent"))
    if "queue" in fields:
        return events.ConsultAsked(agent=agent, item=item, queue=_text(fields, "queue"))
    _number(fields)
    return events.ConsultAsked(agent=agent, item=item)


def _number(fields: Fields) -> str:
    value = _text(fields, "number")
    if len(value) > NUMBER_CHARS_MAX:
        raise Misunderstood("number")
    return value


def _supervise(agent: str, fields: Fields) -> Event:
    item, of, mode = _text(fields, "item"), _text(fields, "of"), _text(fields, "mode")
    if mode not in MODES:
        raise Misunderstood("mode")
    return events.SuperviseAsked(agent=agent, item=item, of=of, mode=mode)


def _finish(agent: str, fields: Fields) -> Event:
    item, disposition = _text(fields, "item"), _text(fields, "disposition")
    return events.WorkFinished(agent=agent, item=item, disposition=disposition)


Build = Callable[[str, Fields], Event]


def _of_item(event: Callable[..., Event]) -> Build:
    """Return how a command is built that names an agent and his item, and nothing else."""
    return lambda agent, fields: event(agent=agent, item=_text(fields, "item"))


COMMANDS: dict[str, Build] = {
    "ready": lambda agent, fields: events.ReadyAsked(agent=agent),
    "away": lambda agent, fields: events.AwayAsked(agent=agent, reason=_text(fields, "reason")),
    "help": lambda agent, fields: events.HelpAsked(agent=agent, on=_flag(fields, "on")),
    "answer": lambda agent, fields: events.OfferAnswered(agent=agent, offer=_text(fields, "offer")),
    "decline": lambda agent, fields: events.OfferDeclined(
        agent=agent, offer=_text(fields, "offer")
    ),
    "hold": _of_item(events.HoldAsked),
    "resume": _of_item(events.ResumeAsked),
    "mute": _mute,
    "keys": lambda agent, fields: events.KeysAsked(
        agent=agent, item=_text(fields, "item"), count=len(_text(fields, "keys"))
    ),
    "transfer": _transfer,
    "hang_up": _of_item(events.HangUpAsked),
    "extend": _of_item(events.WrapUpExtended),
    "finish": _finish,
    "call": _call,
    "consult": _consult,
    "consult_end": _of_item(events.ConsultEnded),
    "complete": _of_item(events.TransferCompleted),
    "conference": _of_item(events.ConferenceAsked),
    "leave": _of_item(events.ConferenceLeft),
    "pause_recording": _of_item(events.RecordingPauseAsked),
    "resume_recording": _of_item(events.RecordingResumeAsked),
    "refuse_recording": _of_item(events.RecordingRefused),
    "sign_out": lambda agent, fields: events.AgentSignedOut(agent=agent),
}
"""Each word a desk may say, and how it becomes a command."""
LEADERS: dict[str, Build] = {
    "supervise": _supervise,
    "supervise_end": _of_item(events.SuperviseEnded),
    "take_over": _of_item(events.TakeOverAsked),
}
"""What only those may say who may hear into calls."""


def build(agent: str, fields: Fields) -> Event:
    """
    Return the command that a message asks for.

    Raises Misunderstood.
    """
    word = str(fields.get("do"))
    make = COMMANDS.get(word) or LEADERS.get(word)
    if make is None:
        raise Misunderstood("do")
    return make(agent, fields)


def beside(event: Event, fields: Fields) -> dict[str, str]:
    """Return what goes to the floor in clear beside a command, which it seals before it writes."""
    if isinstance(event, events.KeysAsked):
        return {"keys": _text(fields, "keys")}
    outside = isinstance(event, events.CallAsked) and event.to_agent is None
    if isinstance(event, events.ConsultAsked):
        outside = event.to_agent is None and event.queue is None
    return {"number": _number(fields)} if outside else {}
