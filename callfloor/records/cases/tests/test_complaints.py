"""A complaint is acknowledged, decided with a reason by somebody else, and may be appealed."""

from datetime import timedelta

import pytest

from callfloor.kernel import access
from callfloor.records.cases import queries, services
from callfloor.records.cases.models import Case, CaseEvent
from callfloor.records.cases.queries import Filters
from callfloor.records.cases.services import complaints, customer, escalation, watch, work
from callfloor.records.interactions.models import Interaction, Message
from callfloor.records.people.models import Team
from callfloor.records.routing.models import Number
from tests.records import scenes
from tests.records.cases import contact, opened

pytestmark = [pytest.mark.db, pytest.mark.django_db(databases=["default", "keys"])]

NOW = scenes.NOW
LATER = NOW + timedelta(hours=1)
ALL = ("cases.read", "cases.write", "cases.decide", "cases.assign", "cases.incident")


def someone(key):
    """Give somebody with every right on cases."""
    return scenes.Someone(key=key, may=(*ALL, "interactions.read", "emergency.switch"))


@pytest.fixture
def complaint(customer):
    """Give a complaint about bela, taken down by anna."""
    mail = contact(customer, channel="mail")
    return opened(
        customer,
        kind="complaint",
        subject="He laughed at me",
        known={"wish": "An apology"},
        about="bela",
        origin=mail,
        language="en",
    )


def case(row):
    return Case.objects.get(id=row.id)


def decided(row, by="cili", decision="upheld"):
    complaints.decide(
        person=someone(by), case_id=row.id, decision=decision, reason="He did.", now=LATER
    )


class TestTheWay:
    def test_it_is_acknowledged_in_writing_with_its_number_once(self, complaint):
        complaints.acknowledge(person=someone("anna"), case_id=complaint.id, now=LATER)
        assert case(complaint).stage == "acknowledged"
        assert (case(complaint).answered_at, case(complaint).answer_due_at) == (LATER, None)
        [mail] = Message.objects.filter(state="to_send")
        story = queries.story(person=someone("anna"), case_id=complaint.id, now=LATER)
        [told] = [entry for entry in story.entries if entry.kind == "told"]
        assert complaint.reference in told.text
        assert (mail.direction, mail.data["automatic"]) == ("out", "case")
        with pytest.raises(services.NotThisStep):
            complaints.acknowledge(person=someone("anna"), case_id=complaint.id, now=LATER)
        assert Message.objects.count() == 1

    def test_the_decision_has_a_reason_and_the_customer_reads_it(self, complaint):
        with pytest.raises(services.NothingWritten):
            complaints.decide(
                person=someone("cili"), case_id=complaint.id, decision="upheld", reason=" ", now=NOW
            )
        decided(complaint)
        assert (case(complaint).stage, case(complaint).decision) == ("decided", "upheld")
        story = queries.story(person=someone("anna"), case_id=complaint.id, now=LATER)
        [told] = [entry for entry in story.entries if entry.kind == "told"]
        assert "He did." in told.text

    def test_it_is_not_closed_before_it_is_decided(self, complaint):
        known = {"cause": "person"}
        with pytest.raises(services.NotThisStep):
            work.close(person=someone("anna"), case_id=complaint.id, known=known, now=LATER)
        decided(complaint)
        work.close(person=someone("anna"), case_id=complaint.id, known=known, now=LATER)
        assert case(complaint).closed_at == LATER

    def test_an_appeal_is_decided_by_somebody_else(self, complaint):
        decided(complaint, decision="rejected")
        work.close(
            person=someone("anna"), case_id=complaint.id, known={"cause": "person"}, now=LATER
        )
        customer.writes(reference=complaint.reference, text="I do not accept it.", now=LATER)
        found = case(complaint)
        assert (found.stage, found.appealed, found.decision) == ("appealed", True, "")
        assert found.closed_at is None
        with pytest.raises(services.DecidedBefore):
            decided(complaint)
        decided(complaint, by="mara")
        assert case(complaint).decision == "upheld"

    def test_who_may_not_decide_does_not(self, complaint):
        person = scenes.Someone(key="cili", may=("cases.read", "cases.write"))
        with pytest.raises(access.Forbidden):
            complaints.decide(
                person=person, case_id=complaint.id, decision="upheld", reason="So.", now=LATER
            )
        assert case(complaint).decision == ""


