"""What one level cannot solve goes up with everything; nothing waits for somebody who is away."""

from dataclasses import replace
from datetime import timedelta

import pytest

from callfloor.core.plan import CalendarPlan, NumberPlan
from callfloor.kernel.models import OutboxEvent
from callfloor.records.cases import queries, services
from callfloor.records.cases.models import Case, CaseEvent
from callfloor.records.cases.services import customer as customers
from callfloor.records.cases.services import escalation, watch, work
from callfloor.records.interactions.models import AgentState, Interaction
from callfloor.records.interactions.queries import messages
from callfloor.records.routing import services as routing
from tests.records import scenes
from tests.records.cases import contact, opened

pytestmark = [pytest.mark.db, pytest.mark.django_db(databases=["default", "keys"])]

NOW = scenes.NOW
LATER = NOW + timedelta(hours=1)
MAY = ("cases.read", "cases.write", "interactions.read")


def someone(key="anna", *more):
    return scenes.Someone(key=key, may=(*MAY, *more))


@pytest.fixture
def lines(scene):
    """Give a plan with lines for cases of acme, one for each level."""
    base = scenes.plan()
    more = tuple(
        NumberPlan(number=number, client="acme", flow="main", language="en")
        for number in ("case:acme", "case:acme_2")
    )
    routing.apply_centre(
        plan=replace(base, version="v2", numbers=(*base.numbers, *more)),
        people=scenes.people(),
        names=scenes.NAMES,
        dispositions=scenes.DISPOSITIONS,
        now=NOW,
    )


def case(row):
    return Case.objects.get(id=row.id)


SICK = {"anna": NOW - timedelta(days=2)}


def lines_entered():
    """Give the addresses at which cases came to the floor, in order."""
    found = OutboxEvent.objects.filter(name="TextArrived", body__channel="case").order_by("id")
    return [event.body["called"] for event in found]


class TestGoingUp:
    def test_it_waits_in_the_line_above_with_its_deadline_and_what_was_tried(self, lines, customer):
        row = opened(customer, origin=contact(customer))
        work.write_try(person=someone(), case_id=row.id, text="Restarted it", worked=False, now=NOW)
        item = escalation.escalate(
            person=someone(), case_id=row.id, reason="Needs a specialist.", now=LATER
        )
        assert lines_entered() == ["case:acme_2"]
        found = Interaction.objects.get(id=item)
        assert (found.channel, found.due_at) == ("case", NOW + timedelta(hours=4))
        [note] = messages.of_interaction(interaction_id=item)
        assert note.direction == "note"
        assert "Needs a specialist." in note.text
        assert "– Restarted it" in note.text
        assert (case(row).level, case(row).owner_id) == (2, None)

    def test_the_level_below_keeps_reading_and_the_one_above_sees_all_contacts(
        self, lines, customer
    ):
        chat = contact(customer)
        row = opened(customer, origin=chat)
        item = escalation.escalate(person=someone(), case_id=row.id, reason="So.", now=LATER)
        for key in ("anna", "cili"):
            story = queries.story(person=someone(key), case_id=row.id, now=LATER)
            shown = [entry.interaction.id for entry in story.entries if entry.interaction]
            assert shown == [chat, item]

    def test_the_customer_is_told_once_and_a_leader_is_named(self, lines, customer):
        row = opened(customer)
        escalation.escalate(person=someone(), case_id=row.id, reason="So.", now=LATER)
        told = CaseEvent.objects.filter(case_id=row.id, kind="told")
        assert [event.data["template"] for event in told] == ["escalated"]
        [event] = CaseEvent.objects.filter(case_id=row.id, kind="escalated")
        assert event.data["leader"] == "adam"
        [change] = OutboxEvent.objects.filter(name="CaseChanged", body__change="escalated")
        assert change.body["owner"] is None

    def test_there_is_a_top(self, lines, customer):
        row = opened(customer)
        for _step in range(2):
            escalation.escalate(person=someone(), case_id=row.id, reason="So.", now=LATER)
        with pytest.raises(services.AtTheTop):
            escalation.escalate(person=someone(), case_id=row.id, reason="So.", now=LATER)
        assert lines_entered() == ["case:acme_2", "case:acme_2"]

    def test_without_a_line_it_is_the_leaders(self, customer):
        row = opened(customer)
        item = escalation.escalate(person=someone(), case_id=row.id, reason="So.", now=LATER)
        assert item is None
        assert case(row).owner_id == "adam"
        assert lines_entered() == []


