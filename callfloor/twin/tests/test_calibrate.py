"""What the twin drew is measured again, and what is not so is said."""

import dataclasses
import datetime
import random

import pytest

from callfloor.twin import backtest, calibrate, experiment, people, run
from callfloor.twin.tests import centre

pytestmark = pytest.mark.twin

MONDAY = datetime.date(2026, 11, 23)
DAYS = [MONDAY + datetime.timedelta(days=n) for n in range(4)]
PATIENCE = 90.0


def people_of(day, seed) -> people.Demand:
    """Draw a day: six hours, busier on Mondays, eight agents for three queues."""
    busy = 1.5 if day.weekday() == 0 else 1.0
    number = people.NumberDemand(
        number="900",
        per_hour=tuple(busy * (60.0 if 8 <= hour < 14 else 0.0) for hour in range(24)),
        patience_seconds=PATIENCE,
        repeat_share=0.4,
        repeat_after_seconds=300.0,
        choices=(("menu", (("billing", 2.0), ("sales", 1.0), ("tech", 1.0))),),
    )
    work = people.Work(handling_seconds=220.0, handling_spread=0.5, wrap_seconds=15.0)
    return people.Demand(
        numbers=(number,),
        shifts=tuple(
            people.Shift(agent=f"a{n:02}", begins=8 * 3600.0, ends=14.5 * 3600.0) for n in range(8)
        ),
        works=tuple((key, work) for key in centre.SKILLS),
        miss_share=0.05,
    )


VARIANT = experiment.Variant(plan=centre.floor_plan(agents=8), people=people_of)


def facts_of(days, seed):
    """Let the twin make days, and give the facts as a journal has them."""
    rows = []
    for day in days:
        begin, end = experiment.bounds(day, zone=centre.ZONE)
        made = run.day(
            plan=VARIANT.plan,
            demand=people_of(day, f"{seed}/{day}"),
            seed=f"{seed}/{day}",
            start_at=begin,
            seconds=end - begin,
        ).rows
        rows += [(at, body) for _, at, kind, body in made if kind == "fact"]
    return rows


@pytest.fixture(scope="module")
def fitted():
    """Fit four days."""
    return calibrate.fit(rows=facts_of(DAYS, "reality"), days=DAYS, zone=centre.ZONE)


class TestFit:
    def test_finds_what_was_drawn(self, fitted):
        """Volume, profile, talk, note and patience are those of the demand."""
        number = fitted.numbers["900"]
        assert number.contacts_day.value == pytest.approx(405, rel=0.08)
        assert number.weekdays[0] == pytest.approx(540 / 405, rel=0.12)
        assert sum(number.half_hours[16:28]) == pytest.approx(1.0)
        assert number.same_profile
        assert number.day_spread < 0.15
        assert number.choices["menu"]["billing"] > number.choices["menu"]["sales"]
        assert fitted.miss_share == pytest.approx(0.05, abs=0.02)
        for key in centre.SKILLS:
            queue = fitted.queues[key]
            assert queue.handling.value == pytest.approx(220, rel=0.1)
            assert queue.spread == pytest.approx(0.5, abs=0.08)
            assert queue.handling.fits

    def test_counts_the_answered_as_far_as_they_waited(self, fitted):
        """Patience is the one that was drawn, and exponential; the mean of who left is far less."""
        found = fitted.numbers["900"].patience
        assert found.low < PATIENCE < found.high
        assert found.fits
        assert found.count > 100

    def test_finds_who_called_again(self, fitted):
        """Second tries are no new callers."""
        assert fitted.numbers["900"].repeat_share == pytest.approx(0.4, abs=0.1)
        assert fitted.numbers["900"].repeat_after_seconds == pytest.approx(300, rel=0.3)

    def test_detects_a_wrong_patience(self, fitted):
        """Half or double the real patience is contradicted; the real one is not."""
        found = fitted.numbers["900"].patience
        assert found.contradicts(PATIENCE / 2)
        assert found.contradicts(PATIENCE * 2)
        assert not found.contradicts(PATIENCE)


def waits(patience_of, *, many=3_000, seed=1):
    """Draw waits that are cut off by an answer after an exponential time."""
    draw = random.Random(seed)
    found = []
    for _ in range(many):
        patience, offered = patience_of(draw), draw.expovariate(1 / 60)
        found.append((min(patience, offered), patience < offered))
    return found


class TestPatience:
    def test_is_judged_by_its_shape(self):
        """Exponential patience fits; patience that nearly everybody loses at 80 s does not."""
        assert calibrate.patience(waits(lambda draw: draw.expovariate(1 / 100))).fits is True
        assert calibrate.patience(waits(lambda draw: draw.gauss(80, 8))).fits is False

    def test_is_rarely_refused_when_it_is_right(self):
        """Of a hundred samples of exponential patience at most four are called misfits."""
        found = [
            calibrate.patience(waits(lambda draw: draw.expovariate(1 / 100), many=300, seed=n))
            for n in range(100)
        ]
        assert sum(each.fits is False for each in found) <= 4
        assert 89 <= sum(each.low < 100 < each.high for each in found) <= 100

    def test_is_not_judged_by_a_few(self):
        """Under thirty abandonments nothing is said of the shape, nor against any value."""
        found = calibrate.patience([(10.0, True), (20.0, False), (30.0, True)])
        assert (found.value, found.fits) == (30.0, None)
        assert not found.contradicts(300.0)
        assert calibrate.patience([(10.0, False)]) is None

    def test_survives_as_kaplan_and_meier_say(self):
        """Four waits, of which two ended by giving up: 3/4 wait after the first, 3/8 at last."""
        found = calibrate.survival([(10.0, True), (20.0, False), (30.0, True), (40.0, False)])
        assert found == [(10.0, 0.75), (30.0, 0.375)]


def quick(*, per_hour: float) -> experiment.Variant:
    """Make two busy hours of the centre, which take no time."""

    def people_of_two_hours(day, seed):
        demand = people_of(day, seed)
        rates = tuple(per_hour if hour in (8, 9) else 0.0 for hour in range(24))
        (number,) = demand.numbers
        return dataclasses.replace(
            demand, numbers=(dataclasses.replace(number, per_hour=rates),), shifts=demand.shifts[:5]
        )

    return experiment.Variant(plan=centre.floor_plan(agents=8), people=people_of_two_hours)


def made(variant, days):
    """Let the twin make days with a seed of their own."""
    return {day: experiment.one_day(variant=variant, day=day, seed=f"real/{day}") for day in days}


class TestBacktest:
    def test_covers_days_that_the_twin_made_with_another_seed(self):
        """At least 85 % of forty days lie inside their 90 % interval."""
        days = [
            MONDAY + datetime.timedelta(days=7 * week + n) for week in range(8) for n in range(5)
        ]
        variant = quick(per_hour=35.0)
        judged = backtest.backtest(variant=variant, past=made(variant, days), seed="forecast")
        assert len(judged) == 2 * len(days)
        for share in backtest.coverage(judged).values():
            assert share >= backtest.WANTED

    def test_leaves_days_of_another_centre_outside(self):
        """Days with twice the calls are outside of what was said of them."""
        days = [MONDAY + datetime.timedelta(days=7 * n) for n in range(4)]
        past = made(quick(per_hour=70.0), days)
        judged = backtest.backtest(variant=quick(per_hour=35.0), past=past, seed="forecast")
        assert backtest.coverage(judged)["offered"] == 0.0
