"""One cause, many cases: proposed by the count, said to callers, over for all at once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from callfloor.core.emergencies import MARK
from callfloor.core.events import EmergencySet
from callfloor.core.plan import EmergencyPlan
from callfloor.kernel import access, ports
from callfloor.kernel.link import FloorAway
from callfloor.records.cases import queries, services
from callfloor.records.cases.models import Case, CaseEvent
from callfloor.records.cases.services import incidents
from callfloor.records.interactions.models import TimelineEntry
from callfloor.records.routing import services as routing
from tests.records import scenes
from tests.records.cases import contact, customer, opened

pytestmark = [pytest.mark.db, pytest.mark.django_db(databases=["default", "keys"])]

NOW = scenes.NOW
LATER = NOW + timedelta(hours=1)
MAY = ("cases.read", "cases.write", "cases.incident", "emergency.switch")


class Floor:
    """A floor that keeps what it is told, or is away."""

    def __init__(self, *, is_away=False):
        self.told, self.is_away = [], is_away

    def command(self, *, by, event, keys=None):
        if self.is_away:
            raise FloorAway
        self.told.append((by, event))
        return len(self.told)


@pytest.fixture
def floor(scene):
    """Give a floor, and a plan with a message that does not end calls."""
    plan = replace(
        scenes.plan(),
        version="v2",
        emergencies=(EmergencyPlan(key="outage", prompt="p", clients=("acme",), ends=False),),
    )
    routing.apply_centre(
        plan=plan, people=scenes.people(), names=scenes.NAMES, dispositions=[], now=NOW
    )
    made = Floor()
    ports.join(floor=made)
    yield made
    ports.join(floor=None)


LEADER = scenes.Someone(key="cili", may=MAY)


def declared(cases=(), **fields):
    given = {
        "person": LEADER,
        "client": "acme",
        "subject": "No internet in the north",
        "code": "later",
        "now": NOW,
        "chance": bytes(10),
        "cases": tuple(row.id for row in cases),
        **fields,
    }
    return incidents.declare(**given)


def troubled(number, *, language="en"):
    """Give a case of a customer of his own."""
    return opened(
        customer(f"c{number}", language=language),
        kind="technical_fault",
        known={"product": "Router"},
        code="later",
        language=language,
    )


class TestProposals:
    def test_twenty_with_one_code_in_ten_minutes_and_not_nineteen(self, floor):
        for number in range(19):
            troubled(number)
        assert queries.proposals(person=LEADER, now=LATER - timedelta(minutes=51)) == []
        troubled(19)
        [found] = queries.proposals(person=LEADER, now=NOW + timedelta(minutes=9))
        assert (found.client, found.code, found.contacts) == ("acme", "later", 20)
        assert queries.proposals(person=LEADER, now=NOW + timedelta(minutes=11)) == []

    def test_calls_that_agents_have_wrapped_up_count_and_a_case_of_one_not_twice(self, scene):
        calls = [scene.call() for _ in range(20)]
        for call in calls:
            scenes.in_queue(call)
            scenes.answered(call, "anna")
        scene.write(*calls)
        scenes.project(scene)
        opened(customer(), code="solved", origin=calls[0].item, now=NOW)
        after = NOW.replace(hour=9, minute=5)
        [found] = queries.proposals(person=LEADER, now=after)
        assert (found.code, found.contacts) == ("solved", 20)

    def test_what_comes_as_often_as_always_is_no_incident(self, floor):
        """Most contacts of every day end with the same code, which says nothing."""
        for number in range(20):
            opened(customer(f"before{number}"), code="later", now=NOW - timedelta(days=2))
            troubled(number)
        at = NOW + timedelta(minutes=9)
        assert queries.proposals(person=LEADER, now=at) == []
        for number in range(60):  # Now it was a quarter of all, and is all of them.
            opened(customer(f"other{number}"), code="solved", now=NOW - timedelta(days=2))
        [found] = queries.proposals(person=LEADER, now=at)
        assert (found.code, found.contacts) == ("later", 20)

    def test_what_has_its_incident_is_not_proposed_again(self, floor):
        for number in range(20):
            troubled(number)
        declared()
        assert queries.proposals(person=LEADER, now=NOW) == []

    def test_it_is_a_duty_and_a_foreign_clients_is_not_seen(self, floor):
        for number in range(20):
            troubled(number)
        with pytest.raises(access.Forbidden):
            queries.proposals(person=scenes.Someone(may=("cases.read",)), now=NOW)
        foreign = scenes.Someone(key="zoe", clients=("zeta",), may=MAY)
        assert queries.proposals(person=foreign, now=NOW) == []


class TestDeclaring:
    def test_callers_hear_of_it_and_its_cases_are_linked_and_told(self, floor):
        rows = [troubled(number) for number in range(3)]
        row = declared(rows, emergency="outage")
        assert floor.told == [("cili", EmergencySet(key="outage", on=True, by="cili"))]
        assert (row.stage, row.emergency, row.priority) == ("confirmed", "outage", "urgent")
        assert Case.objects.filter(incident_id=row.id).count() == 3
        told = CaseEvent.objects.filter(kind="told", data__template="incident")
        assert told.count() == 3

    def test_nothing_is_declared_if_the_floor_is_away(self, floor):
        floor.is_away = True
        with pytest.raises(FloorAway):
            declared(emergency="outage")
        assert Case.objects.count() == 0

    def test_a_message_of_others_is_not_switched(self, floor):
        with pytest.raises(access.NotFound):
            declared(emergency="odd")
        with pytest.raises(access.Forbidden):
            declared(person=scenes.Someone(may=MAY[:3]), emergency="outage")
        assert (floor.told, Case.objects.count()) == ([], 0)

    def test_callers_who_heard_it_are_counted(self, floor):
        item = contact(customer())
        for number in range(2):
            TimelineEntry.objects.create(
                id=str(number), interaction_id=item, client_id="acme", seq=number, at=NOW,
                kind="StepEntered", data={"step": MARK + "outage"},
            )  # fmt: skip
        count = {"client": "acme", "since": NOW, "until": LATER}
        assert queries.deflected(emergency="outage", **count) == 1
        assert queries.deflected(emergency="other", **count) == 0


class TestTheEnd:
    def end(self, row, **fields):
        given = {"cause": "product", "solution": "Replaced a card.", "now": LATER, **fields}
        return incidents.end(person=LEADER, case_id=row.id, **given)

    def test_all_linked_customers_are_told_once_in_their_language(self, floor):
        """MISSION F12.2."""
        rows = [troubled(1), troubled(2, language="hu")]
        row = declared(rows, emergency="outage")
        assert self.end(row) == 2
        assert floor.told[-1] == ("cili", EmergencySet(key="outage", on=False, by="cili"))
        texts = [
            next(
                entry.text
                for entry in queries.story(person=LEADER, case_id=each.id, now=LATER).entries
                if entry.data.get("template") == "incident_over"
            )
            for each in rows
        ]
        assert texts[0] != texts[1]
        assert "is over" in texts[0]
        assert "CF-2026-000002" in texts[1]
        assert set(Case.objects.values_list("stage", flat=True)) == {"closed"}
        with pytest.raises(services.IsClosed):
            self.end(row)
        assert CaseEvent.objects.filter(data__template="incident_over").count() == 2

    def test_cases_may_stay_open_and_nothing_ends_without_its_cause(self, floor):
        row = declared([troubled(1)])
        with pytest.raises(services.FieldsMissing):
            self.end(row, cause="")
        assert self.end(row, closes_linked=False) == 1
        assert Case.objects.get(kind="technical_fault").closed_at is None

    def test_what_is_over_or_foreign_takes_no_case(self, floor):
        case = troubled(1)
        row = declared()
        self.end(row)
        for incident in (row.id, case.id):
            with pytest.raises(services.NotThisStep):
                incidents.link(person=LEADER, case_id=case.id, incident_id=incident, now=LATER)
        with pytest.raises(access.NotFound):
            incidents.link(person=LEADER, case_id=case.id, incident_id="odd", now=LATER)
