"""What the centre's file says of cases is what their clocks are read by."""

import pytest

from callfloor.blueprint import export
from callfloor.blueprint.tests.samples import GOOD
from callfloor.blueprint.tests.test_canonical import blueprint_of
from callfloor.blueprint.tests.test_cases import CASED
from callfloor.blueprint.tests.test_standing import put
from callfloor.records.cases.queries import policy
from callfloor.records.cases.rules import kinds

pytestmark = [
    pytest.mark.db,
    pytest.mark.django_db(databases=["default", "keys"]),
    pytest.mark.usefixtures("data"),
]


def test_its_times_stages_and_kinds_hold():
    put(blueprint_of(CASED))
    query = policy.promise_of(kind="query", client="north")
    assert (query.answer["normal"], query.answer["urgent"]) == (3600, None)
    assert (query.answer["low"], query.answer["high"]) == (7200, 1800)
    assert query.solve["normal"] == kinds.KINDS["query"].solve
    assert query.escalates == {"answer"}
    assert policy.stages_of(kind="complaint")[1:3] == ("acknowledged", "decided")
    assert policy.used_kinds() == ("query", "complaint", "incident", "alert")


def test_a_client_has_a_calendar_of_its_own():
    more = CASED.replace("teams:\n", "  late: {weekly: {mon-sun: ['18:00-22:00']}}\nteams:\n")
    put(blueprint_of(more.replace("{south: office}", "{south: late}")))
    north, south = (policy.calendar_of(client=each) for each in ("north", "south"))
    assert (north, south) == (policy.calendars()["office"], policy.calendars()["late"])


def test_without_the_section_everything_is_as_it_was():
    put(blueprint_of(CASED))
    held = policy.basis()
    put(blueprint_of(GOOD))
    assert policy.used_kinds() == tuple(kinds.KINDS)
    assert policy.stages_of(kind="complaint") == kinds.KINDS["complaint"].stages
    assert policy.basis() != held


def test_an_export_has_it():
    put(blueprint_of(CASED))
    assert export.current().blueprint.cases == blueprint_of(CASED).cases
