"""The projection: each fact once, whatever the batches, with nothing personal in clear."""

import random

import pytest
from django.db import connections

from callfloor.core import facts
from callfloor.kernel.keys import ring
from callfloor.kernel.models import OutboxEvent, SubjectKey
from callfloor.kernel.testing import PageBattery
from callfloor.records.customers.models import Customer, Identity
from callfloor.records.interactions.models import (
    AgentWork,
    Explanation,
    Interaction,
    LineQuality,
    ProjectionState,
    QueueEntry,
    TimelineEntry,
)
from tests.records import scenes

pytestmark = [pytest.mark.db, pytest.mark.django_db(databases=["default", "keys"])]

MODELS = (
    Customer,
    Identity,
    Interaction,
    QueueEntry,
    AgentWork,
    TimelineEntry,
    Explanation,
    LineQuality,
    OutboxEvent,
)
SECRET = {"name", "value", "note"}
"""Columns with a nonce in them: the same text never looks the same twice."""


def rows_of(*models):
    """Give all rows, with only the presence of encrypted values."""
    found = {}
    for model in models:
        columns = [field.attname for field in model._meta.concrete_fields]
        if model is OutboxEvent:
            columns.remove("id")
        found[model.__name__] = [
            {
                name: bool(value) if name in SECRET and model is not OutboxEvent else value
                for name, value in row.items()
            }
            for row in model.objects.order_by("pk").values(*columns)
        ]
    return found


def a_day(scene, calls=12):
    """Write a mixture of calls whose facts overlap in time."""
    made = []
    for number in range(calls):
        client, queue = ("zeta", "zeta_help") if number % 4 == 3 else ("acme", "billing")
        call = scene.call(
            at=scenes.START + number * 3,
            client=client,
            queue=queue,
            number=None if number % 5 == 4 else f"+36155501{number % 7:02d}",
            name="Kovács Éva" if number % 3 == 0 else None,
        )
        scenes.in_queue(call)
        if number % 2 == 0:
            scenes.typed(scene, call, f"47{number:02d}")
            scenes.answered(call, scenes.AGENTS[number % 3])
        else:
            scenes.abandoned(call, wait=2.0 if number % 3 == 0 else 9.0)
        made.append(call)
    scene.write(*made)
    return made


class TestAnAnsweredCall:
    @pytest.fixture
    def call(self, scene):
        call = scene.call(name="Kovács Éva")
        scenes.in_queue(call)
        scenes.typed(scene, call, "4711")
        scenes.answered(call, "anna", wait=6.0, talk=30.0, wrap=5.0)
        scene.write(call)
        scenes.project(scene)
        return call

    def test_has_its_times_and_its_outcome(self, call):
        row = Interaction.objects.get(id=call.item)
        assert (row.client_id, row.called, row.outcome) == ("acme", "900", "answered")
        assert (row.queue_id, row.agent_id, row.disposition) == ("billing", "anna", "solved")
        seconds = (row.wait_seconds, row.talk_seconds, row.hold_seconds, row.wrap_seconds)
        assert seconds == (6.0, 30.0, 2.0, 5.0)
        assert (row.ended_at - row.answered_at).total_seconds() == 30.0
        assert not row.simulated

    def test_has_one_wait_and_one_agents_part(self, call):
        entry = QueueEntry.objects.get()
        assert (entry.outcome, entry.waited_seconds, entry.within_goal) == ("answered", 6.0, True)
        work = AgentWork.objects.get()
        assert (work.agent_id, work.talk_seconds, work.ended_by) == ("anna", 30.0, "customer")
        assert (work.finished_at - work.ended_at).total_seconds() == 5.0

    def test_has_its_timeline_without_personal_values(self, call):
        entries = list(TimelineEntry.objects.order_by("seq"))
        assert [entry.kind for entry in entries][:5] == [
            "Arrived",
            "NoticeGiven",
            "StepEntered",
            "Chose",
            "Typed",
        ]
        keys = {key for entry in entries for key in entry.data}
        assert not keys & {"sealed", "caller", "item", "client"}
        assert Explanation.objects.get().why["chosen"] == "anna"

    def test_tells_others_once(self, call):
        names = OutboxEvent.objects.order_by("id").values_list("name", "subject")
        assert list(names) == [("InteractionClosed", call.item), ("WorkWrappedUp", call.item)]

    def test_makes_a_customer_whose_values_open_with_his_key(self, call):
        customer = Interaction.objects.get(id=call.item).customer
        key = ring.get(subjects=[customer.subject])[customer.subject]
        typed = TimelineEntry.objects.get(kind="Typed")
        assert scenes.fields.decrypt(customer, "name", key=key) == "Kovács Éva"
        assert scenes.fields.decrypt(customer.identities.get(), "value", key=key) == call.number
        assert scenes.fields.decrypt(typed, "value", key=key) == "4711"


