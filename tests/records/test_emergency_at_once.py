"""From a leader's page to a caller's ear: the real floor, on a clock that nobody lets go on."""

import dataclasses
import datetime as dt

import pytest

from callfloor.core.plan import EmergencyPlan
from callfloor.floor.tests import stand
from callfloor.kernel import ports
from callfloor.kernel.testing import PageBattery
from callfloor.records.routing import services as routing
from tests.records import scenes
from tests.records.fixtures import data, scene

__all__ = ["data", "scene"]
pytestmark = [pytest.mark.page, pytest.mark.django_db(databases=["default", "keys"])]

FIRE = EmergencyPlan(key="fire", prompt="hello", clients=("acme",), hours_max=1.0)


class Port:
    """The floor of the stand, asked as the link asks it."""

    def __init__(self, house: stand.Stand) -> None:
        self.house = house

    def command(self, *, by, event, keys=None) -> int:
        """Let a command through."""
        self.house.happen(event)
        return self.house.floor.seq

    def board(self):
        """Give the floor's board."""
        return self.house.floor.board.snapshot()


@pytest.fixture
def house(scene, tmp_path):
    """Give a floor that runs by the plan of the records."""
    own = stand.stand_plan()
    plan = dataclasses.replace(own, emergencies=(FIRE,))
    now = scenes.NOW + dt.timedelta(seconds=1)
    routing.apply_centre(
        plan=plan, people=scenes.people(), names=scenes.NAMES, dispositions=[], now=now
    )
    folder = tmp_path / "floor"
    folder.mkdir()
    made = stand.Stand(folder, floor_plan=plan).start()
    ports.join(floor=Port(made))
    ports.join_health(lambda: {"is_linked": True})
    yield made
    ports.join(floor=None)
    ports.join_health(None)


def test_a_leader_closes_the_centre_within_the_second(house, client):
    """He confirms, and the next call hears it; no instant has passed on the floor's clock."""
    PageBattery().sign_in(client, "mara")
    assert client.post("/emergency/fire", {"on": "1"}).status_code == 302
    house.receive(stand.invite())
    assert [fact.step for fact in house.facts("StepEntered")] == ["@fire"]
    house.played()
    assert [fact.outcome for fact in house.facts("Closed")] == ["closed_hours"]
    [row] = client.get("/emergency").context["rows"]
    assert (row.is_on, row.by) == (True, "Mara Molnár")
    client.post("/emergency/fire", {"on": "0"})
    house.receive(stand.invite(call_id="second", branch="second"))
    assert house.facts("StepEntered")[-1].step != "@fire"
