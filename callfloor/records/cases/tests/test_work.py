"""What people do with cases, and what comes of it: stages, clocks, words, owners."""

import os
from datetime import timedelta

import pytest

from callfloor.kernel import access, audit
from callfloor.kernel.models import AuditEntry, OutboxEvent
from callfloor.kernel.testing import AccessBattery
from callfloor.records.cases import queries, services
from callfloor.records.cases.models import Case, CaseEvent, CaseRule
from callfloor.records.cases.queries.known import known_of
from callfloor.records.cases.rules import words
from callfloor.records.cases.services import NotThisStep, work
from callfloor.records.cases.services.watch import alarm, columns, recompute
from tests.records import scenes
from tests.records.cases import opened

pytestmark = [pytest.mark.db, pytest.mark.django_db(databases=["default", "keys"])]

NOW = scenes.NOW
LATER = NOW + timedelta(hours=1)
MAY = ("cases.read", "cases.write")


def someone(key="anna", *more, clients=("acme",)):
    """Give somebody who works on cases."""
    return scenes.Someone(key=key, clients=clients, may=(*MAY, *more))


def case(row):
    """Give a case as it stands in the records."""
    return Case.objects.get(id=row.id)


def kinds_of(row):
    """Name the events of a case in order."""
    found = CaseEvent.objects.filter(case_id=row.id).order_by("number")
    return list(found.values_list("kind", flat=True))


class TestWhoMay(AccessBattery):
    client, permission = "acme", "cases.read"

    @pytest.fixture(autouse=True)
    def _one(self, customer):
        self.row = opened(customer)

    def ask(self, person):
        queries.story(person=person, case_id=self.row.id, now=LATER)

    def test_to_read_is_not_to_write(self):
        with pytest.raises(access.Forbidden):
            work.take(person=scenes.Someone(may=("cases.read",)), case_id=self.row.id, now=LATER)


class TestOpening:
    def open(self, customer, **fields):
        given = {
            "person": someone(),
            "client": "acme",
            "kind": "query",
            "customer_id": customer.id,
            "subject": "Where is it?",
            "now": NOW,
            "chance": bytes(10),
        }
        return work.open_for(**{**given, **fields})

    def test_it_is_his_who_opens_it(self, customer):
        row = self.open(customer)
        assert (row.owner, row.kind, row.stage) == ("anna", "query", "new")
        assert AuditEntry.objects.filter(action="case.opened", by="anna").count() == 1

    def test_what_must_be_known_is_asked_for(self, customer):
        with pytest.raises(services.FieldsMissing) as refused:
            self.open(customer, kind="billing_dispute", known={"invoice": "A-17", "amount": " "})
        assert refused.value.fields == ("amount",)
        assert Case.objects.count() == 0
        row = self.open(customer, kind="billing_dispute", known={"invoice": "A-17", "amount": "9"})
        assert known_of(case(row)) == {"invoice": "A-17", "amount": "9"}

    @pytest.mark.parametrize(
        ("fields", "refusal"),
        [
            ({"kind": "wish"}, services.NotThisStep),
            ({"kind": "incident"}, services.NotThisStep),
            ({"priority": "asap"}, services.NotThisStep),
            ({"subject": "  "}, services.NothingWritten),
            ({"client": "zeta"}, access.NotFound),
            ({"customer_id": "nobody"}, access.NotFound),
            ({"customer_id": None}, services.NotThisStep),
        ],
    )
    def test_what_cannot_be_is_refused_and_nothing_is_written(self, customer, fields, refusal):
        with pytest.raises(refusal):
            self.open(customer, **fields)
        assert Case.objects.count() == 0
        assert OutboxEvent.objects.count() == 0


