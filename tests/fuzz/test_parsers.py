"""
No input makes a parser raise anything but a PeerError, and none takes more than its length is worth
(TRUST.md section 4, parsers; ASVS 17.3.2; R48 is what happens otherwise).

Two thousand seeded mutations of each here; ten minutes of coverage-guided fuzzing of each with
--long (`tests/fuzz/guided.py`, with atheris where it is installed).
"""

import random
import time

import pytest

from callfloor.wire.errors import PeerError
from callfloor.wire.sip import endpoint, message, stream, validate
from callfloor.wire.sip.machines import Remote
from callfloor.wire.sip.tests import torture
from tests.fuzz import guided, mutate, targets

pytestmark = pytest.mark.wire

MUTATIONS = 2_000
LONG_SECONDS = 600.0
REMOTE = Remote(host="192.0.2.95", port=5060)


@pytest.mark.parametrize("name", targets.TARGETS)
def test_seeds_and_their_mutations_raise_nothing(name):
    """TRUST.md section 4; the number in a failure gives the input again."""
    target = targets.TARGETS[name]
    for seed in target.seeds:
        targets.try_one(name, seed)
    chance = random.Random(f"{name} 1")
    for number in range(MUTATIONS):
        data = mutate.mutated(chance, target.seeds, target.words)
        try:
            targets.try_one(name, data)
        except Exception as error:
            pytest.fail(f"mutation {number}: {error!r} of {data!r}")


@pytest.mark.parametrize("name", targets.TARGETS)
def test_a_seed_is_understood(name):
    """A target that refuses its own seeds would find nothing."""
    understood = 0
    for seed in targets.TARGETS[name].seeds:
        try:
            targets.TARGETS[name].run(seed)
            understood += 1
        except PeerError:
            continue
    assert understood > 0


def test_our_guide_finds_what_is_hidden_behind_steps(monkeypatch):
    """The fuzzer itself: a fault behind three comparisons, each of which runs a line of its own."""
    monkeypatch.setattr(guided, "WATCHED", (__file__,))
    guide = guided.Guide(_trap, (b"xxx",), (b"a", b"b", b"c"))
    with pytest.raises(ZeroDivisionError) as found:
        guide.run(seconds=20.0, seed=1)
    assert found.value.__notes__[0].startswith("input: b'abc")
    assert len(guide.corpus) >= 3


def _trap(data):
    if data[:1] != b"a":
        return
    if data[1:2] != b"b":
        return
    if data[2:3] != b"c":
        return
    _ = 1 / 0


@pytest.mark.long
@pytest.mark.parametrize("name", targets.TARGETS)
def test_ten_minutes_of_guided_fuzzing(name):
    """Issue 3: ten minutes per parser, no crash."""
    done = guided.fuzz(name, seconds=LONG_SECONDS)
    assert done["finding"] is None, done["finding"]
    assert done["executions"] > 1_000


# --- Nothing costs more than its length is worth --------------------------------------------------


