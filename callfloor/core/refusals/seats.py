"""
Checks of what an agent does about his seat and about what rings for him.
"""

from typing import Any

from callfloor.core import events, presence, state
from callfloor.core.refusals import common


def known(house: state.State, event: Any) -> str | None:
    """Refuse who is nobody."""
    return None if event.agent in house.agents else "unknown_agent"


def sign_in(house: state.State, event: events.AgentSignedIn) -> str | None:
    """Refuse who sits already, or may not."""
    agent = house.agents.get(event.agent)
    if agent is None or agent.retired:
        return "unknown_agent"
    return "already_signed_in" if presence.is_seated(agent) else None


def ready(house: state.State, event: events.ReadyAsked) -> str | None:
    """Refuse who wants work already."""
    refused = common.seated(house, event)
    if refused:
        return refused
    agent = house.agents[event.agent]
    if agent.state == presence.RINGING:
        return "ringing"
    idle = agent.state == presence.READY
    busy = agent.works or agent.watch is not None
    return "already_ready" if idle or (busy and agent.wish is None) else None


def away(house: state.State, event: events.AwayAsked) -> str | None:
    """Refuse a reason that is none."""
    reasons = house.lookup.plan.away_reasons
    if reasons and all(reason.key != event.reason for reason in reasons):
        return "unknown_reason"
    return common.seated(house, event)


def help_(house: state.State, event: events.HelpAsked) -> str | None:
    """Refuse to ask twice, and to take back what nobody asked."""
    refused = common.seated(house, event)
    if refused:
        return refused
    asks = house.agents[event.agent].help is not None
    return "nothing_changes" if event.on == asks else None


def offer(house: state.State, event: Any) -> str | None:
    """Refuse an answer to what rings no more."""
    agent = house.agents.get(event.agent)
    if agent is None:
        return "unknown_agent"
    if agent.offer is None or agent.offer.id != event.offer:
        return "offer_gone"
    return None
