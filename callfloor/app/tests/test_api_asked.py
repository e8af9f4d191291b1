"""The API as programs meet it: who asks, what is done once, what is refused and how."""

import json
from datetime import timedelta

import pytest

from callfloor.kernel import ports
from callfloor.kernel.models import AuditEntry
from callfloor.kernel.testing import row_counts
from callfloor.records.cases.models import Case
from callfloor.records.customers.models import Customer
from callfloor.records.interactions.models import Interaction, LineQuality, Message
from callfloor.records.interactions.services import messages
from callfloor.records.metrics import services as metrics
from callfloor.records.people.models import ApiToken
from tests.records import api, scenes

pytestmark = [pytest.mark.page, pytest.mark.django_db(databases=["default", "keys"])]

NEW = {"client": "acme", "kind": "external", "value": "shop-1", "name": "Vera Q."}


class Program:
    """Something that asks with a token."""

    def __init__(self, client, token):
        self._client = client
        self._headers = {"Authorization": f"Bearer {token}"}

    def get(self, path, **query):
        """Ask for something; return status and body."""
        answer = self._client.get(path, query, headers=self._headers)
        return answer.status_code, answer.json()

    def post(self, path, body=None, *, key=None):
        """Change something; return status and body."""
        headers = self._headers | ({"Idempotency-Key": key} if key else {})
        answer = self._client.post(path, body, content_type="application/json", headers=headers)
        is_json = answer.headers["Content-Type"].startswith("application/json")
        return answer.status_code, answer.json() if is_json else None


@pytest.fixture
def program(scene, client):
    """Give the manager's program."""
    return Program(client, api.token("mara"))


@pytest.fixture
def customer(program):
    """Give a customer."""
    return program.post("/api/customers", NEW)[1]["id"]


@pytest.fixture
def call(scene):
    """Give an answered call."""
    made = scene.call(name="Nora Q.")
    scenes.in_queue(made)
    scenes.answered(made, "anna")
    scene.write(made)
    scenes.project(scene)
    return Interaction.objects.get()


class TestPeople:
    def test_come_a_page_at_a_time_by_key(self, program):
        status, body = program.get("/api/people", size=3, page=2)
        assert (status, [row["key"] for row in body["rows"]]) == (200, ["cili", "ivan", "mara"])
        assert (body["page"], body["pages"], body["total"]) == (2, 3, 7)

    def test_by_team_role_and_skill(self, program):
        for asked in ({"team": "day"}, {"role": "agent"}, {"skill": "talk", "team": "day"}):
            rows = program.get("/api/people", **asked)[1]["rows"]
            assert [row["key"] for row in rows] == ["anna", "bela"]

    def test_nobody_of_another_client_is_there(self, scene, client):
        program = Program(client, api.token("zoe"))
        assert "bela" not in str(program.get("/api/people", size=200)[1])


