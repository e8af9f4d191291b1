"""Forms are published by somebody else, and runs keep the version that they began with."""

import datetime as dt

import pytest
from django.apps import apps

from callfloor.kernel import access
from callfloor.kernel.testing import row_counts
from callfloor.records.forms import queries, services
from callfloor.records.forms.models import FormAnswer, FormVersion
from callfloor.records.interactions.services import NotYet
from tests.records import scenes

pytestmark = [pytest.mark.db, pytest.mark.django_db(databases=["default", "keys"])]

NOON = dt.datetime.fromtimestamp(scenes.START, dt.UTC)
BEFORE = NOON - dt.timedelta(days=1)
WRITER = scenes.Someone(key="cili", may=("forms.read", "forms.write"))
APPROVER = scenes.Someone(key="mara", may=("forms.read", "forms.approve", "forms.write"))
AGENT = scenes.Someone(key="anna", clients=("acme", "zeta"), may=("forms.fill",))
TEXT = """\
name: {en: Sale, hu: Eladás}
queues: [billing]
first: greet
nodes:
  greet:
    must: true
    say: {en: "Hello, {agent}.", hu: "Jó napot, {agent}."}
    next: number
  number:
    say: {en: Your number?, hu: A száma?}
    ask: number
    next: want
  want:
    say: {en: What is it?, hu: Miről van szó?}
    choices:
      - {key: buy, name: {en: Buy, hu: Vétel}, next: terms}
      - {key: ask, name: {en: Ask, hu: Kérdés}}
  terms:
    must: [solved]
    say: {en: The terms are these., hu: A feltételek ezek.}
"""


@pytest.fixture
def call(scene):
    made = scene.call()
    scenes.in_queue(made)
    scene.write(made)
    scenes.project(scene)
    return made.item


def published(text=TEXT, *, key="sale", kind="script", at=BEFORE, number=0):
    if not apps.get_model("forms", "Form").objects.filter(key=key).exists():
        services.begin(person=WRITER, key=key, kind=kind, client="acme", now=at)
    services.keep_draft(person=WRITER, key=key, text=text, now=at)
    return services.publish(person=APPROVER, key=key, now=at, chance=bytes([number] * 10))


def started(call, *, at=0, form="sale"):
    now = NOON + dt.timedelta(seconds=at)
    return services.start(
        person=AGENT,
        interaction=call,
        form=form,
        language="en",
        now=now,
        chance=call[-10:].encode(),
    )


def answer(run, node, *, at, **values):
    now = NOON + dt.timedelta(seconds=at)
    services.answer(person=AGENT, run=run, node=node, now=now, **values)


def owed(call, disposition="solved"):
    try:
        services.check_finish(person=AGENT, interaction=call, disposition=disposition)
    except services.StillOwed as refusal:
        return refusal.nodes
    return ()


class TestPublish:
    def test_nobody_publishes_what_he_wrote(self, scene):
        services.begin(person=APPROVER, key="sale", kind="script", client="acme", now=BEFORE)
        services.keep_draft(person=APPROVER, key="sale", text=TEXT, now=BEFORE)
        services.keep_draft(person=WRITER, key="sale", text=TEXT, now=BEFORE)
        with pytest.raises(services.OwnForm):
            services.publish(person=APPROVER, key="sale", now=BEFORE, chance=b"0" * 10)
        assert not FormVersion.objects.exists()

    def test_a_draft_with_a_fault_is_kept_and_not_published(self, scene):
        text = TEXT.replace(", hu: Vétel", "")
        with pytest.raises(services.Faulty):
            published(text)
        assert queries.form(person=WRITER, key="sale").draft == text
        _body, lines = services.check(text=text, client="acme")
        assert [(line.number, line.fault.code, line.fault.what) for line in lines] == [
            (16, "not_said", "hu")
        ]

    def test_what_is_no_yaml_is_told_with_its_line(self, scene):
        _body, lines = services.check(text="name: {en: x\nnodes: [", client="acme")
        assert [line.fault.code for line in lines] == ["no_yaml"]
        assert lines[0].number >= 1

    def test_a_queue_has_the_script_that_was_published_for_it(self, scene):
        published()
        assert queries.script_of(queue="billing") == "sale"
        published(TEXT.replace("[billing]", "[orders]"), number=1)
        assert queries.script_of(queue="billing") is None
        assert queries.script_of(queue="orders") == "sale"

    def test_a_foreign_form_does_not_exist(self, scene):
        published()
        other = scenes.Someone(key="zoe", clients=("zeta",), may=("forms.read", "forms.write"))
        with pytest.raises(access.NotFound):
            queries.form(person=other, key="sale")
        with pytest.raises(access.NotFound):
            services.keep_draft(person=other, key="sale", text="x", now=NOON)


