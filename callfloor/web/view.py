"""
From the board to what one kind of reader may see: whole views, and the rows that have changed.

Pure. A reader is described by a `Sight`; readers with equal sights get equal bytes, so each view is
made once for all of them. Foreign items never come in; a shared agent's other work is "busy".
Refuses: sealed values and callers' tokens. Those are for the one agent who has the call
(`deskview.py`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

Plain = dict[str, Any]
AT_WORK = frozenset({"ringing", "talking", "wrap_up", "reserved"})
"""Agent states in which there is work of some client in hand."""


@dataclass(frozen=True, kw_only=True)
class Sight:
    """What a reader may see; equal sights see the same."""

    kind: str
    """floor or wallboard."""
    clients: frozenset[str]
    language: str = "en"
    """In which queues are named."""
    team: str | None = None
    """The only team whose agents are shown; None shows all."""
    supervises: bool = False
    """Whether calls are shown with what is needed to hear into them, and who does."""
    hidden: frozenset[str] = frozenset()
    """Contacts that do not exist for him: whoever works on one is busy, and queues count it."""
    reader: str | None = None
    """Whose sight it is, where something is hidden from him; else many share it."""


@dataclass(frozen=True, kw_only=True)
class Emergency:
    """What an emergency is called, and whose callers hear it."""

    name: str
    clients: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Names:
    """Names of people and queues in one language."""

    agents: dict[str, str]
    queues: dict[str, str]
    clients: dict[str, str]
    clients_of: dict[str, frozenset[str]]
    """The clients for whom an agent works."""
    emergencies: dict[str, "Emergency"] = field(default_factory=dict)
    """Those of the plan."""
    announces: bool = False
    """Whether the centre's rules tell an agent that a leader listens."""


def whole(board: Plain, sight: Sight, names: Names) -> Plain:
    """Return all that this reader sees now."""
    return {
        "agents": rows(board, sight, names, "agents", board["agents"]),
        "queues": rows(board, sight, names, "queues", board["queues"]),
        "day": board["day"],
        "alarms": alarms(board, sight),
        "emergencies": emergencies(board, sight, names),
    }


def rows(board: Plain, sight: Sight, names: Names, section: str, keys: Iterable[str]) -> Plain:
    """Return the rows of a section that this reader sees, None for a key that is gone."""
    make = {"agents": agent_row, "queues": queue_row}[section]
    seen = {}
    for key in keys:
        row = make(board, sight, names, key)
        if row is not None:
            seen[key] = row
    return seen


def agent_row(board: Plain, sight: Sight, names: Names, key: str) -> Plain | None:
    """Return an agent as this reader sees him, None if they share no client."""
    row = board["agents"].get(key)
    if row is None or not (names.clients_of.get(key, frozenset()) & sight.clients):
        return None
    state, since = row["state"], row["since"]
    if sight.kind == "wallboard":
        foreign = _is_foreign(row, sight)
        return {"state": "busy" if foreign and state in AT_WORK else _shown_state(board, row)}
    if sight.team is not None and row["team"] != sight.team:
        return None
    shown = {
        "name": names.agents.get(key, key),
        "team": row["team"],
        "device": row["device"],
        "state": _shown_state(board, row),
        "since": since,
        "until": row["until"],
        "reason": row["reason"],
        "by": names.agents.get(row["by"], row["by"]) if row["by"] else None,
        "help_since": row["help_since"],
        "queue": None,
        "today": dict(row["today"]),
    }
    if state in AT_WORK and (_is_foreign(row, sight) or _is_hidden(row, sight, key)):
        shown.update(state="busy", until=None, reason=None, by=None, help_since=None)
        return shown
    if row["supervises"] is not None:  # Nobody else is to see whom a leader hears.
        heard = names.agents.get(row["supervises"]["of"], row["supervises"]["of"])
        shown["hears"] = heard if sight.supervises else None
        return shown
    item = board["items"].get(row["item"] or "")
    if item is not None and state in AT_WORK:
        shown["queue"] = names.queues.get(item["queue"] or "", item["queue"])
        shown["channel"] = item["channel"]
        if item["state"] == "held" and state == "talking" and item["consult"] is None:
            shown.update(state="held", since=item["since"])
        shown["direction"] = item["direction"]
        if sight.supervises and shown["state"] in ("talking", "held"):
            shown["call"] = _call(row, item, names)
    return shown


