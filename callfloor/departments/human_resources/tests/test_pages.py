"""The pages of job descriptions: for whom, in which language, and what they change."""

import datetime as dt

import pypdfium2
import pytest
from django.utils import timezone

from callfloor.departments.human_resources import services
from callfloor.departments.human_resources.models import JobDescription
from callfloor.departments.human_resources.tests import centre
from callfloor.kernel.testing import DutyPageBattery, row_counts
from tests.records import scenes

pytestmark = [pytest.mark.page, pytest.mark.django_db(databases=["default", "keys"])]


@pytest.fixture(autouse=True)
def applied(scene):
    """Give the scene's centre a file that says what it is for."""
    centre.apply()


def page(client, key, url, *, language="en"):
    DutyPageBattery().sign_in(client, key)
    return client.get(url, headers={"accept-language": language})


def issue(key="agent"):
    services.issue(
        person=scenes.person("hana"), key=key, now=scenes.NOW, chance=key.encode().ljust(10)
    )


class TestList(DutyPageBattery):
    allowed, forbidden = "hana", "gala"

    def url(self):
        return "/jobs"

    def test_what_has_changed_stands_first(self, client):
        issue("manager")
        issue("agent")
        centre.apply(parts=centre.WIDER)
        answer = page(client, "hana", "/jobs")
        states = [(row.key, row.state) for row, _, _ in answer.context["rows"]]
        assert states[0] == ("agent", "changed")
        assert states[-1] == ("manager", "up_to_date")

    def test_list_can_be_sorted(self, client):
        answer = page(client, "hana", "/jobs?sort=-people")
        held = [row.holders for row, _, _ in answer.context["rows"]]
        assert held == sorted(held, reverse=True)
        assert held[0] > held[-1]

    def test_list_comes_as_a_file(self, client):
        answer = page(client, "hana", "/jobs.csv")
        first, *rows = b"".join(answer).decode("utf-8-sig").splitlines()
        assert first == "Role,Department,State,Version,Duties,People"
        assert "Agent,Front line,Not issued yet,,1,2" in rows
        assert page(client, "gala", "/jobs.csv").status_code == 403

    def test_menu_leads_there_for_those_who_may(self, client):
        assert 'href="/jobs"' in page(client, "hana", "/jobs").content.decode()
        client.logout()
        assert 'href="/jobs"' not in page(client, "gala", "/help").content.decode()


class TestDetail(DutyPageBattery):
    allowed, forbidden = "hana", "gala"

    def url(self):
        return "/jobs/agent"

    def test_text_has_its_own_language_and_direction(self, client):
        text = page(client, "hana", "/jobs/agent?language=fa").content.decode()
        assert '<html lang="en" dir="ltr"' in text
        assert 'lang="fa" dir="rtl"' in text
        assert "به هر تماس‌گیرنده‌ای خدمت می‌شود" in text
        assert "خط مقدم" in text

    def test_traces_are_shown_on_demand(self, client):
        assert (
            "Duty: inbound.take_calls" not in page(client, "hana", "/jobs/agent").content.decode()
        )
        text = page(client, "hana", "/jobs/agent?traces=on").content.decode()
        assert "Duty: inbound.take_calls" in text
        assert "When did you?" in text

    def test_change_names_sentences_and_who_is_to_be_told(self, client):
        issue()
        centre.apply(parts=centre.WIDER)
        text = page(client, "hana", "/jobs/agent").content.decode()
        assert "<ins>Lead a team through the day</ins>" in text
        assert "Who is to be told" in text
        assert "Béla Barta" in text

    def test_text_as_issued_can_still_be_read(self, client):
        issue()
        centre.apply(parts=centre.WIDER)
        answer = page(client, "hana", "/jobs/agent?as=issued")
        said = [
            item.text
            for section in answer.context["sections"]
            for group in section.groups
            for item in group.items
        ]
        assert "Take calls and finish them with a disposition" in said
        assert "Lead a team through the day" not in said

    def test_missing_targets_and_slogans_are_named(self, client):
        answer = page(client, "hana", "/jobs/agent")
        assert "No question, test or lesson shows it: Smile" in answer.context["gaps"]

    def test_role_that_is_not_there_is_not_found(self, client):
        assert page(client, "hana", "/jobs/nobody").status_code == 404


class TestIssue:
    def test_whoever_may_write_issues_a_version(self, client):
        DutyPageBattery().sign_in(client, "hana")
        answer = client.post("/jobs/agent/issue")
        assert (answer.status_code, answer["Location"]) == (302, "/jobs/agent")
        assert JobDescription.objects.get().role == "agent"
        assert "Version 1 has been issued." in client.get("/jobs/agent").content.decode()

    @pytest.mark.parametrize(("key", "status"), [("anna", 403), ("gala", 403)])
    def test_others_issue_nothing(self, client, key, status):
        DutyPageBattery().sign_in(client, key)
        before = row_counts()
        assert client.post("/jobs/agent/issue").status_code == status
        assert row_counts() == before

    def test_looking_at_the_address_issues_nothing(self, client):
        assert page(client, "hana", "/jobs/agent/issue").status_code == 405
        assert not JobDescription.objects.exists()


