"""The floor page as the leader's tool: whom he reaches, and that nobody else is there for him."""

import datetime as dt

import pytest

from callfloor.core import events
from callfloor.kernel import ports
from callfloor.kernel.link import FloorAway, FloorRefused
from callfloor.kernel.models import AuditEntry
from callfloor.kernel.testing import ObjectPageBattery, PageBattery, row_counts
from callfloor.records.articles import services
from callfloor.records.people.queries import notices
from tests.records import scenes

pytestmark = [pytest.mark.page, pytest.mark.django_db(databases=["default", "keys"])]

JSON = {"accept": "application/json"}
WORDS = (
    {"do": "away", "reason": "lunch"}, {"do": "ready"}, {"do": "come"},
    {"do": "message", "text": "Please call me."},
)  # fmt: skip


class Floor:
    """A floor that keeps what it is told, or does not answer."""

    def __init__(self) -> None:
        self.told: list[tuple[str, events.Event]] = []
        self.fault: Exception | None = None

    def command(self, *, by, event, keys=None) -> int:
        """Take a command."""
        if self.fault is not None:
            raise self.fault
        self.told.append((by, event))
        return 1


@pytest.fixture(autouse=True)
def floor(scene):
    """Give a centre in which cili leads the day team, and its floor."""
    scenes.Person.objects.filter(key="cili").update(team="day")
    made = Floor()
    ports.join(floor=made)
    yield made
    ports.join(floor=None)


def sign_in(client, key):
    PageBattery().sign_in(client, key)


class TestTheFrame:
    def test_has_a_list_of_teams_only_for_whoever_leads_several(self, client):
        scenes.Person.objects.filter(key="bela").update(team=night())
        for key, has_list in (("mara", True), ("cili", False)):
            sign_in(client, key)
            assert ('id="team"' in client.get("/floor").content.decode()) is has_list

    def test_gives_each_only_what_his_duties_open(self, client):
        for key, leads in (("cili", True), ("ivan", False)):
            sign_in(client, key)
            page = client.get("/floor").content.decode()
            assert ('id="leading"' in page) is leads


def night() -> str:
    """Make a second team."""
    from django.apps import apps

    apps.get_model("people", "Team").objects.create(key="night", names={"en": "Night"})
    return "night"


class TestAWord:
    def test_reaches_the_floor_and_the_desk(self, client, floor):
        sign_in(client, "cili")
        for word in WORDS:
            answer = client.post("/floor/people/anna", word, headers=JSON)
            assert answer.status_code == 200
            assert answer.json()["said"]
        assert [type(event).__name__ for _, event in floor.told] == [
            "AwayAsked", "ReadyAsked", "HelpAsked",
        ]  # fmt: skip
        assert notices.unread_count(person=scenes.person("anna")) == 1

    def test_to_the_team_is_on_every_desk(self, client):
        sign_in(client, "cili")
        answer = client.post("/floor/teams/day", {"text": "Meeting at ten."}, headers=JSON)
        assert answer.status_code == 200
        counts = [notices.unread_count(person=scenes.person(key)) for key in ("anna", "bela")]
        assert counts == [1, 1]

    @pytest.mark.parametrize("word", WORDS, ids=lambda word: word["do"])
    @pytest.mark.parametrize(("by", "key"), [("cili", "mara"), ("adam", "zoe"), ("zoe", "bela")])
    def test_to_somebody_else_is_404_and_nothing_happens(self, client, floor, by, key, word):
        sign_in(client, by)
        before = row_counts()
        assert client.post(f"/floor/people/{key}", word, headers=JSON).status_code == 404
        assert (floor.told, row_counts()) == ([], before)

    def test_to_a_foreign_team_is_404_and_nothing_happens(self, client):
        scenes.Person.objects.filter(key="bela").update(team=night())
        sign_in(client, "cili")
        before = row_counts()
        for team in ("night", "nothing"):
            answer = client.post(f"/floor/teams/{team}", {"text": "Hello"}, headers=JSON)
            assert answer.status_code == 404
        assert row_counts() == before

    @pytest.mark.parametrize("word", WORDS, ids=lambda word: word["do"])
    def test_without_the_duty_is_403_and_nothing_happens(self, client, floor, word):
        sign_in(client, "anna")
        before = row_counts()
        assert client.post("/floor/people/bela", word, headers=JSON).status_code == 403
        assert (floor.told, row_counts()) == ([], before)

    def test_that_is_none_is_not_there(self, client, floor):
        sign_in(client, "cili")
        assert client.post("/floor/people/anna", {"do": "fire"}).status_code == 404
        assert floor.told == []

    @pytest.mark.parametrize(
        ("fault", "status"), [(FloorAway(), 503), (FloorRefused("not_signed_in"), 409)]
    )
    def test_that_the_floor_does_not_take_is_told(self, client, floor, fault, status):
        sign_in(client, "cili")
        floor.fault = fault
        before = row_counts()
        answer = client.post("/floor/people/anna", WORDS[0], headers=JSON)
        assert (answer.status_code, bool(answer.json()["message"])) == (status, True)
        assert row_counts() == before


