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


def _finish(agent: str, fields: Fields) -> Event:
    item, disposition = _text(fields, "item"), _text(fields, "disposition")
    return events.WorkFinished(agent=agent, item=item, disposition=disposition)


Build = Callable[[str, Fields], Event]
COMMANDS: dict[str, Build] = {
    "ready": lambda agent, fields: events.ReadyAsked(agent=agent),
    "away": lambda agent, fields: events.AwayAsked(agent=agent, reason=_text(fields, "reason")),
    "answer": lambda agent, fields: events.OfferAnswered(agent=agent, offer=_text(fields, "offer")),
    "decline": lambda agent, fields: events.OfferDeclined(
        agent=agent, offer=_text(fields, "offer")
    ),
    "hold": lambda agent, fields: events.HoldAsked(agent=agent, item=_text(fields, "item")),
    "resume": lambda agent, fields: events.ResumeAsked(agent=agent, item=_text(fields, "item")),
    "mute": _mute,
    "keys": lambda agent, fields: events.KeysAsked(
        agent=agent, item=_text(fields, "item"), count=len(_text(fields, "keys"))
    ),
    "transfer": _transfer,
    "hang_up": lambda agent, fields: events.HangUpAsked(agent=agent, item=_text(fields, "item")),
    "extend": lambda agent, fields: events.WrapUpExtended(agent=agent, item=_text(fields, "item")),
    "finish": _finish,
    "sign_out": lambda agent, fields: events.AgentSignedOut(agent=agent),
}
"""Each word a desk may say, and how it becomes a command."""


def build(agent: str, fields: Fields) -> Event:
    """
    Return the command that a message asks for.

    Raises Misunderstood.
    """
    make = COMMANDS.get(str(fields.get("do")))
    if make is None:
        raise Misunderstood("do")
    return make(agent, fields)