class TestChoose(DutyPageBattery):
    allowed, forbidden = "hana", "gala"

    def url(self):
        return "/jobs/choose?goal=inbound&environment=inbound"

    def test_best_role_stands_first_and_its_points_are_told(self, client):
        answer = page(client, "hana", "/jobs/choose?goal=human_resources&interaction=none")
        (first, *_others) = answer.context["fits"]
        assert (first["key"], first["share"]) == ("hr_partner", 1.0)

    def test_nothing_is_chosen_before_something_was_answered(self, client):
        answer = page(client, "hana", "/jobs/choose")
        assert answer.context["fits"] == []
        assert answer.context["tailored"] is None

    def test_effect_is_shown_and_nothing_is_changed(self, client):
        DutyPageBattery().sign_in(client, "hana")
        before = row_counts()
        text = client.get("/jobs/choose?goal=inbound&role=agent&into=inbound.lead_team").content
        assert b"<ins>Lead a team through the day</ins>" in text
        assert b"duties: [inbound.lead_team]" in text
        assert row_counts() == before

    def test_duty_that_was_left_out_can_come_back(self, client):
        url = "/jobs/choose?role=agent&into=inbound.lead_team&out=inbound.take_calls"
        tailored = page(client, "hana", url).context["tailored"]
        assert [key for key, _ in tailored["out"]] == ["inbound.take_calls"]
        assert [key for key, _ in tailored["into"]] == ["inbound.lead_team"]
        assert "inbound.take_calls" not in [key for key, _ in tailored["others"]]

    def test_what_was_typed_into_the_address_is_no_answer(self, client):
        url = "/jobs/choose?environment=moon&interaction=%00&role=nobody&into=no.such&out="
        assert page(client, "hana", url).status_code == 200


class TestPaper:
    def test_persian_paper_is_persian(self, client):
        """Its words, its digits, and its first word at the right margin."""
        answer = page(client, "hana", "/jobs/agent.pdf?language=fa")
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Content-Disposition"] == 'inline; filename="agent-fa.pdf"'
        first, *more = pypdfium2.PdfDocument(answer.content)
        text = first.get_textpage()
        said = "".join(each.get_textpage().get_text_range() for each in (first, *more))
        assert "کارشناس" in said
        assert "۰۸:۰۰" in said
        assert not set("0123456789") & set(said)
        assert text.get_charbox(0)[2] > 0.8 * first.get_width()

    def test_english_paper_begins_on_the_left(self, client):
        answer = page(client, "hana", "/jobs/agent.pdf?language=en", language="fa")
        first = pypdfium2.PdfDocument(answer.content)[0]
        text = first.get_textpage()
        assert text.get_text_range().startswith("Agent")
        assert text.get_charbox(0)[0] < 0.2 * first.get_width()

    def test_draft_says_so_until_it_is_issued(self, client):
        def lead():
            answer = page(client, "hana", "/jobs/agent.pdf?language=en")
            return pypdfium2.PdfDocument(answer.content)[0].get_textpage().get_text_range()

        assert "Job description, draft" in lead()
        issue()
        assert "Job description, version 1 of" in lead()

    def test_without_the_duty_there_is_no_paper(self, client):
        assert page(client, "gala", "/jobs/agent.pdf").status_code == 403


class TestPolicies(DutyPageBattery):
    allowed, forbidden = "hana", "gala"

    def url(self):
        return "/policies"

    @pytest.fixture(autouse=True)
    def today(self, monkeypatch):
        monkeypatch.setattr(timezone, "localdate", lambda *_: dt.date(2026, 3, 2))

    def test_overdue_ones_stand_first_with_owner_and_review(self, client):
        rows = page(client, "hana", "/policies").context["rows"]
        assert [(row.key, row.is_overdue, row.owner) for row in rows] == [
            ("refunds", True, "Manager"),
            ("clean_desk", False, "Manager"),
        ]
        assert rows[0].supports == ("Be there when people call",)

    def test_value_that_enforces_is_the_one_in_force(self, client):
        rows = page(client, "hana", "/policies").context["rows"]
        assert [(each.state, each.value) for each in rows[0].enforced_by] == [
            ("set", "50.00"),
            ("standard", "180"),
            ("missing", ""),
        ]
        assert not rows[1].holds
        changed = centre.BODY.replace('"50.00"', '"80.00"')
        centre.apply(body=changed, version="e" * 12)
        assert "80.00" in client.get("/policies").content.decode()

    def test_value_of_another_client_is_not_told(self, client):
        """I7: zoe works for Zeta alone."""
        answer = page(client, "zoe", "/policies")
        assert answer.context["rows"][0].enforced_by[0].state == "hidden"
        assert "50.00" not in answer.content.decode()
