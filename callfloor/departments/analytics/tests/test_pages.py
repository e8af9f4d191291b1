"""The reports' pages: for whom, in which language, and that a file says what the page says."""

import csv
import html
import io
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from callfloor.core import codec
from callfloor.kernel.models import AuditEntry
from callfloor.kernel.testing import DutyPageBattery
from callfloor.records.cases import services
from callfloor.records.customers import services as customers
from callfloor.records.interactions.models import Interaction, WaitSum
from callfloor.records.metrics import queries
from callfloor.records.metrics import services as metrics
from tests.records import cases, scenes
from tests.records.scenes import facts

pytestmark = [pytest.mark.page, pytest.mark.django_db(databases=["default", "keys"])]

DAY = "from=2026-03-02&to=2026-03-02"
"""The day of the scene."""


def page(client, key, url, *, language="en"):
    DutyPageBattery().sign_in(client, key)
    return client.get(url, headers={"accept-language": language})


def text(answer):
    return b"".join(answer.streaming_content).decode("utf-8-sig")


def rows(answer):
    return list(csv.DictReader(io.StringIO(text(answer))))


def change(scene, after, state, *, agent, **values):
    said = facts.AgentChanged(agent=agent, state=state, **values)
    scene.raw(at=scenes.START + after, name="AgentChanged", body=codec.dumps(said))


@pytest.fixture(autouse=True)
def stands(scene):
    """Let the scene's center stand for the batteries too."""


@pytest.fixture
def calls(scene):
    """Give three answered calls, one late, and three that were given up, one short."""
    made = []
    for number, agent in enumerate(("anna", "bela", "anna")):
        call = scene.call(at=scenes.START + 1_700 * number, number=f"+36155501{number:02}")
        scenes.in_queue(call)
        scenes.answered(call, agent, wait=30.0 if number == 2 else 6.0)
        made.append(call)
    for number, wait in enumerate((8.0, 9.5, 2.0)):
        call = scene.call(at=scenes.START + 900 * number, number=f"+36155502{number:02}")
        scenes.in_queue(call)
        scenes.abandoned(call, wait=wait)
        made.append(call)
    again = scene.call(at=scenes.START + 6_000, number="+3615550200")
    scenes.in_queue(again)
    scenes.answered(again, "bela")
    scene.write(*made, again)
    for after, state, agent in (
        (0, "ready", "anna"),
        (600, "away", "anna"),
        (900, "signed_out", "anna"),
        (0, "ready", "cili"),
        (60, "signed_out", "cili"),
    ):
        change(scene, after + 20_000, state, agent=agent, reason="lunch")
    scenes.project(scene)
    return made