class TestTheClock:
    def test_pause_and_resumption_keep_the_time_used(self, customer):
        row = opened(customer)
        assert case(row).due_at == NOW + timedelta(hours=4)
        work.pause(person=someone(), case_id=row.id, waits_for="customer", now=LATER)
        assert (case(row).due_at, case(row).waits_for) == (None, "customer")
        work.resume(person=someone(), case_id=row.id, now=NOW + timedelta(hours=30))
        assert case(row).due_at == NOW + timedelta(hours=33)

    def test_a_priority_changes_what_is_promised(self, customer):
        row = opened(customer)
        work.set_priority(person=someone(), case_id=row.id, priority="urgent", now=LATER)
        assert case(row).due_at == LATER
        work.set_priority(person=someone(), case_id=row.id, priority="low", now=LATER)
        assert case(row).due_at == NOW + timedelta(hours=8)

    def test_a_first_answer_leaves_the_solution_owed(self, customer):
        row = opened(customer)
        work.say(person=someone(), case_id=row.id, text="It is on its way.", now=LATER)
        found = case(row)
        assert found.answered_at == LATER
        assert (found.answer_due_at, found.solve_due_at) == (None, NOW + timedelta(hours=8))
        assert found.due_at == found.solve_due_at

    def test_reopened_after_three_days_its_first_answer_did_not_take_three_days(self, customer):
        row = opened(customer)
        work.say(person=someone(), case_id=row.id, text="On its way.", now=LATER)
        work.close(person=someone(), case_id=row.id, known={"solution": "Sent."}, now=LATER)
        assert (case(row).closed_at, case(row).due_at) == (LATER, None)
        then = NOW + timedelta(days=3)
        work.reopen(person=someone(), case_id=row.id, text="It never came.", now=then)
        found = case(row)
        assert (found.answered_at, found.answer_due_at) == (LATER, None)
        assert found.solve_due_at == then + timedelta(hours=7)

    def test_what_the_centres_file_promises_holds(self, customer):
        CaseRule.objects.create(kind="query", answer={"normal": 600.0}, solve={"normal": None})
        found = case(opened(customer))
        assert found.due_at == NOW + timedelta(minutes=10)
        assert found.solve_due_at is None

    def test_a_promise_that_is_broken_brings_it_up_if_the_file_says_so(self, customer):
        CaseRule.objects.create(kind="query", solve={"normal": 60.0}, escalates=["solve"])
        row = opened(customer)
        assert alarm(now=NOW + timedelta(seconds=59)) == 1
        assert case(row).level == 1
        assert alarm(now=NOW + timedelta(seconds=61)) == 1
        assert case(row).level == 2
        assert alarm(now=NOW + timedelta(hours=9)) in (0, 1)
        assert case(row).level == 2

    def test_a_kind_that_is_not_used_cannot_be_opened_by_hand(self, customer):
        CaseRule.objects.create(kind="request")
        with pytest.raises(NotThisStep):
            work.open_for(
                person=someone(), client="acme", kind="query", customer_id=customer.id,
                subject="Where?", now=NOW, chance=os.urandom(10),
            )  # fmt: skip
        assert not Case.objects.exists()

    def test_its_stages_are_those_of_the_file(self, customer):
        CaseRule.objects.create(kind="query", stages=["new", "examined", "answered", "closed"])
        row = opened(customer)
        work.set_stage(person=someone(), case_id=row.id, stage="examined", now=LATER)
        with pytest.raises(NotThisStep):
            work.set_stage(person=someone(), case_id=row.id, stage="working", now=LATER)
        work.close(person=someone(), case_id=row.id, known={"solution": "Sent."}, now=LATER)
        work.reopen(person=someone(), case_id=row.id, text="It never came.", now=LATER)
        assert case(row).stage == "examined"

    def test_recomputed_from_its_events_it_is_what_is_stored(self, customer):
        row = opened(customer)
        work.pause(person=someone(), case_id=row.id, waits_for="supplier", now=LATER)
        work.resume(person=someone(), case_id=row.id, now=NOW + timedelta(hours=2))
        work.set_priority(person=someone(), case_id=row.id, priority="high", now=LATER)
        stored = columns(case(row))
        Case.objects.update(stage="decided", due_at=None, owner=None, waits_for="x", level=3)
        assert recompute(now=NOW + timedelta(hours=3)) == 1
        assert columns(case(row)) == stored
        assert recompute(now=NOW + timedelta(hours=3)) == 0


class TestWords:
    def test_nothing_stands_in_clear_and_secrets_are_not_kept_at_all(self, customer):
        row = opened(customer)
        text = "Router password: hunter2 and card 4111 1111 1111 1111, key kaputt"
        work.write_note(person=someone(), case_id=row.id, text=text, now=LATER)
        event = CaseEvent.objects.get(kind="noted")
        assert b"kaputt" not in bytes(event.text)
        [entry] = queries.story(person=someone(), case_id=row.id, now=LATER).entries[1:]
        assert "kaputt" in entry.text
        assert "hunter2" not in entry.text
        assert "4111" not in entry.text

    def test_what_is_too_long_or_empty_is_refused_whole(self, customer):
        row = opened(customer)
        for text, refusal in (("x" * 20_001, services.TextTooLong), (" ", services.NothingWritten)):
            with pytest.raises(refusal):
                work.write_note(person=someone(), case_id=row.id, text=text, now=LATER)
        assert kinds_of(row) == ["opened"]


