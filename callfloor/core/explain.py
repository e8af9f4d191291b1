"""
Why an item was offered to this agent, or to nobody: a small record of what was compared.

Counts per open tier, the chosen one, and at most three who came next with the key that decided.
Refuses to grow: what does not fit into 512 bytes loses its runners-up first, since a replay can
compute every candidate again.
"""

from typing import Any

from callfloor.core import facts, routing, state

BYTES_MAX = 512  # A record is written for every decision of every day; this keeps a day small.
FRAME_BYTES = 330  # Everything of the longest record but its keys and runners-up.
RUNNER_BYTES = 32  # A runner-up but for his key.
TIERS_MAX = 8  # More tiers than anybody keeps in mind; counts of the later ones are left out.


def chosen(
    matcher: routing.Matcher, entry: state.Entry, offer: state.Offer, pick: routing.Pick, now: float
) -> facts.Explained:
    """Explain an offer that the item's search for an agent led to."""
    queue = entry.queue
    agent = pick.agent
    lines = queue.lines[: entry.tier + 1]
    idle = [matcher.idle_of(line) for line in lines[:-1]]
    idle.append(pick.idle)
    why: dict[str, Any] = {
        "rule": queue.plan.choose,
        "chosen": agent.key,
        "level": lines[-1].levels.get(agent.profile.index),
        "ready_seconds": round(now - agent.idle_since, 3),
        "tier": entry.tier,
        "waited_seconds": round(now - entry.queued_at, 3),
        "eligible": [matcher.eligible(line) for line in lines[:TIERS_MAX]],
        "idle": idle[:TIERS_MAX],
        "runners_up": [{"agent": other.key, "key": key} for other, key in pick.runners],
    }
    return _told(entry, offer.id, why)


def alone(
    matcher: routing.Matcher,
    entry: state.Entry,
    offer: state.Offer,
    agent: state.Agent,
    now: float,
) -> facts.Explained:
    """Explain an offer that an agent's search for work led to: he was free, and it was first."""
    preferred = entry.preferred is agent
    lines = entry.queue.lines[: entry.tier + 1]
    why: dict[str, Any] = {
        "rule": "preferred" if preferred else "first_in_line",
        "chosen": agent.key,
        "level": lines[-1].levels.get(agent.profile.index),
        "ready_seconds": round(now - agent.idle_since, 3),
        "tier": entry.tier,
        "waited_seconds": round(now - entry.queued_at, 3),
        "eligible": [matcher.eligible(line) for line in lines[:TIERS_MAX]],
        "idle": [matcher.idle_of(line) for line in lines[:TIERS_MAX]],
        "runners_up": [],
    }
    return _told(entry, offer.id, why)


def nobody(
    matcher: routing.Matcher, entry: state.Entry, reason: str, now: float
) -> facts.Explained:
    """Explain why an item rings nowhere: the reason and the counts at this moment."""
    lines = entry.queue.lines[: entry.tier + 1]
    why: dict[str, Any] = {
        "nobody": reason,
        "tier": entry.tier,
        "waited_seconds": round(now - entry.queued_at, 3),
        "eligible": [matcher.eligible(line) for line in lines[:TIERS_MAX]],
        "idle": [matcher.idle_of(line) for line in lines[:TIERS_MAX]],
    }
    return _told(entry, None, why)


def _told(entry: state.Entry, offer: str | None, why: dict[str, Any]) -> facts.Explained:
    item = entry.item
    runners = why.get("runners_up")
    if runners:
        room = BYTES_MAX - FRAME_BYTES - len(item.id) * 2 - len(item.client) - len(entry.queue.key)
        room -= len(why["chosen"])
        while runners and sum(len(each["agent"]) + RUNNER_BYTES for each in runners) > room:
            runners.pop()
    return facts.Explained(
        item=item.id, client=item.client, queue=entry.queue.key, offer=offer, why=why
    )