def _parameters(size):
    return "".join(f";p{number}" for number in range(size // 6))


SIP = "INVITE sip:900@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.7;branch=z9hG4bKx\r\n"
TAIL = (
    "From: <sip:a@b>;tag=1\r\nTo: <sip:900@192.0.2.1>\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\n"
    "Content-Length: 0\r\n\r\n"
)
LONG = {
    "one long value": lambda n: f"{SIP}Y: {'a' * n}\r\n{TAIL}",
    "blanks": lambda n: f"{SIP}Y:{' ' * n}a\r\n{TAIL}",
    "tabs before a colon": lambda n: f"{SIP}Y{chr(9) * n}: a\r\n{TAIL}",
    "folds": lambda n: f"{SIP}Y: a" + "\r\n a" * (n // 4) + f"\r\n{TAIL}",
    "headers": lambda n: SIP + "Y: a\r\n" * (n // 6) + TAIL,
    "folded headers": lambda n: SIP + "Y: a\r\n b\r\n" * (n // 10) + TAIL,
    "bad headers": lambda n: SIP + "yy\r\n" * (n // 4) + TAIL,
    "Vias": lambda n: SIP + "Via: SIP/2.0/UDP h\r\n" * (n // 20) + TAIL,
    "Vias in a row": lambda n: f"{SIP}Via: {'SIP/2.0/UDP h,' * (n // 14)}SIP/2.0/UDP h\r\n{TAIL}",
    "Contacts": lambda n: f"{SIP}Contact: {'<sip:a@b>,' * (n // 10)}<sip:a@b>\r\n{TAIL}",
    "Routes": lambda n: SIP + "Route: <sip:a@b;lr>\r\n" * (n // 21) + TAIL,
    "commas": lambda n: f"{SIP}Contact: {',' * n}\r\n{TAIL}",
    "open quotes": lambda n: f"{SIP}Contact: {chr(34) * n}\r\n{TAIL}",
    "backslashes": lambda n: f'{SIP}Contact: "{chr(92) * n}" <sip:a@b>\r\n{TAIL}',
    "brackets": lambda n: f"{SIP}Contact: {'<' * n}\r\n{TAIL}",
    "parameters": lambda n: f"{SIP}Contact: <sip:a@b>{_parameters(n)}\r\n{TAIL}",
    "semicolons": lambda n: f"{SIP}Contact: <sip:a@b{';' * n}>\r\n{TAIL}",
    "escapes": lambda n: f"{SIP}Contact: <sip:{'%41' * (n // 3)}@b>\r\n{TAIL}",
    "bad escapes": lambda n: f"{SIP}Contact: <sip:{'%' * n}@b>\r\n{TAIL}",
    "at signs": lambda n: f"{SIP}Contact: <sip:{'a@' * (n // 2)}b>\r\n{TAIL}",
    "colons": lambda n: f"{SIP}Contact: <sip:{'a:' * (n // 2)}b>\r\n{TAIL}",
    "digits": lambda n: f"{SIP}Max-Forwards: {'9' * n}\r\n{TAIL}",
    "display": lambda n: f"{SIP}From: {'a ' * (n // 2)}<sip:a@b>;tag=1\r\n{TAIL}",
    "required": lambda n: f"{SIP}Require: {'a,' * (n // 2)}a\r\n{TAIL}",
    "accepted": lambda n: f"{SIP}Accept: {'a/b,' * (n // 4)}a/b\r\n{TAIL}",
    "proof": lambda n: f"{SIP}Authorization: Digest {'a=b,' * (n // 4)}a=b\r\n{TAIL}",
    "line ends": lambda n: "\r\n" * (n // 2) + SIP + TAIL,
    "start line": lambda n: f"INVITE {'sip:a ' * (n // 6)}SIP/2.0\r\n{TAIL}",
}
"""Messages that grow in one way each: where a quadratic parser would show itself."""


@pytest.mark.parametrize("name", LONG)
def test_time_grows_no_faster_than_length(name):
    """
    ASVS 17.3.2: sixteen times the length takes less than sixty-four times as long.

    A quadratic parser takes 256 times as long. A ratio, because a time would judge the machine.
    """
    short, long = (LONG[name](size).encode() for size in (3_800, 60_800))
    assert len(long) <= message.MESSAGE_BYTES_MAX
    ratios = [_seconds(long) / max(_seconds(short), 5e-5) for _ in range(4)]
    assert min(ratios) < 64, f"{min(ratios):.0f} times as long"


def _seconds(data):
    """Take the shortest of some runs: what else the machine does only adds."""
    return min(_once(data) for _ in range(3))


def _once(data):
    began = time.process_time()
    targets.sip_values(data)
    endpoint.Endpoint(policy=validate.Policy(), secret=b"s").receive(data, REMOTE, 0.0)
    return time.process_time() - began


def test_a_connection_byte_by_byte_costs_its_length():
    """ASVS 17.3.1: a head that trickles in is not searched again from its beginning each time."""
    ratios = [_trickled(16_000) / max(_trickled(1_000), 5e-5) for _ in range(4)]
    assert min(ratios) < 64, f"{min(ratios):.0f} times as long"


def _trickled(size):
    reader = stream.Stream()
    data = (SIP + "X: " + "a" * size).encode()
    began = time.process_time()
    for at in range(size):
        reader.receive(data[at : at + 1])
    return time.process_time() - began


def test_every_torture_message_is_among_the_seeds():
    """TRUST.md section 4: the fuzzers begin with RFC 4475 and RFC 5118."""
    seeds = set(targets.TARGETS["sip_message"].seeds)
    short = {data for data, _ in torture.REQUESTS.values() if len(data) < 4_000}
    assert seeds >= short
