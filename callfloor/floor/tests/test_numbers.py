"""Numbers as they come from trunks."""

import pytest

from callfloor.floor import numbers
from callfloor.floor.tests import stand
from callfloor.wire.sip import message as messages

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("dialed", "region", "normal"),
    [
        ("+36 1 234-5678", None, "+3612345678"),
        ("06 1 234 5678", "HU", "+3612345678"),
        ("0036 1 234 5678", "HU", "+3612345678"),
        ("061234567", None, "061234567"),
        ("1001", "HU", "1001"),
        ("nora", None, "nora"),
        ("9" * 60, None, "9" * 32),
    ],
)
def test_a_number_becomes_e164_or_stays_as_it_was(dialed, region, normal):
    assert numbers.normal(dialed, region) == normal


@pytest.mark.parametrize(
    ("typed", "region", "to_dial"),
    [
        ("+36 20 123-4567", None, "+36201234567"),
        ("(06 20) 123 45 67", "HU", "+36201234567"),
        ("0036.20.123.4567", "HU", "+36201234567"),
        ("06 20 123 4567", None, None),
        ("112", "HU", None),
        ("nora", "HU", None),
        ("+36 20 123 4567 ext. 5", None, None),
        ("", "HU", None),
        ("+" + "9" * 40, None, None),
    ],
)
def test_a_number_that_can_be_called(typed, region, to_dial):
    assert numbers.to_dial(typed, region) == to_dial


def caller(headers="", source='"Nora Nagy" <sip:+3612345678@192.0.2.7>'):
    """Read who sends an INVITE."""
    text = stand.invite(headers=headers).replace('"Nora Nagy" <sip:+3612345678@192.0.2.7>', source)
    return numbers.caller_of(messages.parse(text.encode()), None)


def test_from_tells_who_calls():
    assert caller() == ("+3612345678", "Nora Nagy")


def test_digits_of_every_script_are_digits():
    """An emergency that is typed on a Persian keyboard is one."""
    assert numbers.compact("۱۱۲") == numbers.compact("١ ١-٢") == "112"
    assert numbers.compact("②²x") == "②²x"


def test_the_trunks_own_word_counts_more():
    headers = "P-Asserted-Identity: <sip:+4930123456@trunk>\r\n"
    assert caller(headers) == ("+4930123456", None)
    assert caller("P-Asserted-Identity: <tel:+4930123456;x=y>\r\n") == ("+4930123456", None)
    assert caller("P-Asserted-Identity: <<<\r\n") == ("+3612345678", "Nora Nagy")


@pytest.mark.parametrize(
    ("headers", "source"),
    [
        ("Privacy: id\r\nP-Asserted-Identity: <sip:+4930123456@trunk>\r\n", "<sip:x@y>"),
        ("", '"Anonymous" <sip:anonymous@anonymous.invalid>'),
        ("", "<sip:Unknown@192.0.2.7>"),
        ("", "<sip:192.0.2.7>"),
    ],
)
def test_who_keeps_to_himself_is_nobody(headers, source):
    assert caller(headers, source) == (None, None)
