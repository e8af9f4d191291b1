"""
Why an item was offered to this agent, or to nobody: a small record of what was compared.

Counts per open tier, the chosen one, at most three who came next with the key that decided, and
at most three who were not looked at for want of a proof that holds.
Refuses to grow: what does not fit into 512 bytes loses its runners-up first, since a replay can
compute every candidate again.
"""

from typing import Any

from callfloor.core import facts, pools, record, routing, state

_explained = record.maker(facts.Explained)

BYTES_MAX = 512  # A record is written for every decision of every day; this keeps a day small.
FRAME_BYTES = 275  # Everything of the longest record but its keys, counts and runners-up.
TIER_BYTES = 14  # Two counts of a tier.
RUNNER_BYTES = 42  # A runner-up but for his key.
UNPROVEN_BYTES = 40  # Who lacks a proof: their count, and what stands around them.
UNPROVEN_AGENT_BYTES = 32  # One of them but for his key.
UNPROVEN_MAX = 3  # A leader wants to know that somebody was left out and why; all are in a replay.
TIERS_MAX = 8  # More tiers than anybody keeps in mind; counts of the later ones are left out.


def chosen(
    matcher: routing.Matcher, entry: state.Entry, offer: state.Offer, pick: pools.Pick, now: float
) -> facts.Explained:
    """Explain an offer that the item's search for an agent led to."""
    queue, item = entry.queue, entry.item
    agent, idle_now, runners = pick
    tier = entry.tier
    line = queue.lines[tier]
    idle = [idle_now] if tier == 0 else [*_idle(matcher, entry)[:tier], idle_now][:TIERS_MAX]
    by_rank = queue.by_skill or queue.by_share
    why: dict[str, Any] = {
        "rule": queue.plan.choose,
        "chosen": agent.key,
        "level": line.levels.get(agent.profile.index),
        "ready_seconds": now - agent.idle_since,
        "tier": tier,
        "waited_seconds": now - entry.queued_at,
        "eligible": matcher.eligible(line)[:TIERS_MAX],
        "idle": idle,
        "runners_up": [
            {"agent": other.key, "key": abs(rank) if by_rank else now - other.idle_since}
            for rank, _, other in runners
        ],
    }
    room = _room(entry, tiers=len(idle))
    if line.barred:
        room -= _add_unproven(why, matcher, line, room - len(agent.key))
    if len(runners) * (RUNNER_BYTES + len(agent.key)) + len(agent.key) > room:
        _shorten(why, room)
    return _explained(item=item.id, client=item.client, queue=queue.key, offer=offer.id, why=why)


def alone(
    matcher: routing.Matcher,
    entry: state.Entry,
    offer: state.Offer,
    agent: state.Agent,
    now: float,
) -> facts.Explained:
    """Explain an offer that an agent's search for work led to: he was free, and it was first."""
    queue, item = entry.queue, entry.item
    line = queue.lines[entry.tier]
    idle = _idle(matcher, entry)
    why: dict[str, Any] = {
        "rule": "first_in_line" if entry.preferred is None else "preferred",
        "chosen": agent.key,
        "level": line.levels.get(agent.profile.index),
        "ready_seconds": now - agent.idle_since,
        "tier": entry.tier,
        "waited_seconds": now - entry.queued_at,
        "eligible": matcher.eligible(line)[:TIERS_MAX],
        "idle": idle,
        "runners_up": [],
    }
    if line.barred:
        _add_unproven(why, matcher, line, _room(entry, tiers=len(idle)) - len(agent.key))
    return _explained(item=item.id, client=item.client, queue=queue.key, offer=offer.id, why=why)


def nobody(
    matcher: routing.Matcher, entry: state.Entry, reason: str, now: float
) -> facts.Explained:
    """Explain why an item rings nowhere: the reason and the counts at this moment."""
    queue, item = entry.queue, entry.item
    line = queue.lines[entry.tier]
    idle = _idle(matcher, entry)
    why: dict[str, Any] = {
        "nobody": reason,
        "tier": entry.tier,
        "waited_seconds": now - entry.queued_at,
        "eligible": matcher.eligible(line)[:TIERS_MAX],
        "idle": idle,
    }
    if line.barred:
        _add_unproven(why, matcher, line, _room(entry, tiers=len(idle)))
    return _explained(item=item.id, client=item.client, queue=queue.key, offer=None, why=why)


def place_taken(item: state.Item, queue: str, *, of: str, since: float) -> facts.Explained:
    """Explain why a caller stands before others: he waits for a callback since then."""
    why = {"rule": "callbacks_place", "callback": of, "since": since}
    return _explained(item=item.id, client=item.client, queue=queue, offer=None, why=why)


def _idle(matcher: routing.Matcher, entry: state.Entry) -> list[int]:
    """Count who is idle for every open tier."""
    lines = entry.queue.lines
    if entry.tier == 0:
        return [matcher.idle_of(lines[0])]
    return [matcher.idle_of(line) for line in lines[: min(entry.tier + 1, TIERS_MAX)]]


def _room(entry: state.Entry, *, tiers: int) -> int:
    """Count the bytes that are left for who came next and who was left out."""
    item = entry.item
    known = 2 * len(item.id) + len(item.client) + len(entry.queue.key)
    return BYTES_MAX - FRAME_BYTES - TIER_BYTES * tiers - known


def _add_unproven(
    why: dict[str, Any], matcher: routing.Matcher, line: pools.Line, room: int
) -> int:
    """Say who lacks nothing but a proof, and whether it is over; give the bytes that it takes."""
    barred = matcher.unproven(line)
    if not barred or room < UNPROVEN_BYTES:
        return 0
    taken, told = UNPROVEN_BYTES, []
    for agent in barred[:UNPROVEN_MAX]:
        taken += UNPROVEN_AGENT_BYTES + len(agent.key)
        if taken > room:
            taken -= UNPROVEN_AGENT_BYTES + len(agent.key)
            break
        told.append({"agent": agent.key, "proof": _state_of_proof(agent, line.queue)})
    why["unproven"] = {"count": len(barred), "agents": told}
    return taken


def _state_of_proof(agent: state.Agent, queue: pools.Queue) -> str:
    """Say whether a proof is over that the queue asks for; else there is none that holds yet."""
    return "over" if not queue.proven.isdisjoint(agent.over) else "missing"


def _shorten(why: dict[str, Any], room: int) -> None:
    """Leave out the last runners-up until the rest fits."""
    runners = why["runners_up"]
    room -= len(why["chosen"])
    while runners and sum(len(each["agent"]) + RUNNER_BYTES for each in runners) > room:
        runners.pop()
