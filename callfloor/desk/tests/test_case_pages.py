"""Pages of cases: in six languages, for whom they are, and never for whom a complaint is about."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.core.files.base import ContentFile

from callfloor.kernel.keys import ring
from callfloor.kernel.testing import DutyPageBattery, ObjectPageBattery, row_counts
from callfloor.records.cases import services
from callfloor.records.interactions.services import attachments
from tests.records import cases, scenes

pytestmark = [pytest.mark.page, pytest.mark.django_db(databases=["default", "keys"])]

LATER = scenes.NOW + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def matter(scene):
    """Give a customer of acme with a question of his."""
    return cases.opened(cases.customer(), details="It should have come on Monday.")


def case(**values):
    return apps.get_model("cases", "Case").objects.get(**values)


def newest():
    """Give the case that a page has opened; its reference has the year of today."""
    return apps.get_model("cases", "Case").objects.latest("opened_at")


class TestList(DutyPageBattery):
    allowed, forbidden = "anna", "ivan"

    def url(self):
        return "/cases"

    def test_shows_only_the_clients_of_the_reader_what_is_owed_first(self, client, matter):
        other = cases.opened(cases.customer("fara", client="zeta"), priority="urgent")
        self.sign_in(client, "anna")
        rows = [each["row"].id for each in client.get(self.url()).context["rows"]]
        assert rows == [other.id, matter.id]
        self.sign_in(client, "adam")
        rows = [each["row"].id for each in client.get(self.url()).context["rows"]]
        assert rows == [matter.id]

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ("?kind=query", 1),
            ("?kind=complaint", 0),
            ("?whose=mine", 0),
            ("?whose=nobody", 1),
            ("?state=closed", 0),
            ("?state=late", 1),
            ("?reference=cf-2026-000001", 1),
            ("?reference=odd", 0),
            ("?priority=low", 0),
        ],
    )
    def test_its_filters_cut_it(self, client, asked, found):
        self.sign_in(client, "anna")
        assert len(client.get(self.url() + asked).context["rows"]) == found

    def test_its_csv_says_nothing_that_was_written(self, client):
        self.sign_in(client, "anna")
        lines = b"".join(client.get("/cases.csv").streaming_content).decode().splitlines()
        assert len(lines) == 2
        assert "CF-2026-000001" in lines[1]
        assert "parcel" not in lines[1]


class TestCase(ObjectPageBattery):
    allowed, foreign = "adam", "zoe"

    def url(self):
        return f"/cases/{case(reference='CF-2026-000001').pk}"

    def test_tells_what_was_written(self, client):
        self.sign_in(client, "anna")
        page = client.get(self.url()).content.decode()
        assert "Where is my parcel?" in page
        assert "It should have come on Monday." in page

    @pytest.mark.parametrize(
        ("form", "kind"),
        [
            ({"act": "write", "for": "note", "text": "Seen."}, "noted"),
            ({"act": "write", "for": "tried", "text": "Asked.", "worked": "1"}, "tried"),
            ({"act": "write", "for": "customer", "text": "It comes."}, "said"),
            ({"act": "take"}, "assigned"),
            ({"act": "pause", "waits_for": "customer"}, "paused"),
            ({"act": "priority", "priority": "high"}, "priority"),
            ({"act": "stage", "stage": "working"}, "stage"),
            ({"act": "answered"}, "answered"),
            ({"act": "close", "solution": "Sent."}, "told"),
            ({"act": "escalate", "text": "Too hard."}, "told"),
        ],
    )
    def test_each_step_is_a_form(self, client, form, kind):
        self.sign_in(client, "anna")
        answer = client.post(self.url(), form)
        assert (answer.status_code, answer["Location"]) == (302, self.url())
        assert apps.get_model("cases", "CaseEvent").objects.order_by("-number")[0].kind == kind

    @pytest.mark.parametrize(
        ("form", "status"),
        [
            ({"act": "write", "for": "note", "text": "  "}, 400),
            ({"act": "close"}, 400),
            ({"act": "stage", "stage": "closed"}, 400),
            ({"act": "acknowledge"}, 400),
            ({"act": "assign", "owner": "bela"}, 403),
            ({"act": "decide", "decision": "upheld", "text": "So."}, 403),
            ({"act": "odd"}, 404),
            ({}, 404),
        ],
    )
    def test_what_cannot_be_is_refused_and_nothing_is_written(self, client, form, status):
        self.sign_in(client, "anna")
        client.get(self.url())
        before = row_counts(leave=("kernel.AuditEntry",))
        assert client.post(self.url(), form).status_code == status
        assert row_counts(leave=("kernel.AuditEntry",)) == before

    def test_what_was_typed_stays_when_it_was_refused(self, client):
        self.sign_in(client, "anna")
        form = {"act": "write", "for": "note", "text": "x" * 20_001}
        answer = client.post(self.url(), form)
        assert answer.status_code == 400
        assert "x" * 20_001 in answer.content.decode()

    @pytest.mark.parametrize("form", [{"act": "take"}, {"act": "write", "text": "Mine."}])
    def test_a_foreign_case_takes_no_step(self, client, form):
        self.sign_in(client, "zoe")
        before = row_counts()
        assert client.post(self.url(), form).status_code == 404
        assert row_counts() == before


PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


class TestFiles(ObjectPageBattery):
    """F08: what came with a case's contacts and what was put into it, for who may read it."""

    allowed, foreign = "anna", "zoe"

    def url(self):
        return f"/cases/{case(reference='CF-2026-000001').pk}"

    def add(self, client, name="bill.png", content=PNG):
        return client.post(self.url(), {"act": "file", "file": ContentFile(content, name=name)})

    def shown(self, client):
        return client.get(self.url()).context["files"]

    def test_one_that_is_added_is_listed_and_given_back(self, client):
        self.sign_in(client, "anna")
        assert self.add(client, "számla.png").status_code == 302
        [file] = self.shown(client)
        assert file["name"] == "számla.png"
        answer = client.get(file["url"])
        assert (answer.content, answer["Content-Type"]) == (PNG, "image/png")
        assert answer["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer["Content-Security-Policy"]
        noted = apps.get_model("kernel", "AuditEntry").objects.values_list("action", flat=True)
        assert {"case.filed", "case.file_opened"} <= set(noted)

    def test_those_of_its_contacts_are_listed_for_who_reads_them(self, client, matter):
        chat = cases.contact(apps.get_model("customers", "Customer").objects.get(id="nora"))
        attachments.keep(
            interaction_id=chat, direction="in", name="meter.png", content=PNG,
            external="web:1", now=scenes.NOW,
        )  # fmt: skip
        services.attach(case_id=matter.id, interaction_id=chat, by=None, now=scenes.NOW)
        self.sign_in(client, "anna")
        [file] = self.shown(client)
        assert (file["name"], client.get(file["url"]).content) == ("meter.png", PNG)

    def test_nobody_of_another_client_gets_one(self, client):
        self.sign_in(client, "anna")
        self.add(client)
        [file] = self.shown(client)
        self.sign_in(client, "zoe")
        before = row_counts()
        assert client.get(file["url"]).status_code == 404
        assert self.add(client).status_code == 404
        assert row_counts() == before

    @pytest.mark.parametrize("content", [b"MZ\x00\x01" + bytes(64), b"<script>x</script>", b""])
    def test_what_may_not_be_sent_is_refused_and_nothing_is_kept(self, client, content):
        self.sign_in(client, "anna")
        client.get(self.url())
        before = row_counts(leave=("kernel.AuditEntry",))
        assert self.add(client, "x.png", content).status_code == 400
        assert client.post(self.url(), {"act": "file"}).status_code == 400
        assert row_counts(leave=("kernel.AuditEntry",)) == before

    def test_it_goes_with_its_customer(self, client):
        self.sign_in(client, "anna")
        self.add(client)
        [file] = self.shown(client)
        ring.destroy(subject="customer:nora", now=LATER)
        assert client.get(file["url"]).status_code == 404
        assert self.shown(client)[0]["name"] == "File"


class TestNew(DutyPageBattery):
    allowed, forbidden = "anna", "ivan"

    def url(self):
        return "/cases/new?customer=nora"

    def test_opens_one_and_shows_it(self, client):
        self.sign_in(client, "anna")
        form = {"customer": "nora", "kind": "request", "subject": "A copy", "wish": "By post"}
        answer = client.post(self.url(), form)
        made = newest()
        assert answer["Location"] == f"/cases/{made.pk}"
        assert (made.kind, made.owner_id) == ("request", "anna")

    def test_a_contact_names_its_customer(self, client):
        self.sign_in(client, "anna")
        chat = cases.contact(apps.get_model("customers", "Customer").objects.get(id="nora"))
        client.post("/cases/new", {"interaction": chat, "kind": "query", "subject": "Again"})
        made = newest()
        assert (made.customer_id, made.origin) == ("nora", chat)

    def test_what_is_missing_is_named_and_the_rest_stays(self, client):
        self.sign_in(client, "anna")
        form = {"customer": "nora", "kind": "request", "subject": "A copy of the bill"}
        answer = client.post(self.url(), form)
        assert answer.status_code == 400
        assert "What the customer wants" in answer.content.decode()
        assert "A copy of the bill" in answer.content.decode()

    @pytest.mark.parametrize("asked", ["customer=odd", "customer=fara", "interaction=odd", ""])
    def test_a_foreign_customer_does_not_exist(self, client, asked):
        cases.customer("fara", client="zeta")
        self.sign_in(client, "bela")
        before = row_counts()
        assert client.get(f"/cases/new?{asked}").status_code == 404
        form = {"kind": "query", "subject": "Mine", **dict([asked.split("=")] if asked else [])}
        assert client.post("/cases/new", form).status_code == 404
        assert row_counts() == before


class TestBesideAContact:
    """From the desk and from the page of a contact: what it was about, by one button."""

    def attach(self, client, matter, item, **more):
        return client.post(f"/desk/cases/{item}", {"case": matter.id, **more})

    def beside(self, client, item):
        return client.get(f"/desk/panels/{item}?client=acme&customer=nora").content.decode()

    @pytest.fixture
    def chat(self, matter):
        return cases.contact(apps.get_model("customers", "Customer").objects.get(id="nora"))

    def test_a_case_is_attached_without_leaving_the_desk(self, client, matter, chat):
        DutyPageBattery().sign_in(client, "anna")
        assert "In this contact" not in self.beside(client, chat)
        answer = self.attach(client, matter, chat, live="1")
        assert "In this contact" in answer.content.decode()
        assert "In this contact" in self.beside(client, chat)
        links = apps.get_model("cases", "CaseInteraction").objects.values_list("interaction_id")
        assert list(links) == [(chat,)]
        assert self.attach(client, matter, chat, live="1").status_code == 200
        assert links.count() == 1

    def test_the_page_of_a_contact_offers_the_open_cases_of_its_customer(
        self, client, matter, chat
    ):
        DutyPageBattery().sign_in(client, "anna")
        page = client.get(f"/interactions/{chat}").content.decode()
        assert f"/desk/cases/{chat}" in page
        assert self.attach(client, matter, chat)["Location"] == f"/interactions/{chat}"
        page = client.get(f"/interactions/{chat}").content.decode()
        assert "In this contact" in page
        assert f"/desk/cases/{chat}" not in page

    def test_foreign_cases_and_contacts_are_not_there(self, client, matter, chat):
        fara = cases.customer("fara", client="zeta")
        foreign, far = cases.opened(fara), cases.contact(fara, client="zeta")
        DutyPageBattery().sign_in(client, "bela")
        before = row_counts()
        for item, row in ((far, matter), (chat, foreign), (far, foreign), ("odd", matter)):
            assert self.attach(client, row, item).status_code == 404
        assert row_counts() == before

    def test_a_case_of_another_client_is_refused(self, client, matter):
        far = cases.contact(cases.customer("fara", client="zeta"), client="zeta")
        DutyPageBattery().sign_in(client, "anna")
        assert self.attach(client, matter, far).status_code == 400
        assert not apps.get_model("cases", "CaseInteraction").objects.exists()


class TestThePersonComplainedAbout:
    def test_he_is_named_on_the_page_of_the_case_and_sees_it_no_more(self, client, matter):
        row = cases.opened(
            apps.get_model("customers", "Customer").objects.get(id="nora"),
            kind="complaint",
            known={"wish": "An apology"},
        )
        other, battery = f"/cases/{matter.id}", TestCase()
        here = f"/cases/{row.id}"
        battery.sign_in(client, "anna")
        assert 'name="about"' not in client.get(other).content.decode()
        page = client.get(here).content.decode()
        assert '<option value="bela">' in page
        assert '<option value="anna">' not in page.split('name="about"')[1].split("</select>")[0]
        assert client.post(here, {"act": "name", "about": "bela"}).status_code == 302
        assert '<option value="bela" selected>' in client.get(here).content.decode()
        assert client.post(here, {"act": "name", "about": "anna"}).status_code == 400
        battery.sign_in(client, "bela")
        assert client.get(here).status_code == 404
        assert client.post(here, {"act": "name", "about": ""}).status_code == 404
        battery.sign_in(client, "anna")
        assert client.post(here, {"act": "name", "about": ""}).status_code == 302
        battery.sign_in(client, "bela")
        assert client.get(here).status_code == 200

    def test_no_page_and_no_form_of_his_knows_it(self, client, matter):
        row = cases.opened(
            apps.get_model("customers", "Customer").objects.get(id="nora"),
            kind="complaint",
            subject="He laughed at me",
            known={"wish": "An apology"},
            about="bela",
        )
        battery = TestCase()
        battery.sign_in(client, "bela")
        before = row_counts(leave=("kernel.AuditEntry", "sessions.Session"))
        seen = [
            "/cases",
            "/cases?state=",
            "/cases?kind=complaint",
            f"/cases?reference={row.reference}",
            "/customers/nora",
            "/cases/new?customer=nora",
        ]
        for url in seen:
            page = client.get(url)
            assert page.status_code == 200
            assert row.id not in page.content.decode(), url
            assert "laughed" not in page.content.decode(), url
        csv = b"".join(client.get("/cases.csv?state=").streaming_content).decode()
        assert row.reference not in csv
        assert client.get(f"/cases/{row.id}").status_code == 404
        assert client.post(f"/cases/{row.id}", {"act": "take"}).status_code == 404
        after = row_counts(leave=("kernel.AuditEntry", "sessions.Session"))
        assert after == before
