"""
What one agent's desk shows: his own state, the one call in hand, what is written, who waits.

`item` is the call that he has or that rings, its `work` what he does with it:

    None (it rings) | {"state": "talking" | "wrap_up", "since", "until"}

What `me` tells is of all that he has in hand: while a chat rings beside a call it is "ringing", and
while he writes the call's note beside a chat "talking". `texts` are the chats, mails and cases,
those in hand in the order in which he took them, and last the one that is offered:

    {"id", "channel": "chat", "state": "offered" | "talking" | "wrap_up", "since", "until",
     "offer": None | id of the offer, "kind": "queue" | None,
     "client", "client_name", "queue", "queue_name", "customer", "language",
     "arrived_at", "due"}

Pure. The whole of it is sent at each change; it is small, and a desk after many events then equals
the desk freshly loaded. Refuses: to open a sealed value. `card`, made of the records, comes in.
"""

from typing import Any

from callfloor.web.groups import Changed
from callfloor.web.view import AT_WORK, Names

Plain = dict[str, Any]
EMPTY_TODAY = {"answered": 0, "finished": 0}
SHOWN = (
    "client", "state", "since", "arrived_at", "language", "customer", "recording", "direction",
    "paused_until", "recording_refused", "hold_level", "dial",
)  # fmt: skip
"""What of an item goes to its agent's desk as it is."""
HEARD = ("whisper", "join")
"""
How a leader is in a call whom its agent hears; who only listens is shown where the centre's rules
announce it (`supervision_tone`).
"""


def desk(
    board: Plain, agent: str, *, clients: frozenset[str], names: Names, phones: int = 0
) -> Plain | None:
    """
    Return the desk of an agent, None if the plan has no such agent.

    `phones` is how many telephones the plan gives him.
    """
    row = board["agents"].get(agent)
    if row is None:
        return None
    told = (
        *("state", "since", "until", "reason", "by", "device", "part"),
        *("dialed", "ended_by", "help_since"),
    )
    return {
        "me": {name: row[name] for name in told}
        | {
            "phones": phones,
            "today": dict(row["today"]),
            "offer": _offer(row, names),
            "asked": _asked(row, names),
            "hears": _hears(row, names),
        },
        "item": _item(board, row, names),
        "texts": _texts(board, row, names),
        "waiting": waiting(board, clients=clients),
    }


def is_touched(sent: Plain | None, agent: str, changed: Changed) -> bool:
    """
    Say whether an agent's desk may look different after some facts, but for how many wait.

    `sent` is the view that its browser has.
    """
    if sent is None or agent in changed.agents:
        return True
    mine = {text["id"] for text in sent["texts"]}
    if sent["item"] is not None:
        mine.add(sent["item"]["id"])
    return not mine.isdisjoint(changed.items)


def waiting(board: Plain, *, clients: frozenset[str]) -> int:
    """Return how many wait in the queues of some clients."""
    queues = board["queues"].values()
    return sum(len(queue["waiting"]) for queue in queues if queue["client"] in clients)


def _offer(row: Plain, names: Names) -> Plain | None:
    offer = row["offer"]
    if offer is None:
        return None
    return {**offer, "by_name": names.agents.get(offer["by"], offer["by"])}


def _asked(row: Plain, names: Names) -> Plain | None:
    """Return how the last question to somebody ended, with the name of whom he asked."""
    asked = row["asked"]
    if asked is None:
        return None
    name = names.agents.get(asked["to_agent"] or "") or names.queues.get(asked["queue"] or "")
    return {"outcome": asked["outcome"], "at": asked["at"], "name": name}


def _hears(row: Plain, names: Names) -> Plain | None:
    """Return what a leader hears into, with the name of whom he hears."""
    watched = row["supervises"]
    if watched is None:
        return None
    return {**watched, "name": names.agents.get(watched["of"], watched["of"])}


def call_of(board: Plain, row: Plain) -> str | None:
    """Name the call that an agent has in hand or that rings for him; None if it is none."""
    offer = row["offer"]
    if offer is not None and offer["channel"] == "call":
        return str(offer["item"])
    mine = [key for key, work in row["works"].items() if work["channel"] == "call"]
    if mine:
        return str(mine[-1])
    key = row["item"]
    item = board["items"].get(key or "")
    written = item["channel"] != "call" if item is not None else key in row["works"]
    return str(key) if key and not written else None


def _texts(board: Plain, row: Plain, names: Names) -> list[Plain]:
    """Return what is written and in hand, and then what is offered."""
    found = [
        _text(board, key, names, state=work["state"], since=work["since"], until=work["until"])
        for key, work in row["works"].items()
        if work["channel"] != "call"
    ]
    offer = row["offer"]
    if offer is not None and offer["channel"] != "call":
        told = {"state": "offered", "since": row["since"], "until": row["until"]}
        found.append(_text(board, offer["item"], names, offer=offer, **told))
    return found


