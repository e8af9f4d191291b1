"""A round does everything a little; what fails in it stops nothing else."""

import itertools

import pytest

from callfloor.kernel import events, health
from callfloor.kernel.testing import own_reactions
from callfloor.records.interactions.events import InteractionClosed
from callfloor.records.interactions.models import Interaction
from callfloor.worker.plans import Plans
from callfloor.worker.promises import Promises
from callfloor.worker.rounds import Rounds
from callfloor.worker.texts import Texts
from tests.records import scenes

pytestmark = [
    pytest.mark.db,
    pytest.mark.django_db(transaction=True, databases=["default", "keys"]),
]


@pytest.fixture
def rounds(data):
    made = Rounds(
        data=data,
        alarm=lambda name, detail: None,
        certificate=None,
        forget=lambda items: None,
        plans=Plans(send=lambda message: None),
        texts=Texts(journal_path=data / "journal.db", send=dict, alarm=print),
        promises=Promises(journal_path=data / "journal.db", send=dict, alarm=print),
        is_linked=lambda: True,
        tick=itertools.repeat(0.0).__next__,
    )
    yield made
    made.close()


def a_call(scene):
    call = scene.call()
    scenes.in_queue(call)
    scenes.abandoned(call)
    return call


@pytest.fixture(autouse=True)
def reactions():
    """Put back what the process reacts to: the next file's tests need it."""
    with own_reactions():
        yield


class TestRun:
    def test_projects_delivers_and_beats(self, scene, rounds):
        heard: list[InteractionClosed] = []
        events.join([events.on(InteractionClosed, heard.append)])
        call = a_call(scene)
        last = scene.write(call)
        assert rounds.run(scenes.NOW) is False
        assert [(event.interaction_id, event.outcome) for event in heard] == [
            (call.item, "abandoned_in_queue")
        ]
        beat = health.beats()["worker"]
        assert beat.at == scenes.NOW
        assert (beat.detail["projected_seq"], beat.detail["behind"]) == (last, 0)
        assert beat.detail["link"] is True

    def test_history_is_projected_beside_the_live_journal(self, scene, rounds, data):
        history = scenes.Scene(data, name="history.db", seed=2)
        history.write(a_call(history))
        history.close()
        scene.write(a_call(scene))
        rounds.run(scenes.NOW)
        simulated = Interaction.objects.order_by("id").values_list("id", "simulated")
        assert list(simulated) == [("history-000001", True), ("journal-000001", False)]

    def test_a_reaction_that_fails_stops_neither_projection_nor_beat(self, scene, rounds):
        def fail(event: InteractionClosed) -> None:
            raise RuntimeError

        events.join([events.on(InteractionClosed, fail)])
        scene.write(a_call(scene))
        rounds.run(scenes.NOW)
        assert Interaction.objects.count() == 1
        assert health.beats()["worker"].detail["outbox"] == 1

    def test_a_broken_journal_stops_nothing_else(self, data, db, rounds):
        (data / "journal.db").write_bytes(b"this is no database" * 100)
        assert rounds.run(scenes.NOW) is False
        assert health.beats()["worker"].at == scenes.NOW
