"""The clock's laws: what was promised is due by the calendar, whatever happens in between."""

from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callfloor.core.calendars import Calendar
from callfloor.core.plan import CalendarPlan
from callfloor.records.cases.rules import clock
from callfloor.records.cases.rules.clock import Mark

pytestmark = pytest.mark.pure

BUDAPEST = ZoneInfo("Europe/Budapest")
HOUR = 3600.0
OFFICE = ((9 * 60, 12 * 60 + 30), (13 * 60 + 30, 17 * 60))


def office(zone: str = "Europe/Budapest", *, closed: tuple[str, ...] = ()) -> Calendar:
    """Give a calendar of an office with a lunch hour, closed on some days."""
    return Calendar(
        CalendarPlan(
            key="office",
            timezone=zone,
            weekly=tuple((day, begin, end) for day in range(5) for begin, end in OFFICE),
            exceptions=tuple((day, ()) for day in closed),
        )
    )


def at(text: str, zone: ZoneInfo = BUDAPEST) -> float:
    """Give the instant of a local time."""
    return datetime.fromisoformat(text).replace(tzinfo=zone).timestamp()


def wall(instant: float | None, zone: ZoneInfo = BUDAPEST) -> str:
    """Give what the wall clock shows at an instant."""
    assert instant is not None
    return datetime.fromtimestamp(instant, zone).strftime("%Y-%m-%d %H:%M:%S")


def opened(instant: float, target: float | None = HOUR) -> Mark:
    return Mark(at=instant, sign="run", target=target)


# --- examples -------------------------------------------------------------------------------------

MONDAY_OFF = office(closed=("2026-03-09",))
FRIDAY = at("2026-03-06 16:30")


def test_friday_half_past_four_and_one_hour_is_tuesday_half_past_nine():
    """Hours 9 to 17 with lunch from 12:30 to 13:30, Monday a holiday (issue 5)."""
    found = clock.read([opened(FRIDAY)], calendar=MONDAY_OFF, now=FRIDAY)
    assert wall(found.due_at) == "2026-03-10 09:30:00"
    assert not found.is_breached


def test_lunch_does_not_count():
    begin = at("2026-03-04 12:00")
    found = clock.read([opened(begin)], calendar=office(), now=begin)
    assert wall(found.due_at) == "2026-03-04 14:00:00"


def test_what_comes_at_night_begins_in_the_morning():
    begin = at("2026-03-04 23:50")
    found = clock.read([opened(begin)], calendar=office(), now=begin)
    assert wall(found.due_at) == "2026-03-05 10:00:00"


def test_it_is_late_after_the_instant_and_not_at_it():
    due = at("2026-03-10 09:30")
    for now, is_late in ((due, False), (due + 1, True)):
        found = clock.read([opened(FRIDAY)], calendar=MONDAY_OFF, now=now)
        assert found.is_breached is is_late


def test_paused_changed_and_resumed_it_keeps_the_time_used_to_the_second():
    """Pause for the customer, change the priority, resume (MISSION F08.2)."""
    begin = at("2026-03-04 09:00")
    marks = [
        opened(begin, 8 * HOUR),
        Mark(at=begin + 1_201, sign="rest"),
        Mark(at=begin + 5_000, sign="target", target=2 * HOUR),
        Mark(at=begin + 9_001, sign="run"),
    ]
    resting = clock.read(marks, calendar=office(), now=begin + 9_000)
    assert (resting.used_seconds, resting.due_at, resting.is_running) == (1_201, None, False)
    running = clock.read(marks, calendar=office(), now=begin + 9_061)
    assert running.used_seconds == 1_261
    # Half past eleven and one second, two hours less twenty minutes and one second, and lunch.
    assert wall(running.due_at) == "2026-03-04 14:10:00"
    assert running.left_seconds == 2 * HOUR - 1_261


def test_a_target_that_becomes_shorter_than_what_was_used_is_due_when_it_became_so():
    begin = at("2026-03-04 09:00")
    marks = [opened(begin, 8 * HOUR), Mark(at=begin + 2 * HOUR, sign="target", target=HOUR)]
    found = clock.read(marks, calendar=office(), now=begin + 2 * HOUR + 60)
    assert found.due_at == begin + 2 * HOUR
    assert found.is_breached


def test_a_target_that_becomes_longer_is_due_later_and_late_no_more():
    begin = at("2026-03-04 09:00")
    marks = [opened(begin, HOUR), Mark(at=begin + 2 * HOUR, sign="target", target=3 * HOUR)]
    found = clock.read(marks, calendar=office(), now=begin + 2 * HOUR + 60)
    assert wall(found.due_at) == "2026-03-04 12:00:00"
    assert not found.is_breached


