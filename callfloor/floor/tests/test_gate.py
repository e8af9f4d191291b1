"""What is looked at at all, and what is only counted."""

import pytest

from callfloor.floor import gate as gates
from callfloor.floor.gate import Gate
from callfloor.floor.guesses import Guesses
from callfloor.floor.tests import stand

pytestmark = pytest.mark.pure

LINE, STRANGER = "192.0.2.7", "203.0.113.9"


class Lines:
    """One trunk by its address; passwords when the test says so."""

    def __init__(self, *, passwords=True):
        self.guesses = Guesses()
        self.passwords = passwords

    def is_line(self, host):
        """Know the one address."""
        return host == LINE

    def takes_strangers(self):
        """Say what the test wants."""
        return self.passwords


class Stage:
    """A gate with its notes."""

    def __init__(self, *, passwords=True):
        self.lines = Lines(passwords=passwords)
        self.notes = []
        self.gate = Gate(
            lines=self.lines,
            knows_call={"up@192.0.2.7"}.__contains__,
            note=lambda *note: self.notes.append(note),
        )
        self.gate.use(["900"])

    def passed(self, data, host, count, now=0.0):
        """Send so many; give how many were looked at."""
        raw = data if isinstance(data, bytes) else data.encode()
        return sum(self.gate.admits(raw, host, now) for _ in range(count))

    def spend(self, host, now=0.0):
        """Let everything that an address sends be refused, until it is known for that."""
        for _ in range(int(gates.REFUSALS_OF_LINE.burst)):
            self.gate.refused(host, now)


def test_a_stranger_is_not_heard_where_nobody_has_a_password():
    stage = Stage(passwords=False)
    assert stage.passed(stand.invite(), STRANGER, 3) == 0
    assert stage.gate.counts == {"stranger": 3}
    assert stage.passed(stand.invite(), LINE, 3) == 3


def test_a_stranger_has_a_slow_pace():
    """R43."""
    stage = Stage()
    assert stage.passed(stand.invite(), STRANGER, 1_000) == 200
    assert stage.passed(stand.invite(), STRANGER, 1_000, now=10.0) == 200
    assert stage.passed(stand.invite(), STRANGER, 1_000, now=11.0) == 20
    assert stage.gate.counts == {"flood": 2_580}


def test_all_strangers_together_leave_room_for_who_is_known():
    """R43: a new forged address with each datagram."""
    stage = Stage()
    stage.lines.guesses.proved("192.0.2.9", "1001", 0.0)
    heard = sum(stage.passed(stand.invite(), f"host-{number}", 1) for number in range(9_000))
    assert heard == 2_000
    assert stage.gate.counts == {"strangers": 7_000}
    assert stage.passed(stand.invite(), "192.0.2.9", 50) == 50
    assert stage.passed(stand.invite(), LINE, 50) == 50


def test_a_silenced_address_is_not_heard_unless_it_is_a_trunk():
    stage = Stage()
    for host in (STRANGER, LINE):
        for _ in range(50):
            stage.lines.guesses.failed(host, "1001", 0.0)
    assert stage.passed(stand.invite(), STRANGER, 1) == 0
    assert stage.gate.counts == {"banned": 1}
    assert stage.passed(stand.invite(), LINE, 1) == 1


def test_who_is_not_heard_may_not_connect_either():
    stage = Stage()
    assert stage.gate.may_connect(STRANGER, 0.0)
    for host in (STRANGER, LINE):
        for _ in range(5):
            stage.lines.guesses.failed(host, "1001", 0.0)
    assert not stage.gate.may_connect(STRANGER, 0.0)
    assert stage.gate.may_connect(LINE, 0.0)
    assert not Stage(passwords=False).gate.may_connect(STRANGER, 0.0)
    assert stage.gate.counts == {"no_connection": 1}


