"""Queues, hours and flows changed on a page: looked at, tried, taken, and by nobody who may not."""

import datetime as dt
import json
import re

import pytest

from callfloor.app import applying, trial
from callfloor.blueprint import canonical, export
from callfloor.blueprint.tests.samples import GOOD
from callfloor.blueprint.tests.test_canonical import blueprint_of
from callfloor.departments.workforce.models import Trial
from callfloor.kernel.testing import DutyPageBattery, PageBattery, row_counts
from callfloor.records.routing import queries as routing
from tests.records.fixtures import data

__all__ = ["data"]
pytestmark = [pytest.mark.page, pytest.mark.django_db(databases=["default", "keys"])]

NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
PEOPLE = """\
  bob: {roles: [team_leader], clients: [north, south]}
  lea: {roles: [team_leader], clients: [north], team: one}
  meg: {roles: [manager], clients: [north, south]}
  adam: {roles: [manager], clients: [north]}
  zoe: {roles: [manager], clients: [south]}
"""
SOUTH = """\
  side:
    first: wait
    steps:
      wait: {do: say, prompt: hello, next: stop}
      stop: {do: end}
numbers:
  "200": {client: south, flow: side, language: en}
"""
TEXT = (
    GOOD.partition("demo:\n")[0]
    .replace("  bob: {roles: [team_leader], clients: [north, south]}\n", PEOPLE)
    .replace("numbers:\n", SOUTH)
)


@pytest.fixture(autouse=True)
def centre(data, settings):
    """Apply the sample, as the command line does."""
    from callfloor.app import changing
    from callfloor.kernel import ports

    ports.join_centre(changing.Centre(data))
    applying.take(blueprint_of(TEXT), data=data, sip=None, passwords={}, now=NOW)
    changing._version.cache_clear()
    return data


def sign_in(client, key="adam"):
    PageBattery().sign_in(client, key)


def counts() -> dict[str, int]:
    return row_counts(leave=("kernel.AuditEntry",))


def look(client, url, **fields):
    """Show what a change does; give the page and the form that would take it."""
    form = {"based_on": routing.current_version(), "step": "look", **fields}
    answer = client.post(url, form)
    assert answer.status_code == 200
    return answer, {**form, "step": "take", "seen": answer.context["mark"]}


def lines(answer):
    return [(line.what, line.before, line.after) for line in answer.context["looked"].lines]


def held():
    return export.current().blueprint