class TestOwners:
    def test_a_case_is_taken_and_given_on(self, customer):
        row = opened(customer)
        work.take(person=someone("bela"), case_id=row.id, now=LATER)
        work.take(person=someone("bela"), case_id=row.id, now=LATER)
        assert (case(row).owner_id, kinds_of(row)) == ("bela", ["opened", "assigned"])
        leader = someone("cili", "cases.assign")
        work.assign(person=leader, case_id=row.id, owner="anna", team=None, now=LATER)
        assert (case(row).owner_id, case(row).team_id) == ("anna", "day")

    def test_nobody_is_given_what_he_may_not_work_on(self, customer):
        row = opened(customer)
        leader = someone("cili", "cases.assign")
        for key in ("zoe", "ivan", "nobody"):
            with pytest.raises(services.CannotHaveIt):
                work.assign(person=leader, case_id=row.id, owner=key, team=None, now=LATER)
        with pytest.raises(access.NotFound):
            work.assign(person=leader, case_id=row.id, owner=None, team="nowhere", now=LATER)
        assert kinds_of(row) == ["opened"]

    def test_giving_to_others_is_a_duty_of_its_own(self, customer):
        row = opened(customer)
        with pytest.raises(access.Forbidden):
            work.assign(person=someone(), case_id=row.id, owner="bela", team=None, now=LATER)


class TestClosing:
    def test_it_is_closed_when_everything_is_known_and_then_nothing_more_happens(self, customer):
        row = opened(customer, kind="technical_fault", known={"product": "Router"})
        with pytest.raises(services.FieldsMissing) as refused:
            work.close(person=someone(), case_id=row.id, now=LATER)
        assert refused.value.fields == ("cause", "solution")
        known = {"cause": "product", "solution": "Replaced.", "odd": "no field of ours"}
        work.close(person=someone(), case_id=row.id, known=known, now=LATER, at_once=True)
        assert (case(row).stage, case(row).solved_at_once) == ("closed", True)
        [told] = OutboxEvent.objects.filter(name="CaseClosed")
        assert (told.body["answered_in_time"], told.body["solved_in_time"]) == (True, True)
        for step in (work.take, work.close, work.resume):
            with pytest.raises(services.IsClosed):
                step(person=someone(), case_id=row.id, now=LATER)

    def test_too_late_is_told_as_too_late(self, customer):
        row = opened(customer)
        late = NOW + timedelta(days=2)
        work.close(person=someone(), case_id=row.id, known={"solution": "Sent."}, now=late)
        [told] = OutboxEvent.objects.filter(name="CaseClosed")
        assert (told.body["answered_in_time"], told.body["solved_in_time"]) == (False, False)

    @pytest.mark.parametrize("stage", ["closed", "acknowledged", "decided", "appealed", "odd"])
    def test_a_complaint_takes_no_step_that_is_not_its_own(self, customer, stage):
        row = opened(customer, kind="complaint", known={"wish": "An apology"})
        with pytest.raises(services.NotThisStep):
            work.set_stage(person=someone(), case_id=row.id, stage=stage, now=LATER)
        work.set_stage(person=someone(), case_id=row.id, stage="examined", now=LATER)
        assert case(row).stage == "examined"


def test_every_step_stands_in_the_audit_log(customer):
    row = opened(customer)
    work.write_note(person=someone(), case_id=row.id, text="Seen.", now=LATER)
    work.take(person=someone("bela"), case_id=row.id, now=LATER)
    found = AuditEntry.objects.filter(about=f"case:{row.id}").order_by("number")
    assert list(found.values_list("by", "action")) == [
        ("anna", "case.noted"),
        ("bela", "case.assigned"),
    ]
    assert audit.verify().ok


@pytest.mark.parametrize(
    "secret",
    [
        "AKIA" + "ABCDEFGH12345678",
        "ghp_" + "a1B2" * 9,
        "xoxb-" + "1234567890-abc",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjMifQ.c2lnbmF0dXJl",
        "4111 1111 1111 1111",
    ],
)
def test_a_key_that_is_known_by_its_shape_is_not_kept(secret):
    """F12.4."""
    assert words.masked(f"It says {secret} here") == "It says ••• here"
    assert words.masked("Order eyJ and AKIA, invoice 4111 1111 1111 1112") == (
        "Order eyJ and AKIA, invoice 4111 1111 1111 1112"
    )