def _text(
    board: Plain, key: str, names: Names, *, offer: Plain | None = None, **told: Any
) -> Plain:
    item = board["items"].get(key) or dict.fromkeys(
        ("channel", "client", "queue", "customer", "language", "arrived_at", "due")
    )
    shown = ("channel", "client", "queue", "customer", "language", "arrived_at", "due")
    return {name: item[name] for name in shown} | {
        "id": key,
        "client_name": names.clients.get(item["client"] or "", item["client"]),
        "queue_name": names.queues.get(item["queue"] or "", item["queue"]),
        "offer": offer["id"] if offer else None,
        "kind": offer["kind"] if offer else None,
        **told,
    }


def _item(board: Plain, row: Plain, names: Names) -> Plain | None:
    key = call_of(board, row)
    if not key:
        return None
    item, work = board["items"].get(key), _work(row, key)
    if item is None:  # Closed already; the wrap-up goes on with what is known.
        told = {"id": key, "client": row["client"], "state": "wrap_up", "since": row["since"]}
        return told | {"work": work}
    entry = board["queues"].get(item["queue"] or "", {"waiting": {}})["waiting"].get(key)
    return {name: item[name] for name in SHOWN} | {
        "id": key,
        "work": work,
        "client_name": names.clients.get(item["client"], item["client"]),
        "muted": item["muted"],
        "queue": item["queue"],
        "queue_name": names.queues.get(item["queue"] or "", item["queue"]),
        "waiting_since": entry["since"] if entry else None,
        "consult": _consult(item["consult"], names),
        "parties": [_party(each, names) for each in item["parties"]],
        "agent": item["agent"],
        "agent_name": names.agents.get(item["agent"] or "", item["agent"]),
        "helpers": [
            {"name": names.agents.get(key, key), "mode": each["mode"]}
            for key, each in item["supervisors"].items()
            if each["mode"] in HEARD or names.announces
        ],
    }


def _work(row: Plain, key: str) -> Plain | None:
    work = row["works"].get(key)
    return {name: work[name] for name in ("state", "since", "until")} if work else None


def _consult(consult: Plain | None, names: Names) -> Plain | None:
    """Return who is asked: a colleague, a queue's next agent, or somebody outside (no name)."""
    if consult is None:
        return None
    agent, queue = consult["to_agent"], consult["queue"]
    return {
        "by": consult["by"],
        "by_name": names.agents.get(consult["by"], consult["by"]),
        "to_agent": agent,
        "queue": queue,
        "name": names.agents.get(agent or "", agent) or names.queues.get(queue or "", queue),
        "state": consult["state"],
        "since": consult["since"],
    }


def _party(party: Plain, names: Names) -> Plain:
    """Return somebody who talks with the customer too; who is outside has no name."""
    agent = party["agent"]
    return {"agent": agent, "name": names.agents.get(agent or "", agent), "since": party["since"]}


def whom(board: Plain, agent: str, *, clients: frozenset[str], names: Names) -> Plain:
    """Return colleagues and queues of shared clients, and how they are just now."""
    return {
        "agents": [
            {"key": key, "name": names.agents.get(key, key), "state": _state(row, clients)}
            for key, row in board["agents"].items()
            if key != agent and names.clients_of.get(key, frozenset()) & clients
        ],
        "queues": [
            {
                "key": key,
                "name": names.queues.get(key, key),
                "client": row["client"],
                "waiting": len(row["waiting"]),
            }
            for key, row in board["queues"].items()
            if row["client"] in clients and row["channel"] == "call"
        ],
        "text_queues": [
            {
                "key": key,
                "name": names.queues.get(key, key),
                "client": row["client"],
                "channel": row["channel"],
                "waiting": len(row["waiting"]),
            }
            for key, row in board["queues"].items()
            if row["client"] in clients and row["channel"] != "call"
        ],
    }


def _state(row: Plain, clients: frozenset[str]) -> str:
    foreign = row["client"] is not None and row["client"] not in clients
    return "busy" if foreign and row["state"] in AT_WORK else str(row["state"])


def secrets_of(board: Plain, agent: str) -> Plain | None:
    """Return what only the card of who has the call may be made of, None if he has none."""
    row = board["agents"].get(agent)
    key = call_of(board, row) if row else None
    item = board["items"].get(key or "")
    if row is None or item is None:
        return None
    if item["agent"] != agent and row["part"] is None and row["offer"] is None:
        return None  # He has given it away and writes his note.
    return {
        "item": key,
        "client": item["client"],
        "customer": item["customer"],
        "sealed": item["sealed"],
        "token": item["caller"],
        "typed": tuple((each["label"], each["sealed"]) for each in item["typed"]),
    }


def on_a_call(board: Plain, agent: str) -> bool:
    """
    Say whether a person would be cut off if this agent left now.

    What is written goes to the next agent, first in line.
    """
    row = board["agents"].get(agent)
    if row is None:
        return False
    offer = row["offer"]
    rings = offer is not None and offer["channel"] == "call"
    return rings or any(work["channel"] == "call" for work in row["works"].values())