class TestIntervals(DutyPageBattery):
    allowed, forbidden = "mara", "anna"

    def url(self):
        return f"/reports?{DAY}"

    def test_shows_the_day_by_half_hours(self, client, calls):
        answer = page(client, "mara", self.url())
        assert [label for label, _ in answer.context["intervals"]] == [
            *("10:00", "10:30", "11:30"),
        ]
        tiles = {tile["key"]: tile["text"] for tile in answer.context["tiles"]}
        assert tiles == {
            "offered": "7",
            "service_level": "50.0%",
            "abandonment_rate": "33.3%",
            "answer_speed": "0:12",
            "longest_wait": "0:30",
            "handling_time": "0:37",
        }

    def test_each_figure_opens_as_many_interactions_as_it_counts(self, client, calls):
        """Every link of the page; a share opens what stands above its line."""
        found = page(client, "mara", self.url()).content.decode()
        links = re.findall(r'<a href="(/interactions\?behind=(\w+)[^"]*)">([^<]+)</a>', found)
        assert len(links) > 40
        counted = 0
        for url, key, shown in links:
            listed = client.get(html.unescape(url)).context["page"].total
            if queries.metric(key).unit == "count":
                assert str(listed) == shown, url
                counted += 1
            else:
                assert listed > 0, url
        assert counted > 20

    def test_file_says_what_the_page_says(self, client, calls):
        answer = page(client, "mara", self.url())
        found = rows(page(client, "mara", f"/reports.csv?{DAY}"))
        total = next(row for row in found if row["row"] == "total")
        scope = queries.scope(person=scenes.person("mara"), day_from=datetime(2026, 3, 2).date())  # noqa: DTZ001
        for key in (tile["key"] for tile in answer.context["tiles"]):
            value = queries.value(key, scope=scope, now=scenes.NOW)
            assert float(total[key]) == pytest.approx(value, abs=5e-4)
        assert (total["offered"], total["service_level"]) == ("7", "0.500000")
        assert total["from"] == "2026-03-02T00:00:00+01:00"
        for kind in ("queue", "interval", "queue_interval"):
            parts = [row for row in found if row["row"] == kind]
            assert sum(int(row["offered"]) for row in parts) == 7

    @pytest.mark.parametrize("language", ["fa", "hu", "fr"])
    def test_file_is_the_same_in_every_language(self, client, calls, language):
        plain = text(page(client, "mara", f"/reports.csv?{DAY}"))
        assert text(page(client, "mara", f"/reports.csv?{DAY}", language=language)) == plain

    def test_persian_has_its_digits_calendar_and_weeks(self, client, calls):
        answer = page(client, "mara", self.url(), language="fa")
        found = answer.content.decode()
        assert "دوشنبه ۱۱ اسفند ۱۴۰۴" in found
        assert 'value="۱۴۰۴/۱۲/۱۱"' in found
        assert answer.context["sheet"]["heads"][0][0] == "شنبه"
        typed = page(client, "mara", "/reports?from=۱۴۰۴/۱۲/۱۱&to=۱۴۰۴/۱۲/۱۱", language="fa")
        assert typed.context["offered"] == 7

    def test_clients_are_apart(self, client, calls):
        assert page(client, "zoe", self.url()).context["offered"] == 0
        assert page(client, "zoe", f"{self.url()}&client=acme").status_code == 404
        assert page(client, "zoe", f"{self.url()}&queue=billing").status_code == 404
        assert rows(page(client, "zoe", f"/reports.csv?{DAY}"))[0]["offered"] == "0"

    def test_foreign_interactions_are_behind_no_figure(self, client, calls):
        url = "/interactions?behind=offered&from=2026-03-02T00:00Z&to=2026-03-03T00:00Z"
        assert page(client, "mara", url).context["page"].total == 7
        assert page(client, "zoe", url).context["page"].total == 0

    @pytest.mark.parametrize("given", ["from=x", "from=2026-13-40", "step=no&from=", "to=99"])
    def test_what_cannot_be_read_is_about_today(self, client, scene, given):
        zone = ZoneInfo(scenes.plan().timezone)  # Today is the centre's, and may end meanwhile.
        days = [timezone.localdate(timezone=zone)]
        answer = page(client, "mara", f"/reports?{given}")
        assert answer.status_code == 200
        days.append(timezone.localdate(timezone=zone))
        assert answer.context["asked"].days.first in days

    def test_what_the_twin_made_is_asked_for(self, client, calls):
        Interaction.objects.update(simulated=True)
        WaitSum.objects.update(simulated=True)
        assert page(client, "mara", self.url()).context["offered"] == 0
        answer = page(client, "mara", self.url())
        assert answer.context["with_simulated"] == f"?{DAY}&simulated=1"
        assert "The twin has made contacts in these days." in answer.content.decode()
        assert page(client, "mara", f"{self.url()}&simulated=1").context["offered"] == 7

    @pytest.mark.parametrize("asked", ["", "&simulated=1"])
    def test_nothing_is_said_of_the_twin_where_it_made_nothing(self, client, calls, asked):
        assert not page(client, "mara", self.url() + asked).context["with_simulated"]

    def test_what_the_twin_made_for_another_client_is_not_told(self, client, calls):
        Interaction.objects.update(simulated=True)
        assert not page(client, "zoe", self.url()).context["with_simulated"]

    def test_erasing_a_customer_changes_no_figure(self, client, calls):
        before = [
            text(page(client, "mara", f"/{name}.csv?{DAY}"))
            for name in ("reports", "reports/agents", "reports/first")
        ]
        for one in Interaction.objects.values_list("customer_id", flat=True).distinct():
            customers.erase(person=scenes.person("mara"), customer_id=one, now=scenes.NOW)
        assert before == [
            text(page(client, "mara", f"/{name}.csv?{DAY}"))
            for name in ("reports", "reports/agents", "reports/first")
        ]


