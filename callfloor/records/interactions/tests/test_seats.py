"""What agents were over time: a row for each state, sums by day, and offers that were missed."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from callfloor.core import codec
from callfloor.records.interactions.models import AgentDay, AgentState, MissedOffer
from callfloor.records.interactions.services import seats
from callfloor.records.people.models import Person
from tests.records import scenes
from tests.records.scenes import facts

pytestmark = [pytest.mark.db, pytest.mark.django_db(databases=["default", "keys"])]

STATES = ("ready", "away", "ringing", "talking", "wrap_up", "missed", "reserved", "signed_out")
MIDNIGHT = datetime(2026, 3, 2, 23, tzinfo=UTC).timestamp()  # 0:00 in Budapest.


def change(scene, after, state, *, agent="anna", **values):
    """Write that an agent is in a new state, some seconds after the scene's beginning."""
    said = facts.AgentChanged(agent=agent, state=state, **values)
    scene.raw(at=scenes.START + after, name="AgentChanged", body=codec.dumps(said))


def start(scene, after, *, epoch=2):
    """Write that the floor has been started again."""
    said = facts.PlanApplied(version="v1", epoch=epoch)
    scene.raw(at=scenes.START + after, name="PlanApplied", body=codec.dumps(said))


def states(agent="anna"):
    """Give state, reason and both ends in seconds after the beginning."""
    found = AgentState.objects.filter(agent=agent).order_by("since_at", "pk")
    return [(row.state, row.reason, seconds(row.since_at), seconds(row.until_at)) for row in found]


def seconds(at):
    return at and at.timestamp() - scenes.START


def sums():
    found = AgentDay.objects.order_by("day", "agent", "state", "reason", "simulated")
    columns = ("day", "agent_id", "state", "reason", "simulated", "spent_us")
    return list(found.values_list(*columns))


class TestStates:
    def test_each_lasts_until_the_next(self, scene):
        for after, state in ((0, "away"), (10, "ready"), (40, "ringing"), (45, "signed_out")):
            change(scene, after, state, reason="lunch" if state == "away" else None)
        scenes.project(scene)
        assert states() == [
            ("away", "lunch", 0, 10),
            ("ready", "", 10, 40),
            ("ringing", "", 40, 45),
        ]

    def test_last_one_goes_on(self, scene):
        change(scene, 0, "ready")
        scenes.project(scene)
        assert states() == [("ready", "", 0, None)]
        assert sums() == []

    def test_wish_during_a_talk_is_no_new_state(self, scene):
        change(scene, 0, "talking", item="i1", client="acme")
        change(scene, 5, "talking", item="i1", client="acme", reason="lunch")
        change(scene, 9, "wrap_up", item="i1", client="acme", reason="lunch")
        change(scene, 12, "away", reason="lunch")
        scenes.project(scene)
        assert states() == [
            ("talking", "", 0, 9),
            ("wrap_up", "", 9, 12),
            ("away", "lunch", 12, None),
        ]

    def test_another_reason_for_being_away_is_a_new_state(self, scene):
        change(scene, 0, "away", reason="lunch")
        change(scene, 8, "away", reason="meeting")
        scenes.project(scene)
        assert states() == [("away", "lunch", 0, 8), ("away", "meeting", 8, None)]

    def test_start_of_the_floor_ends_what_its_end_has_cut(self, scene):
        """Nobody is seated in a new epoch, whatever the one before had not said any more."""
        change(scene, 0, "ready")
        change(scene, 3, "talking", agent="bela", item="i1", client="acme")
        start(scene, 60)
        change(scene, 61, "ready")
        scenes.project(scene)
        assert states() == [("ready", "", 0, 60), ("ready", "", 61, None)]
        assert states("bela") == [("talking", "", 3, 60)]

    def test_plan_that_is_applied_to_a_running_floor_ends_nothing(self, scene):
        change(scene, 0, "ready")
        start(scene, 60, epoch=None)
        scenes.project(scene)
        assert states() == [("ready", "", 0, None)]

    def test_clock_that_was_set_back_makes_no_negative_time(self, scene):
        change(scene, 100, "ready")
        start(scene, 40)
        scenes.project(scene)
        assert states() == [("ready", "", 100, 100)]
        assert sums() == []

    def test_agent_of_whom_no_plan_told_gets_a_row(self, scene):
        change(scene, 0, "ready", agent="nobody_knows")
        scenes.project(scene)
        assert not Person.objects.get(key="nobody_knows").is_active

    def test_emergency_is_about_no_agent_and_no_interaction(self, scene):
        """It used to be parked, because it has no client."""
        said = facts.EmergencyChanged(key="fire", on=True, cause="asked", by="mara")
        seq = scene.raw(at=scenes.START, name="EmergencyChanged", body=codec.dumps(said))
        change(scene, 1, "ready")
        assert scenes.project(scene).position() == seq + 1


