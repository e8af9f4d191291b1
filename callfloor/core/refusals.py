"""
Which commands mean nothing now, and why: one stable code for each, which the desk translates.

The floor asks before it journals, the exchange asks again before it acts: a command may have
become void on its way. A report from outside (a late key, a prompt of an earlier step) is not a
command; it is simply no longer true, and the module that it is for lets it pass.
"""

from collections.abc import Callable
from typing import Any

from callfloor.core import events, presence, state

Check = Callable[[state.State, Any], str | None]


def refusal(house: state.State, event: events.Event) -> str | None:
    """Give the code why a command means nothing now, or None if it may be carried out."""
    check = CHECKS.get(type(event))
    return check(house, event) if check else None


def work_of(house: state.State, agent: str, item: str) -> state.Work | None:
    """Find an agent's part of an item."""
    found = house.agents.get(agent)
    if found is not None:
        for work in found.works:
            if work.item.id == item:
                return work
    return None


def _known(house: state.State, event: Any) -> str | None:
    return None if event.agent in house.agents else "unknown_agent"


def _seated(house: state.State, event: Any) -> str | None:
    agent = house.agents.get(event.agent)
    if agent is None:
        return "unknown_agent"
    return None if presence.is_seated(agent) else "not_signed_in"


def _sign_in(house: state.State, event: events.AgentSignedIn) -> str | None:
    agent = house.agents.get(event.agent)
    if agent is None or agent.retired:
        return "unknown_agent"
    return "already_signed_in" if presence.is_seated(agent) else None


def _ready(house: state.State, event: events.ReadyAsked) -> str | None:
    refused = _seated(house, event)
    if refused:
        return refused
    agent = house.agents[event.agent]
    if agent.state == presence.RINGING:
        return "ringing"
    idle = agent.state == presence.READY
    return "already_ready" if idle or (agent.works and agent.wish is None) else None


def _away(house: state.State, event: events.AwayAsked) -> str | None:
    reasons = house.lookup.plan.away_reasons
    if reasons and all(reason.key != event.reason for reason in reasons):
        return "unknown_reason"
    return _seated(house, event)


def _offer(house: state.State, event: Any) -> str | None:
    agent = house.agents.get(event.agent)
    if agent is None:
        return "unknown_agent"
    if agent.offer is None or agent.offer.id != event.offer:
        return "offer_gone"
    return None


def _talking(house: state.State, event: Any) -> str | None:
    work = work_of(house, event.agent, event.item)
    if work is None:
        return _not_his(house, event)
    return None if work.phase == "talking" else "not_talking"


def _not_his(house: state.State, event: Any) -> str:
    agent = house.agents.get(event.agent)
    if agent is None:
        return "unknown_agent"
    return "not_yours" if agent.works else "nothing_in_hand"


def _on_call(house: state.State, event: Any) -> str | None:
    refused = _talking(house, event)
    if refused:
        return refused
    work = work_of(house, event.agent, event.item)
    assert work is not None, "the check before has found it"
    if work.item.channel != "call":
        return "not_a_call"
    return "no_device" if work.kept else None


def _hold(house: state.State, event: events.HoldAsked) -> str | None:
    work = work_of(house, event.agent, event.item)
    return _on_call(house, event) or ("already_held" if work and work.on_hold else None)


def _resume(house: state.State, event: events.ResumeAsked) -> str | None:
    work = work_of(house, event.agent, event.item)
    return _on_call(house, event) or (None if work and work.on_hold else "not_held")


def _transfer(house: state.State, event: events.TransferAsked) -> str | None:
    refused = _talking(house, event)
    if refused:
        return refused
    if (event.queue is None) == (event.to_agent is None):
        return "no_target"
    item = house.items[event.item]
    if event.queue is not None:
        return _to_queue(house, item, event.queue)
    return _to_agent(house, item, event)


def _to_queue(house: state.State, item: state.Item, key: str) -> str | None:
    queue = house.matcher.queues.get(key)
    if queue is None:
        return "unknown_queue"
    if queue.plan.client != item.client:
        return "foreign_client"
    if queue.channel != item.channel:
        return "wrong_channel"
    return "queue_full" if len(queue.order) >= queue.plan.length_max else None


def _to_agent(house: state.State, item: state.Item, event: events.TransferAsked) -> str | None:
    colleague = house.agents.get(event.to_agent or "")
    if colleague is None or not presence.is_seated(colleague):
        return "agent_not_there"
    if colleague.key == event.agent:
        return "to_yourself"
    return None if item.client in colleague.plan.clients else "foreign_client"


def _extend(house: state.State, event: events.WrapUpExtended) -> str | None:
    work = work_of(house, event.agent, event.item)
    if work is None:
        return _not_his(house, event)
    if work.phase != "wrap_up":
        return "not_in_wrap_up"
    return None if work.extra_seconds < work.queue.wrap_up_extra_seconds else "no_extra_left"


def _finish(house: state.State, event: events.WorkFinished) -> str | None:
    work = work_of(house, event.agent, event.item)
    if work is None:
        return _not_his(house, event)
    if work.phase == "talking" and work.item.channel == "call":
        return "still_talking"
    return None


CHECKS: dict[type[Any], Check] = {
    events.AgentSignedIn: _sign_in,
    events.AgentSignedOut: _seated,
    events.DeviceUp: _known,
    events.DeviceLost: _known,
    events.ReadyAsked: _ready,
    events.AwayAsked: _away,
    events.OfferAnswered: _offer,
    events.OfferDeclined: _offer,
    events.HoldAsked: _hold,
    events.ResumeAsked: _resume,
    events.MuteAsked: _on_call,
    events.KeysAsked: _on_call,
    events.TransferAsked: _transfer,
    events.HangUpAsked: _talking,
    events.WrapUpExtended: _extend,
    events.WorkFinished: _finish,
}
