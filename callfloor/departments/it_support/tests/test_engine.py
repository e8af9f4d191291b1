"""The engine room: for whom it is, what it says, and what it keeps from others."""

import json
import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from callfloor.core import facts
from callfloor.departments.it_support import pages, queries
from callfloor.kernel import machine, ports
from callfloor.kernel.access import Forbidden
from callfloor.kernel.health import beat
from callfloor.kernel.testing import DutyPageBattery
from tests.records import scenes

pytestmark = [pytest.mark.page, pytest.mark.django_db(databases=["default", "keys"])]

NOW = scenes.NOW
WELL = {
    "is_linked": True,
    "version": "9.9",
    "lag_ms": 1.5,
    "commit_ms": 2.25,
    "journal_stuck": False,
    "calls": 2,
    "media": {"up": True, "legs": 4, "lag_ms": 0.1},
    "trunks": [
        "local",
        {"key": "out", "state": "registered", "until": 1_900_000_000, "calls": 3, "calls_max": 10},
    ],
    "phones": [
        {"user": "anna-desk", "agent": "anna", "until": 1_900_000_000},
        {"user": "bela-desk", "agent": "bela", "until": None},
    ],
    "legs": [
        ["a:bela:x", 190, 10, 30_000, 310],
        ["c:acme-call", 250, 0, 1_000, 420],
        ["c:zeta-call", 250, 0, 2_000, 430],
        ["a:anna:x", 250, 0, 900, 441],
        ["c:just-ended", 250, 0, 900, 441],
    ],
}
BOARD = {
    "agents": {"anna": {"team": "day"}, "bela": {"team": "day"}},
    "items": {"acme-call": {"client": "acme"}, "zeta-call": {"client": "zeta"}},
    "alarms": [{"at": NOW.timestamp(), "name": "disk_full", "detail": "91%"}],
}


class Floor:
    """A floor that only shows its board."""

    def board(self):
        return BOARD


@pytest.fixture(autouse=True)
def house(scene, settings):
    """Give a floor that is well, a worker that beats and a machine with a supervisor."""
    settings.CERTIFICATE = None
    said = dict(WELL)
    ports.join(floor=Floor())
    ports.join_health(lambda: said)
    beat(name="worker", now=NOW, detail={})
    rows = {"floor": {"pid": os.getpid(), "restarts": 1}}
    text = json.dumps({"supervisor": 1, "processes": rows})
    (settings.DATA / "processes.json").write_text(text, encoding="utf-8")
    yield said
    ports.join(floor=None)
    ports.join_health(None)


class TestPage(DutyPageBattery):
    allowed, forbidden = "ivan", "anna"

    def url(self):
        return "/engine"

    def test_menu_leads_there_for_those_who_may(self, client):
        self.sign_in(client, "ivan")
        assert 'href="/engine"' in client.get("/queues").content.decode()
        client.logout()
        self.sign_in(client, "anna")
        assert 'href="/engine"' not in client.get("/queues").content.decode()

    def test_persian_page_has_persian_digits(self, client):
        self.sign_in(client, "ivan")
        text = client.get("/engine", headers={"accept-language": "fa"}).content.decode()
        assert "۳٫۱" in text  # The worst line's opinion.
        assert "۲٫۳" in text or "۲٫۲" in text  # The journal's milliseconds.

    def test_fault_is_told_in_words(self, client, house):
        house.clear()
        house["is_linked"] = False
        self.sign_in(client, "ivan")
        text = client.get("/engine").content.decode()
        assert "The floor does not answer" in text
        assert "All is well." not in text


def engine(key):
    return queries.engine(person=scenes.person(key), now=NOW)


def test_page_says_how_everything_is():
    """Figures of floor, trunks, telephones, lines and processes, the worst line first."""
    found = engine("ivan")
    assert (found.floor.lag_ms, found.floor.commit_ms, found.floor.calls) == (1.5, 2.25, 2)
    assert [(t.key, t.state, t.calls) for t in found.trunks] == [
        ("local", "unknown", None),
        ("out", "registered", 3),
    ]
    assert found.trunks[1].until == datetime.fromtimestamp(1_900_000_000, UTC)
    assert [(p.user, p.name) for p in found.phones] == [
        ("anna-desk", "Anna Árvai"),
        ("bela-desk", "Béla Barta"),
    ]
    assert [(leg.kind, leg.name, leg.mos) for leg in found.legs] == [
        ("seat", "Béla Barta", 3.1),
        ("caller", "Acme", 4.2),
        ("caller", "Zeta", 4.3),
        ("seat", "Anna Árvai", 4.41),
    ]
    assert (found.legs[0].loss_share, found.legs[0].jitter_ms) == (0.05, 30.0)
    (process,) = found.processes
    assert (process.name, process.restarts, process.is_running) == ("floor", 1, True)
    assert [(alarm.name, alarm.detail) for alarm in found.alarms] == [("disk_full", "91%")]
    assert found.faults == ()