class TestRestated:
    """F36.3: what came after a day had closed gives a figure a second value."""

    def late(self, scene):
        """Close the day of the calls with a mail in it to which the reply comes the next day."""
        mail = scene.call(at=scenes.START + 7_000, queue="orders")
        scenes.in_queue(mail)
        scene.write(mail)
        scenes.project(scene)
        metrics.close_days(now=_at(86_400))
        scenes.answered(mail, "bela", wait=80_000.0)
        scene.write(mail)
        scenes.project(scene, now=_at(90_000))

    def test_both_values_stand_on_the_page(self, client, calls, scene):
        self.late(scene)
        answer = page(client, "mara", f"/reports?{DAY}")
        tiles = {tile["key"]: (tile["text"], tile["was"]) for tile in answer.context["tiles"]}
        assert tiles["service_level"] == ("42.9%", "50.0%")
        assert tiles["offered"] == ("8", "")
        found = answer.content.decode()
        assert "was 50.0% when the day closed" in found
        assert '<span class="was">was 50.0%</span>' in found
        assert "Something came after a day had closed" in found

    def test_of_a_queue_in_which_nothing_came_late_one_value_stands(self, client, calls, scene):
        self.late(scene)
        answer = page(client, "mara", f"/reports?{DAY}&queue=billing")
        assert 'class="was"' not in answer.content.decode()

    def test_nothing_late_is_one_value(self, client, calls):
        metrics.close_days(now=_at(86_400))
        answer = page(client, "mara", f"/reports?{DAY}")
        assert 'class="was"' not in answer.content.decode()
        assert "Something came after" not in answer.content.decode()
        found = rows(page(client, "mara", f"/reports.csv?{DAY}"))
        assert {row["when_closed"] for row in found} == {""}

    def test_file_has_both_values(self, client, calls, scene):
        self.late(scene)
        found = rows(page(client, "mara", f"/reports.csv?{DAY}&step=day"))
        closed = {
            (row["row"], row["queue"]): dict(
                pair.split("=") for pair in filter(None, row["when_closed"].split(";"))
            )
            for row in found
        }
        assert closed["total", ""]["service_level"] == "0.500000"
        assert closed["total", ""]["waiting"] == "1"
        assert "offered" not in closed["total", ""]
        assert closed["queue", "billing"] == {}
        assert closed["queue", "orders"]["waiting"] == "1"
        assert closed["interval", ""] == closed["total", ""]
        assert closed["queue_interval", "orders"] == closed["queue", "orders"]

    def test_persian_has_its_digits(self, client, calls, scene):
        self.late(scene)
        answer = page(client, "mara", f"/reports?{DAY}", language="fa")
        tiles = {tile["key"]: tile["was"] for tile in answer.context["tiles"]}
        assert "۵۰٫۰٪" in tiles["service_level"]

    def test_erasing_a_customer_changes_neither_value(self, client, calls, scene):
        self.late(scene)
        before = text(page(client, "mara", f"/reports.csv?{DAY}&step=day"))
        assert "service_level=0.500000" in before
        for one in Interaction.objects.values_list("customer_id", flat=True).distinct():
            customers.erase(person=scenes.person("mara"), customer_id=one, now=scenes.NOW)
        assert text(page(client, "mara", f"/reports.csv?{DAY}&step=day")) == before


