"""Short statements give what the ORM gives, on the database at hand."""

import datetime as dt

import pytest

from callfloor.kernel import quick
from callfloor.kernel.models import AuditEntry

pytestmark = pytest.mark.db
AT = dt.datetime(2026, 3, 2, 9, 30, 0, 250_000, tzinfo=dt.UTC)


def entry(number: int) -> AuditEntry:
    return AuditEntry.objects.create(
        number=number,
        at=AT + dt.timedelta(seconds=number),
        by="mara",
        action="customer.read",
        about=f"customer:{number}",
        client="",
        detail={"ids": [number], "by_number": True},
        previous="0" * 64,
        digest="1" * 64,
    )


def values(row: AuditEntry) -> list[object]:
    return [getattr(row, field.attname) for field in AuditEntry._meta.concrete_fields]


@pytest.mark.django_db
class TestQuick:
    def test_models_are_those_of_the_orm(self):
        for number in (1, 2, 3):
            entry(number)

        found = quick.models(AuditEntry, "WHERE number > %s ORDER BY number", [1])

        assert [values(row) for row in found] == [
            values(row) for row in AuditEntry.objects.filter(number__gt=1).order_by("number")
        ]

    def test_the_first_is_the_first_or_none(self):
        entry(1)
        entry(2)

        last = quick.first(AuditEntry, "ORDER BY number DESC")

        assert last is not None
        assert last.number == 2
        assert last.at == AT + dt.timedelta(seconds=2)
        assert last.detail == {"ids": [2], "by_number": True}
        assert quick.first(AuditEntry, "WHERE number = %s", [9]) is None

    def test_a_field_left_out_is_read_when_it_is_asked_for(self, django_assert_num_queries):
        entry(1)

        [row] = quick.models(AuditEntry, "WHERE number = 1", without=("detail",))

        with django_assert_num_queries(0):
            assert (row.number, row.by) == (1, "mara")
        with django_assert_num_queries(1):
            assert row.detail == {"ids": [1], "by_number": True}

    def test_nothing_is_in_no_values(self):
        entry(1)

        assert quick.models(AuditEntry, f"WHERE number IN {quick.marks([])}") == []

    def test_values_are_never_part_of_the_statement(self):
        entry(1)

        asked = ["customer:1' OR '1'='1"]

        assert quick.models(AuditEntry, f"WHERE about IN {quick.marks(asked)}", asked) == []