class TestMessages(PageBattery):
    allowed = "anna"

    def url(self):
        return "/messages"

    def test_are_shown_until_they_are_read(self, client):
        sign_in(client, "cili")
        client.post("/floor/people/anna", WORDS[3], headers=JSON)
        sign_in(client, "anna")
        assert "Please call me." in client.get("/messages/unread").content.decode()
        ((row, said),) = client.get("/messages").context["rows"]
        assert said == "Please call me."
        assert client.post(f"/messages/{row.id}/read").status_code == 302
        assert "Please call me." not in client.get("/messages/unread").content.decode()
        sign_in(client, "cili")
        (sent,) = client.get("/messages").context["sent"]
        assert (sent.read, sent.receipts[0].name) == (1, "Anna Árvai")

    def test_of_another_are_not_there(self, client):
        sign_in(client, "cili")
        client.post("/floor/people/anna", WORDS[3], headers=JSON)
        notice = notices.unread(person=scenes.person("anna"))[0].id
        sign_in(client, "bela")
        assert client.post(f"/messages/{notice}/read").status_code == 404
        assert "Please call me." not in client.get("/messages").content.decode()
        assert notices.unread_count(person=scenes.person("anna")) == 1

    def test_are_counted_on_every_page(self, client):
        sign_in(client, "cili")
        client.post("/floor/teams/day", {"text": "Meeting"}, headers=JSON)
        sign_in(client, "anna")
        assert "Messages, 1 not read" in client.get("/help").content.decode()


PARAGRAPHS = "# Returns\n\nSend it back within 14 days.\n\nThe label is in the parcel."


class TestPush(ObjectPageBattery):
    """F27: a paragraph of what holds, on the desk of somebody of the own team."""

    allowed, foreign = "cili", "zoe"

    @pytest.fixture(autouse=True)
    def library(self, floor):
        for key, client in (("returns", "acme"), ("foreign", "zeta")):
            services.take_in(
                key=key, kind="knowledge", client=client, owner="manager",
                review_date=dt.date(2027, 1, 1), texts=[("en", "Returns", "", PARAGRAPHS)],
                fact=None, now=scenes.NOW,
            )  # fmt: skip

    def url(self):
        return "/floor/people/bela/push"

    def form(self, **values):
        return {"article": "returns", "language": "en", "number": "1", **values}

    def test_finds_articles_and_shows_paragraphs(self, client):
        sign_in(client, "cili")
        page = client.get(self.url() + "?q=returns&article=returns").content.decode()
        assert "Send it back within 14 days." in page
        assert "The label is in the parcel." in page

    def test_one_is_on_the_desk_until_it_is_closed_and_is_noted(self, client):
        sign_in(client, "cili")
        assert client.post(self.url(), self.form()).status_code == 302
        [row] = notices.unread(person=scenes.person("bela"))
        assert (row.text, row.by_name) == ("Send it back within 14 days.", "Cili Csonka")
        assert row.place == "/articles/returns?language=en"
        assert notices.unread(person=scenes.person("anna")) == []
        entry = AuditEntry.objects.get(action="article.pushed")
        assert (entry.by, entry.about, entry.client) == ("cili", "person:bela", "acme")
        sign_in(client, "bela")
        assert "Send it back" in client.get("/messages/unread").content.decode()
        assert client.post(f"/messages/{row.id}/read", headers=JSON).status_code == 200
        assert notices.unread(person=scenes.person("bela")) == []

    @pytest.mark.parametrize(
        "form",
        [{"article": "foreign"}, {"article": "odd"}, {"number": "9"}, {"number": "-1"},
         {"language": "hu"}, {"number": ""}],
    )  # fmt: skip
    def test_what_the_agent_may_not_read_or_is_not_there_is_404(self, client, form):
        """bela works for Acme only; cili, who pushes, for Zeta too."""
        sign_in(client, "cili")
        before = row_counts()
        assert client.post(self.url(), self.form(**form)).status_code == 404
        assert row_counts() == before

    @pytest.mark.parametrize(("by", "status"), [("zoe", 404), ("anna", 403)])
    def test_only_whoever_leads_him_may(self, client, by, status):
        sign_in(client, by)
        before = row_counts()
        assert client.post(self.url(), self.form()).status_code == status
        assert row_counts() == before

    def test_nobody_of_another_team_is_reached(self, client):
        scenes.Person.objects.filter(key="bela").update(team=night())
        sign_in(client, "cili")
        before = row_counts()
        assert client.post(self.url(), self.form()).status_code == 404
        assert client.get(self.url()).status_code == 404
        assert row_counts() == before
