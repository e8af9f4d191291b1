"""What is said to people: durable, read once, and to nobody of a foreign team or client."""

import datetime as dt

import pytest

from callfloor.core import events
from callfloor.kernel import access, ports
from callfloor.kernel.models import AuditEntry
from callfloor.kernel.testing import row_counts
from callfloor.records.people import services
from callfloor.records.people.models import NoticeCopy
from callfloor.records.people.queries import leading, notices
from tests.records import scenes

pytestmark = [pytest.mark.db, pytest.mark.django_db(databases=["default", "keys"])]

CHANCE = bytes(range(10))
LATER = scenes.NOW + dt.timedelta(minutes=1)


class Floor:
    """A floor that keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, events.Event]] = []

    def command(self, *, by, event, keys=None) -> int:
        """Take a command."""
        self.told.append((by, event))
        return 1


@pytest.fixture(autouse=True)
def floor(scene):
    """Give a centre in which cili leads the day team, and her floor."""
    scenes.Person.objects.filter(key="cili").update(team="day")
    made = Floor()
    ports.join(floor=made)
    yield made
    ports.join(floor=None)


def send(by="cili", text="Please call me.", **to):
    return services.send(person=scenes.person(by), text=text, now=scenes.NOW, chance=CHANCE, **to)


class TestSend:
    def test_reaches_one_and_tells_who_has_read_it(self):
        notice = send(key="anna")
        (row,) = notices.unread(person=scenes.person("anna"))
        assert (row.by_name, row.text, row.read_at) == ("Cili Csonka", "Please call me.", None)
        services.read(person=scenes.person("anna"), notice=notice, now=LATER)
        assert notices.unread_count(person=scenes.person("anna")) == 0
        (sent,) = notices.sent(person=scenes.person("cili")).rows
        assert (sent.text, sent.read) == ("Please call me.", 1)
        assert [(each.name, each.read_at) for each in sent.receipts] == [("Anna Árvai", LATER)]

    def test_reaches_a_whole_team(self):
        send(team="day", by="mara")
        people = ("anna", "bela", "cili", "mara", "zoe")
        counts = {key: notices.unread_count(person=scenes.person(key)) for key in people}
        assert counts == {"anna": 1, "bela": 1, "cili": 1, "mara": 0, "zoe": 0}

    def test_stands_in_the_audit_without_its_words(self):
        notice = send(key="anna")
        entry = AuditEntry.objects.latest("pk")
        assert (entry.by, entry.action, entry.about) == ("cili", "message.sent", "person:anna")
        assert entry.detail == {"notice": notice, "people": 1, "characters": 15}

    def test_is_encrypted_for_each(self):
        send(team="day")
        held = [bytes(copy.text) for copy in NoticeCopy.objects.all()]
        assert len(set(held)) == 3
        assert not any(b"Please" in text for text in held)

    @pytest.mark.parametrize(
        ("text", "refusal"), [("  ", services.NothingSaid), ("x" * 501, services.TooLong)]
    )
    def test_has_words_and_not_too_many(self, text, refusal):
        before = row_counts()
        with pytest.raises(refusal):
            send(key="anna", text=text)
        assert row_counts() == before

    def test_is_nudged_once_it_is_kept(self, django_capture_on_commit_callbacks):
        told: list[list[str]] = []
        ports.join_nudge(told.append)
        try:
            with django_capture_on_commit_callbacks(execute=True):
                send(key="anna")
        finally:
            ports.join_nudge(None)
        assert told == [["anna"]]


class TestRead:
    def test_a_second_time_nothing_changes(self):
        notice = send(key="anna")
        for instant in (LATER, LATER + dt.timedelta(hours=1)):
            services.read(person=scenes.person("anna"), notice=notice, now=instant)
        assert NoticeCopy.objects.get().read_at == LATER

    def test_what_was_said_to_another_is_not_there(self):
        notice = send(key="anna")
        with pytest.raises(access.NotFound):
            services.read(person=scenes.person("bela"), notice=notice, now=LATER)
        assert NoticeCopy.objects.get().read_at is None


def test_a_department_says_what_its_kind_says():
    services.tell(
        people=["bela", "anna", "anna"], kind="job", by="mara", place="/jobs/agent",
        detail={"role": "agent"}, now=scenes.NOW, chance=CHANCE,
    )  # fmt: skip
    (row,) = notices.unread(person=scenes.person("bela"))
    assert (row.kind, row.text, row.place, row.detail) == (
        "job", "", "/jobs/agent", {"role": "agent"},
    )  # fmt: skip
    assert NoticeCopy.objects.count() == 2
    assert services.tell(people=[], kind="job", by="mara", now=LATER, chance=CHANCE) is None


WORDS = {
    "send": lambda by, key: send(by=by, key=key),
    "away": lambda by, key: services.send_away(
        person=scenes.person(by), key=key, reason="lunch", now=LATER
    ),
    "ready": lambda by, key: services.call_back(person=scenes.person(by), key=key, now=LATER),
    "come": lambda by, key: services.come(person=scenes.person(by), key=key, now=LATER),
}


class TestWhoIsLed:
    """TRUST.md section 2: whoever leads one team must not reach another."""

    @pytest.mark.parametrize("word", WORDS)
    @pytest.mark.parametrize(
        ("by", "key"),
        [("cili", "mara"), ("cili", "nobody"), ("adam", "zoe"), ("zoe", "bela"), ("anna", "mara")],
    )
    def test_nobody_else_is_there_and_nothing_happens(self, floor, word, by, key):
        before = row_counts()
        with pytest.raises(access.NotFound):
            WORDS[word](by, key)
        assert (floor.told, row_counts()) == ([], before)

    @pytest.mark.parametrize("word", WORDS)
    def test_without_the_duty_it_is_forbidden(self, floor, word):
        before = row_counts()
        with pytest.raises(access.Forbidden):
            WORDS[word]("anna", "bela")
        assert (floor.told, row_counts()) == ([], before)

    def test_a_team_of_which_one_leads_nobody_is_not_there(self):
        with pytest.raises(access.NotFound):
            send(by="zoe", team="night")
        assert NoticeCopy.objects.count() == 0

    def test_of_a_shared_team_only_ones_own_clients_are_reached(self):
        send(by="adam", team="day")
        assert NoticeCopy.objects.count() == 3
        led = leading.led(person=scenes.person("zoe"), permission="floor.lead")
        assert [row.key for row in led] == ["anna", "cili", "ivan", "mara", "zoe"]


class TestTheFloor:
    def test_is_told_under_the_leaders_name_and_it_is_noted(self, floor):
        WORDS["away"]("cili", "anna")
        WORDS["ready"]("cili", "anna")
        WORDS["come"]("cili", "anna")
        assert floor.told == [
            ("cili", events.AwayAsked(agent="anna", reason="lunch", by="cili")),
            ("cili", events.ReadyAsked(agent="anna", by="cili")),
            ("cili", events.HelpAsked(agent="anna", on=False, by="cili")),
        ]
        noted = AuditEntry.objects.filter(about="person:anna").order_by("number")
        assert [row.action for row in noted] == ["agent.away", "agent.ready", "agent.helped"]
