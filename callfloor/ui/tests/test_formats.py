"""Numbers and times as each language writes them."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from callfloor.ui import formats

pytestmark = pytest.mark.pure

ZONE = ZoneInfo("Europe/Budapest")
AT = dt.datetime(2026, 11, 24, 9, 42, 7, tzinfo=dt.UTC)


class TestNumber:
    @pytest.mark.parametrize(
        ("language", "text"),
        [
            ("en", "48,213.5"),
            ("hu", "48\u00a0213,5"),
            ("es", "48.213,5"),
            ("fr", "48\u202f213,5"),
            ("ru", "48\u00a0213,5"),
            ("fa", "۴۸٬۲۱۳٫۵"),
        ],
    )
    def test_has_the_groups_and_digits_of_the_language(self, language, text):
        assert formats.number(48213.5, language=language, places=1) == text


class TestPercent:
    def test_keeps_the_persian_sign_on_the_left(self):
        assert formats.percent(0.81, language="fa") == "\u061c۸۱٪"

    def test_is_a_dash_without_a_value(self):
        assert formats.percent(None, language="en") == "–"

    def test_stands_apart_in_french(self):
        assert formats.percent(0.814, language="fr", places=1) == "81,4\u202f%"


class TestDuration:
    @pytest.mark.parametrize(
        ("seconds", "text"), [(0, "0:00"), (59.6, "1:00"), (252, "4:12"), (3725, "1:02:05")]
    )
    def test_is_minutes_and_seconds(self, seconds, text):
        assert formats.duration(seconds, language="en") == text

    def test_never_goes_below_nothing(self):
        assert formats.duration(-3, language="en") == "0:00"

    def test_has_persian_digits(self):
        assert formats.duration(252, language="fa") == "۴:۱۲"


class TestDay:
    def test_is_jalali_in_persian(self):
        assert formats.day(AT.date(), language="fa", year=True) == "۳ آذر ۱۴۰۵"
        assert formats.long_day(AT.date(), language="fa") == "سه‌شنبه ۳ آذر ۱۴۰۵"

    def test_puts_the_day_before_the_month_in_english(self):
        assert formats.day(AT.date(), language="en", year=True) == "24 Nov 2026"


class TestMoment:
    @pytest.mark.parametrize(
        ("now", "text"),
        [
            (AT, "10:42"),
            (AT + dt.timedelta(days=2), "24 Nov, 10:42"),
            (AT + dt.timedelta(days=200), "24 Nov 2026, 10:42"),
        ],
    )
    def test_says_no_more_than_now_allows(self, now, text):
        assert formats.moment(AT, language="en", zone=ZONE, now=now) == text


class TestPhone:
    def test_has_the_gaps_of_its_country(self):
        assert formats.phone("+442079460754", language="en") == "+44 20 7946 0754"

    @pytest.mark.parametrize("text", ["900", "anonymous", "+1"])
    def test_leaves_what_is_no_number_as_it_is(self, text):
        assert formats.phone(text, language="en") == text


class TestInitials:
    def test_is_one_letter_in_persian(self):
        assert formats.initials("مریم کاظمی", language="fa") == "م"

    def test_is_first_and_last_elsewhere(self):
        assert formats.initials("Ilona Anna Nagy", language="en") == "IN"
        assert formats.initials("", language="en") == "?"


@pytest.mark.parametrize(("language", "text"), [("en", "a, b"), ("ru", "a, b"), ("fa", "a، b")])
def test_a_list_has_the_comma_of_its_language(language, text):
    assert formats.listed(["a", "b"], language=language) == text