class TestQueue:
    url = "/queues/care/change"

    def test_is_looked_at_before_anything_is_written(self, client):
        sign_in(client)
        before = counts()
        answer, _ = look(client, self.url, goal_share="90", goal_seconds="۳۰")
        assert lines(answer) == [
            ("Care › Goal, seconds", "20", "30"),
            ("Care › Goal, %", "80%", "90%"),
        ]
        assert counts() == before

    def test_becomes_a_version_of_the_file_and_holds_on_the_floor(self, client):
        sign_in(client)
        was = routing.current_version()
        _, form = look(client, self.url, goal_share="90", length_max="40", choose="best_skilled")
        assert client.post(self.url, form)["Location"] == "/queues/care"
        file = routing.current_file()
        assert (file.parent, file.by_page, file.applied_by) == (was, True, "adam")
        queue = held().queues["care"]
        assert (queue.goal.share, queue.length_max, queue.choose) == (0.9, 40, "best_skilled")
        (plan,) = routing.current_plan().queues
        assert (plan.goal_share, plan.length_max, plan.choose) == (0.9, 40, "best_skilled")

    def test_its_numbers_stand_in_persian_digits_and_are_read_again(self, client):
        """What a form shows changes nothing when it comes back as it was."""
        sign_in(client)
        persian = {"headers": {"accept-language": "fa"}}
        form = client.get(self.url, **persian).context["form"]
        shown = {row["field"].name: row["value"] for row in form.rows()}
        assert (shown["goal_share"], shown["goal_seconds"]) == ("۸۰", "۲۰")
        assert not re.search("[0-9]", "".join(shown.values()))
        tiers = {f"after.{each.index}": each.after for each in form.tiers() if each.after}
        assert tiers == {"after.0": "۰", "after.1": "۲۰"}
        needs = {"need.0.help": "2", "need.1.help": "1"}
        fields = {"based_on": routing.current_version(), "step": "look", **shown, **tiers, **needs}
        answer = client.post(self.url, fields, **persian)
        assert not answer.context["form"].wrong
        assert answer.context["form"].edits == {}
        answer = client.post(self.url, {**fields, "wait_seconds_max": "۹۰٫۵"}, **persian)
        assert list(answer.context["form"].edits.values()) == [90.5]

    def test_gets_another_tier_and_loses_one(self, client):
        sign_in(client)
        fields = {"after.0": "0", "need.0.help": "2", "after.1": "", "need.1.help": "1",
                  "after.2": "45", "need.2.help": "3"}  # fmt: skip
        answer, form = look(client, self.url, **fields)
        ((what, before, after),) = lines(answer)
        assert what == "Care › Who may take it, and from when"
        assert before == "0:00 Help from level 2; 0:20 Help from level 1"
        assert after == "0:00 Help from level 2; 0:45 Help from level 3"
        client.post(self.url, form)
        assert [tier.after_seconds for tier in held().queues["care"].tiers] == [0, 45]

    def test_that_nobody_could_serve_is_refused_and_nothing_is_written(self, client):
        sign_in(client)
        fields = {"after.0": "0", "need.0.help": "5"}
        answer, form = look(client, self.url, **fields)
        assert "Nobody can serve" in answer.context["looked"].findings[0][1]
        assert not answer.context["tried"]
        before = counts()
        again = client.post(self.url, form)
        assert again.context["refused"].code == "centre.not_possible"
        assert counts() == before

    def test_a_value_out_of_the_schema_is_a_finding_too(self, client):
        sign_in(client)
        answer, _ = look(client, self.url, ring_seconds="1")
        ((_, wrong, _),) = answer.context["looked"].findings
        assert wrong.startswith("`ring_seconds`")

    def test_what_is_no_number_is_marked_and_kept(self, client):
        sign_in(client)
        before = counts()
        form = {"based_on": routing.current_version(), "step": "look", "goal_seconds": "soon"}
        answer = client.post(self.url, form)
        assert answer.context["form"].wrong.keys() == {"goal_seconds"}
        assert 'value="soon"' in answer.content.decode()
        assert counts() == before

    def test_opened_and_sent_as_it_is_changes_nothing(self, client):
        sign_in(client)
        shown = client.get(self.url).context
        fields = {row["field"].name: row["value"] for row in shown["form"].rows()}
        for each in shown["tiers"]:
            fields[f"after.{each['tier'].index}"] = each["tier"].after
            for skill, level in each["tier"].needs:
                fields[f"need.{each['tier'].index}.{skill}"] = str(level)
        answer, _ = look(client, self.url, **fields)
        assert (answer.context["form"].edits, lines(answer)) == ({}, [])

    def test_changed_by_another_meanwhile_is_not_undone(self, client):
        sign_in(client)
        _, mine = look(client, self.url, goal_share="90")
        sign_in(client, "meg")
        _, hers = look(client, self.url, goal_share="70")
        client.post(self.url, hers)
        sign_in(client)
        answer = client.post(self.url, mine)
        assert answer.context["refused"].code == "centre.overtaken"
        assert held().queues["care"].goal.share == 0.7


