"""A new plan while two hundred calls are there: none is lost, and nobody loses his place."""

import dataclasses
from collections import Counter

import pytest

from callfloor.core import codec, events, invariants, plan
from callfloor.floor.tests import stand
from callfloor.twin import replay
from callfloor.twin.tests import centre

pytestmark = pytest.mark.twin

CALLS, AGENTS = 200, 60
IN_FLOW, WAITING = 50, 90
"""How many are still at the notice or the menu, and how many wait; the others talk."""


@pytest.fixture
def house(tmp_path):
    """Give a floor with two hundred calls: in flows, in three queues, and in talks."""
    made = stand.Stand(tmp_path, floor_plan=with_sounds(centre.floor_plan(agents=AGENTS)))
    made.start()
    for n in range(AGENTS):
        made.happen(events.DeviceUp(agent=f"a{n:02}", leg=f"leg-a{n:02}"))
        made.happen(events.AgentSignedIn(agent=f"a{n:02}", ready=True))
    for n in range(CALLS):
        made.step(0.1)
        call = {"channel": "call", "called": "900", "trunk": "trunk"}
        made.floor.happen(events.ItemArrived(item=f"i{n:03}", leg=f"leg-i{n:03}", **call))
        if n >= IN_FLOW:
            to_queue(made, n)
    answer_all(made)
    return made


def with_sounds(source: plan.FloorPlan) -> plan.FloorPlan:
    """Let nothing be said that the stand has no file for; queues then wait for nobody's prompt."""
    queues = tuple(
        dataclasses.replace(each, welcome=(), wait_seconds_max=None, overflow=None,
                            position_every_seconds=None)
        for each in source.queues
    )  # fmt: skip
    # A call more than two hundred must still come in.
    trunks = (plan.TrunkPlan(key="trunk", calls_max=CALLS + 1),)
    return dataclasses.replace(source, queues=queues, trunks=trunks)


def to_queue(house: stand.Stand, n: int) -> None:
    """Bring a call through notice and menu into one of the queues."""
    item = house.floor.exchange.house.items[f"i{n:03}"]
    house.floor.happen(events.PromptEnded(item=item.id, play=item.playing.id))
    house.floor.happen(events.ChoiceMade(item=item.id, step="menu", choice=centre.SKILLS[n % 3]))


def answer_all(house: stand.Stand) -> None:
    """Let everybody for whom it rings answer, until nobody rings."""
    while rings := [a for a in house.floor.exchange.house.agents.values() if a.offer]:
        for agent in rings:
            house.happen(events.OfferAnswered(agent=agent.key, offer=agent.offer.id))


def changed(source: plan.FloorPlan) -> plan.FloorPlan:
    """Change nearly everything: a new menu, skills, tiers, a queue less, agents less and more."""
    flow = source.flows[0]
    steps = (plan.Say(key="hello", prompt="hello", next=flow.first), *flow.steps)
    agents = [
        dataclasses.replace(each, skills=(("billing", 3), ("sales", 2), ("tech", 2)))
        for each in source.agents
    ]
    steps = tuple(step for step in steps if step.key != "tech")
    menu = next(step for step in steps if isinstance(step, plan.Menu))
    fewer = dataclasses.replace(menu, choices=tuple(c for c in menu.choices if c.name != "tech"))
    tier = plan.TierPlan(after_seconds=0.0, requires=(("billing", 1),))
    return dataclasses.replace(
        source,
        version="changed",
        agents=(*agents[5:], plan.AgentPlan(key="new", clients=("acme",))),
        queues=tuple(
            dataclasses.replace(queue, tiers=(tier,), choose="best_skilled", priority_seconds=30.0)
            for queue in source.queues
            if queue.key != "tech"
        ),
        flows=(
            dataclasses.replace(
                flow, version=2, first="hello",
                steps=tuple(fewer if step is menu else step for step in steps),
            ),
        ),
    )  # fmt: skip


def lines(house: stand.Stand) -> dict[str, list[str]]:
    """Name who waits in which queue, in the order of the line."""
    waiting: dict[str, list[tuple[float, int, str]]] = {}
    for item in house.floor.exchange.house.items.values():
        if item.entry is not None:
            row = (item.entry.key, item.entry.seq, item.id)
            waiting.setdefault(item.entry.queue.key, []).append(row)
    return {queue: [item for _, _, item in sorted(rows)] for queue, rows in waiting.items()}


def talks(house: stand.Stand) -> dict[str, str]:
    """Give who talks to whom."""
    agents = house.floor.exchange.house.agents.values()
    return {work.item.id: a.key for a in agents for work in a.works if work.phase == "talking"}


def test_no_call_and_no_place_in_line_is_lost(house):
    """All two hundred are served to their end; those in the old menu go on in the old menu."""
    machine = house.floor.exchange
    before, talking = lines(house), talks(house)
    assert sum(map(len, before.values())) == WAITING
    assert (len(talking), len(machine.house.items)) == (CALLS - IN_FLOW - WAITING, CALLS)
    new = changed(house.floor.plan)
    house.floor.happen(events.PlanChanged(plan=new))
    invariants.check(machine)
    assert house.facts("Closed") == []
    assert lines(house) == before
    assert talks(house) == talking
    assert {item.flow.version for item in machine.house.items.values()} == {1}
    assert house.floor.plan == new
    _the_old_go_their_old_way(house)
    _everybody_is_served(house)
    _replay_is_equal(house)


def _replay_is_equal(house: stand.Stand) -> None:
    """Decide the whole of it again, the change of plan included."""
    stored = house.journal.read("SELECT seq, at, kind, body FROM journal ORDER BY seq")
    rows = [(seq, at, kind, codec.loads(body)) for seq, at, kind, body in stored]
    inputs = [(seq, at, body) for seq, at, kind, body in rows if kind == "input"]
    told = [(seq, at, body) for seq, at, kind, body in rows if kind == "fact"]
    assert replay.differences(inputs=inputs, stored=told) == []


def _the_old_go_their_old_way(house: stand.Stand) -> None:
    """Who was in the menu may still choose what only the old one offers; a new call may not."""
    to_queue(house, 2)
    assert house.floor.exchange.house.items["i002"].entry.queue.key == "tech"
    call = {"channel": "call", "called": "900", "trunk": "trunk"}
    house.floor.happen(events.ItemArrived(item="late", leg="leg-late", **call))
    assert house.floor.exchange.house.items["late"].flow.version == 2
    assert house.facts("StepEntered")[-1].step == "hello"
    house.floor.happen(events.CustomerLeft(item="late"))


def _everybody_is_served(house: stand.Stand) -> None:
    """Let the others choose, and the agents work until nobody is left."""
    items = house.floor.exchange.house.items
    for n in range(IN_FLOW):
        if f"i{n:03}" in items and items[f"i{n:03}"].entry is None:
            to_queue(house, n)
    for agent in list(house.floor.exchange.house.agents.values()):
        if agent.key != "new" and not agent.retired and agent.state == "signed_out":
            house.happen(events.AgentSignedIn(agent=agent.key, ready=True))
    while items:
        house.step(5.0)
        answer_all(house)
        talking = talks(house)
        assert talking, f"nobody serves {sorted(items)[:5]}"
        for item, agent in sorted(talking.items()):
            house.happen(events.HangUpAsked(agent=agent, item=item))
            house.happen(events.WorkFinished(agent=agent, item=item, disposition="done"))
    outcomes = Counter(fact.outcome for fact in house.facts("Closed"))
    assert outcomes == {"answered": CALLS, "left_in_flow": 1}
