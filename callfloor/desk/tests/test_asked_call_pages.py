"""Asking for a call without a sign-in: behind a case's link, and out of a chat's frame."""

import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone

from callfloor.core.plan import CalendarPlan
from callfloor.desk.cases import public_pages as case_pages
from callfloor.desk.promises import public_pages
from callfloor.kernel import references
from callfloor.kernel.testing import LANGUAGES, row_counts
from callfloor.records.outreach.queries import slots
from callfloor.records.outreach.tests import test_booking
from tests.records import cases

pytestmark = [pytest.mark.page, pytest.mark.django_db(databases=["default", "keys"])]

NUMBER = "+36 30 123 4567"
CHAT = "/chat/acme/call"


@pytest.fixture(autouse=True)
def matter(scene):
    """Give a case of a client that has a chat and a queue that is open at any hour."""
    for pace in (case_pages.LOOKS, case_pages.WRITES, public_pages.LOOKS, public_pages.ASKS):
        pace.forget()
    weekly = tuple((day, 0, 1440) for day in range(7))
    calendar = CalendarPlan(key="work", timezone="Europe/Budapest", weekly=weekly)
    test_booking.apply(2, calendars=(calendar,))
    numbers = apps.get_model("routing", "Number").objects
    for key in ("acme", "zeta"):
        numbers.create(number=f"chat:{key}", client_id=key, flow="main", language="en")
    return cases.opened(cases.customer())


def link(row, *, days=30, tail="/call"):
    until = timezone.now() + timedelta(days=days)
    return f"/case/{references.link_token(reference=row.reference, until=until)}{tail}"


def appointments():
    return apps.get_model("outreach", "Appointment").objects


def form(**changes):
    return {"when": "soon", "queue": "billing", "number": NUMBER, "agrees": "1"} | changes


def slot(kind):
    found = slots.times_of(kind=kind, queue="billing", now=timezone.now())
    return f"{kind}|{found[2].begins_at.isoformat()}"


class TestOfCase:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_it_opens_in_every_language(self, client, matter, language):
        answer = client.get(link(matter), headers={"accept-language": language})
        page = answer.content.decode()
        assert answer.status_code == 200
        assert f'lang="{language}"' in page
        assert ('dir="rtl"' in page) == (language == "fa")
        assert "no-store" in answer["Cache-Control"]
        assert labelled(page) == []

    def test_his_page_leads_there_and_shows_what_was_promised_until_he_calls_it_off(
        self, client, matter
    ):
        case = link(matter, tail="")
        assert f'href="{case}/call"' in client.get(case).content.decode()
        answer = client.post(f"{case}/call", form())
        assert (answer.status_code, answer["Location"]) == (302, case)
        page = client.get(case).content.decode()
        assert "We call you as soon as somebody is free" in page
        assert NUMBER not in page
        row = appointments().get()
        assert client.post(f"{case}/call", {"off": row.id}).status_code == 302
        assert appointments().get().state == "cancelled"

    @pytest.mark.parametrize("kind", ["window", "time"])
    def test_what_he_chose_is_kept(self, client, matter, kind):
        chosen = slot(kind)
        assert client.post(link(matter), form(when=chosen)).status_code == 302
        row = appointments().get()
        assert f"{row.kind}|{row.begins_at.isoformat()}" == chosen

    @pytest.mark.parametrize(
        "changes",
        [
            {"number": "112"}, {"agrees": ""}, {"when": ""}, {"when": "time|soon"},
            {"when": "time|2026-03-03T09:00:00"}, {"queue": "orders"},
            {"when": "window|" + "9" * 99},
        ],
    )  # fmt: skip
    def test_what_is_refused_says_so_and_keeps_what_was_typed(self, client, matter, changes):
        before = row_counts()
        answer = client.post(link(matter), form(about="teapot", **changes))
        assert answer.status_code == 400
        page = answer.content.decode()
        assert 'role="alert"' in page
        assert 'value="teapot"' in page
        assert row_counts() == before

    def test_a_wrong_link_and_an_old_one_open_nothing(self, client, matter):
        before = row_counts()
        good = link(matter, tail="")
        wrong = good[:-1] + ("0" if good[-1] != "0" else "1")
        for url in (link(matter, days=-1), f"{wrong}/call", "/case/x/call"):
            assert client.get(url).status_code == 404
            assert client.post(url, form()).status_code == 404
        assert row_counts() == before

    def test_another_cases_call_is_not_there(self, client, matter):
        client.post(link(matter), form())
        other = cases.opened(cases.customer("vera"))
        row = appointments().get()
        for off in (row.id, "nothing"):
            assert client.post(link(other), {"off": off}).status_code == 404
        assert appointments().get().state == "booked"

    def test_one_address_asks_five_times_an_hour(self, client, matter):
        codes = [client.post(link(matter), form(number="112")).status_code for _ in range(6)]
        assert codes == [400] * 5 + [429]
        assert client.post(link(matter), form()).status_code == 429
        assert appointments().count() == 0

    def test_without_the_token_of_the_page_nothing_is_kept(self, matter):
        strict = Client(enforce_csrf_checks=True)
        assert strict.post(link(matter), form()).status_code == 403
        assert appointments().count() == 0


class TestOfChat:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_it_opens_in_every_language_in_a_frame(self, client, language):
        answer = client.get(f"{CHAT}?language={language}")
        page = answer.content.decode()
        assert answer.status_code == 200
        assert f'lang="{language}"' in page
        assert ('dir="rtl"' in page) == (language == "fa")
        assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
        assert "X-Frame-Options" not in answer
        assert labelled(page) == []

    def test_the_chat_leads_there(self, client):
        page = client.get("/chat/acme?language=fa").content.decode()
        assert page.count('href="/chat/acme/call?language=fa"') == 2

    def test_without_scripts_and_cookies_he_is_promised_a_call(self):
        strict = Client(enforce_csrf_checks=True)
        answer = strict.post(CHAT, form(name="Nora Q.", language="hu"))
        assert answer.status_code == 200
        assert not answer.cookies
        row = appointments().get()
        assert (row.kind, row.origin, row.language) == ("soon", "chat:acme", "hu")
        assert 'role="status"' in answer.content.decode()

    def test_a_machine_that_fills_in_everything_is_promised_nothing(self, client):
        before = row_counts()
        assert client.post(CHAT, form(website="http://spam")).status_code == 200
        assert row_counts() == before

    def test_a_chat_that_is_not_there_and_one_without_calls_are_the_same(self, client):
        for key in ("zeta", "nothing"):  # The one keeps no appointments.
            assert client.get(f"/chat/{key}/call").status_code == 404
            assert client.post(f"/chat/{key}/call", form()).status_code == 404
        assert "/call?" not in client.get("/chat/zeta").content.decode()

    def test_one_address_asks_five_times_an_hour(self, client):
        codes = [client.post(CHAT, form(number="112")).status_code for _ in range(6)]
        assert codes == [400] * 5 + [429]


def labelled(page):
    """Name the fields of a page that no label and no other name says."""
    ids = set(re.findall(r'<label[^>]* for="([^"]+)"', page))
    fields = re.findall(r"<(?:input|select|textarea)\b[^>]*>", page)
    bare = [each for each in fields if 'type="hidden"' not in each]
    return [
        each
        for each in bare
        if (found := re.search(r' id="([^"]+)"', each)) and found[1] not in ids
    ]
