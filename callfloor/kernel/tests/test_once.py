"""A request that bears a key is done once: the same answer again, and no second effect."""

from datetime import timedelta

import pytest

from callfloor.kernel import once
from callfloor.kernel.models import Heartbeat, OnceAnswer
from callfloor.kernel.once import Answer
from tests.records import scenes
from tests.records.fixtures import data

__all__ = ["data"]

pytestmark = [pytest.mark.db, pytest.mark.django_db(databases=["default", "keys"])]


@pytest.fixture(autouse=True)
def keys(data):
    """Give a centre with keys."""


def work(number, *, status=200, is_done=True, is_kept=True):
    """Give work that leaves a row."""

    def run():
        Heartbeat.objects.create(name=f"row {number}", at=scenes.NOW)
        return Answer(status=status, body=f'{{"n":{number}}}', is_done=is_done, is_kept=is_kept)

    return run


def ask(number=1, *, key="k", owner="token:1", asked=b"a", now=scenes.NOW, **said):
    """Ask once."""
    return once.once(owner=owner, key=key, asked=asked, now=now, run=work(number, **said))


def rows():
    """Name what work has left."""
    return sorted(Heartbeat.objects.values_list("name", flat=True))


def test_the_same_again_gives_the_first_answer_and_does_nothing():
    first, second = ask(1), ask(2)
    assert (first.status, first.body) == (second.status, second.body) == (200, '{"n":1}')
    assert rows() == ["row 1"]


def test_another_request_under_the_same_key_is_refused():
    ask(1)
    with pytest.raises(once.KeyUsed):
        ask(2, asked=b"b")
    assert rows() == ["row 1"]


def test_keys_of_two_owners_are_two():
    assert ask(1).body != ask(2, owner="token:2").body
    assert rows() == ["row 1", "row 2"]


def test_what_was_refused_leaves_nothing_and_is_said_again():
    assert ask(1, status=400, is_done=False).status == 400
    assert ask(2).status == 400
    assert rows() == []


def test_a_fault_of_ours_is_tried_anew():
    assert ask(1, status=503, is_done=False, is_kept=False).status == 503
    assert ask(2).status == 200
    assert rows() == ["row 2"]


def test_work_that_breaks_leaves_nothing():
    def broken():
        Heartbeat.objects.create(name="row", at=scenes.NOW)
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        once.once(owner="o", key="k", asked=b"", now=scenes.NOW, run=broken)
    assert rows() == []
    assert not OnceAnswer.objects.exists()


def test_a_day_later_the_key_is_free():
    ask(1)
    assert ask(2, now=scenes.NOW + once.KEPT + timedelta(seconds=1)).body == '{"n":2}'
    assert once.forget(now=scenes.NOW + 3 * once.KEPT) == 1


@pytest.mark.parametrize("key", ["", "x" * 256, "é", "a\nb"])
def test_no_key_is_refused(key):
    with pytest.raises(once.NoKey):
        ask(key=key)
    assert rows() == []


def test_an_answer_does_not_lie_in_clear():
    ask(1)
    assert b'"n"' not in bytes(OnceAnswer.objects.get().body)
