"""What leaves the telephone can be read by the centre alone."""

import hashlib
import hmac
import json

import pytest

from callfloor.floor.seals import Seals
from callfloor.wire import seal

pytestmark = pytest.mark.pure

PRIVATE = bytes(range(32))


@pytest.fixture
def seals():
    """Make the seals of a centre."""
    return Seals(public_key=seal.public_key_of(PRIVATE), token_key=b"t" * 32)


def test_the_centre_opens_the_key_and_with_it_the_caller(seals):
    key = seal.unseal(seals.open_item("i"), private_key=PRIVATE)
    sealed = seals.caller("i", number="+3612345678", name="Nagy Nóra")
    plain = json.loads(seal.decrypt_field(sealed, key=key, item="i"))
    assert plain == {"number": "+3612345678", "name": "Nagy Nóra"}


def test_a_caller_who_keeps_to_himself_is_not_sealed(seals):
    seals.open_item("i")
    assert seals.caller("i", number=None, name=None) is None


def test_digits_can_be_sent_on_while_the_item_is_open(seals):
    seals.open_item("i")
    sealed = seals.digits("i", "4711")
    assert "4711" not in sealed
    assert seals.read_digits("i", sealed) == "4711"
    seals.close_item("i")
    assert seals.read_digits("i", sealed) is None
    assert seals.digits("i", "1") is None


def test_a_token_is_the_blind_index_of_the_records(seals):
    expected = hmac.new(b"t" * 32, b"number:+3612345678", hashlib.sha256).hexdigest()[:32]
    assert seals.token("+3612345678") == expected
