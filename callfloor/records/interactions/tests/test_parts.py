"""Who took part in a call and for how long, whoever was asked, joined or listened."""

import datetime as dt

import pytest

from callfloor.core import facts
from callfloor.records.interactions import queries
from callfloor.records.interactions.models import AgentWork, Interaction, QueueEntry
from tests.records import scenes

pytestmark = [pytest.mark.db, pytest.mark.django_db(databases=["default", "keys"])]

AGENT = {"agent": "anna", "queue": "billing"}
OWN = ("interactions.read", "interactions.listen_own")


def talk_with(call, agent, *, after=10.0):
    """Let an agent answer a call that waits."""
    scenes.in_queue(call)
    scenes.add(
        call, after, facts.Dequeued,
        queue=call.queue, entry=1, outcome="answered", waited_seconds=after - 4,
        queued_at=call.at + 4, within_goal=True,
    )  # fmt: skip
    scenes.add(call, after, facts.Bridged, queue=call.queue, agent=agent, leg=f"a:{agent}:1")


def consult(call, *, outcome):
    """Let anna ask bela for twenty seconds."""
    scenes.add(call, 30, facts.Held, agent="anna")
    scenes.add(call, 30, facts.ConsultStarted, agent="anna", to_agent="bela")
    scenes.add(call, 35, facts.ConsultAnswered, agent="anna", to_agent="bela")
    scenes.add(call, 55, facts.ConsultOver, agent="anna", outcome=outcome, seconds=20.0)


def end_of(call, after, agent, **seconds):
    """Let an agent's part end."""
    ended_by = seconds.pop("ended_by", "customer")
    values = {"talk_seconds": 0.0, "hold_seconds": 0.0, **seconds}
    scenes.add(
        call, after, facts.TalkEnded, queue=call.queue, agent=agent, ended_by=ended_by, **values
    )
    scenes.add(
        call, after + 1, facts.Finished,
        queue=call.queue, agent=agent, wrap_seconds=1.0, disposition="solved",
    )  # fmt: skip


def parts():
    """Return who took part, in which role, with which seconds."""
    return [
        (row.agent_id, row.role, row.talk_seconds, row.hold_seconds, row.consult_seconds)
        for row in AgentWork.objects.order_by("part")
    ]


def whole(call, *may):
    """Return the call as somebody with these permissions reads it."""
    someone = scenes.Someone(key="bela", may=may)
    return queries.detail(person=someone, interaction_id=call.item, now=scenes.NOW)


class TestHandedOver:
    @pytest.fixture
    def call(self, scene):
        call = scene.call()
        talk_with(call, "anna")
        consult(call, outcome="completed")
        end_of(
            call, 55, "anna",
            talk_seconds=20.0, hold_seconds=5.0, consult_seconds=20.0, ended_by="transfer",
        )  # fmt: skip
        scenes.add(call, 55, facts.Bridged, queue="billing", agent="bela", leg="a:bela:1")
        end_of(call, 95, "bela", talk_seconds=40.0, consult_seconds=20.0)
        scenes.add(call, 95, facts.Closed, outcome="answered", queue="billing")
        scene.write(call)
        scenes.project(scene)
        return call

    def test_handling_time_is_split_between_the_two(self, call):
        assert parts() == [
            ("anna", "serves", 20.0, 5.0, 20.0),
            ("bela", "serves", 40.0, 0.0, 20.0),
        ]

    def test_it_is_one_interaction_with_one_wait(self, call):
        row = Interaction.objects.get()
        assert (row.outcome, row.agent_id, row.talk_seconds) == ("answered", "bela", 60.0)
        assert (row.hold_seconds, row.consult_seconds) == (5.0, 40.0)
        assert QueueEntry.objects.count() == 1

    def test_the_second_part_begins_when_the_question_was_answered(self, call):
        second = AgentWork.objects.get(part=2)
        began = dt.datetime.fromtimestamp(call.at + 35, dt.UTC)
        assert second.bridged_at == began

    def test_whoever_took_the_customer_may_hear_it(self, call):
        assert whole(call, *OWN).may_listen


