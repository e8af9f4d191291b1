"""
The board's rows of what each agent has in hand: one call at most, and what he writes beside it.

Pure, as the board whose part it is. Refuses to know what rings; that is the agent's `offer`.
"""

from collections.abc import Callable
from typing import Any

from callfloor.core import facts

Plain = dict[str, Any]
Change = Callable[[Plain, Any, float], None]
TALKING, WRAP_UP = "talking", "wrap_up"
"""He is at it, or writes his note."""


def new_agent() -> Plain:
    """Give what these functions keep of an agent."""
    return {"works": {}}


def channel_of(view: Plain, item: str | None) -> str:
    """Give the channel of an open item; a call for one that nobody keeps."""
    row = view["items"].get(item or "")
    return str(row["channel"]) if row is not None else "call"


def _work(view: Plain, fact: Any) -> Plain | None:
    row = view["agents"].get(fact.agent)
    work: Plain | None = row["works"].get(fact.item) if row is not None else None
    return work


def _bridged(view: Plain, fact: facts.Bridged, at: float) -> None:
    work = _work(view, fact)
    if work is not None:
        work["queue"] = fact.queue or None


def _talk_ended(view: Plain, fact: facts.TalkEnded, at: float) -> None:
    work = _work(view, fact)
    if work is not None:
        work.update(state=WRAP_UP, since=at, until=None)


def _note_begun(view: Plain, fact: facts.NoteBegun, at: float) -> None:
    work = _work(view, fact)
    if work is not None:
        work["until"] = fact.until


def _finished(view: Plain, fact: facts.Finished, at: float) -> None:
    row = view["agents"].get(fact.agent)
    if row is not None:
        row["works"].pop(fact.item, None)


def _agent_changed(view: Plain, fact: facts.AgentChanged, at: float) -> None:
    row = view["agents"].get(fact.agent)
    if row is None:
        return
    works = row["works"]
    if fact.item is None:  # Nothing is in hand, whatever was taken out of it by a fault of ours.
        row["works"] = {}
    elif fact.state == TALKING:
        works.setdefault(fact.item, _begun(view, fact, at))
    elif fact.state == WRAP_UP and fact.item in works:
        works[fact.item]["until"] = fact.until


def _begun(view: Plain, fact: facts.AgentChanged, at: float) -> Plain:
    item = view["items"].get(fact.item)
    return {
        "channel": channel_of(view, fact.item),
        "client": fact.client,
        "queue": item["queue"] if item is not None else None,
        "state": TALKING,
        "since": at,
        "until": None,
    }


CHANGES: dict[type[Any], Change] = {
    facts.Bridged: _bridged,
    facts.TalkEnded: _talk_ended,
    facts.NoteBegun: _note_begun,
    facts.Finished: _finished,
    facts.AgentChanged: _agent_changed,
}
"""What each fact changes here, beside what it changes in the board."""