class TestAgents(DutyPageBattery):
    allowed, forbidden = "mara", "anna"

    def url(self):
        return f"/reports/agents?{DAY}"

    def test_shows_what_each_did(self, client, calls):
        answer = page(client, "mara", self.url())
        assert [row["key"] for row in answer.context["rows"]] == ["anna", "bela", "cili"]
        found = {
            row["agent"]: row for row in rows(page(client, "mara", f"/reports/agents.csv?{DAY}"))
        }
        anna = found["anna"]
        assert (anna["signed_in_time"], anna["ready_time"]) == ("900.000", "600.000")
        assert (anna["away_lunch"], anna["handled"]) == ("300.000", "2")
        assert (anna["talk_time"], anna["hold_time"], anna["wrap_time"]) == (
            *("60.000", "4.000", "10.000"),
        )
        assert found["cili"]["signed_in_time"] == "60.000"

    def test_leader_sees_the_own_team_alone(self, client, calls):
        """F27.2: of a foreign team nothing is told, not even by name."""
        cili = scenes.person("cili")
        cili.team_id = "day"
        cili.save()
        assert {row["key"] for row in page(client, "cili", self.url()).context["rows"]} == {
            *("anna", "bela", "cili"),
        }
        from callfloor.records.people.models import Person, Team

        Team.objects.create(key="night")
        Person.objects.filter(key="bela").update(team="night")
        assert {row["key"] for row in page(client, "cili", self.url()).context["rows"]} == {
            *("anna", "cili"),
        }
        assert page(client, "cili", f"{self.url()}&team=night").status_code == 404
        assert "bela" not in text(page(client, "cili", f"/reports/agents.csv?{DAY}"))

    def test_a_late_disposition_stands_with_both_values(self, client, calls, scene):
        """F36.3: on the page, in all, and in the file."""
        call = scene.call(at=scenes.START + 7_000)
        scenes.in_queue(call)
        scenes.answered(call, "anna", wrap=80_000.0)
        scene.write(call)
        scenes.project(scene, now=_at(90_000))
        metrics.close_days(now=_at(90_000))
        found = page(client, "mara", self.url()).content.decode()
        assert found.count('<span class="was">was 0:10</span>') == 1
        assert "Something came after a day had closed" in found
        told = rows(page(client, "mara", f"/reports/agents.csv?{DAY}"))
        closed = {row["agent"]: row["when_closed"] for row in told}
        assert "wrap_time=10.000" in closed["anna"].split(";")
        assert "handled" not in closed["anna"]
        assert closed["bela"] == ""

    def test_nothing_late_is_one_value(self, client, calls):
        metrics.close_days(now=_at(86_400))
        found = page(client, "mara", self.url()).content.decode()
        assert 'class="was"' not in found
        assert "Something came after" not in found

    def test_file_is_noted(self, client, calls):
        text(page(client, "mara", f"/reports/agents.csv?{DAY}"))
        entry = AuditEntry.objects.get(action="report.exported")
        assert (entry.by, entry.about) == ("mara", "agents")


