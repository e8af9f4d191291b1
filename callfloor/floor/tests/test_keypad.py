"""From keys to choices and sealed digits."""

import pytest

from callfloor.core import actions, events, plan
from callfloor.floor.keypad import Keypad

pytestmark = pytest.mark.pure

MENU = actions.Collect(
    item="i", leg="l", step="menu", choices=(plan.Choice(digit="1", name="sales", next="x"),)
)
ASK = actions.Collect(item="i", leg="l", step="ask", digits_max=4)


@pytest.fixture
def keypad():
    """Make a keypad whose seal can be seen through."""
    return Keypad(seal=lambda item, digits: f"sealed({item},{len(digits)})")


def entered(count, sealed=None):
    """Build what is reported about digits."""
    return events.DigitsEntered(item="i", step="ask", count=count, sealed=sealed)


def test_a_key_becomes_the_name_of_its_choice(keypad):
    keypad.collect(MENU)
    assert keypad.press("l", "1") == events.ChoiceMade(
        item="i", step="menu", choice="sales", sealed="sealed(i,1)"
    )
    assert keypad.press("l", "9") == events.ChoiceMade(item="i", step="menu", choice=None)


def test_digits_are_reported_once_they_are_complete(keypad):
    keypad.collect(ASK)
    assert [keypad.press("l", key) for key in "123"] == [None, None, None]
    assert keypad.press("l", "4") == entered(4, "sealed(i,4)")
    assert keypad.press("l", "5") is None


def test_the_hash_key_ends_them_early(keypad):
    keypad.collect(ASK)
    keypad.press("l", "7")
    assert keypad.press("l", "#") == entered(1, "sealed(i,1)")


def test_the_hash_key_alone_is_nothing_typed(keypad):
    keypad.collect(ASK)
    assert keypad.press("l", "#") == entered(0)


def test_a_flush_reports_what_was_typed_so_far(keypad):
    keypad.collect(ASK)
    keypad.press("l", "7")
    stop = actions.StopCollect(item="i", leg="l", flush=True)
    assert keypad.stop(stop) == entered(1, "sealed(i,1)")
    assert keypad.stop(stop) is None


def test_without_a_flush_nothing_is_reported(keypad):
    keypad.collect(ASK)
    keypad.press("l", "7")
    assert keypad.stop(actions.StopCollect(item="i", leg="l")) is None
    assert keypad.press("l", "1") is None


def test_keys_that_no_caller_has_and_legs_that_nobody_asked_are_nothing(keypad):
    keypad.collect(MENU)
    assert keypad.press("l", "A") is None
    assert keypad.press("other", "1") is None
    keypad.forget("l")
    assert keypad.press("l", "1") is None


class TestTypeAhead:
    """Who knows the menus need not wait for them."""

    GREETING = actions.Collect(item="i", leg="l", step="greeting", ahead=True)

    def test_a_key_during_the_greeting_answers_the_menu(self, keypad):
        assert keypad.collect(self.GREETING) is None
        assert keypad.press("l", "1") is None
        assert keypad.collect(MENU) == events.ChoiceMade(
            item="i", step="menu", choice="sales", sealed="sealed(i,1)"
        )
        assert keypad.collect(MENU) is None

    def test_the_rest_is_kept_for_the_step_after(self, keypad):
        keypad.collect(self.GREETING)
        for key in "177":
            keypad.press("l", key)
        keypad.collect(MENU)
        assert keypad.collect(ASK) is None
        assert keypad.press("l", "#") == entered(2, "sealed(i,2)")

    def test_the_key_of_the_step_in_hand_is_taken_at_once(self, keypad):
        refuse = plan.Choice(digit="9", name="refuse", next="x")
        notice = actions.Collect(item="i", leg="l", step="notice", choices=(refuse,), ahead=True)
        keypad.collect(notice)
        assert keypad.press("l", "1") is None
        assert keypad.press("l", "9") == events.ChoiceMade(
            item="i", step="notice", choice="refuse", sealed="sealed(i,1)"
        )

    def test_it_ends_where_nobody_asks(self, keypad):
        keypad.collect(self.GREETING)
        keypad.press("l", "1")
        keypad.stop(actions.StopCollect(item="i", leg="l"))
        assert keypad.collect(MENU) is None
