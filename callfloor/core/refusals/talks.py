"""
Checks of what an agent does in his call: hold, keys, transfer, recording, end, note.
"""

from typing import Any

from callfloor.core import events, presence, state
from callfloor.core.refusals import common


def hold(house: state.State, event: events.HoldAsked) -> str | None:
    """Refuse a hold within a hold."""
    work = common.work_of(house, event.agent, event.item)
    return common.serving(house, event) or ("already_held" if work and work.on_hold else None)


def resume(house: state.State, event: events.ResumeAsked) -> str | None:
    """Refuse to end what is no hold, or a hold whose question goes on."""
    work = common.work_of(house, event.agent, event.item)
    refused = common.serving(house, event)
    if refused or work is None:
        return refused
    if work.item.consult is not None:
        return "consulting"
    return None if work.on_hold else "not_held"


def keys(house: state.State, event: events.KeysAsked) -> str | None:
    """Refuse keys where nobody outside would hear them."""
    refused = common.on_call(house, event)
    work = common.work_of(house, event.agent, event.item)
    if refused or work is None:
        return refused
    if work.item.direction == "internal":
        return "no_customer"
    return "not_serving" if work.part == "asked" else None


def hang_up(house: state.State, event: events.HangUpAsked) -> str | None:
    """Refuse to cut a customer who waits for the end of a question."""
    work = common.work_of(house, event.agent, event.item)
    if work is None:
        return common.not_his(house, event)
    if work.phase not in state.LIVE:
        return "not_talking"
    consult = work.item.consult
    return "consulting" if consult is not None and consult.by is work else None


def transfer(house: state.State, event: events.TransferAsked) -> str | None:
    """Refuse to give a customer to nobody, or away from others who talk with him."""
    refused = common.talking(house, event)
    work = common.work_of(house, event.agent, event.item)
    if refused or work is None:
        return refused
    if (event.queue is None) == (event.to_agent is None):
        return "no_target"
    item = work.item
    if item.direction == "internal":
        return "no_customer"
    refused = _alone(item, work)
    if refused:
        return refused
    if event.queue is not None:
        return to_queue(house, item, event.queue)
    return _to_agent(house, item, work, event)


def _alone(item: state.Item, work: state.Work) -> str | None:
    if work.part != "serves":
        return "not_serving"
    if item.consult is not None:
        return "consulting"
    joined = any(each.part == "joins" and each.phase == "talking" for each in item.works)
    return "in_conference" if joined or item.guests else None


def to_queue(house: state.State, item: state.Item, key: str) -> str | None:
    """Refuse a queue that cannot take an item."""
    queue = house.matcher.queues.get(key)
    if queue is None:
        return "unknown_queue"
    if queue.plan.client != item.client:
        return "foreign_client"
    if queue.channel != item.channel:
        return "wrong_channel"
    return "queue_full" if len(queue.order) >= queue.plan.length_max else None


def _to_agent(
    house: state.State, item: state.Item, work: state.Work, event: events.TransferAsked
) -> str | None:
    colleague = house.agents.get(event.to_agent or "")
    if colleague is None or not presence.is_seated(colleague):
        return "agent_not_there"
    if colleague.key == event.agent:
        return "to_yourself"
    if work.queue.key not in house.matcher.queues:  # If he does not answer, where would it wait?
        return "no_queue"
    return None if item.client in colleague.plan.clients else "foreign_client"


def pause(house: state.State, event: events.RecordingPauseAsked) -> str | None:
    """Refuse to pause what is not recorded."""
    refused = _recorded(house, event)
    if refused:
        return refused
    return "already_paused" if house.items[event.item].pause is not None else None


def unpause(house: state.State, event: events.RecordingResumeAsked) -> str | None:
    """Refuse to go on with what is not paused."""
    refused = _recorded(house, event)
    if refused:
        return refused
    return None if house.items[event.item].pause is not None else "not_paused"


def _recorded(house: state.State, event: Any) -> str | None:
    refused = common.on_call(house, event)
    if refused:
        return refused
    return None if house.items[event.item].recording else "not_recorded"


def no_recording(house: state.State, event: events.RecordingRefused) -> str | None:
    """Refuse to end what would not be recorded anyway."""
    refused = common.on_call(house, event)
    if refused:
        return refused
    return None if house.items[event.item].recordable else "not_recorded"


def extend(house: state.State, event: events.WrapUpExtended) -> str | None:
    """Refuse more time than the queue gives."""
    work = common.work_of(house, event.agent, event.item)
    if work is None:
        return common.not_his(house, event)
    if work.phase != "wrap_up":
        return "not_in_wrap_up"
    return None if work.extra_seconds < work.queue.wrap_up_extra_seconds else "no_extra_left"


def finish(house: state.State, event: events.WorkFinished) -> str | None:
    """Refuse to finish a call that goes on."""
    work = common.work_of(house, event.agent, event.item)
    if work is None:
        return common.not_his(house, event)
    if work.phase in state.LIVE and work.item.channel == "call":
        return "still_talking"
    return None
