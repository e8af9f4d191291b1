"""Ids of items sort by time and are UUIDs of version 7."""

import uuid

import pytest

from callfloor.floor import ids

pytestmark = pytest.mark.pure


def test_an_item_is_a_uuid_of_version_7_with_the_time_in_front():
    made = uuid.UUID(ids.Ids(draw=lambda count: b"\xff" * count).item(1_790_000_000.123))
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert made.int >> 80 == 1_790_000_000_123


def test_later_items_sort_behind():
    names = ids.Ids()
    assert names.item(1_790_000_000.0) < names.item(1_790_000_000.002)


def test_tokens_differ():
    names = ids.Ids()
    assert names.token() != names.token()
    assert len(names.token()) == 16
