"""Every page of the shared workplaces: in six languages, for whom it is, and for nobody else."""

import datetime as dt

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from callfloor.kernel.testing import (
    DutyPageBattery,
    ObjectPageBattery,
    PageBattery,
    row_counts,
)
from callfloor.records.people.services import PersonData
from tests.records import scenes

pytestmark = [pytest.mark.page, pytest.mark.django_db(databases=["default", "keys"])]

QUERIES_MAX = 40  # A page asks the same number for one row and for fifty.


@pytest.fixture(autouse=True)
def story(scene):
    """Give one answered call of each client, with a customer."""
    for client, called, queue in (("acme", "900", "billing"), ("zeta", "901", "zeta_help")):
        call = scene.call(client=client, called=called, queue=queue, name="Nora Q.")
        scenes.in_queue(call)
        scenes.answered(call, "anna")
        scene.write(call)
    scenes.project(scene)
    return scene


def interaction(client):
    return apps.get_model("interactions", "Interaction").objects.get(client_id=client)


def crowd(many):
    """Give agents by the dozen."""
    return [
        PersonData(key=f"c{n:02}", name=f"Crowd {n:02}", roles=("agent",), clients=("acme",))
        for n in range(many)
    ]


class TestDesk(DutyPageBattery):
    allowed, forbidden = "anna", "mara"

    def url(self):
        return "/desk"


class TestFloor(DutyPageBattery):
    allowed, forbidden = "cili", "anna"

    def url(self):
        return "/floor"


class TestWallboard(PageBattery):
    allowed = "anna"

    def url(self):
        return "/wallboard"


class TestInteractions(PageBattery):
    allowed = "mara"

    def url(self):
        return "/interactions"

    def test_shows_only_the_clients_of_the_reader(self, client):
        self.sign_in(client, "adam")
        assert [row.client for row in client.get(self.url()).context["rows"]] == ["acme"]

    def test_its_csv_has_the_same_rows(self, client):
        self.sign_in(client, "adam")
        lines = b"".join(client.get("/interactions.csv").streaming_content).decode().splitlines()
        assert len(lines) == 2
        assert "Acme" in lines[1]

    def test_its_head_turns_the_list_round_and_its_csv_follows(self, client, story):
        later = story.call(at=scenes.START + 3_600, number="+36155599999")
        scenes.in_queue(later)
        story.write(later)
        scenes.project(story)
        self.sign_in(client, "adam")

        falling, rising = client.get(self.url()), client.get(f"{self.url()}?sort=oldest")

        ids = [row.id for row in falling.context["rows"]]
        assert len(ids) == 2
        assert [row.id for row in rising.context["rows"]] == ids[::-1]
        assert '<th scope="col" aria-sort="descending"><a class="sort" href="?sort=oldest">' in (
            falling.content.decode()
        )
        assert '<th scope="col" aria-sort="ascending"><a class="sort" href="?">' in (
            rising.content.decode()
        )
        assert "/interactions.csv?sort=oldest" in rising.content.decode()
        newest, oldest = (
            b"".join(client.get(f"/interactions.csv?sort={sort}").streaming_content).splitlines()
            for sort in ("", "oldest")
        )
        assert newest[1:] == oldest[:0:-1]

    def test_asks_no_more_for_many_rows(self, client, story):
        self.sign_in(client, "mara")
        with CaptureQueriesContext(
            connection,
        ) as few:
            client.get(self.url())
        calls = [story.call() for _ in range(20)]
        for call in calls:
            scenes.in_queue(call)
            scenes.answered(call, "bela")
        story.write(*calls)
        scenes.project(story)
        with CaptureQueriesContext(connection) as many:
            client.get(self.url())
        assert len(many) <= min(QUERIES_MAX, len(few) + 2)


