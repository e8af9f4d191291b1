"""The floor is brought to the records' plan, once, and again after whatever went wrong."""

import pytest

from callfloor.core import codec
from callfloor.core.tests import centre
from callfloor.kernel.link import FloorAway, FloorRefused
from callfloor.records.routing import queries
from callfloor.records.routing.services import CentreNames, apply_centre
from callfloor.worker.plans import Plans
from tests.records import scenes

pytestmark = [
    pytest.mark.db,
    pytest.mark.django_db(databases=["default", "keys"]),
    pytest.mark.usefixtures("data"),
]


class Floor:
    """Takes plans, and says by a welcome by which it runs."""

    def __init__(self, version: str, *, fault: Exception | None = None) -> None:
        self.taken: list[str] = []
        self.fault = fault
        self.plans = Plans(send=self.take)
        self.plans.welcome({"plan": {"version": version}})

    def take(self, message) -> None:
        """Take a plan."""
        if self.fault is not None:
            raise self.fault
        version = codec.from_plain(message["plan"]).version
        self.taken.append(version)
        self.plans.welcome({"plan": {"version": version}})


def hold(version: str) -> None:
    """Let the records hold a plan."""
    plan = centre.floor_plan(version=version)
    names = CentreNames(centre="Test")
    apply_centre(plan=plan, people=[], names=names, dispositions=[], now=scenes.NOW)


def test_another_plan_is_sent_once():
    hold("2")
    floor = Floor("1")
    floor.plans.run(scenes.NOW)
    floor.plans.run(scenes.NOW)
    assert floor.taken == ["2"]


def test_the_same_plan_is_not_sent():
    hold("1")
    floor = Floor("1")
    floor.plans.run(scenes.NOW)
    assert floor.taken == []


def test_nothing_is_sent_before_the_records_hold_a_plan():
    floor = Floor("1")
    assert queries.plan_version() is None
    floor.plans.run(scenes.NOW)
    assert floor.taken == []


@pytest.mark.parametrize("fault", [FloorAway(), FloorRefused("malformed")])
def test_a_floor_that_did_not_take_it_is_asked_again_when_it_is_back(fault):
    hold("2")
    floor = Floor("1", fault=fault)
    floor.plans.run(scenes.NOW)
    floor.fault = None
    floor.plans.run(scenes.NOW)
    assert floor.taken == []
    floor.plans.welcome({"plan": {"version": "1"}})
    floor.plans.run(scenes.NOW)
    assert floor.taken == ["2"]
