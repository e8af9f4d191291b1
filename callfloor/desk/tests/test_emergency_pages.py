"""The switch for emergencies: for whom it is, what it says, and that the floor hears of it."""

import dataclasses

import pytest

from callfloor.core import events, facts
from callfloor.core.plan import EmergencyPlan
from callfloor.kernel import ports
from callfloor.kernel.link import FloorAway, FloorRefused
from callfloor.kernel.models import AuditEntry
from callfloor.kernel.testing import DutyPageBattery, ObjectPageBattery, row_counts
from callfloor.records.routing import services as routing
from tests.records import scenes

pytestmark = [pytest.mark.page, pytest.mark.django_db(databases=["default", "keys"])]

EMERGENCIES = (
    EmergencyPlan(key="fire", prompt="fire", hours_max=2.0),
    EmergencyPlan(key="storm", prompt="storm", clients=("acme",), ends=False),
)
BODY = """\
emergencies:
  fire: {name: {en: Fire alarm, hu: Tűzriadó}, prompt: fire, hours_max: 2}
  storm: {name: Storm, prompt: storm, clients: [acme], ends: false}
prompts:
  fire: {en: We had to leave the building., fa: ساختمان تخلیه شد.}
"""


class Floor:
    """A floor that keeps what it is told, or does not answer."""

    def __init__(self) -> None:
        self.told: list[tuple[str, events.Event]] = []
        self.fault: Exception | None = None
        self.on: dict[str, dict[str, object]] = {}

    def command(self, *, by, event, keys=None) -> int:
        """Take a command."""
        if self.fault is not None:
            raise self.fault
        self.told.append((by, event))
        return 1

    def board(self):
        """Give what is on."""
        return {"emergencies": self.on}


@pytest.fixture(autouse=True)
def floor(scene):
    """Give a centre with two emergencies, and its floor."""
    plan = dataclasses.replace(scenes.plan(), version="v2", emergencies=EMERGENCIES)
    routing.apply_centre(
        plan=plan,
        people=scenes.people(),
        names=scenes.NAMES,
        dispositions=scenes.DISPOSITIONS,
        file=routing.FileData(version="0123456789ab", body=BODY),
        now=scenes.NOW,
    )
    made = Floor()
    ports.join(floor=made)
    ports.join_health(lambda: {"is_linked": True})
    yield made
    ports.join(floor=None)
    ports.join_health(None)


class TestEmergencies(DutyPageBattery):
    allowed, forbidden = "mara", "anna"

    def url(self):
        return "/emergency"

    def test_shows_only_what_reaches_no_foreign_caller(self, client):
        self.sign_in(client, "adam")
        assert [row.key for row in client.get(self.url()).context["rows"]] == ["storm"]

    def test_says_who_switched_it_on_and_until_when(self, client, floor):
        floor.on = {"fire": {"by": "cili", "since": scenes.START, "until": scenes.START + 7200}}
        self.sign_in(client, "mara")
        row = client.get(self.url()).context["rows"][0]
        assert (row.is_on, row.by, row.until) == (True, "Cili Csonka", scenes.START + 7200)

    def test_says_that_the_floor_does_not_answer(self, client):
        ports.join_health(lambda: {"is_linked": False})
        self.sign_in(client, "mara")
        assert client.get(self.url()).context["is_away"] is True


class TestEmergency(DutyPageBattery, ObjectPageBattery):
    allowed, forbidden, foreign = "mara", "anna", "adam"

    def url(self):
        return "/emergency/fire"

    def test_shows_what_is_said_before_it_is_switched(self, client, floor):
        self.sign_in(client, "mara")
        page = client.get(self.url()).content.decode()
        assert "Fire alarm" in page
        assert "We had to leave the building." in page
        assert "ساختمان تخلیه شد." in page
        assert floor.told == []

    @pytest.mark.parametrize("on", [True, False])
    def test_tells_the_floor_and_the_audit(self, client, floor, on):
        self.sign_in(client, "mara")
        answer = client.post(self.url(), {"on": "1" if on else "0"})
        assert (answer.status_code, answer["Location"]) == (302, "/emergency")
        assert floor.told == [("mara", events.EmergencySet(key="fire", on=on, by="mara"))]
        entry = AuditEntry.objects.latest("pk")
        assert (entry.by, entry.action, entry.about) == (
            "mara", "emergency.on" if on else "emergency.off", "emergency:fire",
        )  # fmt: skip

    @pytest.mark.parametrize("key", ["fire", "nothing"])
    def test_of_foreign_callers_cannot_be_switched(self, client, floor, key):
        self.sign_in(client, "adam")
        before = row_counts()
        assert client.post(f"/emergency/{key}", {"on": "1"}).status_code == 404
        assert (floor.told, row_counts()) == ([], before)

    def test_without_the_duty_cannot_be_switched(self, client, floor):
        self.sign_in(client, "anna")
        assert client.post(self.url(), {"on": "1"}).status_code == 403
        assert floor.told == []

    @pytest.mark.parametrize(
        ("fault", "status"), [(FloorAway(), 503), (FloorRefused("nothing_changes"), 409)]
    )
    def test_a_floor_that_does_not_take_it_is_told(self, client, floor, fault, status):
        self.sign_in(client, "mara")
        floor.fault = fault
        before = row_counts()
        assert client.post(self.url(), {"on": "1"}).status_code == status
        assert row_counts() == before


class TestBranch:
    @pytest.mark.parametrize(
        ("language", "otherwise", "said"),
        [("fa", False, "فارسی · persian"), ("en", True, "English · in any other language · ")],
    )
    def test_a_call_that_was_led_by_its_language_says_so(
        self, client, scene, language, otherwise, said
    ):
        """The timeline shows by which language the flow went where."""
        call = scene.call()
        scenes.add(
            call, 1.0, facts.Branched,
            step="line", language=language, to="persian", otherwise=otherwise,
        )  # fmt: skip
        scenes.add(call, 9.0, facts.Closed, outcome="left_in_flow")
        scene.write(call)
        scenes.project(scene)
        DutyPageBattery().sign_in(client, "mara")
        page = client.get(f"/interactions/{call.item}").content.decode()
        assert "Way by language" in page
        assert said in page


class TestTimeline:
    def test_a_call_that_heard_one_says_so(self, client, scene):
        call = scene.call()
        scenes.add(call, 1.0, facts.StepEntered, step="@fire")
        scenes.add(call, 9.0, facts.Closed, outcome="closed_hours")
        scene.write(call)
        scenes.project(scene)
        self.sign_in(client)
        page = client.get(f"/interactions/{call.item}").content.decode()
        assert "An emergency was on" in page
        assert "Fire alarm" in page

    def sign_in(self, client) -> None:
        """Let somebody read who may."""
        DutyPageBattery().sign_in(client, "mara")