class TestThePersonItIsAbout:
    """Nothing that there is leads the person complained about to the complaint."""

    def test_no_list_and_no_search_shows_it(self, complaint, customer):
        him, other = someone("bela"), someone("anna")
        for filters in (
            Filters(),
            Filters(state=""),
            Filters(kind="complaint"),
            Filters(reference=complaint.reference),
            Filters(customer=customer.id),
        ):
            assert queries.search(person=him, filters=filters, now=NOW).rows == ()
            assert len(queries.search(person=other, filters=filters, now=NOW).rows) == 1
        assert set(queries.counts(person=him, now=NOW).values()) == {0}
        assert queries.of_customer(person=him, customer_ids=[customer.id]) == []
        assert queries.of_interaction(person=him, interaction_id=complaint.origin) == []
        assert len(queries.of_interaction(person=other, interaction_id=complaint.origin)) == 1

    @pytest.mark.parametrize(
        "step",
        [
            lambda him, row: queries.story(person=him, case_id=row, now=LATER),
            lambda him, row: work.write_note(person=him, case_id=row, text="x", now=LATER),
            lambda him, row: work.write_try(
                person=him, case_id=row, text="x", worked=True, now=LATER
            ),
            lambda him, row: work.say(person=him, case_id=row, text="x", now=LATER),
            lambda him, row: work.answered(person=him, case_id=row, now=LATER),
            lambda him, row: work.take(person=him, case_id=row, now=LATER),
            lambda him, row: work.assign(
                person=him, case_id=row, owner="anna", team=None, now=LATER
            ),
            lambda him, row: work.pause(person=him, case_id=row, waits_for="customer", now=LATER),
            lambda him, row: work.resume(person=him, case_id=row, now=LATER),
            lambda him, row: work.set_priority(person=him, case_id=row, priority="low", now=LATER),
            lambda him, row: work.set_stage(person=him, case_id=row, stage="examined", now=LATER),
            lambda him, row: work.fill(person=him, case_id=row, field="wish", text="x", now=LATER),
            lambda him, row: work.close(person=him, case_id=row, now=LATER),
            lambda him, row: work.reopen(person=him, case_id=row, text="x", now=LATER),
            lambda him, row: escalation.escalate(person=him, case_id=row, reason="x", now=LATER),
            lambda him, row: complaints.acknowledge(person=him, case_id=row, now=LATER),
            lambda him, row: complaints.decide(
                person=him, case_id=row, decision="rejected", reason="x", now=LATER
            ),
            lambda him, row: complaints.appeal(person=him, case_id=row, text="x", now=LATER),
            lambda him, row: complaints.release(person=him, case_id=row, now=LATER),
            lambda him, row: complaints.name(person=him, case_id=row, about=None, now=LATER),
            lambda him, row: complaints.name(person=him, case_id=row, about="anna", now=LATER),
        ],
    )
    def test_no_step_knows_it(self, complaint, step):
        before = CaseEvent.objects.count()
        with pytest.raises(access.NotFound):
            step(someone("bela"), complaint.id)
        assert CaseEvent.objects.count() == before

    def test_he_is_never_its_owner(self, complaint):
        with pytest.raises(services.CannotHaveIt):
            work.assign(
                person=someone("cili"), case_id=complaint.id, owner="bela", team=None, now=LATER
            )
        with pytest.raises(scenes.IntegrityError), scenes.atomic():
            Case.objects.filter(id=complaint.id).update(owner_id="bela")

    def test_it_goes_into_no_line_that_could_bring_it_to_him(self, complaint):
        item = escalation.escalate(
            person=someone("anna"), case_id=complaint.id, reason="Grave.", now=LATER
        )
        assert item is None
        assert case(complaint).owner_id in ("adam", "cili", "mara")

    def test_when_it_is_released_he_sees_it_and_still_decides_nothing(self, complaint):
        with pytest.raises(services.NotThisStep):
            complaints.release(person=someone("cili"), case_id=complaint.id, now=LATER)
        decided(complaint)
        complaints.release(person=someone("cili"), case_id=complaint.id, now=LATER)
        assert queries.story(person=someone("bela"), case_id=complaint.id, now=LATER).is_released
        complaints.appeal(
            person=someone("anna"), case_id=complaint.id, text="Not enough.", now=LATER
        )
        with pytest.raises(access.OwnMatter):
            decided(complaint, by="bela", decision="rejected")

    def test_he_may_take_it_down_and_sees_it_no_more(self, customer):
        row = work.open_for(
            person=someone("bela"),
            client="acme",
            kind="complaint",
            customer_id=customer.id,
            subject="About you",
            known={"wish": "An apology"},
            about="bela",
            now=NOW,
            chance=bytes(10),
        )
        assert row.owner is None
        with pytest.raises(access.NotFound):
            queries.story(person=someone("bela"), case_id=row.id, now=NOW)