class TestIdempotence:
    def test_the_batches_make_no_difference(self, scene):
        a_day(scene)
        scenes.project(scene)
        whole = rows_of(*MODELS)
        for model in (*reversed(MODELS), ProjectionState):
            model.objects.all().delete()
        SubjectKey.objects.filter(subject__startswith="customer").delete()
        dice = random.Random(5)
        while scenes.project_some(scene, limit=dice.randint(1, 9)):
            pass
        assert rows_of(*MODELS) == whole

    def test_a_second_time_changes_nothing(self, scene):
        a_day(scene)
        scenes.project(scene)
        before = rows_of(*MODELS)
        scenes.project(scene)
        reader = scenes.Journal(scene.path)
        rows = reader.facts(after=0, limit=10_000)
        reader.close()
        assert scenes.recorder(scene).record(rows, now=scenes.NOW).facts == 0
        assert rows_of(*MODELS) == before

    @pytest.mark.sqlite  # Triggers are written otherwise elsewhere.
    def test_a_batch_that_failed_is_not_there_at_all(self, scene, monkeypatch):
        a_day(scene)
        recorder = scenes.recorder(scene)
        reader = scenes.Journal(scene.path)
        rows = reader.facts(after=0, limit=10_000)
        reader.close()
        blocked = "CREATE TRIGGER blocked BEFORE INSERT ON kernel_outboxevent "
        with connections["default"].cursor() as cursor:
            cursor.execute(blocked + "BEGIN SELECT RAISE(ABORT, 'disk full'); END")
            with pytest.raises(scenes.IntegrityError):
                recorder.record(rows, now=scenes.NOW)
            cursor.execute("DROP TRIGGER blocked")
        assert Interaction.objects.count() == 0
        assert recorder.position() == 0
        recorder.record(rows, now=scenes.NOW)
        assert Interaction.objects.count() == 12


class TestCallers:
    def test_who_calls_twice_is_one_customer(self, scene):
        calls = [scene.call(), scene.call()]
        scene.write(*calls)
        scenes.project(scene)
        assert Customer.objects.count() == 1

    def test_an_unknown_caller_is_a_customer_without_a_name(self, scene):
        call = scene.call(number=None)
        scene.write(call)
        scenes.project(scene)
        customer = Interaction.objects.get(id=call.item).customer
        assert customer.name is None
        assert not customer.identities.exists()
        assert ring.get(subjects=[customer.subject])

    def test_a_language_that_was_chosen_is_kept_for_the_next_call(self, scene):
        call = scene.call()
        scene.write(call)
        scenes.project(scene)
        scenes.add(call, 2, facts.LanguageSet, language="hu")
        scene.write(call)
        scenes.project(scene)
        assert Customer.objects.get().language == "hu"
        assert Interaction.objects.get().language == "hu"

    def test_a_seal_that_does_not_open_loses_the_value_and_not_the_call(self, scene):
        call = scene.call(name="Éva")
        scene.journal.write([], scenes.floor_journal.forgotten([call.item]))
        scene.write(call)
        scenes.project(scene)
        assert Interaction.objects.get().customer.name is None


