"""Ids sort by time, and what is derived is the same each time."""

import uuid

import pytest

from callfloor.kernel import ids

pytestmark = pytest.mark.pure

CHANCE = bytes(range(10))


class TestMake:
    def test_is_a_uuid_of_version_7(self):
        made = uuid.UUID(ids.make(now=1_700_000_000.123, chance=CHANCE))
        assert (made.version, made.variant) == (7, uuid.RFC_4122)
        assert made.int >> 80 == 1_700_000_000_123

    def test_sorts_by_time_whatever_the_chance(self):
        early = ids.make(now=1.0, chance=b"\xff" * 10)
        late = ids.make(now=1.002, chance=b"\x00" * 10)
        assert early < late

    def test_needs_its_chance(self):
        with pytest.raises(AssertionError):
            ids.make(now=1.0, chance=b"short")


class TestDerive:
    def test_is_the_same_for_the_same_source_only(self):
        first = ids.derive(kind="customer", source="item-1", at=1.0)
        assert first == ids.derive(kind="customer", source="item-1", at=1.0)
        assert first != ids.derive(kind="customer", source="item-2", at=1.0)
        assert first != ids.derive(kind="identity", source="item-1", at=1.0)
