"""The worker runs what people try in the twin: one at a time, heard when it is stopped."""

from datetime import timedelta

import pytest

from callfloor.departments.workforce import services
from callfloor.departments.workforce.models import Trial
from callfloor.departments.workforce.tests.conftest import centre, twin
from callfloor.departments.workforce.tests.results import result
from callfloor.worker.trials import Trials
from tests.records import scenes
from tests.records.scenes import NOW

__all__ = ["centre", "twin"]

pytestmark = [
    pytest.mark.db,
    pytest.mark.django_db(databases=["default", "keys"]),
    pytest.mark.usefixtures("centre"),
]


def ask(*, number=1):
    return services.ask(
        person=scenes.person("mara"),
        question={"kind": "more", "percent": 20},
        days=5,
        seed=7,
        now=NOW + timedelta(seconds=number),
        chance=bytes([number]) * 10,
    )


def row(trial_id):
    return Trial.objects.get(id=trial_id)


def test_question_becomes_a_process_and_its_answer_a_result(twin):
    """What the process is told, and how far it is meanwhile."""
    trial_id, trials = ask(), Trials()
    trials.run(NOW)
    (simulation,) = twin.begun
    assert simulation.job == {
        "centre": "blueprint: 1",
        "question": {"kind": "more", "percent": 20.0},
        "other": "",
        "days": 5,
        "seed": 7,
        "now": NOW.isoformat(),
    }
    simulation.progress = 0.5
    trials.run(NOW)
    assert (row(trial_id).state, row(trial_id).progress) == ("RUNNING", 0.5)
    simulation.is_over, simulation.result = True, result()
    trials.run(NOW)
    assert (row(trial_id).state, row(trial_id).result) == ("DONE", result())


def test_one_process_at_a_time(twin):
    """The second question waits for the first's end."""
    first, second = ask(number=1), ask(number=2)
    trials = Trials()
    trials.run(NOW)
    trials.run(NOW)
    assert len(twin.begun) == 1
    assert [row(each).state for each in (first, second)] == ["RUNNING", "QUEUED"]
    twin.begun[0].is_over, twin.begun[0].fault = True, "no_demand"
    trials.run(NOW)
    trials.run(NOW)
    assert len(twin.begun) == 2
    assert (row(first).state, row(first).fault) == ("FAILED", "no_demand")
    assert row(second).state == "RUNNING"


def test_process_of_a_stopped_trial_is_ended(twin):
    """At the next look; nothing of it is kept."""
    trial_id, trials = ask(), Trials()
    trials.run(NOW)
    services.stop(person=scenes.person("mara"), trial_id=trial_id, now=NOW)
    trials.run(NOW)
    assert twin.begun[0].stopped
    assert row(trial_id).state == "STOPPED"


def test_worker_that_ends_ends_the_process_and_the_next_one_begins_again(twin):
    """A restart in good order is no failed try."""
    trial_id, trials = ask(), Trials()
    trials.run(NOW)
    trials.close()
    assert twin.begun[0].stopped
    assert (row(trial_id).state, row(trial_id).tries) == ("QUEUED", 0)
    Trials().run(NOW)
    assert len(twin.begun) == 2