class TestAlarms:
    def test_a_warning_comes_before_and_an_alarm_after_each_once(self, customer):
        row = opened(customer)
        for hours, expected in (
            (3, []),
            (3.3, ["warned"]),
            (3.3, ["warned"]),
            (4, ["warned", "breached"]),
            (5, ["warned", "breached"]),
            (6.5, ["warned", "breached", "warned"]),
            (8, ["warned", "breached", "warned", "breached"]),
            (90, ["warned", "breached", "warned", "breached"]),
        ):
            watch.alarm(now=NOW + timedelta(hours=hours))
            found = CaseEvent.objects.filter(case_id=row.id).exclude(kind="opened")
            assert list(found.order_by("number").values_list("kind", flat=True)) == expected
        assert OutboxEvent.objects.filter(name="CaseChanged").count() == 4

    def test_what_rests_alarms_nobody(self, customer):
        row = opened(customer)
        work.pause(person=someone(), case_id=row.id, waits_for="customer", now=NOW)
        assert watch.alarm(now=NOW + timedelta(days=9)) == 0

    def test_a_promise_that_is_broken_goes_up_by_itself(self, lines, customer):
        """MISSION F09.3: the form's promise is kept, or a leader hears of it."""
        promised = NOW + timedelta(hours=2)
        row = opened(customer, by=None, promised_at=promised)
        assert case(row).due_at == promised
        watch.alarm(now=promised + timedelta(minutes=1))
        watch.alarm(now=promised + timedelta(minutes=2))
        assert case(row).level == 2
        assert lines_entered() == ["case:acme_2"]


class TestAbsentOwners:
    def test_twelve_cases_of_somebody_sick_are_all_offered_again(self, lines, customer):
        """MISSION F08.4: none waits for him."""
        rows = [opened(customer, owner="anna", team="day") for _ in range(12)]
        other = opened(customer, owner="bela")
        assert watch.offer_again(absent=SICK, now=LATER) == 12
        assert {case(row).owner_id for row in rows} == {None}
        assert {case(row).team_id for row in rows} == {"day"}
        assert case(other).owner_id == "bela"
        assert lines_entered() == ["case:acme"] * 12
        assert watch.offer_again(absent=SICK, now=LATER) == 0

    def test_r17_an_answer_to_a_closed_case_waits_in_the_line_and_not_for_its_owner(
        self, lines, customer
    ):
        """R17: the reopened case of somebody off shift is everybody's."""
        row = opened(customer, owner="anna")
        work.close(person=someone(), case_id=row.id, known={"solution": "Sent."}, now=NOW)
        customers.writes(reference=row.reference, text="It never came.", now=LATER)
        assert case(row).closed_at is None
        assert lines_entered() == ["case:acme"]

    def test_what_rests_for_the_customer_stays_with_its_owner_until_he_writes(
        self, lines, customer
    ):
        row = opened(customer, owner="anna")
        work.pause(person=someone(), case_id=row.id, waits_for="customer", now=NOW)
        assert watch.offer_again(absent=SICK, now=LATER) == 0
        customers.writes(reference=row.reference, text="Here it is.", now=LATER)
        assert (case(row).waits_for, case(row).owner_id) == ("", "anna")
        assert watch.offer_again(absent=SICK, now=LATER) == 1

    def test_whoever_is_away_is_known_by_his_seat(self, customer):
        for owner in ("anna", "bela", "cili"):
            opened(customer, owner=owner)
        began = {"since_at": NOW - timedelta(hours=9)}
        AgentState.objects.create(id="1", agent_id="anna", state="away", **began)
        AgentState.objects.create(id="2", agent_id="bela", state="ready", **began, until_at=NOW)
        AgentState.objects.create(id="3", agent_id="bela", state="talking", since_at=NOW)
        assert watch.absent_owners(now=LATER) == {"anna": NOW - timedelta(hours=9)}
        AgentState.objects.filter(id="3").update(until_at=LATER)
        assert watch.absent_owners(now=LATER)["bela"] == LATER
        assert "cili" not in watch.absent_owners(now=LATER)

    def test_a_night_does_not_count_and_a_morning_does(self, lines, customer):
        plan = replace(
            scenes.plan(),
            version="v3",
            calendars=(
                CalendarPlan(
                    key="office", timezone="UTC", weekly=tuple((day, 540, 1020) for day in range(7))
                ),
            ),
        )
        routing.apply_centre(
            plan=plan,
            people=scenes.people(),
            names=scenes.NAMES,
            dispositions=scenes.DISPOSITIONS,
            now=NOW,
        )
        opened(customer, owner="anna")
        since = {"anna": NOW.replace(hour=17)}
        morning = NOW.replace(hour=9) + timedelta(days=1)
        assert watch.offer_again(absent=since, now=morning + timedelta(minutes=59)) == 0
        assert watch.offer_again(absent=since, now=morning + timedelta(minutes=60)) == 1