class TestAsked:
    @pytest.fixture
    def call(self, scene):
        call = scene.call()
        talk_with(call, "anna")
        consult(call, outcome="ended")
        end_of(call, 55, "bela", consult_seconds=20.0, ended_by="agent")
        end_of(call, 90, "anna", talk_seconds=60.0, consult_seconds=20.0)
        scenes.add(call, 90, facts.Closed, outcome="answered", queue="billing")
        scene.write(call)
        scenes.project(scene)
        return call

    def test_the_one_who_was_asked_has_a_part_and_not_the_call(self, call):
        assert [row[:2] for row in parts()] == [("anna", "serves"), ("bela", "asked")]
        assert Interaction.objects.get().agent_id == "anna"

    def test_who_was_only_asked_may_not_hear_the_customer(self, call):
        assert not whole(call, *OWN).may_listen


def test_in_a_conference_both_have_a_part(scene):
    call = scene.call()
    talk_with(call, "anna")
    consult(call, outcome="conference")
    end_of(call, 80, "anna", talk_seconds=50.0, ended_by="conference")
    end_of(call, 90, "bela", talk_seconds=35.0, consult_seconds=20.0)
    scenes.add(call, 90, facts.Closed, outcome="answered", queue="billing")
    scene.write(call)
    scenes.project(scene)
    assert [row[:2] for row in parts()] == [("anna", "serves"), ("bela", "joins")]


class TestCallOut:
    @pytest.fixture
    def call(self, scene):
        call = scene.call()
        ((at, arrived),) = call.facts
        plain = {name: getattr(arrived, name) for name in arrived.__dataclass_fields__}
        call.facts = [(at, facts.Arrived(**plain | {"direction": "out", "flow": ""}))]
        dialed = {"agent": "anna", "leg": "l", "trunk": "line"}
        scenes.add(call, 1, facts.Dialing, zone="home", **dialed)
        scenes.add(call, 9, facts.DialEnded, outcome="busy", **dialed)
        scenes.add(
            call, 9, facts.TalkEnded,
            queue="", agent="anna", talk_seconds=0.0, hold_seconds=0.0, dial_seconds=8.0,
            ended_by="not_reached",
        )  # fmt: skip
        scenes.add(call, 9, facts.Closed, outcome="not_reached")
        scenes.add(
            call, 12, facts.Finished, queue="", agent="anna", wrap_seconds=3.0, disposition="later"
        )
        scene.write(call)
        scenes.project(scene)
        return call

    def test_says_that_nobody_was_reached_and_why(self, call):
        row = Interaction.objects.get()
        assert (row.direction, row.outcome, row.dial_outcome) == ("out", "not_reached", "busy")
        assert (row.dial_seconds, row.agent_id, row.answered_at) == (8.0, "anna", None)

    def test_is_the_agents_work_and_stands_in_no_queues_sums(self, call):
        work = AgentWork.objects.get()
        assert (work.agent_id, work.queue_id, work.dial_seconds) == ("anna", None, 8.0)
        assert QueueEntry.objects.count() == 0
        someone = scenes.Someone(may=("interactions.read",))
        day = dt.datetime.fromtimestamp(call.at, dt.UTC).date()
        numbers = queries.day_numbers(person=someone, day=day)
        assert {queue.total.offered for queue in numbers.queues} == {0}

    def test_is_read_with_its_words(self, call):
        found = whole(call, "interactions.read")
        assert found.row.direction_label == "Call out"
        assert found.row.outcome_label == "Nobody reached"


def test_only_who_may_supervise_reads_that_somebody_listened(scene):
    call = scene.call()
    talk_with(call, "anna")
    heard = {"agent": "cili", "of": "anna"}
    scenes.add(call, 20, facts.Supervised, mode="listen", **heard)
    scenes.add(call, 40, facts.SuperviseOver, seconds=20.0, outcome="ended", **heard)
    scene.write(call)
    scenes.project(scene)
    told = {row.kind for row in whole(call, "interactions.read", "floor.supervise").timeline}
    kept = {row.kind for row in whole(call, "interactions.read").timeline}
    assert told - kept == {"Supervised", "SuperviseOver"}
    assert [row[0] for row in parts()] == ["anna"]
