"""
What must hold at every moment, looked at from outside: laws I1 to I5 of the exchange.

`check` reads the plan and the state and never asks the matcher, so that a fault in its bits cannot
hide itself. It costs items times agents: for tests at every event, for a live floor now and then.
"""

from callfloor.core import callbacks, exchange, plan, pools, presence, routing, state


def check(machine: exchange.Exchange) -> None:
    """
    Prove the invariants of a floor.

    Raises AssertionError that names the law and the item or agent.
    """
    house = machine.house
    leased = machine.house.timers.subjects()
    calls = {(each.client, each.caller) for each in house.items.values() if _calls(each)}
    for item in house.items.values():
        _one_of_two(item, calls)
        _nobody_lost(house, item, leased)
        _one_owner(item)
        _place_kept(item)
    for queue in house.matcher.queues.values():
        _order_is_whole(house, queue)
    for agent in house.agents.values():
        _nobody_stuck(agent, leased)
    _work_conserved(house)
    _lines_counted(house)
    _callers_listed(house)


def _nobody_lost(house: state.State, item: state.Item, leased: set[int]) -> None:
    """I1: an open item waits, is worked on, or has a lease in its flow."""
    if item.entry is not None:
        assert item.entry.gen == 0, f"I1: {item.id} waits in an entry that has ended"
        return
    consult = item.consult
    if consult is not None and consult.answered_at is None:
        rings = consult.offer is not None or (
            consult.dial is not None and id(consult.dial) in leased
        )
        assert rings or id(consult) in leased, f"I1: {item.id} is asked about for ever"
    if item.dial is not None:
        assert id(item.dial) in leased, f"I1: {item.id} is dialed for ever"
    if item.rest is not None:
        assert id(item.rest) in leased, f"I1: {item.id} rests for ever"
        return
    if item.works:
        return
    if item.guests:
        assert item.customer_here, f"I1: {item.id} has guests and no customer"
        assert id(item) in leased, f"I1: {item.id} is unattended for ever"
        return
    assert item.customer_here, f"I1: {item.id} is open without customer and agent"
    playing = item.playing is not None and id(item.playing) in leased
    assert playing or id(item) in leased, f"I1: {item.id} is in its flow without a lease"


def _one_owner(item: state.Item) -> None:
    """I2: an item rings for one agent, is talked to by one, and never both."""
    live = [work for work in item.works if work.phase in state.LIVE]
    owners = [work for work in live if work.part == "serves"]
    assert len(owners) <= 1, f"I2: {item.id} is with two agents"
    assert owners or not live, f"I2: {item.id} has agents and none whose it is"
    assert item.entry is None or not live, f"I2: {item.id} waits while somebody talks to it"
    _beside_it(item, live)
    offer = item.entry.offer if item.entry is not None else None
    if offer is not None:
        assert offer.agent.offer is offer, f"I2: {item.id} rings for one who does not know"
        assert offer.item is item, f"I2: {item.id} rings by another's offer"


def _calls(item: state.Item) -> bool:
    return item.caller is not None and item.direction == "in" and item.customer_here


def _one_of_two(item: state.Item, calls: set[tuple[str, str | None]]) -> None:
    """I2: a customer who calls himself is not waited for by a callback of his beside it."""
    if item.direction == "callback" and callbacks.is_waiting(item):
        both = (item.client, item.caller) in calls
        assert not both, f"I2: {item.id} waits for a customer who is on the line"
    for aside in item.stands_for:
        assert item.customer_here, f"I2: {aside.id} stands aside for who has gone"
        held = aside.rest is not None and aside.rest.by is item
        assert held, f"I2: {aside.id} does not know for whom it stands aside"


def _beside_it(item: state.Item, live: list[state.Work]) -> None:
    """I2: who is asked belongs to a question, a question to who serves, a leader to a part."""
    consult = item.consult
    asked = [work for work in live if work.part == "asked"]
    assert asked == ([consult.work] if consult and consult.work else []), f"I2: {item.id}: asked"
    if consult is not None:
        assert consult.by is state.owner(item), f"I2: {item.id} is asked about by another"
        assert consult.by.on_hold, f"I2: {item.id} hears a question about it"
    for watch in item.watches:
        assert watch.of in live, f"I2: {watch.leader.key} hears who is not in {item.id}"
        assert watch.leader.watch is watch, f"I2: {watch.leader.key} does not know what he hears"


def _place_kept(item: state.Item) -> None:
    """I5: a place in line is the birth minus the credits, whatever happened meanwhile."""
    entry = item.entry
    if entry is None:
        return
    assert (entry.key, entry.seq) in entry.queue.order, f"I5: {item.id} has lost its place"
    if entry.offer is not None:
        return
    line = entry.queue.lines[entry.tier]
    rows = entry.preferred.awaited if entry.preferred is not None else line.heap
    filed = any(row is entry.row for row in rows)
    assert filed, f"I5: {item.id} is not filed where it is looked for"
    assert entry.row == (entry.key, entry.seq, entry), f"I5: {item.id} is filed at another place"


