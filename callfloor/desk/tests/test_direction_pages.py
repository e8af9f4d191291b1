"""The direction on pages: down from the mission, up from a target, what hangs on nothing."""

import datetime as dt

import pytest

from callfloor.desk.direction import figures
from callfloor.kernel.testing import DutyPageBattery, PageBattery
from tests.records import organisations, scenes

pytestmark = [pytest.mark.page, pytest.mark.django_db(databases=["default", "keys"])]


@pytest.fixture(autouse=True)
def centre(scene, monkeypatch):
    """Give the scene's centre a direction, on a day of its year."""
    organisations.apply()
    day = dt.date(2026, 3, 2)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: day)
    return scene


def page(client, key, url):
    PageBattery().sign_in(client, key)
    return client.get(url)


def targets(answer):
    (objective,) = answer.context["objectives"]
    return objective["drivers"][0]["kpis"][0]["targets"]


class TestDirection(DutyPageBattery):
    allowed, forbidden = "anna", "gala"

    def url(self):
        return "/direction"

    def test_every_target_hangs_on_the_mission(self, client):
        answer = page(client, "mara", "/direction")
        assert answer.context["mission"] == "Every caller is served"
        assert [(row["name"], row["target"]) for row in targets(answer)] == [
            ("Agent", 0.8),
            ("Day", 0.81),
            ("Béla Barta", 0.82),
            ("Zoe Zand", 0.83),
            ("Billing", 0.84),
            ("zeta_help", 0.85),
        ]

    def test_people_and_queues_of_other_clients_are_counted_and_not_named(self, client):
        answer = page(client, "adam", "/direction")
        assert [row["key"] for row in targets(answer)] == ["agent", "day", "bela", "billing"]
        assert answer.context["objectives"][0]["drivers"][0]["kpis"][0]["hidden"] == 2
        assert "Zoe" not in answer.content.decode()

    def test_what_hangs_on_nothing_is_listed(self, client):
        answer = page(client, "mara", "/direction")
        assert [(row["kind"], row["name"]) for row in answer.context["orphans"]] == [
            ("driver", "Lonely driver")
        ]
        assert answer.context["slogans"] == 1

    def test_an_old_year_keeps_its_objectives(self, client):
        answer = page(client, "mara", "/direction?year=2025")
        assert [row["name"] for row in answer.context["objectives"]] == ["Last year"]
        assert answer.context["objectives"][0]["drivers"][0]["kpis"][0]["is_orphan"]

    def test_the_mission_is_said_in_the_readers_language(self, client):
        PageBattery().sign_in(client, "mara")
        answer = client.get("/direction", headers={"accept-language": "fa"})
        assert answer.context["mission"] == "به هر تماس‌گیرنده‌ای خدمت می‌شود"

    def test_todays_figure_stands_beside_the_target(self, client, centre):
        call = centre.call(client="acme", called="900", queue="billing")
        scenes.in_queue(call)
        scenes.answered(call, "anna")
        centre.write(call)
        scenes.project(centre)
        answer = page(client, "mara", "/direction")
        (objective,) = answer.context["objectives"]
        assert (objective["figure"], objective["tone"]) == (1.0, "good")
        figures_of = {row["key"]: row["figure"] for row in targets(answer)}
        assert (figures_of["billing"], figures_of["agent"]) == (1.0, 1.0)
        assert (figures_of["bela"], figures_of["day"], figures_of["zeta_help"]) == (
            None,
            None,
            None,
        )

    def test_without_a_direction_it_says_what_to_do(self, client, monkeypatch):
        monkeypatch.setattr(organisations, "BODY", "centre:\n  name: Bare\n")
        organisations.apply()
        answer = page(client, "mara", "/direction")
        assert answer.context["mission"] == ""
        assert "Nothing says where this center is going" in answer.content.decode()


class TestUp(DutyPageBattery):
    allowed, forbidden = "anna", "gala"

    def url(self):
        return "/direction/up/role/agent"

    def test_a_target_leads_up_to_the_mission(self, client):
        answer = page(client, "mara", self.url())
        (row,) = answer.context["ways"]
        assert [(way["driver"], way["objective"]["name"]) for way in row["ways"]] == [
            ("Staffing follows demand", "Be there when people call")
        ]
        assert "/direction?year=2026#o-be_there" in answer.content.decode()

    @pytest.mark.parametrize(
        "url",
        ["person/zoe", "queue/zeta_help", "role/nobody", "planet/mars"],
    )
    def test_what_a_reader_may_not_know_is_not_there(self, client, url):
        assert page(client, "adam", f"/direction/up/{url}").status_code == 404


class TestMine(PageBattery):
    allowed = "gala"

    def url(self):
        return "/direction/mine"

    def test_they_are_those_of_role_team_person_and_queue(self, client):
        ways = page(client, "bela", self.url()).context["ways"]
        assert [(row["kind"], row["key"]) for row in ways] == [
            ("role", "agent"),
            ("team", "day"),
            ("person", "bela"),
            ("queue", "billing"),
        ]
        assert all(row["ways"] for row in ways)

    def test_whoever_has_none_is_told_so(self, client):
        answer = page(client, "gala", self.url())
        assert answer.context["ways"] == []
        assert "No targets" in answer.content.decode()


class TestTone:
    @pytest.mark.parametrize(
        ("figure", "tone"), [(0.8, "good"), (0.79, "warn"), (0.7, "bad"), (None, "")]
    )
    def test_a_near_miss_is_a_warning(self, figure, tone):
        assert figures.tone("service_level", figure=figure, target=0.8) == tone

    def test_a_measure_that_is_not_known_has_none(self):
        assert figures.tone("luck", figure=1.0, target=0.8) == ""
