"""
What people type into these forms: numbers in the digits of six languages, and hours of a day.

Pure. What cannot be hours is handed on as it was typed: the file's own check says what is wrong.
"""

import re

LATIN = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")
_SPLIT = re.compile(r"[,;،؛\n]+|\s+(?=[0-9]{1,2}:)")
_PERIOD = re.compile(r"([0-9]{1,2}):([0-9]{2})\s*[-–—−]\s*([0-9]{1,2}):([0-9]{2})")
CHARACTERS_MAX = 200  # Of one day's hours; twenty periods need fewer.


class Illegible(Exception):
    """What was typed is no number."""


def number(text: str) -> float | None:
    """
    Read a number as people of six languages type it; None for nothing.

    Raises Illegible.
    """
    plain = "".join(text.split()).translate(LATIN).replace("٫", ".").replace(",", ".")
    plain = plain.removesuffix("%").removesuffix("٪")
    if not plain:
        return None
    try:
        found = float(plain)
    except ValueError as error:
        raise Illegible from error
    if found != found or abs(found) == float("inf"):
        raise Illegible
    return found


def hours(text: str) -> list[str]:
    """Give the hours of a day as the file writes them; nothing for a closed day."""
    plain = text[:CHARACTERS_MAX].translate(LATIN)
    parts = [part.strip() for part in _SPLIT.split(plain)]
    return [_period(part) for part in parts if part]


def _period(text: str) -> str:
    match = _PERIOD.fullmatch(text)
    if match is None:
        return text
    from_hour, from_minute, to_hour, to_minute = match.groups()
    return f"{from_hour:0>2}:{from_minute}-{to_hour:0>2}:{to_minute}"


def days(weekly: dict[str, list[str]]) -> list[list[str]]:
    """Give the hours of Monday to Sunday from the file's `mon-fri` and the like."""
    found: list[list[str]] = [[] for _ in WEEKDAYS]
    for key, texts in weekly.items():
        for day in _range(key):
            found[day] = sorted([*found[day], *texts])
    return found


def weekly(days: list[list[str]]) -> dict[str, list[str]]:
    """Write hours of Monday to Sunday as the file does: alike days in a row as one."""
    found: dict[str, list[str]] = {}
    begin = 0
    while begin < len(days):
        end = begin
        while end + 1 < len(days) and days[end + 1] == days[begin]:
            end += 1
        if days[begin]:
            key = WEEKDAYS[begin] if begin == end else f"{WEEKDAYS[begin]}-{WEEKDAYS[end]}"
            found[key] = days[begin]
        begin = end + 1
    return found


WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def span(key: str) -> tuple[int, int] | None:
    """Give the first and the last weekday of `mon-fri`, Monday being 0; None if it is not so."""
    first, _, last = key.strip().lower().partition("-")
    last = last or first
    if first not in WEEKDAYS or last not in WEEKDAYS:
        return None
    return WEEKDAYS.index(first), WEEKDAYS.index(last)


def _range(key: str) -> range:
    found = span(key)
    return range(found[0], found[1] + 1) if found else range(0)
