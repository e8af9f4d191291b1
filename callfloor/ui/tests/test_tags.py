"""Parts of pages that are written at once: choices, badges, the rail."""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from callfloor.ui.templatetags import ui

pytestmark = pytest.mark.pure


@dataclass(frozen=True)
class Level:
    """A skill and how well it is held."""

    name: str
    level: int


@dataclass(frozen=True)
class Place:
    """An entry of the rail."""

    key: str
    name: str
    icon: str = "people"
    url: str = "/x"


class TestOptions:
    def test_marks_the_chosen_one_only(self):
        written = ui.options([("a", "Anna"), ("b", "Béla")], "b")
        assert written == '<option value="a">Anna</option><option value="b" selected>Béla</option>'

    def test_what_looks_like_markup_is_text(self):
        written = ui.options([('"><i>', "<b>&")], None)
        assert written == '<option value="&quot;&gt;&lt;i&gt;">&lt;b&gt;&amp;</option>'


class TestSpan:
    """How long something may take is read at once: no goal is 24:00:00."""

    @pytest.mark.parametrize(
        ("seconds", "text"),
        [
            *((0, "0 s"), (0.5, "0.5 s"), (20, "20 s"), (90.0, "90 s"), (120, "2 min")),
            *((5400, "90 min"), (3600, "1 h"), (86400.0, "24 h"), (3_600_000, "1,000 h")),
        ],
    )
    def test_is_in_the_largest_unit_of_which_it_is_a_whole_number(self, seconds, text):
        with translation.override("en"):
            assert ui.span(seconds) == text

    def test_is_in_the_words_and_digits_of_the_language(self):
        for language, text in (("hu", "24 óra"), ("ru", "24 ч"), ("fa", "۲۴ ساعت")):
            with translation.override(language):
                assert ui.span(86400) == text


class TestLevels:
    def test_are_badges_in_the_digits_of_the_language(self):
        with translation.override("fa"):
            assert ui.levels([Level("<b>", 5)]) == '<span class="badge">&lt;b&gt; ۵</span>'

    def test_nothing_is_a_dash(self):
        assert ui.levels([]) == "–"


class TestRail:
    def test_only_what_it_is_given_stands_there_and_one_is_here(self):
        """Links are held by the process; who may open what is not."""
        both = ui.rail([Place("a", "<Floor>"), Place("b", "Queues")], "b")
        assert both.count("<a ") == 2
        assert "&lt;Floor&gt;" in both
        assert both.count("aria-current") == 1
        assert ui.rail([Place("b", "Queues")], "a").count("<a ") == 1
        assert "aria-current" not in ui.rail([Place("b", "Queues")], "a")


class TestShortcuts:
    def test_are_in_the_language_of_whoever_reads(self):
        for language, title in (("en", "Shortcuts"), ("hu", "Gyorsbillentyűk")):
            with translation.override(language):
                assert f">{title}<" in ui.shortcuts()


@pytest.mark.parametrize("zone", ["Etc/GMT-5", "UTC", "Asia/Tashkent"])
def test_the_clock_of_a_zone_whose_offset_never_changes(zone):
    noon = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
    with timezone.override(ZoneInfo(zone)), translation.override("hu"):
        assert ui.clock(noon) == ("12:00" if zone == "UTC" else "17:00")
