"""The customer's page does what its forms say; merging and files too, for whom they are."""

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile

from callfloor.kernel.testing import DutyPageBattery, ObjectPageBattery, PageBattery, row_counts
from callfloor.records.customers import queries, services
from callfloor.records.interactions.services import chats
from tests.records import scenes

pytestmark = [pytest.mark.page, pytest.mark.django_db(databases=["default", "keys"])]


def model(name):
    return apps.get_model("customers", name)


@pytest.fixture(autouse=True)
def story(scene):
    """Give an answered call of each client, and one of a second customer of acme."""
    for client, called, queue, number in (
        ("acme", "900", "billing", "+3615550100"),
        ("acme", "900", "billing", "+3615550111"),
        ("zeta", "901", "zeta_help", "+3615550100"),
    ):
        call = scene.call(client=client, called=called, queue=queue, number=number)
        scenes.in_queue(call)
        scenes.answered(call, "anna")
        scene.write(call)
    scenes.project(scene)
    return scene


def ids(client="acme"):
    rows = model("Customer").objects.filter(client_id=client).order_by("first_seen_at")
    return list(rows.values_list("id", flat=True))


def name(customer_id, text):
    services.rename(
        person=scenes.person("cili"), customer_id=customer_id, name=text, now=scenes.NOW
    )


class TestCustomer(ObjectPageBattery):
    allowed, foreign = "anna", "zoe"

    def url(self):
        return f"/customers/{ids()[0]}"

    def act(self, client, who, act, **values):
        self.sign_in(client, who)
        return client.post(self.url(), {"act": act, **values})

    @pytest.mark.parametrize(
        ("who", "act", "values", "seen"),
        [
            ("anna", "note", {"note": "Wants it in blue"}, "Wants it in blue"),
            ("anna", "tag", {"tag": "Key Account"}, "key-account"),
            ("anna", "consent", {"purpose": "survey", "channel": "mail", "given": "0"}, "Forbids"),
            ("cili", "name", {"name": "Éva Kiss"}, "Éva Kiss"),
            ("cili", "identity", {"kind": "address", "value": "E@x.org"}, "e@x.org"),
            ("cili", "treatment", {"priority": "2", "agent": "bela"}, "Béla Barta"),
            ("cili", "kind", {"kind": "household"}, "Household"),
        ],
    )
    def test_what_a_form_says_is_done_and_shown(self, client, who, act, values, seen):
        assert self.act(client, who, act, **values).status_code == 302
        assert seen in client.get(self.url()).content.decode()

    def test_his_language_is_his_and_not_the_readers(self, client):
        model("Customer").objects.filter(id=ids()[0]).update(language="hu")
        self.sign_in(client, "anna")
        page = client.get(self.url(), HTTP_ACCEPT_LANGUAGE="es").content.decode()
        assert '<html lang="es"' in page
        assert "<bdi>Magyar</bdi>" in page

    @pytest.mark.parametrize(
        ("who", "act", "values"),
        [
            ("anna", "name", {"name": "X"}),
            ("anna", "treatment", {"priority": "2"}),
            ("anna", "identity", {"kind": "address", "value": "e@x.org"}),
            ("zoe", "note", {"note": "X"}),
            ("zoe", "consent", {"purpose": "survey", "channel": "mail", "given": "1"}),
        ],
    )
    def test_who_may_not_changes_nothing(self, client, who, act, values):
        self.sign_in(client, who)
        before = row_counts()
        assert client.post(self.url(), {"act": act, **values}).status_code in (403, 404)
        assert row_counts() == before

    def test_what_is_refused_is_said_and_what_was_typed_is_kept(self, client):
        answer = self.act(client, "cili", "identity", kind="number", value="+36 1 555 0111")
        assert answer.status_code == 400
        assert "Another customer has this already" in answer.content.decode()
        answer = self.act(client, "anna", "note", note=" ")
        assert "Write something first." in answer.content.decode()

    def test_an_act_that_there_is_not_is_not_found(self, client):
        assert self.act(client, "cili", "fly").status_code == 404

    def test_a_customer_who_was_merged_leads_to_the_one_he_is(self, client):
        first, second = ids()
        services.merge(
            person=scenes.person("cili"), kept_id=second, customer_id=first, now=scenes.NOW,
            chance=b"0123456789",
        )  # fmt: skip
        self.sign_in(client, "anna")
        answer = client.get(f"/customers/{first}")
        assert (answer.status_code, answer["Location"]) == (302, f"/customers/{second}")
        page = client.get(answer["Location"])
        shown = {each.row.customer_id for each in page.context["thread"].contacts}
        assert shown == {first, second}

    def test_a_shared_number_offers_who_it_may_be_and_one_click_says_so(self, client, story):
        nora = ids()[0]
        name(nora, "Nora")
        model("Identity").objects.filter(customer_id=nora).update(shared=True)
        call = story.call(number="+3615550100", at=scenes.START + 900)
        story.write(call)
        scenes.project(story)
        rows = apps.get_model("interactions", "Interaction").objects
        unknown = rows.get(id=call.item).customer_id
        self.sign_in(client, "anna")
        page = client.get(f"/customers/{unknown}")
        assert [each.label for each in page.context["candidates"]] == ["Nora"]
        client.post(f"/customers/{unknown}", {"act": "attach", "kept": nora})
        assert queries.together(customer_id=unknown)[0] == nora
        merge = model("Merge").objects.get()
        client.post(f"/customers/{nora}", {"act": "undo", "id": merge.id})
        assert queries.together(customer_id=unknown) == (unknown,)

    def test_the_page_of_a_contact_offers_them_too_and_the_choice_names_it(self, client, story):
        """F18: a shared number attaches nobody; who says who it was stands in the audit log."""
        nora = ids()[0]
        name(nora, "Nora")
        model("Identity").objects.filter(customer_id=nora).update(shared=True)
        call = story.call(number="+3615550100", at=scenes.START + 900)
        story.write(call)
        scenes.project(story)
        self.sign_in(client, "anna")
        url = f"/interactions/{call.item}"
        page = client.get(url)
        assert [each.label for each in page.context["candidates"]] == ["Nora"]
        unknown = page.context["row"].customer_id
        form = {"act": "attach", "kept": nora, "why": f"interaction:{call.item}"}
        assert f'value="{form["why"]}"' in page.content.decode()
        assert client.post(f"/customers/{unknown}", form).status_code == 302
        assert model("Merge").objects.get().why == form["why"]
        noted = apps.get_model("kernel", "AuditEntry").objects.filter(action="customer.merged")
        assert {entry.by for entry in noted} == {"anna"}
        assert client.get(url).context["candidates"] == []

    def test_who_says_a_number_in_a_chat_that_is_anothers_is_offered_as_he(self, client, story):
        nora = ids()[0]
        name(nora, "Nora")
        begun = chats.start(
            client="acme", called="chat:acme", visitor="v-1", text="Hello", external="web:1",
            language="en", number="+3615550100", now=scenes.NOW, chance=b"0123456789",
        )  # fmt: skip
        self.sign_in(client, "anna")
        page = client.get(f"/interactions/{begun.interaction_id}")
        assert [each.id for each in page.context["candidates"]] == [nora]
        assert "Somebody else here has the number or address" in page.content.decode()