class TestRun:
    def test_goes_from_node_to_node_and_measures_each(self, call):
        published()
        run = started(call)
        answer(run, "greet", at=4)
        answer(run, "number", value="0612345678", at=15)
        answer(run, "want", choice="buy", at=20)
        answer(run, "terms", at=50)
        found = queries.run(person=AGENT, run_id=run)
        assert [(each.node, each.seconds) for each in found.answers] == [
            ("greet", 4.0), ("number", 11.0), ("want", 5.0), ("terms", 30.0),
        ]  # fmt: skip
        assert found.answers[1].value == "0612345678"
        assert found.ended_at is not None
        assert b"0612345678" not in bytes(FormAnswer.objects.get(node="number").value)

    def test_a_new_version_leaves_contacts_in_progress_on_the_old_one(self, call, scene):
        """F19, check 2; F12, check 3: the step stays as it was."""
        published()
        run = started(call)
        answer(run, "greet", at=1)
        published(TEXT.replace("The terms are these.", "New terms."), number=1, at=NOON)
        late = dt.timedelta(seconds=300)
        assert queries.run(person=AGENT, run_id=run).number == 1
        assert queries.run(person=AGENT, run_id=run).body.nodes["terms"].say["en"] == (
            "The terms are these."
        )
        later = scene.call(at=scenes.START + late.total_seconds())
        scenes.in_queue(later)
        scene.write(later)
        scenes.project(scene)
        assert queries.run(person=AGENT, run_id=started(later.item)).number == 2

    def test_a_contact_that_came_before_keeps_the_old_version_even_if_it_is_opened_later(
        self, call
    ):
        published()
        published(TEXT, number=1, at=NOON + dt.timedelta(minutes=1))
        assert queries.run(person=AGENT, run_id=started(call, at=90)).number == 1

    def test_begins_once(self, call):
        published()
        assert started(call) == started(call)

    def test_a_contact_that_is_not_kept_yet_is_not_begun(self, scene):
        published()
        with pytest.raises(NotYet):
            started("nothing")

    def test_an_answer_at_another_node_is_refused(self, call):
        published()
        run = started(call)
        before = row_counts()
        for node, values in (
            ("want", {"choice": "buy"}),
            ("nowhere", {}),
            ("greet", {"choice": "x"}),
        ):
            with pytest.raises(services.NotThere):
                answer(run, node, at=1, **values)
        assert row_counts() == before

    def test_goes_back_over_a_wrong_choice(self, call):
        published()
        run = started(call)
        answer(run, "greet", at=1)
        answer(run, "number", at=2)
        answer(run, "want", choice="ask", at=3)
        services.back(person=AGENT, run=run, now=NOON + dt.timedelta(seconds=9))
        answer(run, "want", choice="buy", at=10)
        found = queries.run(person=AGENT, run_id=run)
        assert [(each.node, each.choice) for each in found.answers][-1] == ("want", "buy")
        assert found.node == "terms"

    def test_a_foreign_run_does_not_exist(self, call):
        published()
        run = started(call)
        other = scenes.Someone(key="zoe", clients=("zeta",), may=("forms.fill", "forms.read"))
        with pytest.raises(access.NotFound):
            queries.run(person=other, run_id=run)
        with pytest.raises(access.NotFound):
            services.answer(person=other, run=run, node="greet", now=NOON)


class TestCheckFinish:
    def test_a_mandatory_sentence_that_was_skipped_blocks_its_disposition(self, call):
        """F19, check 1."""
        published()
        run = started(call)
        answer(run, "greet", at=1)
        assert owed(call) == ("terms",)
        assert owed(call, "later") == ()
        answer(run, "terms", at=5)
        assert owed(call) == ()

    def test_a_script_that_nobody_opened_is_owed_as_well(self, call):
        published()
        assert owed(call, "later") == ("greet",)

    def test_cannot_say_with_a_reason_traps_nobody(self, call):
        published()
        run = started(call)
        answer(run, "greet", reason="known", at=1)
        answer(run, "terms", reason="left", at=2)
        assert owed(call) == ()

    def test_a_reason_that_there_is_not_is_no_answer(self, call):
        published()
        with pytest.raises(services.NotThere):
            answer(started(call), "greet", reason="lazy", at=1)

    def test_the_message_names_the_sentence(self, call):
        published()
        with pytest.raises(services.StillOwed) as told:
            services.check_finish(person=AGENT, interaction=call, disposition="later")
        assert "“Hello, {agent}.”" in str(told.value.message)

    def test_without_a_script_nothing_is_owed(self, call):
        assert owed(call) == ()

    def test_who_only_helped_owes_nothing(self, call):
        published()
        interaction = apps.get_model("interactions", "Interaction").objects.get(id=call)
        apps.get_model("interactions", "AgentWork").objects.create(
            id=f"{call}:1", interaction=interaction, part=1, client_id="acme", agent_id="anna",
            role="asked", bridged_at=NOON,
        )  # fmt: skip
        assert owed(call) == ()


class TestStalls:
    def test_shows_where_contacts_stall_and_drop_off_by_version(self, call):
        """F19, check 3."""
        published()
        run = started(call)
        answer(run, "greet", at=3)
        found = queries.stalls(person=WRITER, key="sale")
        assert (found.number, found.runs, found.finished, found.going_on) == (1, 1, 0, 1)
        interactions = apps.get_model("interactions", "Interaction").objects.filter(id=call)
        interactions.update(ended_at=NOON, outcome="answered")
        found = queries.stalls(person=WRITER, key="sale")
        counts = {each.node: (each.answered, each.dropped) for each in found.nodes}
        assert counts == {"greet": (1, 0), "number": (0, 1), "want": (0, 0), "terms": (0, 0)}
        assert queries.stalls(person=WRITER, key="sale", number=9) is None
