"""Time zones, days, hours and holidays."""

import functools
import re
import zoneinfo
from collections import defaultdict
from collections.abc import Iterator

from callfloor.blueprint import hours
from callfloor.blueprint.check.wording import guess
from callfloor.blueprint.findings import Problem
from callfloor.blueprint.schema import Blueprint, Calendar, Holidays

Path = tuple[str, ...]
_COUNTRY = re.compile("[A-Z]{2}")
_PERIOD_HINT = (
    "Write from and to as `08:00-12:30`, at most to 24:00; the end does not belong to it."
)


def problems(blueprint: Blueprint) -> Iterator[Problem]:
    """Find what is wrong with the zones and calendars."""
    yield from zone(blueprint.centre.timezone, ("centre", "timezone"))
    for key, calendar in blueprint.calendars.items():
        path = ("calendars", key)
        if calendar.timezone is not None:
            yield from zone(calendar.timezone, (*path, "timezone"))
        yield from _weekly(calendar, path)
        yield from _exceptions(calendar, path)
        if calendar.holidays is not None:
            yield from _holidays(calendar.holidays, (*path, "holidays"))


def zone(name: str, path: Path) -> Iterator[Problem]:
    """Give a problem if there is no such time zone."""
    known = _zones()
    if name not in known:
        wrong = f"There is no time zone `{name}`."
        close = guess(name, known) if name else ""
        hint = close if close.startswith("Did") else "Use an IANA name, as `Europe/Budapest`."
        yield Problem(id="E050", path=path, wrong=wrong, hint=hint)


@functools.cache
def _zones() -> frozenset[str]:
    """Give the zones that this machine knows; it looks through all its files for them."""
    return frozenset(zoneinfo.available_timezones())


def _weekly(calendar: Calendar, path: Path) -> Iterator[Problem]:
    by_day: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for days, texts in calendar.weekly.items():
        place = (*path, "weekly", days)
        numbers = hours.weekdays(days)
        if numbers is None:
            hint = "Write `mon`, or `mon-fri` from an earlier to a later day."
            yield Problem(id="E051", path=place, wrong=f"`{days}` are no days.", hint=hint)
            continue
        periods = [period for text in texts if (period := hours.period(text))]
        yield from _hours(texts, place)
        for number in numbers:
            by_day[number] += periods
            if hours.overlap(by_day[number]):
                yield _overlap(place, hours.WEEKDAYS[number])
                break


def _exceptions(calendar: Calendar, path: Path) -> Iterator[Problem]:
    for day, texts in calendar.exceptions.items():
        place = (*path, "exceptions", day)
        if hours.day(day) is None:
            hint = "Write it as `2026-12-24`."
            yield Problem(id="E051", path=place, wrong=f"`{day}` is no date.", hint=hint)
        yield from _hours(texts, place)
        if hours.overlap([period for text in texts if (period := hours.period(text))]):
            yield _overlap(place, day)


def _hours(texts: list[str], place: Path) -> Iterator[Problem]:
    for index, text in enumerate(texts):
        if hours.period(text) is None:
            wrong = f"`{text}` are no hours."
            yield Problem(id="E051", path=(*place, str(index)), wrong=wrong, hint=_PERIOD_HINT)


def _overlap(path: Path, day: str) -> Problem:
    wrong = f"Hours of {day} overlap."
    return Problem(id="E052", path=path, wrong=wrong, hint="Join them into one, or part them.")


def _holidays(wanted: Holidays, path: Path) -> Iterator[Problem]:
    import holidays  # Takes 0.2 s to load, and few files need it.

    if _are_known(wanted):
        return
    countries = holidays.list_supported_countries()  # Loads them all, so only if one is wrong.
    if wanted.country not in countries:
        wrong = f"The holidays of `{wanted.country}` are not known."
        hint = "Use the two letters of ISO 3166, as `HU`, or list the days under `exceptions`."
        yield Problem(id="E053", path=(*path, "country"), wrong=wrong, hint=hint)
    elif wanted.region is not None and wanted.region not in countries[wanted.country]:
        wrong = f"`{wanted.country}` has no region `{wanted.region}` with holidays of its own."
        hint = guess(wanted.region, countries[wanted.country])
        yield Problem(id="E053", path=(*path, "region"), wrong=wrong, hint=hint)


def _are_known(wanted: Holidays) -> bool:
    import holidays

    if not _COUNTRY.fullmatch(wanted.country):
        return False
    try:
        holidays.country_holidays(wanted.country, subdiv=wanted.region)
    except NotImplementedError:
        return False
    return True
