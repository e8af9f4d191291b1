"""
Why an item was offered to this agent, or to nobody: a small record of what was compared.

Counts per open tier, the chosen one, and at most three who came next with the key that decided.
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
    room = BYTES_MAX - FRAME_BYTES - TIER_BYTES * len(idle)
    room -= 2 * len(item.id) + len(item.client) + len(queue.key)
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
    return _explained(
        item=item.id,
        client=item.client,
        queue=queue.key,
        offer=offer.id,
        why={
            "rule": "first_in_line" if entry.preferred is None else "preferred",
            "chosen": agent.key,
            "level": line.levels.get(agent.profile.index),
            "ready_seconds": now - agent.idle_since,
            "tier": entry.tier,
            "waited_seconds": now - entry.queued_at,
            "eligible": matcher.eligible(line)[:TIERS_MAX],
            "idle": _idle(matcher, entry),
            "runners_up": [],
        },
    )


def nobody(
    matcher: routing.Matcher, entry: state.Entry, reason: str, now: float
) -> facts.Explained:
    """Explain why an item rings nowhere: the reason and the counts at this moment."""
    queue, item = entry.queue, entry.item
    line = queue.lines[entry.tier]
    return _explained(
        item=item.id,
        client=item.client,
        queue=queue.key,
        offer=None,
        why={
            "nobody": reason,
            "tier": entry.tier,
            "waited_seconds": now - entry.queued_at,
            "eligible": matcher.eligible(line)[:TIERS_MAX],
            "idle": _idle(matcher, entry),
        },
    )


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


def _shorten(why: dict[str, Any], room: int) -> None:
    """Leave out the last runners-up until the rest fits."""
    runners = why["runners_up"]
    room -= len(why["chosen"])
    while runners and sum(len(each["agent"]) + RUNNER_BYTES for each in runners) > room:
        runners.pop()