class TestInteraction(ObjectPageBattery):
    allowed, foreign = "adam", "zoe"

    def url(self):
        return f"/interactions/{interaction('acme').pk}"

    def test_says_why_it_came_to_this_agent(self, client):
        self.sign_in(client, "adam")
        page = client.get(self.url()).content.decode()
        assert "Of 2 who were ready, Anna Árvai had been ready longest." in page


class TestCustomers(PageBattery):
    allowed = "anna"

    def url(self):
        return "/customers"

    @pytest.mark.parametrize(
        ("sort", "head"),
        [
            ("", '<a class="sort" href="?sort=longest_ago">Last contact'),
            ("longest_ago", '<a class="sort" href="?sort=last">Last contact'),
            ("newest", '<a class="sort" href="?sort=oldest">First contact'),
            ("oldest", '<a class="sort" href="?sort=newest">First contact'),
        ],
    )
    def test_its_heads_sort_by_first_and_last_contact(self, client, story, sort, head):
        later = story.call(at=scenes.START + 3_600, number="+36155599999")
        story.write(later)
        scenes.project(story)
        self.sign_in(client, "anna")

        page = client.get(f"{self.url()}?sort={sort}")

        seen = [row.last_seen_at for row in page.context["rows"]]
        assert len(set(seen)) > 1
        assert seen == sorted(seen, reverse=sort in ("", "newest"))
        assert head in page.content.decode()


class TestCustomer(ObjectPageBattery):
    allowed, foreign = "adam", "zoe"

    def url(self):
        return f"/customers/{interaction('acme').customer_id}"

    def test_a_new_name_is_kept(self, client):
        self.sign_in(client, "cili")
        answer = client.post(self.url(), {"name": "Grace Okafor"})
        assert answer.status_code == 302
        assert "Grace Okafor" in client.get(self.url()).content.decode()

    def test_a_foreign_customer_gets_no_name(self, client):
        self.sign_in(client, "zoe")
        before = row_counts()
        assert client.post(self.url(), {"name": "Mallory"}).status_code == 404
        assert row_counts() == before


class TestPeople(DutyPageBattery):
    allowed, forbidden = "cili", "anna"

    def url(self):
        return "/people"

    def test_shows_a_page_of_many_and_the_file_has_all(self, client):
        """What is asked for stays asked for on the next page and in the file."""
        scenes.apply(more=crowd(60))
        self.sign_in(client, "cili")
        answer = client.get("/people?q=crowd&role=agent&sort=-name&page=2")
        assert [row.key for row in answer.context["rows"]] == [f"c{n:02}" for n in range(9, -1, -1)]
        page = answer.content.decode()
        assert 'rel="prev"' in page
        assert 'rel="next"' not in page
        assert "?q=crowd&amp;role=agent&amp;sort=-name&amp;page=1" in page
        assert "/people.csv?q=crowd&amp;role=agent&amp;sort=-name" in page
        file = b"".join(client.get("/people.csv?q=crowd&sort=-name")).decode().splitlines()
        assert (len(file), file[1].split(",")[0]) == (61, "Crowd 59")

    def test_words_that_look_like_markup_are_words(self, client):
        self.sign_in(client, "cili")
        page = client.get('/people?q="><b>x</b>&team="><b>').content.decode()
        assert "<b>" not in page
        assert "Nobody found" in page


class TestPerson(ObjectPageBattery):
    allowed, foreign = "cili", "zoe"

    def url(self):
        return "/people/bela"


class TestQueues(PageBattery):
    allowed = "anna"

    def url(self):
        return "/queues"


class TestQueue(ObjectPageBattery):
    allowed, foreign = "adam", "zoe"

    def url(self):
        return "/queues/billing"


class TestDefinitions(PageBattery):
    allowed = "anna"

    def url(self):
        return "/help/definitions"


class TestGlossary(PageBattery):
    allowed = "anna"

    def url(self):
        return "/help/glossary"


class TestHelp(PageBattery):
    allowed = "anna"

    def url(self):
        return "/help"


