"""
How numbers, times and dates are written in each language.

Pure: the language, the time zone and the value come in. Persian has its own digits, separators and
the Jalali calendar. Refuses markup; `templatetags/ui.py` puts these texts into pages, and
`static/ui/format.js` writes the same ones in the browser.
"""

import datetime as dt
import functools
from collections.abc import Callable, Iterable
from zoneinfo import ZoneInfo

import jdatetime

PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
ARABIC_LETTER_MARK = "\u061c"
"""Keeps a Persian percent sign on the left of its number, whatever stands before it."""

# Thousands and decimals. A space would turn the groups round in Persian; U+066C does not.
SEPARATORS = {
    "en": (",", "."),
    "hu": ("\u00a0", ","),
    "es": (".", ","),
    "ru": ("\u00a0", ","),
    "fr": ("\u202f", ","),
    "fa": ("٬", "٫"),
}
SPACE_BEFORE_PERCENT = {"es": "\u00a0", "ru": "\u00a0", "fr": "\u202f"}
BABEL_LOCALES = {"en": "en_GB"}
"""Day before month in English too: a centre serves more than one country."""

FIRST_WEEKDAYS = {"fa": 5}
"""Where the week does not begin on Monday."""

JALALI_MONTHS = (
    *("فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور"),
    *("مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"),
)
JALALI_WEEKDAYS = ("دوشنبه", "سه‌شنبه", "چهارشنبه", "پنج‌شنبه", "جمعه", "شنبه", "یک‌شنبه")


def digits(text: object, *, language: str) -> str:
    """Return the text with the digits of the language."""
    return str(text).translate(PERSIAN) if language == "fa" else str(text)


def number(value: float, *, language: str, places: int = 0) -> str:
    """Return a number with its groups and, if asked for, decimals."""
    thousands, decimal = SEPARATORS.get(language, SEPARATORS["en"])
    plain = f"{value:,.{places}f}".replace(",", "\0").replace(".", decimal)
    return digits(plain.replace("\0", thousands), language=language)


def percent(share: float | None, *, language: str, places: int = 0) -> str:
    """Return a share of 1 as a percentage, a dash if there is none."""
    if share is None:
        return "–"
    value = number(share * 100, language=language, places=places)
    if language == "fa":
        return f"{ARABIC_LETTER_MARK}{value}٪"
    return f"{value}{SPACE_BEFORE_PERCENT.get(language, '')}%"


def duration(seconds: float | None, *, language: str) -> str:
    """Return seconds as m:ss, from an hour on as h:mm:ss, a dash if there are none."""
    if seconds is None:
        return "–"
    whole = max(0, round(seconds))
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    text = f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
    return digits(text, language=language)


def time(value: dt.datetime, *, language: str, zone: ZoneInfo, seconds: bool = False) -> str:
    """Return the time of day."""
    local = value.astimezone(zone)
    text = f"{local.hour}:{local.minute:02}" + (f":{local.second:02}" if seconds else "")
    return digits(text, language=language)


@functools.lru_cache(maxsize=4096)  # The days of a list repeat; a pattern costs 0.1 ms.
def day(value: dt.date, *, language: str, year: bool = False) -> str:
    """Return a day of the month, with its year if asked for."""
    if language == "fa":
        jalali = jdatetime.date.fromgregorian(date=value)
        text = f"{jalali.day} {JALALI_MONTHS[jalali.month - 1]}"
        return digits(f"{text} {jalali.year}" if year else text, language=language)
    return str(_skeleton("yMMMd" if year else "MMMd", language)(value))


@functools.lru_cache(maxsize=256)  # A few months in six languages.
def month(value: dt.date, *, language: str) -> str:
    """Return the month of a day with its year."""
    if language == "fa":
        jalali = jdatetime.date.fromgregorian(date=value)
        return digits(f"{JALALI_MONTHS[jalali.month - 1]} {jalali.year}", language=language)
    return str(_skeleton("yMMMM", language)(value))


@functools.lru_cache(maxsize=4096)  # A month's sheet stands on every report, 0.1 ms a day.
def long_day(value: dt.date, *, language: str) -> str:
    """Return a day with its weekday and year."""
    if language == "fa":
        weekday = JALALI_WEEKDAYS[value.weekday()]
        return f"{weekday} {day(value, language=language, year=True)}"
    from babel import dates

    return str(dates.format_date(value, format="full", locale=_locale(language)))


def week(*, language: str) -> list[int]:
    """Return the weekdays in their order, Monday being 0; a Persian week begins on Saturday."""
    first = FIRST_WEEKDAYS.get(language, 0)
    return [(first + day) % 7 for day in range(7)]


@functools.lru_cache(maxsize=64)  # Seven days in six languages.
def weekday(day: int, *, language: str) -> str:
    """Return the name of a weekday, Monday being 0."""
    if language == "fa":
        return JALALI_WEEKDAYS[day]
    from babel import dates

    names = dates.get_day_names("wide", context="stand-alone", locale=_locale(language))
    return str(names[day])


def moment(value: dt.datetime, *, language: str, zone: ZoneInfo, now: dt.datetime) -> str:
    """Return day and time, without the day if it is today and with the year if it is another."""
    local, today = value.astimezone(zone).date(), now.astimezone(zone).date()
    clock = time(value, language=language, zone=zone)
    if local == today:
        return clock
    return listed(
        (day(local, language=language, year=local.year != today.year), clock), language=language
    )


def listed(texts: Iterable[object], *, language: str) -> str:
    """Return texts one after the other, with the comma of the language."""
    return ("، " if language == "fa" else ", ").join(str(text) for text in texts)


def phone(value: str, *, language: str) -> str:
    """Return a number in E.164 with the gaps of its country; anything else as it stands."""
    if value.startswith("+"):
        import phonenumbers  # Its tables cost 0.1 s, so they come with the first number.

        try:
            parsed = phonenumbers.parse(value)
        except phonenumbers.NumberParseException:
            return digits(value, language=language)
        value = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return digits(value, language=language)


def initials(name: str, *, language: str) -> str:
    """Return one letter in Persian, where two would join or mislead, else two."""
    words = name.split()
    if not words:
        return "?"
    if language == "fa" or "\u0600" <= words[0][0] <= "\u06ff" or len(words) == 1:
        return words[0][0].upper()
    return (words[0][0] + words[-1][0]).upper()


def _locale(language: str) -> str:
    return BABEL_LOCALES.get(language, language)


def _skeleton(skeleton: str, language: str) -> Callable[[dt.date], str]:
    def write(value: dt.date) -> str:
        from babel import dates

        midnight = dt.datetime.combine(value, dt.time())
        return dates.format_skeleton(skeleton, midnight, locale=_locale(language))

    return write
