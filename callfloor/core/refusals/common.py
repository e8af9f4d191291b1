"""
What every check asks: who it is, what he has in hand, and whether he is on the line with it.
"""

from typing import Any

from callfloor.core import presence, state


def work_of(house: state.State, agent: str, item: str) -> state.Work | None:
    """Find an agent's part of an item."""
    found = house.agents.get(agent)
    if found is not None:
        for work in found.works:
            if work.item.id == item:
                return work
    return None


def seated(house: state.State, event: Any) -> str | None:
    """Refuse who has no seat."""
    agent = house.agents.get(event.agent)
    if agent is None:
        return "unknown_agent"
    return None if presence.is_seated(agent) else "not_signed_in"


def talking(house: state.State, event: Any) -> str | None:
    """Refuse who is not on the line with this item."""
    work = work_of(house, event.agent, event.item)
    if work is None:
        return not_his(house, event)
    return None if work.phase == "talking" else "not_talking"


def not_his(house: state.State, event: Any) -> str:
    """Say why somebody has no part in an item."""
    agent = house.agents.get(event.agent)
    if agent is None:
        return "unknown_agent"
    return "not_yours" if agent.works else "nothing_in_hand"


def on_call(house: state.State, event: Any) -> str | None:
    """Refuse who is not heard in a call."""
    refused = talking(house, event)
    if refused:
        return refused
    work = work_of(house, event.agent, event.item)
    assert work is not None, "the check before has found it"
    if work.item.channel != "call":
        return "not_a_call"
    return "no_device" if work.kept else None


def serving(house: state.State, event: Any) -> str | None:
    """Refuse who does not serve the customer of a call."""
    refused = on_call(house, event)
    if refused:
        return refused
    work = work_of(house, event.agent, event.item)
    assert work is not None, "the check before has found it"
    if work.item.direction == "internal":
        return "no_customer"
    return None if work.part == "serves" else "not_serving"


def reachable(house: state.State, key: str, *, by: str) -> str | None:
    """Refuse a colleague who cannot be rung: he must be ready or away, with a device."""
    agent = house.agents.get(key)
    if agent is None or not presence.is_seated(agent):
        return "not_signed_in"
    if agent.key == by:
        return "to_yourself"
    if agent.state not in (presence.READY, presence.AWAY):
        return "busy"
    return None if agent.leg is not None else "no_device"


def emergency(house: state.State, event: Any) -> str | None:
    """Refuse to switch what the plan does not have, or what is so already."""
    if event.key not in house.lookup.emergencies:
        return "unknown_emergency"
    return "nothing_changes" if event.on == (event.key in house.emergencies) else None
