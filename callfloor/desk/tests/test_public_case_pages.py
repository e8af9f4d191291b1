"""What strangers see of cases: the one their link was signed for, and the form; nothing else."""

import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.utils import timezone

from callfloor.desk.cases import public_pages
from callfloor.kernel import references
from callfloor.kernel.keys import ring
from callfloor.kernel.testing import LANGUAGES, row_counts
from callfloor.records.cases.services import complaints, work
from tests.records import cases, scenes

pytestmark = [pytest.mark.page, pytest.mark.django_db(databases=["default", "keys"])]

DAYS = timedelta(days=1)


@pytest.fixture(autouse=True)
def matter(scene):
    """Give a customer of acme with a question of his, and nobody who came before."""
    for pace in (public_pages.LOOKS, public_pages.WRITES, public_pages.ASKS):
        pace.forget()
    return cases.opened(cases.customer(), details="Only colleagues read this.")


def link(row, *, days=30):
    """Give the address of a case's page, signed until some days from now."""
    until = timezone.now() + days * DAYS
    return f"/case/{references.link_token(reference=row.reference, until=until)}"


def bare(answer):
    """Give a page without its own address and the token of its forms."""
    page = answer.content.decode().replace(answer.wsgi_request.path, "")
    return re.sub(r'value="\w{64}"', "", page)


def someone(key="anna"):
    return scenes.Someone(key=key, may=("cases.read", "cases.write", "cases.decide"))


def case(row):
    return apps.get_model("cases", "Case").objects.get(id=row.id)


class TestFollowing:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_it_opens_in_every_language(self, client, matter, language):
        answer = client.get(link(matter), headers={"accept-language": language})
        page = answer.content.decode()
        assert answer.status_code == 200
        assert f'lang="{language}"' in page
        assert ('dir="rtl"' in page) == (language == "fa")
        assert "no-store" in answer["Cache-Control"]

    def test_it_shows_what_was_written_to_him_and_nothing_of_colleagues(self, client, matter):
        work.write_note(person=someone(), case_id=matter.id, text="He shouts.", now=scenes.NOW)
        work.say(person=someone(), case_id=matter.id, text="It is coming.", now=scenes.NOW)
        page = client.get(link(matter)).content.decode()
        assert "Where is my parcel?" in page
        assert "It is coming." in page
        for secret in ("He shouts.", "Only colleagues", "Anna Árvai", "anna"):
            assert secret not in page

    def test_a_wrong_link_and_an_old_one_say_the_same_and_nothing_else(self, client, matter):
        before = row_counts()
        good, old = link(matter), link(matter, days=-1)
        gone = references.link_token(reference="CF-2026-000099", until=timezone.now() + DAYS)
        wrong = good[:-1] + ("0" if good[-1] != "0" else "1")
        seen = [client.get(url) for url in (old, wrong, f"/case/{gone}", "/case/x")]
        assert {answer.status_code for answer in seen} == {404}
        assert len({bare(answer) for answer in seen}) == 1
        assert "parcel" not in seen[0].content.decode()
        assert client.post(wrong, {"text": "Let me in"}).status_code == 404
        assert row_counts() == before

    def test_an_erased_customers_link_opens_nothing(self, client, matter):
        ring.destroy(subject="customer:nora", now=scenes.NOW)
        assert client.get(link(matter)).status_code == 404

    def test_his_answer_is_kept_and_opens_what_was_closed(self, client, matter):
        work.close(person=someone(), case_id=matter.id, known={"solution": "Sent."}, now=scenes.NOW)
        url = link(matter)
        answer = client.post(url, {"text": "It never came."})
        assert (answer.status_code, answer["Location"]) == (302, url)
        assert case(matter).closed_at is None
        assert "It never came." in client.get(url).content.decode()

    def test_his_answer_to_a_decision_is_an_appeal(self, client):
        row = cases.opened(
            apps.get_model("customers", "Customer").objects.get(id="nora"),
            kind="complaint",
            known={"wish": "An apology"},
        )
        complaints.decide(
            person=someone("cili"),
            case_id=row.id,
            decision="rejected",
            reason="No.",
            now=scenes.NOW,
        )
        client.post(link(row), {"text": "I do not agree."})
        assert (case(row).stage, case(row).decision) == ("appealed", "")

    @pytest.mark.parametrize("text", ["", "   "])
    def test_nothing_is_refused_as_nothing(self, client, matter, text):
        assert client.post(link(matter), {"text": text}).status_code == 400
        assert case(matter).events == 1

    def test_whoever_comes_too_often_is_asked_to_wait(self, client, matter):
        seen = {client.get("/case/guess").status_code for _ in range(120)}
        assert seen == {404}
        assert client.get("/case/guess").status_code == 429
        assert client.get(link(matter)).status_code == 429


class TestAsking:
    FORM = {
        "kind": "request",
        "subject": "A copy of my bill",
        "text": "Of May, please.",
        "name": "Grace Okafor",
        "address": "grace@example.org",
        "website": "",
    }

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_it_opens_in_every_language(self, client, language):
        answer = client.get("/ask/acme", headers={"accept-language": language})
        assert answer.status_code == 200
        assert f'lang="{language}"' in answer.content.decode()

    def test_it_opens_a_case_with_a_promise_and_shows_the_way_to_it(self, client):
        answer = client.post("/ask/acme", self.FORM, headers={"accept-language": "hu"})
        made = apps.get_model("cases", "Case").objects.get(kind="request")
        assert answer.status_code == 200
        assert made.reference in answer.content.decode()
        assert (made.language, made.client_id, made.owner_id) == ("hu", "acme", None)
        assert made.promised_at - made.opened_at == timedelta(hours=24)
        token = answer.context["receipt"].token
        page = client.get(f"/case/{token}").content.decode()
        assert "Of May, please." in page

    def test_a_machine_that_fills_in_everything_opens_nothing(self, client):
        before = row_counts()
        client.post("/ask/acme", {**self.FORM, "website": "https://spam.example"})
        assert row_counts() == before

    @pytest.mark.parametrize(
        ("change", "status"),
        [
            ({"address": "nobody"}, 400),
            ({"address": ""}, 400),
            ({"text": " "}, 400),
            ({"subject": ""}, 400),
            ({"kind": "incident"}, 404),
            ({"kind": ""}, 404),
        ],
    )
    def test_what_cannot_be_answered_is_refused_and_what_was_typed_stays(
        self, client, change, status
    ):
        before = row_counts()
        answer = client.post("/ask/acme", {**self.FORM, **change})
        assert answer.status_code == status
        if status == 400:
            assert "Grace Okafor" in answer.content.decode()
        assert row_counts() == before

    def test_a_client_that_there_is_not_has_no_form(self, client):
        assert client.get("/ask/odd").status_code == 404
        assert client.post("/ask/odd", self.FORM).status_code == 404

    def test_ten_in_an_hour_are_enough(self, client):
        seen = [client.post("/ask/acme", self.FORM).status_code for _ in range(11)]
        assert seen == [200] * 10 + [429]