def _is_foreign(row: Plain, sight: Sight) -> bool:
    return row["client"] is not None and row["client"] not in sight.clients


def _is_hidden(row: Plain, sight: Sight, key: str) -> bool:
    """
    Say whether an agent works on what does not exist for the reader.

    His own work stays his: he talks with the customer, and a call that vanished from under him
    would be cut for the customer too.
    """
    return row["item"] in sight.hidden and key != sight.reader


def _call(row: Plain, item: Plain, names: Names) -> Plain:
    """Return a call as somebody sees it who may hear into it."""
    consult = item["consult"]
    return {
        "item": row["item"],
        "part": row["part"],
        "asks": names.agents.get(consult["to_agent"] or "", "") if consult else None,
        "parties": len(item["parties"]),
        "hold_level": item["hold_level"],
        "heard_by": [
            {"key": key, "name": names.agents.get(key, key), "mode": each["mode"]}
            for key, each in item["supervisors"].items()
        ],
    }


def _shown_state(board: Plain, row: Plain) -> str:
    """Return an agent's state as people call it: nobody talks in a letter."""
    item = board["items"].get(row["item"] or "")
    if row["state"] == "talking" and item is not None and item["channel"] != "call":
        return "writing"
    return str(row["state"])


def queue_row(board: Plain, sight: Sight, names: Names, key: str) -> Plain | None:
    """Return a queue as this reader sees it, None for a foreign client's."""
    row = board["queues"].get(key)
    if row is None or row["client"] not in sight.clients:
        return None
    since = [each["since"] for each in row["waiting"].values()]
    shown = {
        "name": names.queues.get(key, key),
        "channel": row["channel"],
        "goal_seconds": row["goal_seconds"],
        "goal_share": row["goal_share"],
        "waiting": len(since),
        "longest_since": min(since, default=None),
        "today": dict(row["today"]),
    }
    if sight.kind == "wallboard":
        shown["halves"] = {at: counters["offered"] for at, counters in row["halves"].items()}
    return shown


def alarms(board: Plain, sight: Sight) -> list[Plain]:
    """Return the alarms; they are about our own processes and name no client."""
    return list(board["alarms"]) if sight.kind == "floor" else []


def emergencies(board: Plain, sight: Sight, names: Names) -> list[Plain]:
    """Return the emergencies that are on and that callers of this reader's clients hear."""
    if sight.kind != "floor":
        return []
    return [
        {
            "key": key,
            "name": names.emergencies[key].name,
            "by": names.agents.get(row["by"], row["by"]),
            "since": row["since"],
            "until": row["until"],
        }
        for key, row in board["emergencies"].items()
        if key in names.emergencies and names.emergencies[key].clients & sight.clients
    ]


def touched(board: Plain, fact: Plain) -> tuple[set[str], set[str]]:
    """Return the agents and queues whose rows a fact may have changed, after it was applied."""
    agents = {fact[name] for name in ("agent", "to_agent", "chosen", "of") if fact.get(name)}
    queues = {fact["queue"]} if fact.get("queue") else set()
    item = board["items"].get(fact.get("item") or "")
    if item is not None:
        agents |= {item["agent"]} if item["agent"] else set()
        agents |= {each["agent"] for each in item["parties"] if each["agent"]}
        agents |= {each["of"] for each in item["supervisors"].values()}
        queues |= {item["queue"]} if item["queue"] else set()
    return agents, queues


def changes(before: Plain, after: Plain) -> Plain:
    """Return the rows that differ, None for one that is gone; what `live.js` merges."""
    return {key: after.get(key) for key in {**before, **after} if before.get(key) != after.get(key)}
