"""The board: the sums of every queue at every moment, and a fresh screen like an old one."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callfloor.core import board, events, facts
from callfloor.core.tests import centre, storm

pytestmark = pytest.mark.pure


def told(seed: int, steps: int) -> list[tuple[float, facts.Fact]]:
    """Give the facts of a storm with the instants of their decisions."""
    wild = storm.Storm(seed, faults=False)
    for _ in range(steps):
        wild.step()
    return list(zip(wild.hands.times, wild.hands.facts, strict=True))


def outcomes(counters: dict) -> int:
    """Add up what an offered entry may have become, or still be."""
    names = ("answered", "abandoned", "callback_asked", "message_left", "diverted", "lost")
    total: int = sum(counters[name] for name in names)
    return total + counters["waiting"]


class TestSums:
    @pytest.mark.parametrize("seed", range(3))
    def test_hold_at_every_moment(self, seed):
        """Offered = outcomes + waiting, by queue and by half hour, after every single fact."""
        shown = board.Board(storm.storm_plan())
        for at, fact in told(seed, 300):
            shown.apply(fact, at)
            for queue in shown.view["queues"].values():
                rows = [queue["today"], *queue["halves"].values()]
                assert [row["offered"] for row in rows] == [outcomes(row) for row in rows]
                assert queue["today"]["waiting"] == len(queue["waiting"])
                halves = sum(row["offered"] for row in queue["halves"].values())
                assert queue["today"]["offered"] == halves

    @pytest.mark.parametrize("seed", range(7, 17))
    def test_show_what_the_exchange_holds(self, seed):
        """After a storm the board's agents, items and lines are those of the exchange."""
        wild = storm.Storm(seed, faults=False)
        shown = board.Board(storm.storm_plan())
        for _ in range(400):
            wild.step()
        for at, fact in zip(wild.hands.times, wild.hands.facts, strict=True):
            shown.apply(fact, at)
        house = wild.hands.exchange.house
        for key, row in shown.view["agents"].items():
            agent = house.agents[key]
            assert (row["state"], row["device"]) == (agent.state, agent.leg is not None)
            assert row["since"] == agent.since
        assert set(shown.view["items"]) == set(house.items)
        for item in house.items.values():
            if item.entry is not None:
                waiting = shown.view["queues"][item.entry.queue.key]["waiting"]
                assert waiting[item.id]["tier"] == item.entry.tier
                assert waiting[item.id]["since"] == item.entry.queued_at


class TestWorks:
    @pytest.mark.parametrize("seed", range(4))
    def test_are_what_each_agent_has_in_hand_at_every_moment(self, seed):
        """Chats beside one another and beside a call, and the notes that are yet to be written."""
        wild = storm.Storm(seed, faults=False, talks=seed % 2 == 0)
        shown = board.Board(storm.storm_plan())
        for _ in range(250):
            before = len(wild.hands.facts)
            wild.step()
            rows = zip(wild.hands.times[before:], wild.hands.facts[before:], strict=True)
            for at, fact in rows:
                shown.apply(fact, at)
            for key, row in shown.view["agents"].items():
                works = wild.hands.exchange.house.agents[key].works
                assert in_hand(row) == [held(work) for work in works]


def in_hand(row: dict) -> list:
    """Give what a board's row says somebody has in hand."""
    return [
        (item, work["channel"], work["state"], work["until"]) for item, work in row["works"].items()
    ]


def held(work) -> tuple:
    """Give the same of an agent's part as the exchange has it."""
    is_over = work.phase == "wrap_up"
    until = work.wrap_until if is_over else None
    return work.item.id, work.item.channel, "wrap_up" if is_over else "talking", until


class TestRestore:
    @settings(max_examples=25, deadline=None)
    @given(seed=st.integers(0, 10_000), cut=st.integers(0, 400))
    def test_a_fresh_screen_equals_an_old_one(self, seed, cut):
        """A board restored in the middle and fed the rest equals the board that saw it all."""
        rows = told(seed, 150)
        plan = storm.storm_plan()
        whole, early = board.Board(plan), board.Board(plan)
        for at, fact in rows:
            whole.apply(fact, at)
        for at, fact in rows[:cut]:
            early.apply(fact, at)
        late = board.Board.restore(plan, json.loads(json.dumps(early.snapshot())))
        for at, fact in rows[cut:]:
            late.apply(fact, at)
        assert late.snapshot() == whole.snapshot()

    def test_shares_nothing_with_its_snapshot(self):
        """Whoever changes a snapshot changes no board."""
        shown = board.Board(storm.storm_plan())
        shown.snapshot()["queues"]["billing"]["today"]["offered"] = 9
        assert shown.view["queues"]["billing"]["today"]["offered"] == 0


class TestDay:
    def test_turns_at_local_midnight_and_keeps_who_waits(self):
        """Counters begin anew with the centre's day; who waits over midnight stays counted."""
        hands = centre.Hands(centre.floor_plan())
        shown = board.Board(centre.floor_plan())
        hands.call("early")
        hands.wait(86_400)
        hands.call("late")
        for at, fact in zip(hands.times, hands.facts, strict=True):
            shown.apply(fact, at)
        queue = shown.view["queues"]["billing"]
        assert list(queue["waiting"]) == ["early", "late"]
        assert queue["today"]["offered"] == queue["today"]["waiting"] == 1
        assert [row["waiting"] for row in queue["halves"].values()] == [1, 1]

    def test_counts_an_agents_states(self):
        """Ready and away seconds run while the agent is in the state."""
        hands = centre.Hands(centre.floor_plan(agents=[centre.agent("anna", "billing")]))
        shown = board.Board(centre.floor_plan(agents=[centre.agent("anna", "billing")]))
        hands.seat("anna")
        hands.do(events.AwayAsked(agent="anna", reason="lunch"), after=60)
        hands.do(events.ReadyAsked(agent="anna"), after=30)
        for at, fact in zip(hands.times, hands.facts, strict=True):
            shown.apply(fact, at)
        today = shown.view["agents"]["anna"]["today"]
        assert (today["ready_seconds"], today["away_seconds"]) == (60.0, 30.0)

    def test_a_start_of_the_floor_unseats_everybody(self):
        """After FloorStarted nobody is seated until he is back."""
        plan = centre.floor_plan(agents=[centre.agent("anna", "billing")])
        shown = board.Board(plan)
        changed = facts.AgentChanged(agent="anna", state="ready")
        shown.apply(changed, centre.T0)
        shown.apply(facts.PlanApplied(version="1", epoch=2), centre.T0 + 5)
        assert shown.view["agents"]["anna"]["state"] == "signed_out"
        assert shown.view["agents"]["anna"]["today"]["signed_in_seconds"] == 5.0
