"""
Checks of who may be brought into a call, who may hear into it, and who may be called.
"""

from typing import Any

from callfloor.core import calendars, dialing, events, presence, state
from callfloor.core.refusals import common, talks

MODES = frozenset({"listen", "whisper", "join"})


# --- calls out ------------------------------------------------------------------------------------


def call(house: state.State, event: events.CallAsked) -> str | None:
    """Refuse a call that may not be made; an emergency call passes every gate."""
    refused = common.seated(house, event)
    if refused:
        return refused
    agent = house.agents[event.agent]
    if event.item in house.items:
        return "item_exists"
    client = house.lookup.clients.get(event.client)
    if client is None or (client.key not in agent.plan.clients and not event.emergency):
        return "foreign_client"
    if agent.leg is None:
        return "no_device"
    if not _is_free(agent, emergency=event.emergency):
        return "busy"
    if event.to_agent is not None:
        return common.reachable(house, event.to_agent, by=agent.key)
    return may_dial(
        house, client.key, zone=event.zone, may_call=agent.plan.calls_out, emergency=event.emergency
    )


def _is_free(agent: state.Agent, *, emergency: bool) -> bool:
    if not emergency:
        return agent.state in (presence.READY, presence.AWAY, presence.MISSED)
    return not any(work.item.channel == "call" and work.phase in state.LIVE for work in agent.works)


def may_dial(
    house: state.State,
    key: str,
    *,
    zone: str | None,
    may_call: bool = True,
    emergency: bool = False,
) -> str | None:
    """Ask every gate whether a number may be dialed for a client."""
    client = house.lookup.clients.get(key)
    if client is None:
        return "foreign_client"
    trunk = dialing.next_trunk(
        client=client,
        trunks=house.lookup.trunks,
        calls=house.calls_of_trunk,
        emergency=emergency,
    )
    refused = None
    if not emergency:
        wall = house.now + house.clock_offset
        day_from = calendars.day_begin(at=wall, zone=house.lookup.zone) - house.clock_offset
        refused = dialing.gate(
            ledger=house.ledger,
            client=client,
            zone=house.lookup.zones.get(zone or ""),
            may_call=may_call,
            day_from=day_from,
            now=house.now,
        )
    return refused or (None if trunk is not None else "no_trunk")


def callback(house: state.State, event: events.CallbackArrived) -> str | None:
    """Refuse a callback that could wait nowhere."""
    if event.item in house.items:
        return "item_exists"
    queue = house.matcher.queues.get(event.queue)
    if queue is None:
        return "unknown_queue"
    if queue.plan.client != event.client or event.client not in house.lookup.clients:
        return "foreign_client"
    return None if queue.channel == "call" else "wrong_channel"


# --- consultations --------------------------------------------------------------------------------


def consult(house: state.State, event: events.ConsultAsked) -> str | None:
    """Refuse a question to nobody, to somebody who cannot answer, or beside another."""
    refused = common.serving(house, event)
    if refused:
        return refused
    item = house.items[event.item]
    if item.consult is not None:
        return "consulting"
    if sum(each is not None for each in (event.to_agent, event.queue, event.leg)) != 1:
        return "no_target"
    if event.to_agent is not None:
        return _colleague(house, item, event.to_agent, by=event.agent)
    if event.queue is not None:
        full = talks.to_queue(house, item, event.queue)
        return None if full == "queue_full" else full  # It waits in no line.
    if event.leg in house.ledger.running:
        return "item_exists"
    return may_dial(
        house,
        item.client,
        zone=event.zone,
        may_call=house.agents[event.agent].plan.calls_out,
        emergency=event.emergency,
    )


def _colleague(house: state.State, item: state.Item, key: str, *, by: str) -> str | None:
    refused = common.reachable(house, key, by=by)
    if refused:
        return refused
    return None if item.client in house.agents[key].plan.clients else "foreign_client"


def consult_end(house: state.State, event: events.ConsultEnded) -> str | None:
    """Refuse to end a question that nobody asked."""
    refused = common.serving(house, event)
    if refused:
        return refused
    return None if house.items[event.item].consult is not None else "not_consulting"


def consult_use(house: state.State, event: Any) -> str | None:
    """Refuse to hand a customer to, or bring him together with, who has not answered."""
    refused = consult_end(house, event)
    if refused:
        return refused
    found = house.items[event.item].consult
    assert found is not None, "the check before has found it"
    if found.answered_at is None:
        return "not_answered"
    return "no_device" if found.work is not None and found.work.kept else None


def conference_leave(house: state.State, event: events.ConferenceLeft) -> str | None:
    """Refuse to leave where no others would talk on."""
    refused = common.talking(house, event)
    work = common.work_of(house, event.agent, event.item)
    if refused or work is None:
        return refused
    item = work.item
    if item.consult is not None and item.consult.by is work:
        return "consulting"
    others = item.guests or any(
        each is not work and each.part != "asked" and each.phase == "talking" for each in item.works
    )
    is_one = others and work.part != "asked" and item.direction != "internal"
    return None if is_one else "not_in_conference"


# --- leaders --------------------------------------------------------------------------------------


def supervise(house: state.State, event: events.SuperviseAsked) -> str | None:
    """Refuse a leader who is not free, or a call that is none."""
    refused = common.seated(house, event)
    if refused:
        return refused
    if event.mode not in MODES:
        return "unknown_mode"
    if event.of == event.agent:
        return "to_yourself"
    leader, work = house.agents[event.agent], common.work_of(house, event.of, event.item)
    if work is None or work.phase != "talking" or work.item.channel != "call":
        return "not_talking"
    if leader.watch is not None:
        return None if leader.watch.of is work else "busy"
    if leader.state not in (presence.READY, presence.AWAY, presence.MISSED):
        return "busy"
    return None if leader.leg is not None else "no_device"


def supervise_end(house: state.State, event: Any) -> str | None:
    """Refuse to stop hearing what one does not hear."""
    agent = house.agents.get(event.agent)
    if agent is None:
        return "unknown_agent"
    heard = agent.watch is not None and agent.watch.item.id == event.item
    return None if heard else "not_supervising"


def take_over(house: state.State, event: events.TakeOverAsked) -> str | None:
    """Refuse to take over what is not one agent's call with a customer."""
    refused = supervise_end(house, event)
    if refused:
        return refused
    watch = house.agents[event.agent].watch
    assert watch is not None, "the check before has found it"
    if watch.item.direction == "internal":
        return "no_customer"
    return None if watch.of.part == "serves" else "not_serving"