class TestMerging(ObjectPageBattery):
    allowed, foreign = "cili", "zoe"

    def url(self):
        return f"/customers/{ids()[0]}/merge"

    def test_compares_both_and_makes_them_one(self, client):
        first, second = ids()
        name(second, "Nora Quist")
        self.sign_in(client, "cili")
        assert [row.id for row in client.get(f"{self.url()}?q=quist").context["rows"]] == [second]
        page = client.get(f"{self.url()}?with={second}")
        assert page.context["other"]["customer"].name == "Nora Quist"
        answer = client.post(self.url(), {"other": second, "keep": "other"})
        assert answer["Location"] == f"/customers/{second}"
        assert queries.together(customer_id=first) == (second, first)

    def test_a_foreign_other_is_not_there_and_nothing_happens(self, client):
        self.sign_in(client, "adam")
        before = row_counts()
        other = ids("zeta")[0]
        assert client.post(self.url(), {"other": other, "keep": "this"}).status_code == 404
        assert row_counts(leave=("kernel.AuditEntry",)) == {
            key: count for key, count in before.items() if key != "kernel.AuditEntry"
        }


class TestJoining(ObjectPageBattery):
    allowed, foreign = "cili", "zoe"

    def url(self):
        return f"/customers/{ids()[0]}/join"

    def test_says_where_a_customer_belongs(self, client):
        _first, whole = ids()
        name(whole, "Quist Bt")
        services.set_kind(
            person=scenes.person("cili"), customer_id=whole, kind="organisation", now=scenes.NOW
        )
        self.sign_in(client, "cili")
        assert [row.id for row in client.get(f"{self.url()}?q=quist").context["rows"]] == [whole]
        client.post(self.url(), {"whole": whole, "role": "accountant"})
        page = client.get(f"/customers/{whole}").content.decode()
        assert "accountant" in page


class TestImport(DutyPageBattery):
    allowed, forbidden = "mara", "cili"

    def url(self):
        return "/customers/import"

    def test_shows_faults_by_line_and_takes_in_after_a_yes(self, client):
        self.sign_in(client, "mara")
        content = "name,number\nNora,+3615550177\nÖdön,x\nEve,+3615550100\n".encode()
        file = SimpleUploadedFile("c.csv", content)
        answer = client.post(self.url(), {"client": "acme", "file": file})
        page = client.get(answer["Location"])
        assert [(fault.number, fault.what) for fault, _ in page.context["faults"]] == [
            (3, "number")
        ]
        assert [number for number, *_ in page.context["known"]] == [4]
        assert len(ids()) == 2
        client.post(answer["Location"], {"act": "confirm"})
        assert "Refresh" in client.get(answer["Location"]).headers
        services.take_in(now=scenes.NOW)
        assert len(ids()) == 3
        assert client.get(answer["Location"]).context["found"].state == "done"

    def test_an_import_of_others_is_not_there(self, client):
        self.sign_in(client, "mara")
        file = SimpleUploadedFile("c.csv", b"name\nNora\n")
        where = client.post(self.url(), {"client": "acme", "file": file})["Location"]
        self.sign_in(client, "zoe")
        assert client.get(where).status_code == 404


class TestWholeCsv(PageBattery):
    allowed = "mara"

    def url(self):
        return "/customers"

    def test_has_names_and_numbers_for_those_who_may(self, client):
        name(ids()[0], "Éva Kiss")
        self.sign_in(client, "mara")
        lines = b"".join(client.get("/customers-whole.csv").streaming_content).decode()
        assert "Éva Kiss" in lines
        assert "+3615550100" in lines
        noted = apps.get_model("kernel", "AuditEntry").objects.get(action="customers.exported")
        assert noted.detail == {"rows": 3}
        self.sign_in(client, "cili")
        assert client.get("/customers-whole.csv").status_code == 403
