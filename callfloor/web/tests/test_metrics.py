"""What Prometheus reads: the right figures, in its format, nobody's name, and not for everybody."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from callfloor.kernel import machine
from callfloor.web import metrics

pytestmark = pytest.mark.pure

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "metrics.md"
HEALTH = {
    "lag_ms": 12.5,
    "commit_ms": 3.0,
    "journal_stuck": False,
    "calls": 3,
    "media": {"up": True, "legs": 6, "lag_ms": 0.5},
    "phones": [{"user": "anna-desk", "agent": "anna", "until": None}],
    "trunks": [
        "local",
        {"key": "@probe", "state": "unknown", "until": None, "calls": 1},
        {"key": "in", "state": "unknown", "until": None, "calls": 4},
        {"key": "out", "state": "registered", "until": 1_900_000_000, "calls": 2},
    ],
    "legs": [["a:anna:x", 180, 20, 40_000, 310], ["c:1", 200, 0, 1_000, 441]],
}
BOARD = {
    "agents": {
        "anna": {"state": "talking"},
        "bela": {"state": "ready"},
        "cili": {"state": "ready"},
    },
    "queues": {"billing": {"waiting": {"i1": {}, "i2": {}}}},
    "alarms": [{"at": 1.0, "name": "disk_full", "detail": "91%"}],
}
HOUSE = metrics.House(
    disk=machine.Disk(total=1000, free=90),
    certificate=machine.Certificate(ends_at=datetime(2027, 1, 1, tzinfo=UTC)),
    processes=[machine.Process(name="media", pid=1, restarts=2, is_running=True)],
    probe=machine.Probe(
        at=datetime(2026, 11, 22, tzinfo=UTC),
        outcome="one_way",
        delay_ms=40.0,
        every_seconds=300.0,
        calls=9,
        failed=2,
    ),
)
LINE = re.compile(r'([a-z_]+)(?:\{((?:[a-z]+="(?:[^"\\\n]|\\.)*",?)+)\})? ([-+0-9.e]+)')


def text(health=HEALTH, board=BOARD):
    up = {"web": "up", "floor": "up", "media": "down"}
    return metrics.render(
        metrics.samples(said=health, board=board, up=up, floor_version="1.0", house=HOUSE)
    )


def values(written):
    """Read the text as Prometheus would: name with labels to value."""
    found = {}
    for line in written.splitlines():
        if not line.startswith("#"):
            match = LINE.fullmatch(line)
            assert match, line
            found[match[1] + (f"{{{match[2]}}}" if match[2] else "")] = float(match[3])
    return found


def test_figures_are_those_of_floor_and_machine():
    """Milliseconds become seconds, hundredths an opinion, microseconds seconds."""
    assert values(text()) == {
        f'callfloor_info{{web="{metrics.__version__}",floor="1.0"}}': 1,
        'callfloor_up{process="web"}': 1,
        'callfloor_up{process="floor"}': 1,
        'callfloor_up{process="media"}': 0,
        "callfloor_calls": 3,
        "callfloor_floor_lag_seconds": 0.0125,
        "callfloor_journal_commit_seconds": 0.003,
        "callfloor_journal_stuck": 0,
        "callfloor_media_legs": 6,
        "callfloor_media_lag_seconds": 0.0005,
        "callfloor_phones_registered": 1,
        "callfloor_media_legs_heard": 2,
        "callfloor_media_legs_poor": 1,
        "callfloor_media_mos_min": 3.1,
        "callfloor_media_loss_ratio": 0.05,
        "callfloor_media_jitter_seconds_max": 0.04,
        'callfloor_trunk_calls{trunk="in"}': 4,
        'callfloor_trunk_up{trunk="out"}': 1,
        'callfloor_trunk_calls{trunk="out"}': 2,
        'callfloor_trunk_registered_until_seconds{trunk="out"}': 1_900_000_000,
        'callfloor_agents{state="ready"}': 2,
        'callfloor_agents{state="talking"}': 1,
        'callfloor_queue_waiting{queue="billing"}': 2,
        'callfloor_alarms{name="disk_full"}': 1,
        "callfloor_disk_free_bytes": 90,
        "callfloor_disk_size_bytes": 1000,
        "callfloor_certificate_ends_seconds": 1798761600,
        'callfloor_process_restarts_total{process="media"}': 2,
        "callfloor_probe_calls_total": 9,
        "callfloor_probe_failed_total": 2,
        "callfloor_probe_ok": 0,
        "callfloor_probe_delay_seconds": 0.04,
    }


def test_every_family_has_its_heading_once():
    """HELP and TYPE stand before the samples, and nothing of the list is left out."""
    written = text()
    for name, metric in metrics.METRICS.items():
        assert written.count(f"# TYPE {name} {metric.kind}\n") == 1
        assert written.count(f"# HELP {name} {metric.help}\n") == 1


def test_nobody_is_named():
    """No agent, user name or leg stands in what is told."""
    for word in ("anna", "bela", "a:", "c:1", "i1"):
        assert word not in text()


def test_floor_that_is_away_leaves_its_figures_out():
    """What is not known is not told as zero."""
    found = values(text(health={}, board={}))
    assert "callfloor_calls" not in found
    assert "callfloor_media_mos_min" not in found
    assert found["callfloor_disk_free_bytes"] == 90


def test_labels_are_escaped():
    """A quote or line break in a key cannot forge a line."""
    written = metrics.render([("callfloor_trunk_up", (("trunk", 'a"b\\c\nd'),), 1.0)])
    assert written.splitlines()[-1] == 'callfloor_trunk_up{trunk="a\\"b\\\\c\\nd"} 1'


@pytest.mark.parametrize(
    ("client", "headers", "may"),
    [
        ("127.0.0.1", {}, True),
        ("::1", {}, True),
        ("10.0.0.9", {}, False),
        (None, {}, False),
        ("127.0.0.1", {b"x-forwarded-for": b"10.0.0.9"}, False),
        ("127.0.0.1", {b"forwarded": b"for=10.0.0.9"}, False),
        ("10.0.0.9", {b"authorization": b"Bearer right"}, True),
        ("10.0.0.9", {b"authorization": b"Bearer wrong"}, False),
        ("127.0.0.1", {b"authorization": b"Bearer wrong"}, False),
        ("10.0.0.9", {b"authorization": b"Basic right"}, False),
    ],
)
def test_only_this_machine_or_the_token_may_read(tmp_path: Path, client, headers, may):
    """A proxy on this machine opens no door for those behind it."""
    passwords = tmp_path / "passwords.json"
    passwords.write_text(json.dumps({"metrics": "right"}), encoding="utf-8")
    assert metrics.may_read(client=client, headers=headers, passwords=passwords) == may


def test_without_a_password_no_token_is_right(tmp_path: Path):
    """An empty token is not the password that nobody has set."""
    headers = {b"authorization": b"Bearer "}
    for text in (None, "{}", "[]", '{"metrics": ""}'):
        path = tmp_path / "passwords.json"
        if text is not None:
            path.write_text(text, encoding="utf-8")
        assert not metrics.may_read(client="10.0.0.9", headers=headers, passwords=path)


def test_every_metric_is_documented():
    """docs/reference/metrics.md lists each with what it is."""
    page = PAGE.read_text(encoding="utf-8")
    for name, metric in metrics.METRICS.items():
        assert f"| `{name}` | {metric.kind} | {metric.help} |" in page
