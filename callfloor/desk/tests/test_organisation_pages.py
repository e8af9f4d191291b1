"""The pages of the organization: for whom, in six languages, and equal to what is enforced."""

import csv
import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from callfloor.desk.organisation import missing, pages
from callfloor.kernel import audit, department
from callfloor.kernel.testing import DutyPageBattery, PageBattery, row_counts
from callfloor.records.people import queries
from callfloor.records.people.services import ProofData
from tests.records import organisations, scenes

pytestmark = [pytest.mark.page, pytest.mark.django_db(databases=["default", "keys"])]


@pytest.fixture(autouse=True)
def centre(scene):
    """Give the scene's centre an organization and a file."""
    organisations.apply()
    return scene


@pytest.fixture(autouse=True)
def english():
    """Leave the language that a page was asked in to no other test."""
    with translation.override("en"):
        yield


def page(client, key, url):
    PageBattery().sign_in(client, key)
    return client.get(url)


def words(answer):
    return answer.content.decode()


class TestChart(DutyPageBattery):
    allowed, forbidden = "anna", "gala"

    def url(self):
        return "/organisation"

    def test_both_lines_stand_in_words(self, client):
        (top,) = page(client, "mara", "/organisation").context["roots"]
        inbound, marketing = top["below"]
        assert (top["name"], top["head"]) == ("Management", "Mara Molnár")
        assert (inbound["name"], inbound["supervised_by"]) == ("Front line", "Marketing")
        assert marketing["functions"] == ["Front line"]
        assert (len(inbound["merges"]), inbound["people"], inbound["teams"]) == (1, 3, ["Day"])

    def test_what_nobody_answers_for_stands_on_top(self, client):
        answer = page(client, "mara", "/organisation")
        (row,) = answer.context["ownerless"]
        assert row["duty"] == str(department.duty(organisations.NOBODYS)[1].name)
        assert words(answer).index('id="ownerless-h"') < words(answer).index('id="chart-h"')

    def test_a_duty_is_found_by_its_words(self, client):
        answer = page(client, "mara", "/organisation?q=lead%20TEAM")
        found = [duty["key"] for place in answer.context["places"] for duty in place["duties"]]
        assert found == ["inbound.lead_team"]

    def test_a_large_centre_shows_one_department_at_a_time(self, client, monkeypatch):
        monkeypatch.setattr(pages, "DUTIES_SHOWN_MAX", 2)
        one = page(client, "mara", "/organisation").context["places"]
        assert [place["key"] for place in one] == ["management"]
        other = page(client, "mara", "/organisation?department=inbound").context["places"]
        assert [place["key"] for place in other] == ["inbound"]
        assert len(page(client, "mara", "/organisation?department=all").context["places"]) == 3
        found = page(client, "mara", "/organisation?q=team&department=marketing").context["places"]
        assert "inbound" in [place["key"] for place in found]

    def test_those_of_other_clients_are_counted_and_not_named(self, client):
        answer = page(client, "adam", "/organisation")
        assert "Zoe Zand" not in words(answer)
        duties = {duty["key"]: duty for each in answer.context["places"] for duty in each["duties"]}
        run = duties["management.run_centre"]
        assert ([key for key, _ in run["holders"]], run["more"]) == (["adam", "mara"], 1)

    def test_a_department_is_called_as_the_reader_speaks(self, client):
        PageBattery().sign_in(client, "mara")
        answer = client.get("/organisation", headers={"accept-language": "fa"})
        assert "خط مقدم" in words(answer)

    def test_without_departments_it_says_what_to_do(self, client):
        scenes.apply()
        answer = page(client, "mara", "/organisation")
        assert answer.context["roots"] == []
        assert "departments" in words(answer)