class TestDeskItem(PageBattery):
    """What is known about the call in hand: a part of a page, so without its frame."""

    allowed = "anna"

    def url(self):
        row = interaction("acme")
        return f"/desk/item/{row.pk}?client=acme&customer={row.customer_id}"

    @pytest.mark.parametrize("language", ["en", "fa"])
    def test_it_opens_in_every_language(self, client, language):
        self.sign_in(client, self.allowed)
        answer = client.get(self.url(), headers={"accept-language": language})
        assert answer.status_code == 200
        assert "Nora Q." in answer.content.decode()

    def test_a_foreign_client_is_not_there(self, client):
        self.sign_in(client, "bela")
        row = interaction("zeta")
        url = f"/desk/item/{row.pk}?client=zeta&customer={row.customer_id}"
        assert client.get(url).status_code == 404


class TestNote:
    def test_a_draft_is_kept(self, client):
        PageBattery().sign_in(client, "anna")
        row = interaction("acme")
        answer = client.post(f"/desk/note/{row.pk}", {"text": "Reading 48213"})
        assert answer.status_code == 200
        page = client.get(f"/desk/item/{row.pk}?client=acme").content.decode()
        assert "Reading 48213" in page

    def test_a_foreign_note_is_not_kept(self, client):
        PageBattery().sign_in(client, "bela")
        before = row_counts()
        assert client.post(f"/desk/note/{interaction('zeta').pk}", {"text": "x"}).status_code == 404
        assert row_counts() == before


class TestHome:
    @pytest.mark.parametrize(
        ("key", "place"), [("anna", "/desk"), ("cili", "/desk"), ("mara", "/floor")]
    )
    def test_everybody_lands_where_the_work_is(self, client, key, place):
        PageBattery().sign_in(client, key)
        assert client.get("/")["Location"] == place

    @pytest.mark.parametrize(
        ("role", "place"), [("coach", "/organisation"), ("client_viewer", "/wallboard")]
    )
    def test_whoever_has_no_place_on_the_floor_lands_beside_it(self, client, role, place):
        """A standard role whose own pages are still planned opens what everybody may see."""
        scenes.person("bela").role_rows.update(role=role)
        PageBattery().sign_in(client, "bela")
        assert client.get("/")["Location"] == place


class TestCallUs:
    @pytest.mark.parametrize("language", ["en", "fa"])
    def test_nobody_signs_in_to_call(self, client, language):
        answer = client.get("/call", headers={"accept-language": language})
        assert answer.status_code == 200
        assert 'value="900"' in answer.content.decode()


class TestSignIn:
    def test_seats_of_a_demo_are_shown_and_let_in(self, client, data):
        seat = '[{"key": "anna", "name": "Anna", "password": "a seat for all", "role": "agent"}]'
        (data / "seats.json").write_text(seat, encoding="utf-8")
        page = client.get("/accounts/login/").content.decode()
        assert "anna / a seat for all" in page

    def test_a_centre_of_ones_own_shows_none(self, client):
        assert "Sit down" not in client.get("/accounts/login/").content.decode()

    def test_a_wrong_password_keeps_the_name(self, client):
        answer = client.post("/accounts/login/", {"login": "anna", "password": "wrong"})
        assert answer.status_code == 200
        assert 'value="anna"' in answer.content.decode()


class TestPolicy:
    def test_only_our_own_scripts_and_styles_may_run(self, client):
        policy = client.get("/call")["Content-Security-Policy"]
        assert "script-src 'self';" in policy
        assert "style-src 'self';" in policy
        assert "frame-ancestors 'none'" in policy


def test_no_page_is_from_tomorrow(client, story):
    """Times are those of the centre's zone, which is an hour ahead of UTC in winter."""
    PageBattery().sign_in(client, "adam")
    at = dt.datetime.fromtimestamp(scenes.START, tz=dt.UTC)
    assert at.hour == 9
    page = client.get(f"/interactions/{interaction('acme').pk}").content.decode()
    assert "10:00:01" in page