def test_what_was_stopped_in_time_is_due_never_and_what_was_late_stays_late():
    begin = at("2026-03-04 09:00")
    for after, is_late in ((HOUR, False), (HOUR + 1, True)):
        marks = [opened(begin), Mark(at=begin + after, sign="stop")]
        found = clock.read(marks, calendar=office(), now=begin + 100 * HOUR)
        assert (found.is_breached, found.is_stopped) == (is_late, True)
        assert found.used_seconds == after


def test_time_between_closing_and_reopening_is_nobodys():
    begin = at("2026-03-04 09:00")
    marks = [
        opened(begin, 2 * HOUR),
        Mark(at=begin + HOUR, sign="stop"),
        Mark(at=begin + 26 * HOUR, sign="run"),
    ]
    found = clock.read(marks, calendar=office(), now=begin + 26 * HOUR)
    assert found.used_seconds == HOUR
    assert wall(found.due_at) == "2026-03-05 12:00:00"


def test_without_a_calendar_it_is_always_open_and_without_a_target_never_due():
    assert clock.read([opened(0.0)], calendar=None, now=0.0).due_at == HOUR
    assert clock.read([opened(0.0, None)], calendar=None, now=0.0).due_at is None


def test_a_calendar_that_never_opens_owes_nothing():
    shut = Calendar(CalendarPlan(key="shut", timezone="UTC", weekly=()))
    assert clock.read([opened(0.0)], calendar=shut, now=0.0).due_at is None


class TestPromises:
    def test_at_ten_to_midnight_before_a_weekend_it_is_owed_on_monday(self):
        """The form's 24 hours follow the calendar (MISSION F09.3)."""
        begin = at("2026-03-06 23:50")
        assert wall(clock.promised(office(), begin, hours=24)) == "2026-03-09 23:50:00"

    def test_on_a_day_between_it_is_the_same_hour_of_the_next(self):
        begin = at("2026-03-03 23:50")
        assert wall(clock.promised(office(), begin, hours=24)) == "2026-03-04 23:50:00"

    def test_a_day_without_opening_counts_not_at_all(self):
        begin = at("2026-03-07 12:00")
        assert wall(clock.promised(office(), begin, hours=24)) == "2026-03-10 00:00:00"

    def test_without_a_calendar_it_is_by_the_wall(self):
        assert clock.promised(None, 0.0, hours=24) == 24 * HOUR


# --- laws -----------------------------------------------------------------------------------------

CALENDAR = office(closed=("2026-03-09",))
BEGIN = at("2026-03-02 00:00")
# Each reads clocks over weeks; together they stay at a second, and no machine is too slow for them.
few = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
instants = st.integers(min_value=0, max_value=12 * 24 * 3600)
targets = st.integers(min_value=1, max_value=30 * 3600)


@st.composite
def histories(draw: st.DrawFn) -> list[Mark]:
    """Draw a case that is opened, rests and runs in turn, and is given other targets."""
    moments = sorted(draw(st.lists(instants, min_size=1, max_size=7, unique=True)))
    marks = [opened(BEGIN + moments[0], float(draw(targets)))]
    is_running = True
    for moment in moments[1:]:
        if draw(st.booleans()):
            marks.append(Mark(at=BEGIN + moment, sign="rest" if is_running else "run"))
            is_running = not is_running
        else:
            target = float(draw(targets))
            marks.append(Mark(at=BEGIN + moment, sign="target", target=target))
    return marks


def running(marks: list[Mark]) -> list[tuple[float, float]]:
    """Give when the clock of a history runs, the last span up to a late instant."""
    spans, since = [], None
    for mark in marks:
        if mark.sign == "run":
            since = mark.at if since is None else since
        elif mark.sign == "rest" and since is not None:
            spans.append((since, mark.at))
            since = None
    return [*spans, (since, BEGIN + 40 * 24 * HOUR)] if since is not None else spans


def with_pause(marks: list[Mark], begin: float, end: float) -> list[Mark]:
    """Put a pause into a history where its clock runs anyway."""
    more = [Mark(at=begin, sign="rest"), Mark(at=end, sign="run")]
    return sorted([*marks, *more], key=lambda mark: mark.at)


def read(marks: list[Mark], now: float = BEGIN + 40 * 24 * HOUR) -> clock.Reading:
    return clock.read(marks, calendar=CALENDAR, now=now)


@few
@given(marks=histories(), draw=st.data())
def test_a_pause_never_makes_it_due_earlier(marks, draw):
    spans = [span for span in running(marks) if span[1] - span[0] > 2]
    if not spans:
        return
    begin, end = draw.draw(st.sampled_from(spans))
    first = draw.draw(st.integers(int(begin), int(end) - 2))
    second = draw.draw(st.integers(first, int(end) - 1))  # Before what ends the span anyway.
    before, later = read(marks).due_at, read(with_pause(marks, first, second)).due_at
    assert before is not None or later is None
    assert later is None or before is None or later >= before