class TestMatrix(DutyPageBattery):
    allowed, forbidden = "mara", "anna"

    def url(self):
        return "/organisation/matrix"

    def test_each_person_is_shown_what_the_code_enforces(self, client):
        PageBattery().sign_in(client, "mara")
        rows = list(csv.DictReader(_lines(client, "/organisation/matrix.csv")))
        shown: dict[str, set[str]] = {}
        for row in rows:
            shown.setdefault(row["Person"], set()).add(row["Permission"])
        everybody = [person.key for person in scenes.people()]
        for key in everybody:
            assert shown[key] == scenes.person(key).rights.permissions, key
        assert shown.keys() == set(everybody)

    def test_it_equals_the_matrix_of_the_records(self, client):
        PageBattery().sign_in(client, "mara")
        rows = csv.DictReader(_lines(client, "/organisation/matrix.csv"))
        shown = {(row["Person"], row["Duty key"], row["Permission"]) for row in rows}
        enforced = queries.matrix(person=scenes.person("mara"))
        assert shown == {(row.person, row.duty.key, row.permission) for row in enforced}

    def test_a_foreign_person_is_not_there(self, client):
        answer = page(client, "adam", "/organisation/matrix")
        assert "zoe" not in [line["key"] for line in answer.context["lines"]]
        assert page(client, "adam", "/organisation/matrix?person=zoe").context["lines"] == []

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("q=csonka", ["cili"]),
            ("duty=inbound.lead_team", ["cili"]),
            ("department=management", ["adam", "mara", "zoe"]),
            ("person=ivan", ["ivan"]),
            ("duty=inbound.lead_team&department=management", []),
        ],
    )
    def test_it_is_filtered_by_person_duty_and_department(self, client, query, found):
        answer = page(client, "mara", f"/organisation/matrix?{query}")
        assert [line["key"] for line in answer.context["lines"]] == found

    def test_who_takes_it_along_is_noted(self, client):
        PageBattery().sign_in(client, "mara")
        before = row_counts()["kernel.AuditEntry"]
        _lines(client, "/organisation/matrix.csv?duty=inbound.lead_team")
        assert row_counts()["kernel.AuditEntry"] == before + 1
        assert audit.verify().ok

    def test_without_the_duty_no_csv_and_no_note(self, client):
        PageBattery().sign_in(client, "anna")
        before = row_counts()
        assert client.get("/organisation/matrix.csv").status_code == 403
        assert row_counts() == before

    def test_it_asks_the_same_for_few_and_for_many(self, client):
        PageBattery().sign_in(client, "mara")
        client.get("/organisation/matrix")
        with CaptureQueriesContext(connection) as one:
            client.get("/organisation/matrix?person=anna")
        with CaptureQueriesContext(connection) as all_:
            client.get("/organisation/matrix")
        assert len(all_) == len(one)


class TestGaps(DutyPageBattery):
    allowed, forbidden = "anna", "gala"

    def url(self):
        return "/organisation/gaps"

    def test_only_languages_of_the_readers_clients_are_shown(self, client):
        rows = page(client, "adam", "/organisation/gaps").context["rows"]
        assert {row["client"] for row in rows} == {"Acme"}
        rows = page(client, "mara", "/organisation/gaps").context["rows"]
        assert {row["client"] for row in rows} == {"Acme", "Zeta"}

    def test_a_language_that_no_skill_names_says_what_to_do(self, client):
        assert "No skill says who speaks it" in words(page(client, "mara", "/organisation/gaps"))

    def test_the_week_begins_on_saturday_in_persian(self, client):
        PageBattery().sign_in(client, "mara")
        answer = client.get("/organisation/gaps", headers={"accept-language": "fa"})
        assert answer.context["days"][0] == "شنبه"

    def test_days_in_a_row_stand_together(self):
        assert missing._runs([0, 1, 2, 3, 4, 6]) == [[0, 1, 2, 3, 4], [6]]

    def test_a_level_that_is_none_is_the_usual_one(self, client):
        assert page(client, "mara", "/organisation/gaps?level=9").context["level"] == 4


def _lines(client, url):
    text = b"".join(client.get(url).streaming_content).decode().removeprefix("\ufeff")
    return text.splitlines()


class TestProofs:
    """Proofs of skills stand on the organization's page and on the person's."""

    def prove(self, until):
        """Let Cili vouch for what Anna can, until a day."""
        proof = ProofData(
            skill="talk", kind="certificate", by="cili", on=dt.date(2020, 1, 5), until=until
        )
        organisations.apply(proofs={"anna": (proof,)})

    def test_one_that_is_over_is_named_to_whom_the_people_are(self, client):
        self.prove(dt.date(2021, 1, 4))
        answer = page(client, "mara", "/organisation")
        (due,) = answer.context["proven"].due
        assert (due.person, due.by, due.state) == ("anna", "Cili Csonka", "over")
        assert "held until" in words(answer)

    def test_who_may_not_read_people_reads_nothing_of_them(self, client):
        self.prove(dt.date(2021, 1, 4))
        answer = page(client, "bela", "/organisation")
        assert answer.context["proven"] is None
        assert "held until" not in words(answer)

    def test_a_centre_without_proofs_is_not_asked_for_them(self, client):
        assert 'id="proofs-h"' not in words(page(client, "mara", "/organisation"))

    @pytest.mark.parametrize(
        ("language", "said"), [("en", "Certificate"), ("fa", "گواهی"), ("hu", "Tanúsítvány")]
    )
    def test_a_persons_page_says_who_vouches_in_the_readers_language(self, client, language, said):
        self.prove(None)
        PageBattery().sign_in(client, "mara")
        answer = client.get("/people/anna", headers={"accept-language": language})
        assert said in words(answer)
        assert "Cili Csonka" in words(answer)
        ((skill, proof),) = answer.context["skills"]
        assert (skill.key, proof.state) == ("talk", "holds")