class TestHours:
    url = "/hours/office/change"

    def test_close_tomorrow(self, client):
        sign_in(client)
        answer, form = look(client, self.url, **{"new.0": "2027-03-02", "hours.0": ""})
        ((what, before, after),) = lines(answer)
        assert what == "office › Tuesday, 2 March 2027" or "2027" in what
        assert (before, after) == ("as every week", "closed")
        client.post(self.url, form)
        assert held().calendars["office"].exceptions["2027-03-02"] == []
        (calendar,) = routing.current_plan().calendars
        assert dict(calendar.exceptions)["2027-03-02"] == ()

    def test_of_the_week_are_written_as_an_author_would(self, client):
        sign_in(client)
        fields = {f"day.{day}": "8:00–17:00" for day in range(5)}
        answer, form = look(client, self.url, **fields, **{"day.5": "9:00-12:00", "day.6": ""})
        assert {line[0] for line in lines(answer)} == {
            "office › Monday to Friday", "office › Saturday",
        }  # fmt: skip
        client.post(self.url, form)
        weekly = held().calendars["office"].weekly
        assert weekly == {"mon-fri": ["08:00-17:00"], "sat": ["09:00-12:00"]}

    def test_that_overlap_are_refused_by_the_same_finding_as_in_the_file(self, client):
        sign_in(client)
        fields = {"new.0": "2027-03-02", "hours.0": "08:00-12:00, 11:00-13:00"}
        answer, _ = look(client, self.url, **fields)
        ((_, wrong, _),) = answer.context["looked"].findings
        assert wrong == "Hours of 2027-03-02 overlap."

    def test_a_day_is_as_every_week_again(self, client):
        sign_in(client)
        fields = {"on.2026-12-24": "08:00-11:00", "usual.2026-12-24": "1"}
        _, form = look(client, self.url, **fields)
        client.post(self.url, form)
        assert held().calendars["office"].exceptions == {}

    def test_are_not_for_who_serves_no_client_that_meets_them(self, client):
        sign_in(client, "zoe")
        for url in ("/hours/office", self.url):
            assert client.get(url).status_code == 404
        assert client.get("/hours").context["rows"] == []


class TestFlow:
    url = "/flows/main/change"

    def test_a_key_leads_elsewhere_in_a_version_of_its_own(self, client):
        sign_in(client)
        answer, form = look(client, self.url, **{"to.ask.choices.1": "wait"})
        assert lines(answer) == [
            ("main › ask › Keys", "1 care › wait; 2 again › ask; 9 leave › sorry",
             "1 care › wait; 2 again › wait; 9 leave › sorry"),
            ("main › Version", "1", "2"),
        ]  # fmt: skip
        client.post(self.url, form)
        flow = held().flows["main"]
        assert (flow.version, flow.steps["ask"].choices[1].next) == (2, "wait")
        versions = {flow.key: flow.version for flow in routing.current_plan().flows}
        assert versions == {"main": 2, "side": 1}

    def test_without_an_exit_is_refused(self, client):
        sign_in(client)
        answer, _ = look(client, self.url, **{"to.hours.open": "hours"})
        assert answer.context["looked"].findings
        assert not answer.context["tried"]

    def test_a_way_by_language_is_drawn_and_leads_elsewhere(self, client, centre):
        """A flow that branches by language shows each language's way, and it can be changed."""
        text = TEXT.replace("prompt: hello, next: hours", "prompt: hello, next: sort").replace(
            "      hours: {do",
            "      sort: {do: language, ways: {hu: hours}, otherwise: sorry}\n      hours: {do",
        )
        applying.take(blueprint_of(text), data=centre, sip=None, passwords={}, now=NOW)
        sign_in(client)
        (root,) = client.get("/flows/main").context["roots"]
        assert [node.label for node in root.below] == ["Magyar", "in any other language"]
        assert root.lines[-1].does == "Looks at the language"
        change = {"to.sort.ways.hu": "wait", "to.sort.otherwise": "hours"}
        answer, form = look(client, self.url, **change)
        assert lines(answer)[:2] == [
            ("main › sort › in any other language", "sorry", "hours"),
            ("main › sort › Magyar", "hours", "wait"),
        ]
        client.post(self.url, form)
        sort = held().flows["main"].steps["sort"]
        assert (sort.ways, sort.otherwise) == ({"hu": "wait"}, "hours")

    def test_texts_are_spoken_before_the_plan_leads_to_them(self, client, centre):
        sign_in(client)
        answer, form = look(client, self.url, **{"text.choose.hu": "Nyomjon egyest."})
        assert lines(answer) == [("Text choose › Magyar", "Nyomja meg az egyest.",
                                  "Nyomjon egyest.")]  # fmt: skip
        client.post(self.url, form)
        assert held().prompts["choose"]["hu"] == "Nyomjon egyest."
        assert held().flows["main"].version == 1
        assert (centre / "prompts/hu/choose.wav").is_file()

    def test_a_text_that_other_clients_hear_is_not_reworded(self, client):
        sign_in(client)
        _, form = look(client, self.url, **{"text.hello.en": "Go away."})
        client.post(self.url, form)
        assert held().prompts["hello"]["en"] == "Hello."
        sign_in(client, "meg")
        _, form = look(client, self.url, **{"text.hello.en": "Good day."})
        client.post(self.url, form)
        assert held().prompts["hello"]["en"] == "Good day."

    def test_of_other_clients_is_not_there(self, client):
        sign_in(client)
        assert client.get("/flows/side").status_code == 404
        assert client.get("/flows/side/change").status_code == 404
        assert [row["key"] for row in client.get("/flows").context["rows"]] == ["main"]

    def test_is_drawn_with_every_step_once(self, client):
        sign_in(client)
        (root,) = client.get("/flows/main").context["roots"]
        found = [root]
        for node in found:
            found += node.below
        steps = [line.key for node in found for line in node.lines]
        assert sorted(steps) == ["ask", "hello", "hours", "sorry", "wait"]
        assert {node.again for node in found if node.again} == {"ask", "sorry", "wait"}


