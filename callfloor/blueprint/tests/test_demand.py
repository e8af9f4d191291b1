"""A day's people are those that the file describes, on the clock of the place."""

import datetime
import statistics

import pytest

from callfloor.blueprint import demand
from callfloor.blueprint.compile import compile_plan
from callfloor.blueprint.schema import Blueprint
from callfloor.blueprint.tests import trials
from callfloor.twin import people

pytestmark = pytest.mark.pure

MONDAY = datetime.date(2027, 1, 11)
TUESDAY = datetime.date(2027, 1, 12)
AUTUMN = datetime.date(2027, 10, 31)  # They go from 3 to 2.
SPRING = datetime.date(2027, 3, 28)  # The clocks of Budapest go from 2 to 3.


def day_of(blueprint, day=TUESDAY, seed="1") -> people.Demand:
    """Draw the people of a day."""
    return demand.on(blueprint, plan=compile_plan(blueprint, years={2027}), day=day, seed=seed)


def days_of(blueprint, *, many: int) -> list[people.Demand]:
    """Draw the people of a Tuesday many times."""
    plan = compile_plan(blueprint, years={2027})
    return [demand.on(blueprint, plan=plan, day=TUESDAY, seed=f"{n}") for n in range(many)]


def number_of(found: people.Demand, number: str) -> people.NumberDemand:
    """Give what is drawn of one number."""
    (wanted,) = [each for each in found.numbers if each.number == number]
    return wanted


class TestNumbers:
    def test_come_by_profile_and_weekday(self):
        """40 contacts over eight hours are five an hour; outside of them nobody calls."""
        per_hour = number_of(day_of(trials.blueprint()), "901").per_hour
        assert len(per_hour) == 24
        assert per_hour[:8] == (0,) * 8
        assert per_hour[8:16] == pytest.approx([5.0] * 8)
        assert per_hour[16:] == (0,) * 8

    def test_are_cut_as_fine_as_the_profile(self):
        """A profile that turns at half past ten is cut into half hours, and keeps its sum."""
        quiet = trials.blueprint(
            ("patience_seconds: 90", "patience_seconds: 90\n      day_spread: 0")
        )
        per_hour = number_of(day_of(quiet), "900").per_hour
        assert len(per_hour) == 48
        assert sum(per_hour) / 2 == pytest.approx(240)
        assert per_hour[20] == pytest.approx(2 * per_hour[21])
        assert sum(number_of(day_of(quiet, day=MONDAY), "900").per_hour) / 2 == pytest.approx(360)

    def test_differ_from_day_to_day_as_told(self):
        """Days have mean and spread of the file, and each day its own luck."""
        centre = trials.blueprint(
            ("patience_seconds: 90", "patience_seconds: 90\n      day_spread: 0.3")
        )
        sums = [sum(number_of(each, "900").per_hour) / 2 for each in days_of(centre, many=300)]
        assert statistics.mean(sums) == pytest.approx(240, rel=0.05)
        assert statistics.stdev(sums) / statistics.mean(sums) == pytest.approx(0.3, rel=0.15)

    def test_carry_what_callers_choose_and_the_line_they_come_by(self):
        """Choices are weights by step; the trunk is the centre's first."""
        found = number_of(day_of(trials.blueprint()), "900")
        assert found.choices == (("ask", (("bills", 3.0), ("orders", 1.0))),)
        assert (found.patience_seconds, found.trunk) == (90.0, "line")


