"""
The board's rows for calls of more than two: who is asked, who joins, who listens, who is dialed.

Pure, as the board whose part it is: each function takes the view, a fact and its instant. Refuses
to know who hears whom; that is `core.calls`.
"""

from collections.abc import Callable
from typing import Any

from callfloor.core import board_works, facts

Plain = dict[str, Any]
Change = Callable[[Plain, Any, float], None]
SERVES, ASKED, JOINS = "serves", "asked", "joins"
ASIDE = ("consult", "colleague")
"""Offers that leave the item with the agent who has it."""


def new_agent() -> Plain:
    """Give what these functions keep of an agent."""
    return {"offer": None, "part": None, "supervises": None, **untold()}


def untold() -> Plain:
    """Give what an agent is told of how his work went on, while nothing is to be told."""
    return {"dialed": None, "asked": None, "ended_by": None}


def new_item() -> Plain:
    """Give what these functions keep of an item."""
    return {
        "direction": "in",
        "dial": None,
        "consult": None,
        "parties": [],
        "supervisors": {},
        "paused_until": None,
        "recording_refused": False,
        "hold_level": 0,
    }


def offered(view: Plain, fact: facts.Ringing) -> None:
    """Show an agent what rings, of which kind, and who asks."""
    row = view["agents"].get(fact.agent)
    if row is not None:
        row["offer"] = {
            "id": fact.offer, "kind": fact.kind, "by": fact.by, "item": fact.item,
            "channel": board_works.channel_of(view, fact.item),
        }  # fmt: skip


def offer_over(view: Plain, agent: str, item: str) -> None:
    """Show that an item rings for an agent no more; another may."""
    row = view["agents"].get(agent)
    if row is not None and row["offer"] is not None and row["offer"]["item"] == item:
        row["offer"] = None


def is_guest(row: Plain, agent: str) -> bool:
    """Say whether an agent who is connected now joins somebody who has the item already."""
    return row["direction"] == "internal" and row["agent"] not in (None, agent)


def joined(view: Plain, row: Plain, agent: str, at: float) -> None:
    """Show an agent among those who talk with the customer, beside who serves him."""
    _part(view, agent, JOINS)
    row["parties"].append({"agent": agent, "leg": None, "since": at})


def serves(view: Plain, row: Plain, agent: str) -> None:
    """Show an agent as the one who serves the customer."""
    row["parties"] = [each for each in row["parties"] if each["agent"] != agent]
    if row["channel"] == "call":
        _part(view, agent, SERVES)


def left(view: Plain, row: Plain, agent: str) -> bool:
    """Let an agent leave a call; say whether another goes on serving the customer."""
    if row["channel"] == "call":
        _part(view, agent, None)
    row["parties"] = [each for each in row["parties"] if each["agent"] != agent]
    if row["agent"] not in (None, agent):
        return True
    heir = next((each["agent"] for each in row["parties"] if each["agent"]), None)
    if heir is None:
        return False
    row["agent"] = heir
    serves(view, row, heir)
    return True


def _part(view: Plain, agent: str, part: str | None) -> None:
    row = view["agents"].get(agent)
    if row is not None:
        row["part"] = part


def _of(view: Plain, fact: Any) -> Plain | None:
    row: Plain | None = view["items"].get(fact.item)
    return row


def _dialing(view: Plain, fact: facts.Dialing, at: float) -> None:
    row = _of(view, fact)
    if row is not None:
        row["dial"] = {
            "since": at, "rings": False, "leg": fact.leg, "emergency": fact.emergency,
        }  # fmt: skip


def tell(view: Plain, agent: str, **told: Any) -> None:
    """Keep for an agent's desk how something ended, until his work is over."""
    row = view["agents"].get(agent)
    if row is not None:
        row.update(told)


def _far_rang(view: Plain, fact: facts.FarRang, at: float) -> None:
    row = _of(view, fact)
    if row is not None and row["dial"] is not None:
        row["dial"]["rings"] = True