def _order_is_whole(house: state.State, queue: pools.Queue) -> None:
    """I5: the order of a queue holds everybody who waits in it and nobody else."""
    entries = [item.entry for item in house.items.values()]
    waiting = sorted((each.key, each.seq) for each in entries if each and each.queue is queue)
    assert waiting == queue.order, f"I5: the order of {queue.key} is not that of who waits"


def _callers_listed(house: state.State) -> None:
    """I1: who came in is found by his token, in the order of his coming, and nobody else is."""
    listed: dict[tuple[str, str], list[str]] = {}
    for item in house.items.values():
        if item.direction == "in" and item.caller is not None:
            listed.setdefault((item.client, item.caller), []).append(item.id)
    found = {who: [each.id for each in calls] for who, calls in house.calls_of.items()}
    assert found == listed, "I1: the calls of a caller are not those that there are"


def _lines_counted(house: state.State) -> None:
    """I3: a line that counts against a cap belongs to an open call, and a trunk has no other."""
    legs: set[str] = set()
    calls: dict[str, int] = {}
    for item in house.items.values():
        if item.trunk is not None and item.customer_here:
            calls[item.trunk] = calls.get(item.trunk, 0) + 1
        dialed = item.customer_here or item.dial is not None
        legs |= {item.leg} if item.direction != "in" and dialed else set()
        legs |= {guest.leg for guest in item.guests}
        if item.consult is not None and item.consult.leg is not None:
            legs.add(item.consult.leg)
        assert not item.recording or state.owner(item), f"I6: {item.id} is recorded for nobody"
    for leg, line in house.ledger.running.items():
        assert leg in legs, f"I3: line {leg} counts and belongs to nobody"
        calls[line.trunk] = calls.get(line.trunk, 0) + 1
    counted = {key: count for key, count in house.calls_of_trunk.items() if count}
    assert counted == calls, f"I3: trunks count {counted}, and carry {calls}"


def _nobody_stuck(agent: state.Agent, leased: set[int]) -> None:
    """I3: an agent's state is what he has in hand, and everything in hand that ends has a lease."""
    state_of = _state_by_work(agent)
    if state_of is None:
        at_rest = (presence.SIGNED_OUT, presence.READY, presence.AWAY, presence.MISSED)
        assert agent.state in at_rest, f"I3: {agent.key} is {agent.state} with nothing in hand"
    else:
        assert agent.state == state_of, f"I3: {agent.key} is {agent.state}, not {state_of}"
    if agent.offer is not None:
        assert id(agent.offer) in leased, f"I3: {agent.key} is offered something without a lease"
    for work in agent.works:
        assert work in work.item.works, f"I3: {agent.key} works on what is not his"
        ends = work.kept or work.phase == "wrap_up"
        assert not ends or id(work) in leased, f"I3: {agent.key} is at {work.item.id} for ever"
        assert ends or _somebody_there(work), f"I3: {agent.key} talks to nobody"


def _somebody_there(work: state.Work) -> bool:
    """Say whether an agent who is on the line has somebody there, or a lease."""
    item = work.item
    if work.phase == "dialing":
        return item.dial is not None or item.ringing is not None
    if item.direction == "internal":
        return sum(each.phase == "talking" for each in item.works) > 1
    return item.customer_here


def _state_by_work(agent: state.Agent) -> str | None:
    if agent.offer is not None:
        return presence.RINGING
    if agent.watch is not None:
        return presence.RESERVED
    if not agent.works:
        return None
    if any(work.phase in state.LIVE for work in agent.works):
        return presence.TALKING
    return presence.WRAP_UP


def _work_conserved(house: state.State) -> None:
    """I4: nobody eligible waits beside somebody eligible who is ready."""
    open_to: list[tuple[state.Agent, tuple[str, ...]]] = []
    for agent in house.agents.values():
        channels = routing.open_channels(agent)
        assert agent.pooled == channels, f"I4: {agent.key} stands in the wrong pool"
        if channels:
            open_to.append((agent, channels))
    for item in house.items.values():
        entry = item.entry
        if entry is None or entry.offer is not None:
            continue
        for agent, channels in open_to:
            may = entry.queue.channel in channels and _may_have(entry, agent, house.now)
            assert not may, f"I4: {item.id} waits beside {agent.key}, who is idle"


def _may_have(entry: state.Entry, agent: state.Agent, now: float) -> bool:
    queue: plan.QueuePlan = entry.queue.plan
    if entry.preferred is not None:
        return entry.preferred is agent
    if queue.client not in agent.plan.clients or routing.is_shunned(entry, agent, now):
        return False
    if not set(queue.proven) <= set(agent.proven):
        return False
    skills = dict(agent.plan.skills)
    return any(
        all(skills.get(skill, 0) >= lowest for skill, lowest in tier.requires)
        for tier in queue.tiers[: entry.tier + 1]
    )
