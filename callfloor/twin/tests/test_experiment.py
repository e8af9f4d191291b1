"""Days are tried, two variants have the same people, and the sums are those of the facts."""

import datetime
import itertools

import pytest

from callfloor.core import facts
from callfloor.twin import experiment, people, report, run, tally
from callfloor.twin.tests import centre

pytestmark = pytest.mark.twin

DAY = datetime.date(2026, 11, 23)


def variant(*, agents: int = 12, per_hour: float = 120.0) -> experiment.Variant:
    """Make the centre of the twin's tests, with shifts from eight to eleven."""

    def people_of(day, seed):
        shifts = tuple(
            people.Shift(agent=f"a{n:02}", begins=8 * 3600.0, ends=11 * 3600.0)
            for n in range(agents)
        )
        hours = tuple(per_hour if hour in (8, 9, 10) else 0.0 for hour in range(24))
        number = people.NumberDemand(number="900", per_hour=hours, patience_seconds=90.0)
        return people.Demand(numbers=(number,), shifts=shifts, miss_share=0.02)

    return experiment.Variant(
        plan=centre.floor_plan(agents=agents), people=people_of, cost_hour=20.0
    )


def days(*variants: experiment.Variant, many: int = 3, seed: str = "1"):
    """Try so many days of each variant."""
    return experiment.run_days(variants=variants, days=[DAY] * many, seed=seed)


class TestTally:
    def test_has_the_sums_of_the_facts(self):
        """What is added up while the day runs is what its rows say afterwards."""
        tried = variant()
        begin, end = experiment.bounds(DAY, zone=centre.ZONE)
        rows = run.day(
            plan=tried.plan,
            demand=tried.people(DAY, "1/0"),
            seed="1/0",
            start_at=begin,
            seconds=end - begin,
        ).rows
        bodies = [row[3] for row in rows]
        entries = [each for each in bodies if isinstance(each, facts.Dequeued)]
        talks = [each for each in bodies if isinstance(each, facts.TalkEnded)]
        notes = [each for each in bodies if isinstance(each, facts.Finished)]
        ((day,),) = days(tried, many=1)
        whole = day.of(tally.CENTRE, tally.CENTRE)
        assert whole.offered == len(entries) > 200
        assert whole.within == sum(each.within_goal for each in entries)
        assert whole.abandoned == sum(each.outcome == "abandoned_in_queue" for each in entries) > 5
        assert whole.work == pytest.approx(
            sum(each.talk_seconds + each.hold_seconds for each in talks)
            + sum(each.wrap_seconds for each in notes)
        )
        for kind in ("queue", "client", "language"):
            sums = [each for (of, _), each in day.places.items() if of == kind]
            assert sum(each.offered for each in sums) == whole.offered
        assert sum(sums.handled for (of, _), sums in day.places.items() if of == "person") == len(
            talks
        )

    def test_knows_how_long_everybody_was_busy(self):
        """Busy is at least the work, and nobody is present longer than he is there."""
        ((day,),) = days(variant(), many=1)
        for (kind, _), sums in day.places.items():
            if kind == "person":
                assert sums.work <= sums.busy + 1e-6 <= sums.present + 2e-6
                assert sums.seated == 3 * 3600.0
                assert sums.present == pytest.approx(3 * 3600.0, abs=900.0)


class TestRunDays:
    def test_are_the_same_for_the_same_seed(self):
        """Equal arguments, equal days; another seed, others."""
        assert days(variant()) == days(variant())
        assert days(variant()) != days(variant(), seed="2")

    def test_draw_each_day_anew(self):
        """The same date twice is two days."""
        ((first, second),) = days(variant(), many=2)
        assert first != second

    def test_tell_how_far_they_are(self):
        """Progress counts up to days times variants."""
        told = []
        experiment.run_days(
            variants=[variant(), variant()],
            days=[DAY, DAY],
            seed="1",
            progress=lambda done, of: told.append((done, of)),
        )
        assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]

    def test_do_not_move_anybodys_luck_by_a_change(self):
        """With more agents the same callers come; whoever is answered at once talks as long."""
        few, many = (
            {
                body.item: row[1]
                for row in rows_of(agents)
                if isinstance(body := row[3], facts.Arrived)
            }
            for agents in (12, 13)
        )
        first = list(few.values())
        shared = set(first) & set(many.values())
        assert len(shared) > 0.9 * len(first)  # Others are second tries of those who gave up.


def rows_of(agents: int) -> list[run.Row]:
    """Give the rows of a day."""
    tried = variant(agents=agents)
    begin, end = experiment.bounds(DAY, zone=centre.ZONE)
    return run.day(
        plan=tried.plan, demand=tried.people(DAY, "1"), seed="1", start_at=begin,
        seconds=end - begin,
    ).rows  # fmt: skip


class TestReport:
    def test_tells_every_measure_of_every_place(self):
        """Queues, clients, languages and people each have all their measures."""
        (found,) = days(variant())
        document = report.document(told=report.Told(days=found, cost_hour=20.0))
        assert sorted(document["queues"]) == ["billing", "sales", "tech"]
        for place in (*document["queues"].values(), document["clients"]["acme"]):
            assert list(place) == [*report.MEASURES, "cost"]
            for measure in place.values():
                assert measure["low"] <= measure["mean"] <= measure["high"]
        assert list(document["languages"]) == ["en"]
        assert list(document["people"]["a00"]) == [*report.PERSON, "cost"]

    def test_costs_what_the_seats_cost(self):
        """Twelve people for three hours at 20 are 720 a day, and the queues make up all of it."""
        (found,) = days(variant())
        document = report.document(told=report.Told(days=found, cost_hour=20.0))
        assert document["cost"] == {"mean": 720.0, "low": 720.0, "high": 720.0}
        parts = sum(each["cost"]["mean"] for each in document["queues"].values())
        assert parts == pytest.approx(720.0)

    def test_gives_service_levels_by_their_definitions(self):
        """Of the same answers in time: most of the offered, fewer of the answered."""
        (found,) = days(variant())
        place = report.document(told=report.Told(days=found))["centre"]
        names = ("service_level", "service_level_without_short", "service_level_of_answered")
        levels = [place[name]["mean"] for name in names]
        assert all(a < b for a, b in itertools.pairwise(levels))
        assert "cost" not in place

    def test_calls_a_change_of_nothing_no_clear_difference(self):
        """Two equal variants differ by nothing, and nothing of it is clear."""
        told = [report.Told(days=each, cost_hour=20.0) for each in days(variant(), variant())]
        found = report.differences(before=told[0], after=told[1])
        for place in found["difference"].values():
            for measure in place.values():
                assert measure["clear"] is False
                assert measure["mean"] in (0.0, None)

    def test_sees_what_three_less_do(self):
        """Without three of twelve fewer are answered in time, at less cost, and both are clear."""
        fewer = variant(agents=9)
        found = report.differences(
            **dict(
                zip(
                    ("before", "after"),
                    (
                        report.Told(days=each, cost_hour=20.0)
                        for each in days(variant(), fewer, many=6)
                    ),
                    strict=True,
                )
            )
        )["differences"]["centre"]
        assert found["service_level"]["clear"]
        assert found["service_level"]["high"] < 0
        assert found["cost"] == {"mean": -180.0, "low": -180.0, "high": -180.0, "clear": True}
