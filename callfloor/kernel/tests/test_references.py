"""What a reference opens where strangers carry it: only what was signed here, and not for ever."""

from datetime import UTC, datetime, timedelta

import pytest

from callfloor.kernel import references
from tests.records.fixtures import data

__all__ = ["data"]

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("data")]

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
CASE = "CF-2026-000123"


def test_a_reference_is_read_as_people_type_it():
    assert references.reference(year=2026, number=123) == CASE
    for typed in ("CF-2026-000123", "cf2026000123", " Cf 2026 000123 "):
        assert references.read(typed) == CASE
    for typed in ("CF-2026-123", "CF-1926-000123", "2026000123", "CF-2026-0001234", ""):
        assert references.read(typed) is None


class TestInAnAddress:
    def test_it_comes_back_however_the_servers_write_it(self):
        tag = references.address_tag(reference=CASE)
        assert tag.startswith("cf2026000123.")
        assert len(tag) == len("cf2026000123.") + 8
        for address in (tag, tag.upper(), f"Support <support+{tag}@acme.example>"):
            assert references.of_address_tag(address) == CASE

    @pytest.mark.parametrize("place", range(len("cf2026000123.12345678")))
    def test_no_letter_of_it_can_be_changed(self, place):
        tag = references.address_tag(reference=CASE)
        other = "1" if tag[place] == "0" else "0"
        assert references.of_address_tag(tag[:place] + other + tag[place + 1 :]) is None

    def test_a_bare_reference_proves_nothing(self):
        assert references.of_address_tag("support+cf2026000123@acme.example") is None
        assert references.of_address_tag("") is None


class TestInALink:
    UNTIL = NOW + timedelta(days=30)

    def test_it_opens_until_its_time_is_over(self):
        token = references.link_token(reference=CASE, until=self.UNTIL)
        last = self.UNTIL - timedelta(seconds=1)
        assert references.of_link_token(token, now=last) == CASE
        assert references.of_link_token(token, now=self.UNTIL) is None

    def test_no_letter_of_it_can_be_changed(self):
        token = references.link_token(reference=CASE, until=self.UNTIL)
        for place, letter in enumerate(token):
            other = "1" if letter == "0" else "0"
            changed = token[:place] + other + token[place + 1 :]
            assert references.of_link_token(changed, now=NOW) is None, changed

    def test_what_stands_in_an_address_is_no_link(self):
        assert references.of_link_token(references.address_tag(reference=CASE), now=NOW) is None
        assert references.of_link_token("../../etc/passwd", now=NOW) is None
