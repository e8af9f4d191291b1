"""Five wrong answers silence an address; a name under attack still serves who proved it before."""

import pytest

from callfloor.floor import guesses as guesses_module
from callfloor.floor.guesses import Guesses

pytestmark = pytest.mark.pure


def tried(count, *, host="192.0.2.8", user="1001", now=0.0):
    """Give what is known after so many wrong answers."""
    guesses = Guesses()
    for _ in range(count):
        guesses.failed(host, user, now)
    return guesses


def test_the_fifth_wrong_answer_silences_an_address_for_a_quarter_of_an_hour():
    """TRUST.md section 4."""
    assert not tried(4).is_silenced("192.0.2.8", 0.0)
    guesses = tried(5)
    assert guesses.is_silenced("192.0.2.8", 899.9)
    assert not guesses.is_silenced("192.0.2.8", 900.1)
    assert not guesses.is_silenced("192.0.2.9", 0.0)


def test_failures_that_are_far_apart_silence_nobody():
    guesses = Guesses()
    for number in range(20):
        guesses.failed("192.0.2.8", "1001", number * 200.0)
    assert not guesses.is_silenced("192.0.2.8", 4_000.0)


def test_a_right_answer_ends_the_suspicion():
    guesses = tried(4)
    guesses.proved("192.0.2.8", "1001", 1.0)
    guesses.failed("192.0.2.8", "1001", 2.0)
    assert not guesses.is_silenced("192.0.2.8", 2.0)


def test_a_name_that_is_guessed_from_everywhere_takes_no_new_address():
    """TRUST.md section 4: five wrong answers for one account, wherever they come from."""
    guesses = Guesses()
    guesses.proved("192.0.2.7", "1001", 0.0)
    for number in range(5):
        guesses.failed(f"203.0.113.{number}", "1001", 1.0)
    assert not guesses.may_prove("203.0.113.99", "1001", 2.0)
    assert guesses.may_prove("203.0.113.99", "1002", 2.0)
    assert guesses.may_prove("192.0.2.7", "1001", 2.0)
    assert guesses.may_prove("203.0.113.99", "1001", 902.0)


def test_a_proof_is_forgotten_after_a_day():
    guesses = Guesses()
    guesses.proved("192.0.2.7", "1001", 0.0)
    assert guesses.is_proven("192.0.2.7", 86_399.0)
    assert not guesses.is_proven("192.0.2.7", 86_401.0)
    assert not guesses.is_proven("192.0.2.8", 0.0)


def test_no_table_grows_beyond_its_bound(monkeypatch):
    """R43: a flood from forged addresses, each with another name."""
    monkeypatch.setattr(guesses_module, "REMEMBERED_MAX", 3)
    guesses = Guesses()
    for number in range(50):
        guesses.failed(f"host-{number}", f"user-{number}", 0.0)
        guesses.proved(f"good-{number}", f"user-{number}", 0.0)
    assert guesses.sizes() == {"hosts": 3, "users": 3, "proofs": 3}
    assert guesses.is_proven("good-49", 0.0)
    assert not guesses.is_proven("good-46", 0.0)


def test_a_new_password_ends_the_suspicion_of_a_name_and_of_no_address():
    """What was tried for the old one says nothing of the new one; who tried stays silent."""
    guesses = tried(5)
    assert not guesses.may_prove("203.0.113.99", "1001", 2.0)
    guesses.forgive("1001")
    assert guesses.may_prove("203.0.113.99", "1001", 2.0)
    assert guesses.is_silenced("192.0.2.8", 2.0)
