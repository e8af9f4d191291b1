"""A small centre of two clients on a stage, and things that happen in it by dice."""

import dataclasses
import random
from pathlib import Path

from callfloor.core import events, plan
from callfloor.web.tests.stage import Stage

NOW = 1_795_310_000.0


def floor_plan() -> plan.FloorPlan:
    """Return a plan in which anna works for both clients."""
    tier = plan.TierPlan(after_seconds=0.0, requires=())
    flows = tuple(
        plan.FlowPlan(
            key=key, version=1, first="wait", steps=(plan.Enqueue(key="wait", queue=queue),)
        )
        for key, queue in (("acme", "help"), ("zeta", "far"))
    )
    return plan.FloorPlan(
        version="v",
        centre="small",
        timezone="Europe/Budapest",
        clients=tuple(plan.ClientPlan(key=key, languages=("en",)) for key in ("acme", "zeta")),
        agents=(
            plan.AgentPlan(key="anna", clients=("acme", "zeta"), team="day"),
            plan.AgentPlan(key="bela", clients=("acme",), team="night"),
            plan.AgentPlan(key="zoe", clients=("zeta",), team="day"),
        ),
        queues=(
            plan.QueuePlan(key="help", client="acme", channel="call", tiers=(tier,)),
            plan.QueuePlan(key="far", client="zeta", channel="call", tiers=(tier,)),
        ),
        flows=flows,
        numbers=(
            plan.NumberPlan(number="900", client="acme", flow="acme", language="en"),
            plan.NumberPlan(number="901", client="zeta", flow="zeta", language="en"),
        ),
        calendars=(),
        away_reasons=(plan.AwayReason(key="lunch"),),
    )


def writing_plan() -> plan.FloorPlan:
    """Return the same plan with a queue of chats, of which anna may have two beside a call."""
    base = floor_plan()
    [queue] = [each for each in base.queues if each.key == "help"]
    chats = dataclasses.replace(queue, key="chats", channel="chat")
    waits = plan.Enqueue(key="wait", queue="chats")
    flow = plan.FlowPlan(key="chats", version=1, first="wait", steps=(waits,))
    number = plan.NumberPlan(number="chat:acme", client="acme", flow="chats", language="en")
    anna = dataclasses.replace(base.agents[0], capacity=(("call", 1), ("chat", 3)), beside_call=2)
    return dataclasses.replace(
        base,
        agents=(anna, *base.agents[1:]),
        queues=(*base.queues, chats),
        flows=(*base.flows, flow),
        numbers=(*base.numbers, number),
    )


def stage() -> Stage:
    """Return a stage with this plan, on which nobody sits yet."""
    return Stage(floor_plan(), data=Path(), now=NOW)


def something(stage: Stage, dice: random.Random) -> None:
    """Let time pass and something happen that may happen now."""
    stage.at(stage.now + dice.choice((0.5, 4.0, 40.0, 900.0)))
    board = stage.board.view
    agent = dice.choice(("anna", "bela", "zoe"))
    row = board["agents"][agent]
    item = row["item"]
    match row["state"]:
        case "signed_out":
            stage.seat(agent)
        case "ringing" if dice.random() < 0.8:
            stage.happen(events.OfferAnswered(agent=agent, offer=board["items"][item]["offer"]))
        case "talking":
            stage.happen(events.CustomerLeft(item=item))
        case "wrap_up":
            stage.happen(events.WorkFinished(agent=agent, item=item, disposition="solved"))
        case "away" | "missed":
            stage.happen(events.ReadyAsked(agent=agent))
        case _:
            stage.arrive(dice.choice(("900", "901")))
