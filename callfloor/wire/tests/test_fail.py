"""A failpoint does nothing until it is armed, and then exactly what was ordered, once."""

import pytest

from callfloor.wire import fail
from callfloor.wire.errors import LocalError

pytestmark = pytest.mark.pure


@pytest.fixture
def done():
    """Give what a trap has done, and take the trap away in the end."""
    yield []
    fail.install(None)


def arm(text, done):
    """Arm a trap that only notes what it would do."""
    fail.arm(
        {fail.VARIABLE: text} if text else {},
        kill=lambda: done.append("killed"),
        stall=lambda: done.append("stalled"),
        warn=done.append,
    )


def test_nothing_is_armed_without_the_variable(done):
    arm("", done)
    fail.point("a")
    assert done == []


def test_a_trap_is_told_of_and_springs_at_its_passage_only(done):
    arm("b:2:kill", done)
    for name in ("a", "b", "a"):
        fail.point(name)
    assert done == ["fault injection is armed: kill at passage 2 of b"]
    fail.point("b")
    fail.point("b")
    assert done[1:] == ["killed"]


def test_raise_and_stall_are_other_deeds(done):
    arm("a:raise", done)
    with pytest.raises(fail.Injected, match="a"):
        fail.point("a")
    arm("a:1:stall", done)
    fail.point("a")
    assert done[-1] == "stalled"


def test_kill_at_the_first_passage_is_meant_where_nothing_is_said():
    assert fail.parse("journal.in_transaction") == fail.Order(name="journal.in_transaction")


@pytest.mark.parametrize("text", [":1", "a:0", "a:explode", "a:1:kill:more", "a:-1"])
def test_an_order_that_cannot_be_read_ends_the_start(text):
    with pytest.raises(LocalError, match="CALLFLOOR_FAIL"):
        fail.parse(text)
