"""Numbers as people type them."""

import pytest

from callfloor.records.customers import rules

pytestmark = pytest.mark.pure


class TestSpellings:
    @pytest.mark.parametrize(
        ("typed", "first"),
        [
            ("+36 1 555 0100", "+3615550100"),
            ("0036 1 555-0100", "+3615550100"),
            ("(+36) 15550100", "+3615550100"),
            ("1001", "+1001"),
        ],
    )
    def test_e164_comes_first(self, typed, first):
        assert rules.spellings(typed)[0] == first

    def test_a_number_without_its_country_is_read_in_the_region(self):
        assert rules.spellings("06 1 555 0100", region="HU")[0] == "+3615550100"

    def test_what_a_trunk_may_have_given_is_among_them(self):
        assert "1001" in rules.spellings("1001")
        assert "3615550100" in rules.spellings("+36 1 555 0100")

    def test_nothing_gives_nothing(self):
        assert rules.spellings("  ") == ()


class TestShown:
    def test_has_spaces_and_keeps_what_it_cannot_read(self):
        assert rules.shown("+3615550100") == "+36 1 555 0100"
        assert rules.shown("1001") == "1001"
