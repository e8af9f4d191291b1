"""A machine answers an address once a day about a case, and a few times a day at all."""

from datetime import timedelta

import pytest

from callfloor.records.letters import rules
from callfloor.records.letters.models import Answered
from callfloor.records.letters.services import answering
from tests.records import scenes

pytestmark = [pytest.mark.db, pytest.mark.django_db(databases=["default", "keys"])]


def claim(about="case-1", *, address="cora@home.example", after=timedelta()):
    """Ask whether a machine may answer."""
    now = scenes.NOW + after
    return answering.claim(client="acme", address=address, about=about, now=now)


def test_once_about_a_case_in_a_day(scene):
    assert claim()
    assert not claim()
    assert not claim(address="CORA@home.example", after=timedelta(hours=23))
    assert claim(address="dan@home.example")
    assert claim(after=timedelta(hours=25))


def test_a_few_times_a_day_whatever_it_is_about(scene):
    asked = [claim(f"case-{number}") for number in range(rules.AUTOMATIC_DAY_MAX + 3)]
    assert asked == [True] * rules.AUTOMATIC_DAY_MAX + [False] * 3


def test_no_address_stands_in_clear_and_what_is_old_leaves(scene):
    claim()
    assert "cora" not in str(Answered.objects.values())
    assert answering.forget(now=scenes.NOW) == 0
    assert answering.forget(now=scenes.NOW + timedelta(hours=25)) == 1