def test_other_clients_lines_and_people_are_not_shown():
    """I7: whoever works for one client sees its lines; of the others only their number."""
    found = engine("zoe")
    assert [(leg.kind, leg.name) for leg in found.legs] == [
        ("caller", "Zeta"),
        ("seat", "Anna Árvai"),
    ]
    assert found.legs_hidden == 2
    assert [phone.user for phone in found.phones] == ["anna-desk"]


def test_without_the_duty_nothing_is_told():
    """The query itself refuses, whoever calls it."""
    with pytest.raises(Forbidden):
        engine("anna")


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"is_linked": False}, "floor"),
        ({"media": {"up": False}}, "media"),
        ({"journal_stuck": True}, "journal"),
        ({"lag_ms": 300.0}, "lag"),
        ({"trunks": [{"key": "out", "state": "down"}]}, "trunk"),
    ],
)
def test_what_is_wrong_now_is_named(house, change, fault):
    """Each condition by itself, and no other."""
    house.update(change)
    assert engine("ivan").faults == (fault,)


def test_silent_worker_full_disk_and_old_certificate_are_named(settings, monkeypatch):
    """F38.2: told before damage."""
    beat(name="worker", now=NOW - timedelta(seconds=11), detail={})
    monkeypatch.setattr(machine, "disk", lambda _: machine.Disk(total=100, free=10))
    ends = machine.Certificate(ends_at=NOW + timedelta(days=13))
    monkeypatch.setattr(machine, "certificate", lambda _: ends)
    found = engine("ivan")
    assert found.faults == ("worker", "disk", "certificate")
    assert found.certificate_days == pytest.approx(13)


@pytest.mark.parametrize(
    ("outcome", "minutes", "is_fault"), [("ok", 1, False), ("one_way", 1, True), ("ok", 20, True)]
)
def test_last_test_call_is_told(settings, outcome, minutes, is_fault):
    """F38.1: one that failed is a fault, and so are test calls that have stopped."""
    noted = {
        "at": (NOW - timedelta(minutes=minutes)).isoformat(),
        "outcome": outcome,
        "delay_ms": 40.0,
        "every_seconds": 300,
        "calls": 7,
        "failed": 1,
    }
    (settings.DATA / "probe.json").write_text(json.dumps(noted), encoding="utf-8")
    found = engine("ivan")
    assert found.probe is not None
    assert found.probe.outcome == outcome
    assert ("probe" in found.faults) == is_fault


class TestBadLines:
    """Yesterday's bad line can be looked up, by day and by whose it was."""

    @pytest.fixture
    def lines(self, scene):
        """Let calls of two clients be heard well and badly, on three days."""
        for client, days, agent, trunk, mos in (
            ("acme", 1, "anna", None, 2.1),
            ("acme", 1, "anna", None, 3.0),
            ("acme", 1, "anna", None, 4.4),
            ("acme", 2, None, "local", 1.5),
            ("zeta", 2, None, None, 3.1),
            ("acme", 9, "anna", None, 1.1),
        ):
            call = scene.call(client=client, at=(NOW - timedelta(days=days)).timestamp())
            scenes.add(
                call, 5.0, facts.LineHeard,
                leg="x", agent=agent, trunk=trunk, packets=100, lost=25, mos=mos, mos_worst=mos,
            )  # fmt: skip
            scenes.add(call, 9.0, facts.Closed, outcome="left_in_flow")
            scene.write(call)
        scenes.project(scene)

    def test_are_told_by_day_and_whose_they_were(self, lines):
        found = engine("ivan").bad_lines
        assert [(row.kind, row.name, row.count, row.mos, row.loss_share) for row in found] == [
            ("seat", "Anna Árvai", 2, 2.1, 0.2),
            ("trunk", "local", 1, 1.5, 0.2),
            ("browser", "", 1, 3.1, 0.2),
        ]
        assert found[0].day > found[1].day

    def test_of_other_clients_are_not_there(self, lines):
        """I7: who works for one client sees what its callers heard."""
        assert [(row.kind, row.mos) for row in engine("zoe").bad_lines] == [("browser", 3.1)]

    def test_lead_to_the_worst_call_of_those_who_may_read_it(self, lines, client):
        DutyPageBattery().sign_in(client, "ivan")
        text = client.get("/engine").content.decode()
        assert "Bad lines of the last seven days" in text
        may = scenes.person("ivan").rights.may("interactions.read")
        assert ("/interactions/" in text.partition("Bad lines")[2]) == may
        assert all((row.interaction_id is not None) == may for row in engine("ivan").bad_lines)


ALARM = re.compile(r'(?:\balarm\(|\bAlarm\(name=|FaultNoticed\(name=)"(\w+)"')
HOUSE = Path(pages.__file__).parents[2]


def test_every_alarm_of_the_house_has_words():
    """A key that nobody has worded would stand on the page as it is, in every language."""
    files = [path for path in HOUSE.rglob("*.py") if "tests" not in path.parts]
    found = {name for path in files for name in ALARM.findall(path.read_text(encoding="utf-8"))}
    assert {"long_hold", "one_way_audio"} <= found
    assert found | {"trunk_up", "trunk_down"} <= set(pages.ALARMS)
