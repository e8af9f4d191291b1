"""A line is found by its INVITE, then by its dialog, and not at all when it is over."""

from types import SimpleNamespace

import pytest

from callfloor.core import plan
from callfloor.floor import line_table
from callfloor.floor.line_table import LineTable
from callfloor.floor.tests import stand
from callfloor.wire.sip.dialog import DialogId

pytestmark = pytest.mark.pure


def line(name, *, call_id="call"):
    """Make a line: all that the table knows of one."""
    dialog_id = DialogId(call_id=call_id, local_tag=name, remote_tag="theirs")
    return SimpleNamespace(key=(name, "host", "INVITE"), dialog=SimpleNamespace(id=dialog_id))


@pytest.fixture
def table():
    """Make a table with one trunk."""
    made = LineTable()
    made.shares.use(stand.stand_plan(trunks=(plan.TrunkPlan(key="a", addresses=("a",)),)))
    return made


def test_from_the_invite_to_the_dialog_and_away(table):
    one = line("one")
    table.arrived(one, trunk="a")
    assert table.fresh(one.key) is one
    assert table.of_dialog(one.dialog.id) is None
    assert table.knows_call("call")
    table.answered(one.key)
    table.enter(one)
    assert table.fresh(one.key) is None
    assert table.of_dialog(one.dialog.id) is one
    assert table.knows_call("call")
    table.ended(one.key)
    assert table.forget(one)
    assert not table.forget(one)
    assert not table.knows_call("call")
    assert table.of_dialog(None) is None


def test_a_call_that_is_refused_is_not_known_any_more(table):
    one = line("one")
    table.arrived(one, trunk="a")
    table.ended(one.key)
    table.ended(one.key)
    assert not table.forget(one)
    assert not table.knows_call("call")


def test_two_lines_of_one_call_id_are_known_until_both_are_gone(table):
    one, two = line("one"), line("two")
    table.enter(one)
    table.enter(two)
    table.enter(two)
    table.forget(one)
    assert table.knows_call("call")
    table.forget(two)
    assert not table.knows_call("call")


def test_a_call_asks_at_the_speed_of_fingers(table):
    """R43: what one call sends inside itself is bounded, and forgotten with it."""
    one, two = line("one"), line("two")
    table.enter(one)
    table.enter(two)
    assert sum(table.may_ask(one.dialog.id, 0.0) for _ in range(100)) == 50
    assert sum(table.may_ask(one.dialog.id, 1.0) for _ in range(100)) == 20
    assert table.may_ask(two.dialog.id, 1.0)
    table.forget(one)
    table.enter(one)
    assert sum(table.may_ask(one.dialog.id, 1.0) for _ in range(100)) == 50


def test_it_says_when_it_is_full(table, monkeypatch):
    """R43: half-open calls and whole ones have limits of their own."""
    monkeypatch.setattr(line_table, "FRESH_MAX", 1)
    monkeypatch.setattr(line_table, "LINES_MAX", 2)
    one = line("one")
    assert not table.is_full()
    table.arrived(one, trunk="a")
    assert table.is_full()
    table.answered(one.key)
    table.enter(one)
    assert not table.is_full()
    table.enter(line("two"))
    assert table.is_full()
