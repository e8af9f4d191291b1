"""From one plan to the next: what an open call may still need stays, and nothing else."""

import pytest

from callfloor.core import actions, board, events, facts, plan
from callfloor.core.tests import centre

pytestmark = pytest.mark.pure

ALWAYS = plan.CalendarPlan(
    key="always", timezone="UTC", weekly=tuple((day, 0, 1440) for day in range(7))
)
HELLO = plan.Say(key="hello", prompt="hello", next="hours")
HOURS = plan.Hours(key="hours", calendar="always", open="wait", closed="wait")
OLD = centre.floor_plan(
    agents=[centre.agent("anna", "billing", "sales")],
    queues=[centre.queue("billing"), centre.queue("sales")],
    flows=[centre.flow(HELLO, HOURS, plan.Enqueue(key="wait", queue="billing"))],
    calendars=(ALWAYS,),
)
NEW = centre.floor_plan(
    version="2",
    agents=[centre.agent("anna", "billing", "sales")],
    queues=[centre.queue("sales")],
    flows=[centre.flow(plan.Enqueue(key="wait", queue="sales"), version=2)],
)


@pytest.fixture
def hands():
    """Give a call that hears the greeting of the old plan while the new one comes."""
    made = centre.Hands(OLD)
    made.call()
    made.do(events.PlanChanged(plan=NEW), after=1)
    return made


def end_prompt(hands):
    """Let the greeting end."""
    play = hands.acted(actions.Play)[0]
    hands.do(events.PromptEnded(item="i1", play=play.play), after=1)


def test_an_old_flow_asks_its_calendar_and_enters_its_queue(hands):
    """Both are gone from the plan, and the queue was empty when they went."""
    end_prompt(hands)
    assert [fact.queue for fact in hands.said(facts.Queued)] == ["billing"]
    hands.seat("anna")
    assert hands.rings() == {"anna": "i1"}


def test_a_new_call_goes_the_new_way(hands):
    hands.call()
    assert [fact.queue for fact in hands.said(facts.Queued)] == ["sales"]
    assert hands.exchange.house.items["i2"].flow.version == 2


def test_what_nobody_needs_any_more_goes_with_the_next_plan(hands):
    hands.do(events.CustomerLeft(item="i1"))
    hands.do(events.PlanChanged(plan=NEW), after=1)
    assert list(hands.exchange.house.matcher.queues) == ["sales"]


def test_a_screen_shows_who_enters_a_queue_that_is_gone(hands):
    shown = board.Board(OLD)
    shown.use(NEW)
    end_prompt(hands)
    for fact, at in zip(hands.facts, hands.times, strict=True):
        shown.apply(fact, at)
    row = shown.snapshot()["queues"]["billing"]
    assert (row["client"], list(row["waiting"]), row["today"]["offered"]) == ("acme", ["i1"], 1)


def test_a_talk_goes_on_and_its_lost_agent_brings_the_customer_back():
    """The queue that he came from is gone, and he waits in it first all the same."""
    hands = centre.Hands(OLD)
    hands.call()
    end_prompt(hands)
    hands.seat("anna")
    hands.answer("anna")
    hands.do(events.PlanChanged(plan=NEW), after=1)
    assert hands.state("anna") == "talking"
    hands.do(events.DeviceLost(agent="anna", leg="leg-anna"))
    hands.wait(OLD.lost_agent_seconds + 1)
    assert [fact.queue for fact in hands.said(facts.Queued)] == ["billing", "billing"]