class TestOtherCourses:
    def test_a_reload_in_the_middle_of_a_talk_is_one_piece_of_work(self, scene):
        call = scene.call()
        scenes.in_queue(call)
        scenes.answered(call, "anna")
        scenes.add(call, 15, facts.Bridged, queue="billing", agent="anna", leg="a:2", again=True)
        scene.write(call)
        scenes.project(scene)
        assert AgentWork.objects.count() == 1

    def test_a_transfer_is_a_new_entry_and_a_new_part(self, scene):
        call = scene.call()
        scenes.in_queue(call)
        scenes.answered(call, "anna", talk=10.0)
        call.facts = [pair for pair in call.facts if not isinstance(pair[1], facts.Closed)]
        scenes.add(call, 20, facts.Queued, queue="orders", entry=2, position=1, born_at=call.at + 4)
        scenes.add(
            call, 29, facts.Dequeued,
            queue="orders", entry=2, outcome="answered", waited_seconds=9.0,
            queued_at=call.at + 20,
        )  # fmt: skip
        scenes.add(call, 29, facts.Bridged, queue="orders", agent="bela", leg="a:bela:1")
        scenes.add(
            call, 60, facts.TalkEnded,
            queue="orders", agent="bela", talk_seconds=31.0, hold_seconds=0.0, ended_by="agent",
        )  # fmt: skip
        scenes.add(call, 60, facts.Closed, outcome="answered", queue="orders")
        scene.write(call)
        scenes.project(scene)
        row = Interaction.objects.get()
        assert (row.queue_id, row.agent_id, row.wait_seconds) == ("orders", "bela", 15.0)
        assert row.talk_seconds == 41.0
        parts = AgentWork.objects.order_by("part").values_list("part", "agent_id", "queue_id")
        assert list(parts) == [(1, "anna", "billing"), (2, "bela", "orders")]

    def test_an_interruption_is_marked(self, scene):
        call = scene.call()
        scenes.add(call, 2, facts.Interrupted, cause="media_lost")
        scenes.add(call, 2, facts.Closed, outcome="lost_by_system")
        scene.write(call)
        scenes.project(scene)
        row = Interaction.objects.get()
        assert (row.interrupted, row.outcome) == (True, "lost_by_system")

    def test_keys_that_no_plan_has_brought_get_inactive_rows(self, scene):
        call = scene.call(client="new", queue="new_queue")
        scenes.in_queue(call)
        scenes.answered(call, "ghost")
        scene.write(call)
        scenes.project(scene)
        row = Interaction.objects.select_related("queue", "agent", "client").get()
        assert (row.queue.is_active, row.agent.is_active, row.client.is_active) == (False,) * 3

    def test_a_fact_of_another_version_is_left_out(self, scene):
        call = scene.call()
        scene.write(call)
        last = scene.raw(at=scenes.START, name="Sung", body='{"is":"Sung","item":"x"}', item="x")
        recorder = scenes.project(scene)
        assert recorder.position() == last
        assert Interaction.objects.count() == 1

    def test_simulated_history_is_marked_in_every_row(self, data, db):
        scenes.apply()
        scene = scenes.Scene(data, name="history.db")
        a_day(scene)
        scene.close()
        scenes.project(scene)
        for model in (Customer, Interaction, QueueEntry, AgentWork):
            assert set(model.objects.values_list("simulated", flat=True)) == {True}

    def test_simulated_history_waits_for_no_sound(self, data, db):
        scenes.apply()
        scene = scenes.Scene(data, name="history.db")
        call = scene.call()
        scenes.add(call, 2, facts.RecordingStarted)
        scene.write(call)
        scene.close()
        scenes.project(scene)
        row = Interaction.objects.get()
        assert (row.recorded, row.recording_open) == (False, False)


class TestLines:
    """How well each was heard is kept beside the call."""

    @pytest.fixture
    def call(self, scene):
        call = scene.call()
        scenes.in_queue(call)
        scenes.answered(call, "anna")
        heard = {"packets": 400, "jitter_ms": 3.0, "mos_worst": 1.9}
        scenes.add(
            call, 50.0, facts.LineHeard, leg="leg-anna", agent="anna", lost=0, mos=4.4, **heard
        )
        scenes.add(
            call, 51.0, facts.LineHeard, leg=f"c:{call.item}", trunk="line", lost=100, mos=3.59,
            **heard,
        )  # fmt: skip
        scene.write(call)
        return call

    def test_are_rows_of_their_own_and_a_bad_one_is_marked(self, scene, call):
        scenes.project(scene)
        rows = list(LineQuality.objects.order_by("at"))
        assert [(row.agent_id, row.trunk, row.lost, row.mos, row.is_bad) for row in rows] == [
            ("anna", "", 0, 4.4, False),
            (None, "line", 100, 3.59, True),
        ]
        assert {row.interaction_id for row in rows} == {call.item}
        assert not TimelineEntry.objects.filter(kind="LineHeard").exists()

    def test_are_the_same_in_batches_of_one(self, scene, call):
        """Also when the call was over in an earlier batch, and its course was let go."""
        while scenes.project_some(scene, limit=1):
            pass
        assert LineQuality.objects.count() == 2

    def test_are_on_the_calls_page(self, scene, call, client):
        scenes.project(scene)
        PageBattery().sign_in(client, "mara")
        page = client.get(f"/interactions/{call.item}").content.decode()
        assert "How people were heard" in page
        assert "Customer · line" in page
        assert "3.6" in page