class TestSums:
    def test_are_cut_at_the_midnight_of_the_center(self, scene):
        before = MIDNIGHT - scenes.START
        change(scene, before - 90, "away", reason="lunch")
        change(scene, before + 30.5, "ready")
        change(scene, before + 31, "signed_out")
        scenes.project(scene)
        assert sums() == [
            (date(2026, 3, 2), "anna", "away", "lunch", False, 90_000_000),
            (date(2026, 3, 3), "anna", "away", "lunch", False, 30_500_000),
            (date(2026, 3, 3), "anna", "ready", "", False, 500_000),
        ]

    @pytest.mark.parametrize("seed", range(8))
    def test_same_rows_and_sums_however_the_facts_are_cut(self, scene, seed):
        """Processes that start anew after every few facts add nothing twice."""
        dice = random.Random(seed)
        at = MIDNIGHT - scenes.START - 4_000
        for _ in range(120):
            at += dice.choice((0.25, 1.0, 77.7, 400.0))
            if dice.random() < 0.04:
                start(scene, at)
            else:
                agent, state = dice.choice(scenes.AGENTS), dice.choice(STATES)
                change(scene, at, state, agent=agent, reason=dice.choice((None, "lunch")))
        while scenes.project_some(scene, limit=dice.randint(1, 30)):
            pass
        in_parts = sums(), [states(agent) for agent in scenes.AGENTS]
        _forget_all()
        scenes.project(scene)
        assert (sums(), [states(agent) for agent in scenes.AGENTS]) == in_parts
        assert sums() == _added_up()

    def test_twins_history_has_sums_of_its_own(self, scene, data):
        change(scene, 0, "ready")
        change(scene, 10, "signed_out")
        history = scenes.Scene(data, name="history.db")
        change(history, 0, "ready")
        change(history, 25, "signed_out")
        scenes.project(scene)
        scenes.project(history)
        history.close()
        day = date(2026, 3, 2)
        assert sums() == [
            (day, "anna", "ready", "", False, 10_000_000),
            (day, "anna", "ready", "", True, 25_000_000),
        ]


class TestMissed:
    def end_of_ring(self, call, outcome, *, agent="bela", after=6.0):
        values = {"queue": "billing", "agent": agent, "offer": f"{call.item}-o"}
        scenes.add(call, after, facts.RingEnded, outcome=outcome, **values)

    def test_offers_that_were_not_taken_are_kept(self, scene):
        call = scene.call()
        scenes.in_queue(call)
        for after, outcome in enumerate(("missed", "caller_left", "declined", "withdrawn"), 6):
            self.end_of_ring(call, outcome, after=after)
        scene.write(call)
        scenes.project(scene)
        found = MissedOffer.objects.order_by("at").values_list(
            "outcome", "agent", "queue", "client", "interaction"
        )
        assert list(found) == [
            ("missed", "bela", "billing", "acme", call.item),
            ("declined", "bela", "billing", "acme", call.item),
        ]

    def test_once_even_if_given_twice(self, scene):
        call = scene.call()
        scenes.in_queue(call)
        self.end_of_ring(call, "missed")
        scene.write(call)
        scenes.project(scene)
        _forget_all(leave=(MissedOffer,))
        scenes.project(scene)
        assert MissedOffer.objects.count() == 1


def _forget_all(leave=()):
    from callfloor.records.interactions.models import ProjectionState

    for model in {AgentState, AgentDay, ProjectionState} - set(leave):
        model.objects.all().delete()


def _added_up():
    """Add the states up again, by days that the test cuts itself."""
    found = {}
    for row in AgentState.objects.exclude(until_at=None):
        since = row.since_at
        while since < row.until_at:
            midnight = datetime(2026, 3, since.day, 23, tzinfo=UTC)
            midnight += timedelta(days=since >= midnight)
            end = min(row.until_at, midnight)
            key = (midnight.date(), row.agent_id, row.state, row.reason, row.simulated)
            found[key] = found.get(key, 0) + (end - since) // timedelta(microseconds=1)
            since = end
    return [(*key, spent) for key, spent in sorted(found.items()) if spent]


def test_nothing_is_written_of_a_batch_without_agents(scene, django_assert_num_queries):
    with django_assert_num_queries(0):
        seats.write(seats.Seating(), simulated=False)
