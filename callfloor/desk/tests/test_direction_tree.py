"""The tree of the direction: every way up and down, and what hangs on nothing."""

import pytest

from callfloor.desk import centre
from callfloor.desk.direction import tree

pytestmark = pytest.mark.pure

FILE = """\
centre:
  name: "Sample"
direction:
  mission: {en: Every caller is served, fa: به هر تماس‌گیرنده‌ای خدمت می‌شود}
  values:
    own_it: {name: Own it, quality: Says what happens next}
    smile: {name: Smile}
  years:
    "2025":
      objectives: {old: {name: Old, kpi: service_level, target: 0.7, drivers: [staffing]}}
      drivers: {staffing: {name: Staffing, kpis: [service_level]}}
    "2026":
      objectives:
        be_there: {name: Be there, kpi: service_level, target: 0.8, drivers: [staffing]}
        be_fair: {name: Be fair, kpi: occupancy, target: 0.82, drivers: [staffing, load]}
      drivers:
        staffing: {name: Staffing, kpis: [service_level, forecast_error]}
        load: {name: Load, kpis: [occupancy]}
        alone: {name: Alone, kpis: [occupancy]}
      targets:
      - {kpi: service_level, value: 0.8, role: agent}
      - {kpi: occupancy, value: 0.82, team: day}
      - {kpi: evaluation_score, value: 85, person: anna}
emergency:
- "112"
"""


@pytest.fixture
def direction() -> tree.Direction:
    return tree.of(centre.read(FILE, "direction"))


@pytest.fixture
def year(direction: tree.Direction) -> tree.Year:
    found = direction.year("2026", now="2025")
    assert found is not None
    return found


class TestRead:
    def test_a_section_ends_where_the_next_begins(self):
        assert centre.read(FILE, "centre") == {"name": "Sample"}
        assert centre.read(FILE, "prompts") == {}

    def test_texts_of_one_language_are_for_everybody(self, direction):
        assert direction.values[0].names == {"en": "Own it"}
        assert direction.mission["en"] == "Every caller is served"

    def test_the_last_year_comes_first(self, direction):
        assert [each.year for each in direction.years] == ["2026", "2025"]

    @pytest.mark.parametrize(
        ("asked", "now", "found"), [("2025", "2026", "2025"), ("", "2025", "2025")]
    )
    def test_a_year_is_the_one_asked_for_or_that_of_now(self, direction, asked, now, found):
        assert direction.year(asked, now=now).year == found

    def test_a_year_that_is_not_there_is_the_last(self, direction):
        assert direction.year("1999", now="2031").year == "2026"


class TestWalk:
    def test_down_from_an_objective(self, year):
        fair = year.objectives[1]
        assert [driver.key for driver in year.drivers_of(fair)] == ["staffing", "load"]
        assert [target.key for target in year.targets_of("occupancy")] == ["day"]

    def test_up_from_a_measure_by_every_way(self, year):
        ways = [(driver.key, objective.key) for driver, objective in year.ways_up("service_level")]
        assert ways == [("staffing", "be_there"), ("staffing", "be_fair")]

    def test_nothing_leads_up_from_a_driver_without_objective(self, year):
        ways = {driver.key for driver, _ in year.ways_up("occupancy")}
        assert ways == {"load"}


class TestOrphans:
    def test_each_kind_is_named(self, year):
        found = [(each.kind, each.key) for each in year.orphans()]
        assert found == [
            ("driver", "alone"),
            ("kpi", "forecast_error"),
            ("target", "evaluation_score"),
        ]

    def test_a_value_that_is_seen_nowhere_is_a_slogan(self, direction):
        assert [each.key for each in direction.slogans()] == ["smile"]

    def test_a_whole_tree_has_none(self):
        section = centre.read(FILE, "direction")
        section["years"]["2026"]["drivers"] = {
            "staffing": {"name": "Staffing", "kpis": ["service_level"]}
        }
        section["years"]["2026"]["targets"] = [
            {"kpi": "service_level", "value": 0.8, "queue": "billing"}
        ]
        assert list(tree.of(section).years[0].orphans()) == []