def test_a_trunk_that_is_refused_much_still_brings_calls():
    """R43: INVITEs to nobody from a trunk's address; its calls to us and in progress pass."""
    stage = Stage()
    stage.spend(LINE)
    methods = ("OPTIONS", "REGISTER", "SUBSCRIBE", "MESSAGE", "BYE", "CANCEL", "ACK", "INFO")
    for method in methods:
        assert stage.passed(stand.request(method), LINE, 1) == 0
    assert stage.passed(stand.invite(number="+15550001"), LINE, 1) == 0
    assert stage.passed(b"\xff\x00noise", LINE, 1) == 0
    assert stage.gate.counts == {"flood_of_line": 10}
    for method in ("INVITE", *methods):
        known = stand.request(method, number="callfloor", call_id="up@192.0.2.7")
        assert stage.passed(known, LINE, 1) == 1
        assert stage.passed(known.replace("Call-ID: ", "i:"), LINE, 1) == 1
    assert stage.passed(stand.invite(), LINE, 1) == 1
    assert stage.passed("SIP/2.0 200 OK\r\n", LINE, 1) == 1


def test_a_trunk_that_behaves_again_is_heard_again():
    stage = Stage()
    stage.spend(LINE)
    assert stage.passed(stand.request("OPTIONS"), LINE, 1, now=0.0) == 0
    assert stage.passed(stand.request("OPTIONS"), LINE, 1, now=0.1) == 1


def test_a_trunk_with_too_many_calls_brings_no_new_ones_in_a_flood():
    """R43: INVITEs without an end to a number that there is."""
    stage = Stage()
    stage.gate.full(LINE, 0.0)
    assert stage.passed(stand.invite(), LINE, 1) == 1
    stage.spend(LINE)
    assert stage.passed(stand.invite(), LINE, 1) == 0
    assert stage.passed(stand.invite(call_id="up@192.0.2.7"), LINE, 1) == 1
    stage.spend(LINE, now=1.1)
    assert stage.passed(stand.invite(), LINE, 1, now=1.1) == 1
    assert stage.gate.counts == {"trunk_full": 1, "flood_of_line": 1}


def test_a_spelling_of_our_number_that_was_taken_once_is_taken_in_a_flood():
    stage = Stage()
    stage.gate.dialed("+36900")
    stage.spend(LINE)
    assert stage.passed(stand.invite(number="+36900"), LINE, 1) == 1
    assert stage.passed(stand.invite(number="+36901"), LINE, 1) == 0
    stage.gate.use(["901"])
    assert stage.passed(stand.invite(number="+36900"), LINE, 1) == 0


def test_a_trunk_has_a_pace_too():
    assert Stage().passed(stand.invite(), LINE, 9_000) == 8_000


def test_to_be_asked_for_proof_is_nothing_against_who_gives_it():
    stage = Stage()
    stage.lines.guesses.proved(STRANGER, "mobile", 0.0)
    for _ in range(1_000):
        stage.gate.refused(STRANGER, 0.0, challenged=True)
    assert stage.passed(stand.request("OPTIONS"), STRANGER, 1) == 1


def test_a_flood_makes_one_line_of_the_log_a_minute():
    stage = Stage(passwords=False)
    for tenth in range(1_800):
        stage.passed(stand.invite(), STRANGER, 10, now=tenth / 10)
    assert stage.notes == [
        ("sip_dropped", "stranger: 1"),
        ("sip_dropped", "stranger: 6000"),
        ("sip_dropped", "stranger: 6000"),
    ]


def test_no_table_grows_beyond_its_bound(monkeypatch):
    """R43."""
    monkeypatch.setattr(gates, "SOURCES_MAX", 4)
    monkeypatch.setattr(gates, "DIALED_MAX", 4)
    stage = Stage()
    for number in range(50):
        stage.passed(stand.invite(), f"host-{number}", 1)
        stage.gate.refused(f"host-{number}", 0.0)
        stage.gate.dialed(f"{number}")
        stage.gate.full(f"host-{number}", 0.0)
    assert stage.gate.sizes() == {"paces": 4, "refusals": 4, "dialed": 4, "full": 4}