class TestWhoAsks:
    def test_a_token_asks_as_its_person(self, program):
        status, body = program.get("/api/me")
        assert (status, body["key"], body["clients"]) == (200, "mara", ["acme", "zeta"])

    def test_a_token_opens_no_more_than_it_has(self, scene, client):
        duties = ["management.assign_duties"]
        program = Program(client, api.token("mara", duties=duties, clients=["acme"]))
        assert program.get("/api/me")[1]["clients"] == ["acme"]
        before = row_counts(leave=("people.ApiToken",))
        assert program.get("/api/people")[0] == 200
        for path in ("/api/customers", "/api/cases", "/api/interactions", "/api/hooks"):
            assert program.get(path)[0] == 403, path
        assert program.post("/api/customers", NEW)[0] == 403
        assert row_counts(leave=("people.ApiToken",)) == before

    @pytest.mark.parametrize("header", ["Bearer x", "Bearer", "Basic eDp5", "Bearer cfl_0_0"])
    def test_a_bad_token_is_nobody(self, scene, client, header):
        client.force_login(scenes.person("mara"), backend="callfloor.app.accounts.PeopleBackend")
        answer = client.get("/api/me", headers={"Authorization": header})
        assert (answer.status_code, answer.json()["code"]) == (401, "api.unknown")
        assert answer["WWW-Authenticate"] == "Bearer"

    def test_nobody_is_nobody(self, scene, client):
        answer = client.get("/api/me")
        assert (answer.status_code, answer.json()["code"]) == (401, "api.unknown")

    def test_a_page_that_is_not_ours_cannot_change_anything(self, scene):
        from django.test import Client

        client = Client(enforce_csrf_checks=True)
        client.force_login(scenes.person("mara"), backend="callfloor.app.accounts.PeopleBackend")
        before = row_counts()
        answer = client.post("/api/customers", json.dumps(NEW), content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (403, "api.refused")
        assert row_counts() == before
        by_token = client.post(
            "/api/customers", json.dumps(NEW), content_type="application/json",
            headers={"Authorization": f"Bearer {api.token('mara')}"},
        )  # fmt: skip
        assert by_token.status_code == 201

    def test_the_audit_log_says_by_which_token(self, program, customer):
        entry = AuditEntry.objects.get(action="customer.introduced")
        assert (entry.by, entry.detail["token"]) == ("mara", ApiToken.objects.get().id)
        assert ApiToken.objects.get().used_at is not None


class TestOnce:
    def test_the_same_request_is_done_once(self, program, customer):
        path, note = f"/api/customers/{customer}/notes", {"text": "Likes tea"}
        first, second = (program.post(path, note, key="n-1") for _ in range(2))
        assert first == second
        assert first[0] == 201
        assert len(program.get(f"/api/customers/{customer}")[1]["notes"]) == 1

    def test_another_under_its_key_is_refused(self, program, customer):
        path = f"/api/customers/{customer}/notes"
        program.post(path, {"text": "Likes tea"}, key="n-1")
        status, body = program.post(path, {"text": "Likes coffee"}, key="n-1")
        assert (status, body["code"]) == (422, "api.key_used")

    def test_what_was_refused_is_refused_again_in_the_same_words(self, program, customer):
        path = f"/api/customers/{customer}/consents"
        said = {"purpose": "nothing", "channel": "mail", "given": True}
        assert program.post(path, said, key="k") == program.post(path, said, key="k")
        assert program.post(path, said, key="k")[1]["code"] == "customers.no_consent"

    def test_without_a_key_twice_is_twice(self, program, customer):
        for _ in range(2):
            program.post(f"/api/customers/{customer}/notes", {"text": "Likes tea"})
        assert len(program.get(f"/api/customers/{customer}")[1]["notes"]) == 2

    def test_no_key_is_no_key(self, program, customer):
        path = f"/api/customers/{customer}/notes"
        assert program.post(path, {"text": "x"}, key="k" * 256)[1]["code"] == "api.no_key"


class TestRefusals:
    def test_a_field_that_is_wrong_is_named(self, program):
        status, body = program.post("/api/customers", {"client": "acme", "kind": "other"})
        assert (status, body["code"]) == (422, "api.invalid")
        assert "kind" in body["message"]

    def test_what_is_no_json_is_said(self, program):
        assert program.post("/api/customers", "{")[1]["code"] == "api.unreadable"

    def test_a_foreign_object_is_not_there_whatever_else_is_wrong(self, scene, client, customer):
        stranger = Program(client, api.token("zoe"))
        before = row_counts(leave=("people.ApiToken",))
        for path in ("", "/notes", "/name", "/merge", "/identities", "/tags", "/consents"):
            address = f"/api/customers/{customer}{path}"
            assert stranger.post(address, {})[0] in (404, 405), address
            assert stranger.post(address, "{")[0] in (404, 405), address
        assert stranger.get(f"/api/customers/{customer}")[1]["code"] == "access.not_found"
        assert stranger.get(f"/api/customers/{customer}/export")[0] == 404
        assert row_counts(leave=("people.ApiToken",)) == before


class TestCustomers:
    def test_the_same_identity_is_the_same_customer(self, program, customer):
        status, body = program.post("/api/customers", NEW)
        assert (status, body) == (201, {"id": customer, "is_new": False, "candidates": []})
        assert Customer.objects.count() == 1

    def test_what_is_changed_is_read(self, program, customer):
        here = f"/api/customers/{customer}"
        assert program.post(f"{here}/name", {"name": "Vera Quill"}) == (200, {"done": True})
        program.post(f"{here}/tags", {"tag": "Good friend"})
        program.post(f"{here}/identities", {"kind": "address", "value": "vera@example.org"})
        program.post(
            f"{here}/consents", {"purpose": "marketing", "channel": "mail", "given": False}
        )
        found = program.get(here)[1]
        assert (found["name"], found["tags"]) == ("Vera Quill", ["good-friend"])
        assert {row["value"] for row in found["identities"]} == {"shop-1", "vera@example.org"}
        assert [(row["purpose"], row["given"]) for row in found["consents"]] == [
            ("marketing", False)
        ]
        identity = next(row["id"] for row in found["identities"] if row["kind"] == "address")
        assert program.post(f"/api/identities/{identity}/remove")[0] == 200
        assert len(program.get(here)[1]["identities"]) == 1

    def test_two_are_merged_and_two_again(self, program, customer):
        other = program.post("/api/customers", {**NEW, "kind": "handle", "value": "vera"})[1]["id"]
        status, made = program.post(f"/api/customers/{other}/merge", {"into": customer})
        assert status == 201, made
        assert program.get(f"/api/customers/{other}")[1]["id"] == customer
        assert program.post(f"/api/merges/{made['id']}/undo")[0] == 200
        assert program.get(f"/api/customers/{other}")[1]["id"] == other

    def test_everything_about_one_as_a_file(self, program, customer, client):
        headers = {"Authorization": f"Bearer {api.token('mara')}"}
        answer = client.get(f"/api/customers/{customer}/export", headers=headers)
        assert (answer["Content-Type"], answer.content[:2]) == ("application/zip", b"PK")


class TestCases:
    def test_a_case_is_opened_worked_on_and_closed(self, program, customer):
        new = {"client": "acme", "kind": "query", "customer": customer, "subject": "Parcel"}
        status, made = program.post("/api/cases", new, key="c-1")
        assert status == 201
        here = f"/api/cases/{made['id']}"
        assert program.post(f"{here}/notes", {"text": "Asked the shop"})[0] == 200
        assert program.post(f"{here}/priority", {"priority": "high"})[0] == 200
        assert program.post(f"{here}/stage", {"stage": "working"})[0] == 200
        assert program.post(f"{here}/owner", {"owner": None})[0] == 200
        missing = program.post(f"{here}/close", {})
        assert (missing[0], missing[1]["code"]) == (400, "cases.fields_missing")
        assert program.post(f"{here}/close", {"known": {"solution": "Found"}})[0] == 200
        found = program.get(here)[1]
        assert (found["row"]["reference"], found["row"]["stage"]) == (made["reference"], "closed")
        assert "Asked the shop" in [entry["text"] for entry in found["entries"]]
        assert program.get("/api/cases", state="closed")[1]["total"] == 1
        assert program.post(f"{here}/reopen", {"text": "Not found"})[0] == 200
        assert Case.objects.get().closed_at is None

    def test_who_is_complained_about_is_named_changed_and_taken_back(self, program, customer):
        new = {"client": "acme", "kind": "complaint", "customer": customer, "subject": "Rude"}
        new |= {"known": {"wish": "An apology"}, "about": "bela"}
        here = f"/api/cases/{program.post('/api/cases', new)[1]['id']}"
        assert program.get(here)[1]["about"] == "bela"
        for about in ("adam", None):
            assert program.post(f"{here}/about", {"about": about})[0] == 200
            assert program.get(here)[1]["about"] == about
        refused = program.post(f"{here}/about", {"about": "mara"})
        assert (refused[0], refused[1]["code"]) == (400, "access.own_matter")
        assert program.post(f"{here}/about", {"about": "fara"})[0] == 404
        assert program.post(f"{here}/about", {})[0] == 422
        kinds = [entry["kind"] for entry in program.get(here)[1]["entries"]]
        assert kinds.count("named") == 2

    def test_a_contact_is_attached_once(self, program, call):
        new = {"client": "acme", "kind": "query", "customer": call.customer_id, "subject": "x"}
        here = f"/api/cases/{program.post('/api/cases', new)[1]['id']}"
        for _ in range(2):
            assert program.post(f"{here}/contacts", {"interaction": call.id})[0] == 200
        kinds = [entry["kind"] for entry in program.get(here)[1]["entries"]]
        assert kinds.count("contact") == 1
        assert program.post(f"{here}/contacts", {"interaction": "other"})[0] == 404


class Floor(api.EmptyFloor):
    """A floor that has given one contact to an agent."""

    def __init__(self, agent, item):
        self._row = {"works": {item: {"channel": "chat"}}, "offer": None}
        self._agent = agent

    def board(self):
        """Give what is on."""
        return {"agents": {self._agent: self._row}}


class TestContacts:
    @pytest.fixture
    def chat(self, scene, customer):
        """Give a chat that is in Anna's hands."""
        item = messages.begin(
            channel="chat", client="acme", called="chat:acme", customer_id=customer,
            language="en", now=scenes.NOW, chance=b"c" * 10,
        )  # fmt: skip
        messages.write(interaction_id=item, direction="in", text="Hello", now=scenes.NOW)
        ports.join(floor=Floor("anna", item))
        yield item
        ports.join(floor=None)

    def test_whoever_has_it_in_his_hands_writes(self, chat, client):
        anna = Program(client, api.token("anna"))
        path = f"/api/interactions/{chat}/messages"
        first = anna.post(path, {"text": "Good day"}, key="m-1")
        assert first == (201, {"number": 2})
        assert anna.post(path, {"text": "Good day"}, key="m-1") == first
        assert [row["text"] for row in anna.get(path)[1]] == ["Hello", "Good day"]
        assert [row["text"] for row in anna.get(path, after=1)[1]] == ["Good day"]

    def test_nobody_else_does(self, chat, program):
        status, body = program.post(f"/api/interactions/{chat}/messages", {"text": "Hi"})
        assert (status, body["code"]) == (409, "text.not_yours")
        assert Message.objects.count() == 1

    def test_a_note_is_kept(self, client, call):
        anna = Program(client, api.token("anna"))
        assert anna.post(f"/api/interactions/{call.id}/note", {"text": "Nice"})[0] == 200
        LineQuality.objects.create(
            id="1", interaction_id=call.id, client_id=call.client_id, at=call.arrived_at,
            trunk="line", packets=300, lost=100, jitter_ms=2.5, mos=3.1, mos_worst=1.9, is_bad=True,
        )  # fmt: skip
        whole = anna.get(f"/api/interactions/{call.id}")[1]
        assert whole["note"] == "Nice"
        (line,) = whole["lines"]
        assert (line["agent"], line["trunk"], line["loss_share"]) == (None, "line", 0.25)
        assert (line["mos"], line["mos_worst"], line["is_bad"]) == (3.1, 1.9, True)


class TestReports:
    DAY = {"first": "2026-03-02", "last": "2026-03-02"}

    def test_figures_are_those_of_the_page(self, program, call, client):
        status, body = program.get("/api/reports/queues", **self.DAY)
        assert status == 200
        assert (body["total"]["offered"], body["total"]["answered"]) == (1, 1)
        assert body["queues"]["billing"] == body["total"] == body["clients"]["acme"]
        (line,) = body["intervals"]
        assert (line["queue"], line["at"]) == ("billing", "2026-03-02T09:00:00+00:00")
        client.force_login(scenes.person("mara"), backend="callfloor.app.accounts.PeopleBackend")
        page = client.get("/reports.csv", {"from": "2026-03-02", "to": "2026-03-02"})
        rows = b"".join(page).decode("utf-8-sig").splitlines()
        heads = rows[0].split(",")
        last = dict(zip(heads, rows[-1].split(","), strict=False))
        for key in ("offered", "answered", "within_goal"):
            assert float(last[key]) == body["total"][key]

    def test_a_late_reply_gives_both_values(self, program, scene):
        mail = scene.call()
        scenes.in_queue(mail)
        scene.write(mail)
        scenes.project(scene)
        closed_at = scenes.NOW + timedelta(days=1)
        metrics.close_days(now=closed_at)
        status, body = program.get("/api/reports/queues", step="day", **self.DAY)
        assert body["when_closed"] == {"total": {}, "clients": {}, "queues": {}}
        assert body["intervals"][0]["when_closed"] == {}
        scenes.answered(mail, "anna", wait=80_000.0)
        scene.write(mail)
        scenes.project(scene, now=closed_at)
        status, body = program.get("/api/reports/queues", step="day", **self.DAY)
        assert status == 200
        assert (body["total"]["service_level"], body["total"]["waiting"]) == (0.0, 0)
        then = body["when_closed"]["total"]
        assert (then["service_level"], then["waiting"]) == (None, 1)
        assert "offered" not in then
        assert body["when_closed"]["clients"] == {"acme": then}
        assert body["when_closed"]["queues"] == {"billing": then}
        assert body["intervals"][0]["when_closed"] == then

    def test_agents_and_who_gave_up(self, program, call):
        status, body = program.get("/api/reports/agents", **self.DAY)
        assert (status, body["agents"][0]["agent"]) == (200, "anna")
        assert body["agents"][0]["figures"]["handled"] == 1
        assert body["agents"][0]["when_closed"] == {}
        status, body = program.get("/api/reports/abandoned", **self.DAY)
        assert (status, body["total"]) == (200, 0)

    def test_a_foreign_client_is_not_there(self, client, call):
        stranger = Program(client, api.token("zoe"))
        assert stranger.get("/api/reports/queues", client="acme", **self.DAY)[0] == 404
        assert stranger.get("/api/reports/queues", **self.DAY)[1]["queues"] == {}


class TestHooks:
    def test_one_is_made_switched_and_removed(self, program):
        new = {
            "client": "acme", "name": "Shop", "url": "https://shop.example.org/",
            "kinds": ["case.opened"],
        }  # fmt: skip
        first = program.post("/api/hooks", new, key="h-1")
        assert first[0] == 201
        assert first[1]["secret"].startswith("whsec_")
        assert program.post("/api/hooks", new, key="h-1") == first
        here = f"/api/hooks/{first[1]['id']}"
        assert program.post(f"{here}/off")[0] == 200
        assert program.get(here)[1]["off_reason"] == "person"
        assert program.post(f"{here}/on")[0] == 200
        assert program.post(f"{here}/remove")[0] == 200
        assert program.get("/api/hooks")[1] == []

    def test_an_address_of_our_own_net_is_refused(self, program):
        new = {"client": "acme", "name": "x", "url": "https://10.0.0.1/", "kinds": ["case.opened"]}
        status, body = program.post("/api/hooks", new)
        assert (status, body["code"]) == (400, "hooks.wrong_address")

    def test_what_is_not_signed_is_not_heard(self, scene, client):
        answer = client.post("/api/in/x", "{}", content_type="application/json")
        assert answer.status_code == 404


def test_names_in_the_description_are_each_used_once(client, scene):
    """Two classes of one name would be one in the description, and one of them wrong."""
    from pydantic import BaseModel

    from callfloor.app.api import (
        base,
        cases,
        centre,
        contacts,
        customers,
        hooks,
        knowledge,
        promises,
        reports,
    )

    modules = (base, cases, centre, contacts, customers, hooks, knowledge, promises, reports)
    found = [
        name
        for module in modules
        for name, value in vars(module).items()
        if isinstance(value, type) and issubclass(value, BaseModel)
        and value.__module__ == module.__name__
    ]  # fmt: skip
    assert len(found) == len(set(found)), sorted(found)