class TestNamed:
    """Who is complained about is said, changed and taken back after the opening."""

    @pytest.fixture
    def unnamed(self, customer):
        """Give a complaint about nobody in particular, which bela owns."""
        Team.objects.get_or_create(key="red")
        given = {"kind": "complaint", "known": {"wish": "An apology"}, "origin": contact(customer)}
        return opened(customer, owner="bela", team="red", **given)

    def name(self, row, about, by="anna"):
        complaints.name(person=someone(by), case_id=row.id, about=about, now=LATER)

    def events(self, row):
        found = CaseEvent.objects.filter(case_id=row.id).order_by("number")
        return [(each.kind, each.data, each.by_id) for each in found][3:]

    def test_each_step_is_an_event_and_the_columns_are_their_fold(self, unnamed):
        assert case(unnamed).hidden_from_id is None
        for about in ("adam", "cili", None):
            self.name(unnamed, about)
            assert case(unnamed).hidden_from_id == about
            watch.recompute(now=LATER)
            assert case(unnamed).hidden_from_id == about
        said = [("named", {"about": about}, "anna") for about in ("adam", "cili", None)]
        assert self.events(unnamed) == said
        assert case(unnamed).owner_id == "bela"
        assert queries.story(person=someone("cili"), case_id=unnamed.id, now=LATER).about is None

    def test_the_case_leaves_him_and_stands_without_owner(self, unnamed):
        self.name(unnamed, "bela")
        assert (case(unnamed).owner_id, case(unnamed).team_id) == (None, "red")
        why = {"owner": None, "team": "red", "was": "bela", "why": "about"}
        assert self.events(unnamed)[1:] == [("offered", why, "anna")]
        found = queries.search(person=someone("anna"), filters=Filters(whose="nobody"), now=LATER)
        assert [row.id for row in found.rows] == [unnamed.id]
        with pytest.raises(access.NotFound):
            queries.story(person=someone("bela"), case_id=unnamed.id, now=LATER)

    def test_a_closed_one_leaves_him_too(self, unnamed):
        decided(unnamed)
        known = {"cause": "person"}
        work.close(person=someone("anna"), case_id=unnamed.id, known=known, now=LATER)
        self.name(unnamed, "bela")
        assert (case(unnamed).owner_id, case(unnamed).closed_at) == (None, LATER)

    def test_nobody_names_himself_nor_takes_back_what_is_about_him(self, unnamed):
        before = CaseEvent.objects.count()
        with pytest.raises(access.OwnMatter):
            self.name(unnamed, "bela", by="bela")
        assert CaseEvent.objects.count() == before
        self.name(unnamed, "adam")
        decided(unnamed)
        complaints.release(person=someone("cili"), case_id=unnamed.id, now=LATER)
        for about in (None, "anna"):
            with pytest.raises(access.OwnMatter):
                self.name(unnamed, about, by="adam")
        assert case(unnamed).hidden_from_id is None

    def test_who_is_named_later_decides_nothing_either(self, unnamed):
        self.name(unnamed, "cili")
        with pytest.raises(access.NotFound):
            decided(unnamed, by="cili")
        decided(unnamed, by="mara")
        assert case(unnamed).decision == "upheld"

    def test_what_was_shown_to_one_is_hidden_from_the_next(self, complaint):
        decided(complaint)
        complaints.release(person=someone("cili"), case_id=complaint.id, now=LATER)
        self.name(complaint, "adam")
        assert case(complaint).hidden_from_id == "adam"
        assert not queries.story(person=someone("bela"), case_id=complaint.id, now=NOW).is_released

    def test_the_same_again_nobody_there_or_another_kind_is_refused(self, unnamed, customer):
        for row, about, refusal in (
            (unnamed, None, services.NotThisStep),
            (unnamed, "nobody", access.NotFound),
            (unnamed, "fara", access.NotFound),
            (opened(customer), "adam", services.NotThisStep),
        ):
            before = CaseEvent.objects.count()
            with pytest.raises(refusal):
                self.name(row, about)
            assert CaseEvent.objects.count() == before

    def test_without_the_right_to_write_cases_nobody_is_named(self, unnamed):
        person = scenes.Someone(key="anna", may=("cases.read", "cases.decide"))
        with pytest.raises(access.Forbidden):
            complaints.name(person=person, case_id=unnamed.id, about="adam", now=LATER)
        assert case(unnamed).hidden_from_id is None

    def test_it_leaves_the_line_that_could_bring_it_to_him(self, unnamed):
        Number.objects.create(
            number="case:acme", client_id="acme", flow="main", language="en", is_active=True
        )
        item = escalation.escalate(
            person=someone("anna"), case_id=unnamed.id, reason="Grave.", now=LATER
        )
        origin = unnamed.origin
        assert item is not None
        self.name(unnamed, "bela")
        left = Interaction.objects.filter(leaving=True)
        assert list(left.values_list("id", flat=True)) == [item]
        assert not Interaction.objects.get(id=origin).leaving
