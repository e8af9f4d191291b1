"""Jobs run when they are due; keys are forgotten only when their values were handed over."""

from datetime import timedelta

import pytest

from callfloor.records.metrics.models import Kept
from callfloor.worker import jobs, projection
from callfloor.worker.tests.test_projection import follower
from tests.records import scenes

pytestmark = [pytest.mark.db, pytest.mark.django_db(databases=["default", "keys"])]


class TestClosing:
    def test_a_day_is_kept_when_the_journal_is_recorded(self, scene):
        """What the projection has not seen yet would be missing in the day for ever."""
        call = scene.call()
        scenes.in_queue(call)
        scenes.abandoned(call)
        scene.write(call)
        made = follower(scene)
        closing, after = jobs.Closing(follower=made), scenes.NOW + timedelta(days=1)
        closing.run(after)
        assert not Kept.objects.exists()
        made.follow(now=scenes.NOW)
        closing.run(after)
        closing.run(after)
        made.close()
        kept = Kept.objects.filter(queue="billing", key="abandoned").values_list("day", "value")
        assert list(kept) == [(scenes.NOW.date(), 1.0)]


class TestForgetter:
    def run(self, scene, *, now):
        told: list[list[str]] = []
        made = follower(scene)
        made.follow(now=scenes.NOW)
        jobs.Forgetter(follower=made, forget=told.append).run(now)
        made.close()
        return told

    def test_names_items_that_are_long_over(self, scene):
        over, open_ = scene.call(), scene.call()
        scenes.in_queue(over)
        scenes.abandoned(over)
        scene.write(over, open_)
        assert self.run(scene, now=scenes.NOW) == [[over.item]]

    def test_waits_for_the_wrap_up(self, scene):
        over = scene.call()
        scenes.in_queue(over)
        scenes.abandoned(over, wait=8.0)
        scene.write(over)
        ended_at = projection.datetime.fromtimestamp(over.at + 12, scenes.UTC)
        assert self.run(scene, now=ended_at + timedelta(seconds=119)) == []
        assert self.run(scene, now=ended_at + timedelta(seconds=121)) == [[over.item]]

    def test_what_is_not_projected_is_not_forgotten(self, scene):
        scene.call()
        assert self.run(scene, now=scenes.NOW) == []

    def test_walks_through_all_keys_and_begins_again(self, scene, monkeypatch):
        monkeypatch.setattr(jobs, "FORGET_BATCH", 2)
        calls = [scene.call() for _ in range(5)]
        for call in calls:
            scenes.in_queue(call)
            scenes.abandoned(call)
        scene.write(*calls)
        told: list[list[str]] = []
        made = follower(scene)
        made.follow(now=scenes.NOW)
        forgetter = jobs.Forgetter(follower=made, forget=told.append)
        for _ in range(4):
            forgetter.run(scenes.NOW)
        items = [call.item for call in calls]
        assert told == [items[0:2], items[2:4], items[4:5], items[0:2]]
        made.close()


class TestSchedule:
    def test_a_job_runs_at_once_and_then_after_its_time(self):
        schedule = jobs.Schedule([jobs.Job(name="a", every_seconds=10, run=lambda now: None)])
        seconds = [0, 5, 10, 15, 60, 61]
        due = [bool(schedule.due(scenes.NOW + timedelta(seconds=each))) for each in seconds]
        assert due == [True, False, True, False, True, False]
