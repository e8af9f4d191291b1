"""Following a journal that may not be there yet, may grow, and may hold what cannot be written."""

import itertools
from datetime import timedelta

import pytest
from django.db import connections

from callfloor.core import facts
from callfloor.records.interactions.models import Interaction, ProjectionState
from callfloor.worker import projection
from tests.records import scenes

pytestmark = [pytest.mark.db, pytest.mark.django_db(databases=["default", "keys"])]


def follower(scene, *, ticks=None):
    source = projection.Source(name="journal", path=scene.path, simulated=False)
    return projection.Follower(source, tick=ticks or itertools.repeat(0.0).__next__)


class TestFollow:
    def test_a_journal_that_does_not_exist_is_waited_for(self, data, db):
        source = projection.sources(data)[0]
        made = projection.Follower(source, tick=itertools.repeat(0.0).__next__)
        assert made.follow(now=scenes.NOW) is False
        assert made.behind() == 0
        assert made.client_of("x") is None
        scenes.apply()
        scene = scenes.Scene(data)
        scene.write(scene.call())
        made.follow(now=scenes.NOW)
        assert Interaction.objects.count() == 1
        made.close()
        scene.close()

    def test_a_new_process_goes_on_where_the_last_one_was(self, scene):
        first, second = scene.call(), scene.call()
        scene.write(first)
        one = follower(scene)
        one.follow(now=scenes.NOW)
        one.close()
        last = scene.write(second)
        two = follower(scene)
        assert two.behind() == 1
        two.follow(now=scenes.NOW)
        assert (two.seq, two.behind()) == (last, 0)
        assert Interaction.objects.count() == 2
        two.close()

    def test_a_round_ends_in_time_and_says_that_there_is_more(self, scene, monkeypatch):
        monkeypatch.setattr(projection, "BATCH_FIRST", 2)
        calls = [scene.call() for _ in range(10)]
        scene.write(*calls)
        made = follower(scene, ticks=itertools.count(step=0.1).__next__)
        assert made.follow(now=scenes.NOW) is True
        assert 0 < Interaction.objects.count() < 10
        while made.follow(now=scenes.NOW):
            pass
        assert Interaction.objects.count() == 10
        made.close()

    def test_batches_shrink_when_a_write_takes_too_long(self, scene):
        made = follower(scene)
        made._adapt(0.050, facts=100)
        assert made._batch == projection.BATCH_FIRST // 2
        made._adapt(0.001, facts=made._batch)
        assert made._batch == projection.BATCH_FIRST // 2 * 5 // 4

    def test_a_fact_that_cannot_be_written_is_parked_and_the_others_go_on(self, scene):
        before, bad, after = scene.call(), scene.call(), scene.call()
        scene.write(before)
        # An outcome for an entry that was never opened, with a value that no column takes.
        scenes.add(bad, 1, facts.Closed, outcome="answered", short=None)
        scene.write(bad)
        scene.write(after)
        made = follower(scene)
        made.follow(now=scenes.NOW)
        assert made.parked == 1
        ids = set(Interaction.objects.values_list("id", flat=True))
        assert ids == {before.item, bad.item, after.item}
        assert Interaction.objects.get(id=bad.item).outcome == ""
        assert made.behind() == 0
        made.close()

    def test_a_second_worker_gives_way_and_parks_nothing(self, scene):
        first, second = scene.call(), scene.call()
        scene.write(first)
        slow, fast = follower(scene), follower(scene)
        slow.follow(now=scenes.NOW)
        fast.follow(now=scenes.NOW)
        last = scene.write(second)
        fast.follow(now=scenes.NOW)
        slow.follow(now=scenes.NOW)
        assert (slow.parked, slow.seq, slow.behind()) == (0, last, 0)
        assert Interaction.objects.count() == 2
        slow.close()
        fast.close()

    @pytest.mark.sqlite  # A table that is missing is no lost connection elsewhere.
    def test_a_database_that_is_away_parks_nothing(self, scene):
        scene.write(scene.call())
        made = follower(scene)
        with connections["default"].cursor() as cursor:
            cursor.execute("ALTER TABLE interactions_interaction RENAME TO away")
            with pytest.raises(projection.OperationalError), scenes.atomic():
                made.follow(now=scenes.NOW)
            cursor.execute("ALTER TABLE away RENAME TO interactions_interaction")
        assert made.parked == 0
        assert not ProjectionState.objects.exists()
        made.follow(now=scenes.NOW)
        assert Interaction.objects.count() == 1
        made.close()

    def test_the_client_of_an_item_is_known_before_its_projection(self, scene):
        call = scene.call(client="zeta")
        scene.write(call)
        made = follower(scene)
        assert made.client_of(call.item) == "zeta"
        made.close()


def test_who_waits_for_a_recording_waits_by_a_clock_that_nobody_sets(scene):
    call = scene.call()
    scenes.in_queue(call)
    scenes.add(call, 9, facts.RecordingStarted)
    scenes.answered(call, "anna")
    scene.write(call)
    ticks = [0.0]
    made = follower(scene, ticks=lambda: ticks[0])
    ahead = scenes.NOW + timedelta(days=1)

    def is_open_at(tick):
        ticks[0] = tick
        made.follow_recordings(now=ahead)
        return Interaction.objects.get().recording_open

    try:
        made.follow(now=ahead)
        assert is_open_at(0.0)
        assert is_open_at(projection.LATE_SECONDS - 1)
        assert not is_open_at(projection.LATE_SECONDS)
    finally:
        made.close()
