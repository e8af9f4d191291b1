"""
What one agent's desk shows: his own state, the one call in hand, how many wait for him.

Pure. The whole of it is sent at each change; it is small, and a desk after many events then equals
the desk freshly loaded. Refuses: to open a sealed value. `card`, made of the records, comes in.
"""

from typing import Any

Plain = dict[str, Any]
EMPTY_TODAY = {"answered": 0, "finished": 0}


def desk(
    board: Plain,
    agent: str,
    *,
    queues: frozenset[str],
    queue_names: dict[str, str],
    client_names: dict[str, str],
) -> Plain | None:
    """Return the desk of an agent, None if the plan has no such agent."""
    row = board["agents"].get(agent)
    if row is None:
        return None
    return {
        "me": {name: row[name] for name in ("state", "since", "until", "reason", "by", "device")}
        | {"today": dict(row["today"])},
        "item": _item(board, row, queue_names, client_names),
        "waiting": sum(
            len(queue["waiting"]) for key, queue in board["queues"].items() if key in queues
        ),
    }


def _item(
    board: Plain, row: Plain, queue_names: dict[str, str], client_names: dict[str, str]
) -> Plain | None:
    key = row["item"]
    if not key:
        return None
    item = board["items"].get(key)
    if item is None:  # Closed already; the wrap-up goes on with what is known.
        return {"id": key, "client": row["client"], "state": "wrap_up", "since": row["since"]}
    shown = {
        name: item[name]
        for name in ("client", "state", "since", "arrived_at", "language", "customer", "recording")
    }
    entry = board["queues"].get(item["queue"] or "", {"waiting": {}})["waiting"].get(key)
    return shown | {
        "id": key,
        "client_name": client_names.get(item["client"], item["client"]),
        "offer": item["offer"],
        "muted": item["muted"],
        "queue": item["queue"],
        "queue_name": queue_names.get(item["queue"] or "", item["queue"]),
        "waiting_since": entry["since"] if entry else None,
    }


def secrets_of(board: Plain, agent: str) -> Plain | None:
    """Return what only this agent's own card may be made of, None if he has no call."""
    row = board["agents"].get(agent)
    item = board["items"].get(row["item"] or "") if row else None
    if item is None or item["agent"] != agent:
        return None
    return {
        "item": row["item"],
        "client": item["client"],
        "customer": item["customer"],
        "sealed": item["sealed"],
        "token": item["caller"],
        "typed": tuple((each["label"], each["sealed"]) for each in item["typed"]),
    }


def on_a_call(board: Plain, agent: str) -> bool:
    """Say whether a person would be cut off if this agent left now."""
    row = board["agents"].get(agent)
    return row is not None and row["state"] in ("ringing", "talking", "wrap_up")