@few
@given(marks=histories(), moment=instants)
def test_a_mark_that_changes_nothing_changes_nothing(marks, moment):
    """An open period that is split by saying the same again is the same period."""
    instant = BEGIN + moment
    held = [mark for mark in marks if mark.at <= instant]
    if not held:
        return
    target = [mark.target for mark in held if mark.target is not None][-1]
    again = Mark(at=instant, sign="target", target=target)
    split = sorted([*marks, again], key=lambda mark: mark.at)
    assert read(split) == read(marks)


@few
@given(marks=histories(), moment=instants)
def test_pause_and_resumption_at_one_instant_are_nothing(marks, moment):
    instant = BEGIN + moment
    if not any(begin <= instant <= end for begin, end in running(marks)):
        return
    assert read(with_pause(marks, instant, instant)) == read(marks)


@few
@given(marks=histories(), moments=st.lists(instants, min_size=2, max_size=5, unique=True))
def test_time_used_grows_only_while_it_runs_and_is_never_lost(marks, moments):
    """What is used between two instants is what the spans between them are worth."""
    spans = running(marks)
    for first, second in pairwise(sorted(BEGIN + moment for moment in moments)):
        grown = read(marks, second).used_seconds - read(marks, first).used_seconds
        worth = sum(
            clock.worked(CALENDAR, max(begin, first), min(end, second))
            for begin, end in spans
            if max(begin, first) < min(end, second)
        )
        assert grown == pytest.approx(worth)


@few
@given(seconds=targets, moment=instants)
def test_what_is_due_after_so_many_seconds_has_used_so_many(seconds, moment):
    begin = BEGIN + moment
    due = clock.after(CALENDAR, begin, seconds)
    assert due is not None
    assert clock.worked(CALENDAR, begin, due) == pytest.approx(seconds)


# --- R40: changes of daylight saving --------------------------------------------------------------

ZONES = ("Europe/Budapest", "America/New_York", "Australia/Sydney", "America/Santiago",
         "Asia/Tehran", "Africa/Casablanca", "Pacific/Auckland", "Europe/London")  # fmt: skip


def transitions(zone: ZoneInfo) -> list[float]:
    """Give the instants from 2024 to 2030 at whose hour the zone's offset changes."""
    begin = datetime(2024, 1, 1, tzinfo=ZoneInfo("UTC"))
    hours = [(begin + timedelta(days=day)).timestamp() for day in range(7 * 365 + 2)]

    def offset(instant: float) -> timedelta | None:
        return datetime.fromtimestamp(instant, zone).utcoffset()

    return [first for first, second in pairwise(hours) if offset(first) != offset(second)]


@pytest.mark.parametrize("name", ZONES)
def test_r40_promises_keep_the_wall_clock_over_every_change(name):
    """R40: opened at ten to five the day before, one hour is due at ten to ten by the wall."""
    zone = ZoneInfo(name)
    daily = Calendar(
        CalendarPlan(key="daily", timezone=name, weekly=tuple((day, 540, 1020) for day in range(7)))
    )
    for change in transitions(zone):
        day = datetime.fromtimestamp(change, zone).date()
        for shift in (-1, 0, 1):
            evening = datetime.combine(day + timedelta(days=shift), datetime.min.time(), zone)
            begin = evening.replace(hour=16, minute=50).timestamp()
            due = clock.read([opened(begin)], calendar=daily, now=begin).due_at
            assert wall(due, zone)[11:] == "09:50:00"


@few
@given(
    name=st.sampled_from(ZONES),
    seconds=st.integers(1, 60 * 3600),
    shift=st.integers(-48 * 3600, 24 * 3600),
    draw=st.data(),
)
def test_r40_durations_are_true_over_every_change(name, seconds, shift, draw):
    """R40: where it is always open, an hour is an hour, whatever the wall shows."""
    zone = ZoneInfo(name)
    changes = CHANGES.setdefault(name, transitions(zone) or [BEGIN])
    begin = draw.draw(st.sampled_from(changes)) + shift
    later = datetime.fromtimestamp(begin, zone).date() + timedelta(days=4)
    always = Calendar(
        CalendarPlan(
            key="always",
            timezone=name,
            weekly=tuple((day, 0, 1440) for day in range(7)),
            exceptions=((later.isoformat(), ()),),  # So that it must be looked at day by day.
        )
    )
    due = clock.read([opened(begin, float(seconds))], calendar=always, now=begin).due_at
    assert due == begin + seconds


CHANGES: dict[str, list[float]] = {}
