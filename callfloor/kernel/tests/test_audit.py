"""The audit chain: what is written stays, and what was touched is found."""

from datetime import UTC, datetime, timedelta

import pytest

from callfloor.kernel import access, audit
from callfloor.kernel.models import AuditEntry
from tests.records.scenes import Someone

pytestmark = [pytest.mark.db, pytest.mark.django_db, pytest.mark.usefixtures("data")]

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def note(number: int, *, client: str | None = "acme") -> int:
    return audit.note(
        by="anna",
        action="interaction.read",
        about=f"interaction:{number}",
        client=client,
        now=NOW + timedelta(seconds=number),
        detail={"page": number},
    )


class TestChain:
    def test_numbers_have_no_gap_and_the_chain_is_whole(self):
        assert [note(number) for number in range(5)] == [1, 2, 3, 4, 5]
        assert audit.verify() == audit.Verdict(ok=True, entries=5, broken_at=None)

    def test_an_empty_chain_is_whole(self):
        assert audit.verify() == audit.Verdict(ok=True, entries=0, broken_at=None)

    @pytest.mark.parametrize(
        "change",
        [
            {"by": "bela"},
            {"action": "nothing"},
            {"about": "interaction:9"},
            {"client": "zeta"},
            {"detail": {"page": 9}},
            {"at": NOW},
            {"previous": "0" * 64},
            {"digest": "f" * 64},
        ],
    )
    def test_a_changed_entry_is_found(self, change):
        for number in range(1, 6):
            note(number)
        AuditEntry.objects.filter(number=3).update(**change)
        assert audit.verify().broken_at == 3

    def test_a_missing_entry_is_found(self):
        for number in range(1, 6):
            note(number)
        AuditEntry.objects.filter(number=2).delete()
        assert audit.verify() == audit.Verdict(ok=False, entries=2, broken_at=2)

    def test_a_forged_digest_without_the_centres_key_is_found(self):
        note(1)
        forged = AuditEntry.objects.get(number=1)
        forged.by = "bela"
        forged.digest = audit.hashlib.sha256(b"guess").hexdigest()
        forged.save()
        assert not audit.verify().ok


class TestEntries:
    def test_a_person_reads_of_his_clients_and_of_the_centre_newest_first(self):
        note(1, client="acme")
        note(2, client="zeta")
        note(3, client=None)
        page = audit.entries(person=Someone(may=("audit.read",)))
        assert [(row.number, row.client) for row in page.rows] == [(3, None), (1, "acme")]

    def test_without_the_duty_nothing_is_told(self):
        with pytest.raises(access.Forbidden):
            audit.entries(person=Someone())