class TestTwin:
    def test_the_change_is_carried_to_it(self, client):
        sign_in(client)
        answer, form = look(client, "/queues/care/change", goal_seconds="45")
        tried = answer.context["tried"]
        went = client.post("/try?kind=page", form | {"change": tried})
        assert went["Location"].startswith("/try/")
        row = Trial.objects.get()
        assert row.question == {"kind": "page", "section": "queues", "key": "care",
                                "queues": ["care"]}  # fmt: skip
        assert json.loads(row.other) == [[["queues", "care", "goal", "seconds"], 45.0]]
        assert "Care" in client.get(went["Location"]).content.decode()

    def test_tries_what_the_page_has_shown_and_nothing_else(self, client):
        sign_in(client)
        before = counts()
        for change in ("", "x", "e30:1:2"):
            assert client.post("/try?kind=page", {"change": change}).status_code == 200
        assert counts() == before

    def test_plays_the_edited_centre(self):
        text = canonical.text(held())
        edits = [[["queues", "care", "goal", "seconds"], 45.0], [["probe"], None]]
        job = {"question": {"kind": "page"}, "other": json.dumps(edits)}
        after = trial._changed(trial._blueprint(text), job, day=NOW.date())
        assert (after.queues["care"].goal.seconds, after.probe) == (45.0, None)


class TestWho:
    URLS = ("/queues/care/change", "/hours/office/change", "/flows/main/change")

    @pytest.mark.parametrize("url", URLS)
    @pytest.mark.parametrize(
        ("by", "status"),
        [("ann", 403), ("lea", 403), ("zoe", 404), ("adam", 200), ("meg", 200)],
    )
    def test_may(self, client, by, url, status):
        sign_in(client, by)
        before = counts()
        form = {"based_on": routing.current_version(), "step": "look"}
        assert client.get(url).status_code == status
        assert client.post(url, form).status_code == status
        assert counts() == before

    @pytest.mark.parametrize(
        "url", ["/queues/no/change", "/hours/no", "/flows/no", "/flows/no/change"]
    )
    def test_what_is_not_there_is_not_found(self, client, url):
        sign_in(client, "meg")
        assert client.get(url).status_code == 404

    def test_the_history_says_it_in_words(self, client):
        sign_in(client, "meg")
        _, form = look(client, "/hours/office/change", **{"new.0": "2027-03-02", "hours.0": ""})
        client.post("/hours/office/change", form)
        page = client.get(f"/organisation/history/{routing.current_version()}")
        assert [line.after for line in page.context["looked"].lines] == ["closed"]


class TestQueuePage(DutyPageBattery):
    allowed, forbidden = "meg", "ann"

    def url(self):
        return "/queues/care/change"


class TestHoursPages(PageBattery):
    allowed = "meg"

    def url(self):
        return "/hours"


class TestHoursPage(PageBattery):
    allowed = "meg"

    def url(self):
        return "/hours/office"


class TestHoursForm(DutyPageBattery):
    allowed, forbidden = "meg", "ann"

    def url(self):
        return "/hours/office/change"


class TestFlowsPage(PageBattery):
    allowed = "meg"

    def url(self):
        return "/flows"


class TestFlowPage(PageBattery):
    allowed = "meg"

    def url(self):
        return "/flows/main"


class TestFlowForm(DutyPageBattery):
    allowed, forbidden = "meg", "ann"

    def url(self):
        return "/flows/main/change"
