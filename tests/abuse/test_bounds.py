"""
No table grows with a flood (R43; ASVS 17.3.1): what strangers, trunks and callers can fill is
bounded, and empty again when its time is over.

The tables' own limits are proved where they stand (gate, guesses, shares, line_table, transaction,
registrar, auth); here a whole telephone is flooded and then asked what it has kept.
"""

import tracemalloc

import pytest

from callfloor.floor.tests import handsets, stand
from tests.abuse.guesser import Guesser

pytestmark = pytest.mark.twin

HOSTS = 1_500
MIB = 1024 * 1024


@pytest.fixture
def house(tmp_path):
    """Start a floor with telephones, a trunk by address and one by password."""
    return stand.Stand(tmp_path, floor_plan=handsets.phone_plan()).start()


def transactions(house):
    """Count what the telephone's transactions keep."""
    return house.signals.transaction_count()


@pytest.mark.parametrize(
    "method", ["INVITE", "REGISTER", "OPTIONS", "BYE", "CANCEL", "ACK", "PUBLISH"]
)
def test_strangers_leave_no_transaction(house, method):
    """R43: each from another address, each with another branch."""
    for number in range(HOSTS // 5):
        text = stand.request(method, branch=f"s{number}", call_id=f"s{number}")
        house.receive(text, (f"198.18.{number // 250}.{number % 250}", 5060))
    assert transactions(house) == 0
    house.step(1.0)
    assert house.sip_wake_at is None


def test_guessers_from_everywhere_cost_a_few_megabytes(house):
    """R43: fifteen hundred forged addresses with wrong answers; what is kept of each is small."""
    guesser = Guesser(lambda _: None)
    digest = (
        'Digest username="u", realm="stand", nonce="n", uri="sip:900@192.0.2.1", response="r", '
        'algorithm=SHA-256, qop=auth, nc=00000001, cnonce="c"'
    )
    request = guesser.request(proof=("Authorization", digest)).encode()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for number in range(HOSTS):
            house.receive(request, (f"198.18.{number // 250}.{number % 250}", 5060))
            house.sent.clear()
            house.sent_to.clear()
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert grown < 3 * MIB
    assert transactions(house) == 0


def test_a_call_floods_nobody_from_inside(house):
    """R43: who is in a call sends keys at the speed of fingers; more is refused and forgotten."""
    house.receive(stand.invite())
    tag = house.answers()[-1].to.tag
    house.receive(stand.request("ACK", to_tag=tag))
    before = transactions(house)
    for number in range(2, 1_000):
        house.receive(stand.request("INFO", cseq=number, branch=f"i{number}", to_tag=tag))
    assert transactions(house) - before <= 50
    assert house.telephone.counts["flood_of_call"] > 900
    house.receive(stand.request("BYE", cseq=2_000, branch="bye", to_tag=tag))
    assert house.statuses()[-1] == 200
    house.step(40.0)
    assert transactions(house) == 0


def test_half_calls_of_a_trunk_end_and_leave_nothing(house):
    """R43: INVITEs that are answered and never acknowledged, then 32 s."""
    for number in range(250):
        house.receive(stand.invite(branch=f"h{number}", call_id=f"h{number}"))
    house.step(120.0)
    assert transactions(house) == 0
    assert house.sip_wake_at is None
    assert len(house.facts("Arrived")) == len(house.facts("Closed"))