class TestShifts:
    def test_seat_teams_and_people_on_their_days(self):
        """Eve's two shifts of Tuesday are one, she has none on Monday, and a manager no seat."""
        present = trials.blueprint(("absence_share: 0.2", "absence_share: 0"))
        seats = {shift.agent: shift for shift in day_of(present).shifts}
        assert sorted(seats) == ["ann", "ben", "cat", "dan", "eve"]
        assert (seats["eve"].begins, seats["eve"].ends) == (9 * 3600, 13 * 3600)
        assert seats["ann"].breaks == ((12 * 3600, 12.5 * 3600, "break"),)
        assert "eve" not in {shift.agent for shift in day_of(present, day=MONDAY).shifts}

    def test_miss_as_many_as_told_and_nobody_by_anothers_luck(self):
        """One in five is absent; without Ann the same others are."""
        centre = trials.blueprint()
        without = trials.blueprint(("ann: {roles: [agent]", "ann: {roles: [manager]"))
        there = 0
        pairs = zip(days_of(centre, many=150), days_of(without, many=150), strict=True)
        for one, other in pairs:
            seats = {shift.agent for shift in one.shifts}
            there += len(seats)
            assert {shift.agent for shift in other.shifts} == seats - {"ann"}
        assert there / 150 == pytest.approx(5 * 0.8, rel=0.06)

    def test_follow_the_clock_over_the_change_of_summer_time(self):
        """On the night of the change eight o'clock comes after seven hours."""
        sunday = trials.blueprint(
            (
                '{teams: [one], hours: "08:00-16:00"',
                '{teams: [one], days: [sun], hours: "08:00-16:00"',
            ),
            ("absence_share: 0.2", "absence_share: 0"),
        )
        seats = {shift.agent: shift for shift in day_of(sunday, day=SPRING).shifts}
        assert (seats["ann"].begins, seats["ann"].ends) == (7 * 3600, 15 * 3600)

    def night(self, *, days: str, hours: str = "22:00-06:00", breaks: str = "") -> Blueprint:
        """Let Eve alone have a night, and nobody be absent."""
        return trials.blueprint(
            ('days: [tue, thu-fri], hours: "09:00-12:00"',
             f'days: [{days}], hours: "{hours}", breaks: [{breaks}]'),
            ('    - {people: [eve], days: [tue], hours: "12:00-13:00"}\n', ""),
            ("absence_share: 0.2", "absence_share: 0"),
        )  # fmt: skip

    def eves(self, blueprint: Blueprint, day: datetime.date) -> list[tuple[float, float]]:
        """Give Eve's hours of a day."""
        shifts = day_of(blueprint, day=day).shifts or ()
        return [(s.begins / 3600, s.ends / 3600) for s in shifts if s.agent == "eve"]

    def test_of_a_night_have_an_end_and_a_begin_on_a_day(self):
        """A night of Monday is there until Tuesday's morning, and Tuesday's own from ten on."""
        two = self.night(days="mon-tue")
        assert self.eves(two, MONDAY) == [(22, 24)]
        assert self.eves(two, TUESDAY) == [(0, 6), (22, 24)]
        assert self.eves(two, TUESDAY + datetime.timedelta(days=1)) == [(0, 6)]
        assert self.eves(two, TUESDAY + datetime.timedelta(days=2)) == []

    def test_of_sundays_night_end_on_monday(self):
        """The week goes round."""
        sunday = self.night(days="sun")
        assert self.eves(sunday, MONDAY) == [(0, 6)]
        assert self.eves(sunday, TUESDAY) == []

    def test_are_the_same_however_a_night_is_written(self):
        """One shift over midnight seats people as two that touch there."""
        once = trials.blueprint(
            ('{people: [eve], days: [tue, thu-fri], hours: "09:00-12:00"',
             '{people: [eve], days: [mon-sun], hours: "21:00-05:00", breaks: ["01:00-02:00"]'),
            ('    - {people: [eve], days: [tue], hours: "12:00-13:00"}\n', ""),
            ("absence_share: 0.2", "absence_share: 0"),
        )  # fmt: skip
        twice = trials.blueprint(
            ('{people: [eve], days: [tue, thu-fri], hours: "09:00-12:00"',
             '{people: [eve], days: [mon-sun], hours: "21:00-24:00"'),
            ('{people: [eve], days: [tue], hours: "12:00-13:00"}',
             '{people: [eve], days: [mon-sun], hours: "00:00-05:00", breaks: ["01:00-02:00"]}'),
            ("absence_share: 0.2", "absence_share: 0"),
        )  # fmt: skip
        for day in (MONDAY, TUESDAY, SPRING, AUTUMN):
            assert day_of(once, day=day).shifts == day_of(twice, day=day).shifts

    def test_of_a_night_have_their_breaks_on_the_day_on_which_they_are(self):
        """One before midnight, one after, and one that reaches over it is cut in two."""
        breaks = '"22:30-22:45", "23:45-00:15", "03:00-03:30"'
        whole = self.night(days="mon-tue", breaks=breaks)
        seats = [shift for shift in day_of(whole).shifts if shift.agent == "eve"]
        assert [tuple((b / 60, e / 60) for b, e, _ in shift.breaks) for shift in seats] == [
            ((0, 15), (180, 210)),
            ((22 * 60 + 30, 22 * 60 + 45), (23 * 60 + 45, 24 * 60)),
        ]

    def test_of_a_night_are_as_long_as_the_night_is(self):
        """Clocks that are put forward take an hour of the night, and back they give one."""
        saturday = self.night(days="sat")
        assert self.eves(saturday, SPRING) == [(0, 5)]
        assert self.eves(saturday, AUTUMN) == [(0, 7)]
        sunday = self.night(days="sun")  # It ends on a usual day, and begins on a long one.
        assert self.eves(sunday, AUTUMN) == [(23, 25)]
        assert self.eves(sunday, AUTUMN + datetime.timedelta(days=1)) == [(0, 6)]

    def test_of_a_night_are_missed_as_a_whole(self):
        """Who is absent in the evening is absent until the morning, by the day it began."""
        some = trials.blueprint(
            ('days: [tue, thu-fri], hours: "09:00-12:00"', 'days: [tue], hours: "22:00-06:00"'),
            ('    - {people: [eve], days: [tue], hours: "12:00-13:00"}\n', ""),
            ("absence_share: 0.2", "absence_share: 0.5"),
        )
        wednesday = TUESDAY + datetime.timedelta(days=1)
        nights = {
            (
                bool([s for s in day_of(some, seed=str(n)).shifts if s.agent == "eve"]),
                bool([s for s in day_of(some, wednesday, str(n)).shifts if s.agent == "eve"]),
            )
            for n in range(40)
        }
        assert nights == {(True, True), (False, False)}

    def test_seat_everybody_while_anybody_may_call_if_there_are_none(self):
        """Without shifts the seats are taken from the first busy hour to the last."""
        centre = trials.blueprint().model_copy()
        none = centre.model_copy(
            update={"demand": centre.demand.model_copy(update={"shifts": [], "absence_share": 0})}
        )
        found = {(shift.agent, shift.begins, shift.ends) for shift in day_of(none).shifts}
        assert found == {
            (each, 8 * 3600, 16 * 3600) for each in ("ann", "ben", "cat", "dan", "eve")
        }


class TestWorks:
    def test_are_told_by_queue_and_know_its_skills(self):
        """Handling, note and newcomers come from the file, the skill from the first tier."""
        works = dict(day_of(trials.blueprint()).works)
        assert works["bills"] == people.Work(
            handling_seconds=200, wrap_seconds=10, newcomer_factor=1.4, skills=("bills",)
        )


class TestWorkingDays:
    def test_leave_out_weekdays_on_which_nobody_calls(self):
        """Seven days from a Thursday on are nine of the calendar."""
        found = demand.working_days(trials.blueprint(), first=datetime.date(2027, 1, 14), many=7)
        assert [each.day for each in found] == [14, 15, 18, 19, 20, 21, 22]

    def test_refuse_a_file_that_says_nothing_of_who_calls(self):
        """Without demand there is nothing to simulate, and the error says what to do."""
        centre = trials.blueprint()
        for empty in (None, centre.demand.model_copy(update={"numbers": {}})):
            with pytest.raises(demand.NoDemand, match="nothing of who calls"):
                demand.working_days(
                    centre.model_copy(update={"demand": empty}), first=MONDAY, many=1
                )