def _dial_ended(view: Plain, fact: facts.DialEnded, at: float) -> None:
    row = _of(view, fact)
    tell(view, fact.agent, dialed=fact.outcome)
    if row is not None:
        row["dial"] = None


def _consult_started(view: Plain, fact: facts.ConsultStarted, at: float) -> None:
    row = _of(view, fact)
    if row is not None:
        row["consult"] = {
            "by": fact.agent, "to_agent": fact.to_agent, "queue": fact.queue, "leg": fact.leg,
            "state": "ringing", "since": at,
        }  # fmt: skip


def _consult_answered(view: Plain, fact: facts.ConsultAnswered, at: float) -> None:
    row = _of(view, fact)
    if fact.to_agent:
        offer_over(view, fact.to_agent, fact.item)
        _part(view, fact.to_agent, ASKED)
    if row is not None and row["consult"] is not None:
        row["consult"].update(to_agent=fact.to_agent, leg=fact.leg, state="talking", since=at)


def _consult_over(view: Plain, fact: facts.ConsultOver, at: float) -> None:
    row = _of(view, fact)
    if row is None or row["consult"] is None:
        return
    asked, row["consult"] = row["consult"], None
    told = {"outcome": fact.outcome, "at": at}
    tell(view, fact.agent, asked=told | {name: asked[name] for name in ("to_agent", "queue")})
    if fact.outcome != "conference":
        return
    if asked["to_agent"]:
        joined(view, row, asked["to_agent"], at)
    else:
        row["parties"].append({"agent": None, "leg": asked["leg"], "since": at})


def _party_gone(view: Plain, fact: facts.PartyGone, at: float) -> None:
    row = _of(view, fact)
    if row is not None:
        row["parties"] = [each for each in row["parties"] if each["leg"] != fact.leg]


def _supervised(view: Plain, fact: facts.Supervised, at: float) -> None:
    row, leader = _of(view, fact), view["agents"].get(fact.agent)
    if row is not None:
        row["supervisors"][fact.agent] = {"of": fact.of, "mode": fact.mode, "since": at}
    if leader is not None:
        before = leader["supervises"]
        since = before["since"] if before and before["item"] == fact.item else at
        leader["supervises"] = {
            "item": fact.item, "of": fact.of, "mode": fact.mode, "since": since,
        }  # fmt: skip


def _supervise_over(view: Plain, fact: facts.SuperviseOver, at: float) -> None:
    row, leader = _of(view, fact), view["agents"].get(fact.agent)
    if row is not None:
        row["supervisors"].pop(fact.agent, None)
    if leader is not None:
        leader["supervises"] = None


def _hold_reminded(view: Plain, fact: facts.HoldReminded, at: float) -> None:
    row = _of(view, fact)
    if row is not None:
        row["hold_level"] = fact.level


def _paused(view: Plain, fact: facts.RecordingPaused, at: float) -> None:
    row = _of(view, fact)
    if row is not None:
        row["paused_until"] = fact.until


def _resumed(view: Plain, fact: facts.RecordingResumed, at: float) -> None:
    row = _of(view, fact)
    if row is not None:
        row["paused_until"] = None


def _notice(view: Plain, fact: facts.NoticeGiven, at: float) -> None:
    row = _of(view, fact)
    if row is not None:
        row["recording_refused"] = row["recording_refused"] or fact.refused


CHANGES: dict[type[Any], Change] = {
    facts.Dialing: _dialing,
    facts.FarRang: _far_rang,
    facts.DialEnded: _dial_ended,
    facts.ConsultStarted: _consult_started,
    facts.ConsultAnswered: _consult_answered,
    facts.ConsultOver: _consult_over,
    facts.PartyGone: _party_gone,
    facts.Supervised: _supervised,
    facts.SuperviseOver: _supervise_over,
    facts.HoldReminded: _hold_reminded,
    facts.RecordingPaused: _paused,
    facts.RecordingResumed: _resumed,
    facts.NoticeGiven: _notice,
}
"""What each fact changes here, beside what it changes in the board."""