class TestAbandoned(DutyPageBattery):
    allowed, forbidden = "mara", "ivan"

    def url(self):
        return f"/reports/abandoned?{DAY}"

    def test_says_who_was_spoken_with_since(self, client, calls):
        found = page(client, "mara", self.url()).context["rows"]
        assert [(row.waited_seconds, row.short) for row in found] == [
            *((2.0, True), (9.5, False), (8.0, False)),
        ]
        since = found[2].since
        assert (since.agent_name, since.called_back) == ("Béla Barta", False)
        assert [row.since for row in found[:2]] == [None, None]

    def test_callback_names_who_called(self, client, calls):
        Interaction.objects.filter(arrived_at=_at(6_000)).update(direction="out")
        answer = page(client, "mara", self.url())
        assert "Called back by Béla Barta" in answer.content.decode()

    def test_those_with_whom_nobody_has_spoken_can_be_asked_for(self, client, calls):
        found = page(client, "mara", f"{self.url()}&open=1").context["rows"]
        assert [row.waited_seconds for row in found] == [2.0, 9.5]

    def test_reading_and_taking_it_are_noted(self, client, calls):
        page(client, "mara", self.url())
        listed = AuditEntry.objects.get(action="interaction.listed", about="abandoned")
        assert len(listed.detail["ids"]) == 3
        found = rows(page(client, "mara", f"/reports/abandoned.csv?{DAY}"))
        assert [row["by"] for row in found] == ["", "", "Béla Barta"]
        assert AuditEntry.objects.filter(action="report.exported", about="abandoned").exists()

    def test_clients_are_apart(self, client, calls):
        assert not page(client, "zoe", self.url()).context["rows"]


class TestFirst(DutyPageBattery):
    allowed, forbidden = "mara", "anna"

    def url(self):
        return f"/reports/first?{DAY}"

    def test_counts_who_came_back_within_seven_days(self, client, calls):
        (row,) = [
            row
            for row in rows(page(client, "mara", f"/reports/first.csv?{DAY}"))
            if row["row"] == "total"
        ]
        assert (row["first_answered"], row["first_contact_one_agent"]) == ("4", "1.000000")
        assert (row["first_settled"], row["first_contact_no_return"]) == ("4", "1.000000")

    @pytest.fixture
    def matters(self, calls):
        """Give two cases out of calls, one of them with a second contact, and one out of none."""
        first, second = (Interaction.objects.get(id=call.item) for call in calls[:2])
        for row in (first, second):
            cases.opened(row.customer, origin=row.id, now=_at(3_600))
        services.attach(
            case_id=cases.opened(second.customer, origin=second.id, now=_at(3_600)).id,
            interaction_id=first.id,
            by=None,
            now=_at(3_600),
        )
        cases.opened(cases.customer(), now=_at(3_600))

    def test_three_figures_by_name_each_with_what_is_behind_it(self, client, matters):
        """By who came back, by agents, by cases: each link lists as many as are counted."""
        found = page(client, "mara", self.url()).content.decode()
        for key in ("no_return", "one_agent", "by_case"):
            assert str(queries.metric(f"first_contact_{key}").formula) in html.unescape(found)
        links = re.findall(r'<a href="(/(?:interactions|cases)\?[^"]*behind=(\w+)[^"]*)">', found)
        listed = {key: client.get(html.unescape(url)).context["page"].total for url, key in links}
        assert listed == {
            "first_answered": 4,
            "first_contact_one_agent": 4,
            "first_settled": 4,
            "first_contact_no_return": 4,
            "first_contact_by_case": 3,
        }
        answer = rows(page(client, "mara", f"/reports/first.csv?{DAY}"))
        by_queue = {row["queue"]: row for row in answer if row["row"] == "queue"}
        assert (by_queue["billing"]["first_cases"], by_queue[""]["first_cases"]) == ("3", "1")
        assert by_queue["billing"]["first_contact_by_case"] == "0.666667"
        assert answer[0]["first_contact_by_case"] == "0.750000"
        of_queue = rows(page(client, "mara", f"/reports/first.csv?{DAY}&queue=billing"))
        assert of_queue[0]["first_cases"] == "3", "of no queue is of none that was asked for"

    def test_foreign_cases_are_behind_no_figure(self, client, matters):
        day = "from=2026-03-01T23:00Z&to=2026-03-02T23:00Z"
        link = f"/cases?state=&behind=first_contact_by_case&{day}"
        assert page(client, "mara", link).context["page"].total == 3
        assert page(client, "zoe", link).context["page"].total == 0


def _at(seconds):
    return datetime.fromtimestamp(scenes.START, UTC) + timedelta(seconds=seconds)
