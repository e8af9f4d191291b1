"""The process that tries a change: what it answers, how it stands back, and how it ends."""

import json
import os
import select
import signal
import subprocess
import sys

import pytest

from callfloor.app import supervisor, trial, trials
from callfloor.app.tests.test_trial import job
from callfloor.blueprint.tests.trials import TEXT

pytestmark = pytest.mark.wire

SECONDS_MAX = 240.0  # On a machine with nothing else to do it takes three.

PARENT = """
import json, pathlib, sys
from callfloor.app import trials
job = json.loads(sys.stdin.readline())
process = trials.Process(job=job, log=pathlib.Path(sys.argv[1]))
print(process.pid, flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def begin(tmp_path):
    """Give a function that begins a process, and see that none is left."""
    begun = []

    def start(**changes):
        begun.append(trials.Process(job=job(**changes), log=tmp_path / "log" / "trial.log"))
        return begun[-1]

    yield start
    for process in begun:
        process.stop()


def test_process_answers_and_stands_back_meanwhile(begin):
    """Behind the worker, which has 10; it says how far it is."""
    process = begin()
    assert (process.result, process.is_over) == (None, False)
    assert process.wait(SECONDS_MAX)
    assert process.is_over
    assert process.fault == ""
    assert process.progress == 1.0
    assert process.result["change"]["centre"]["offered"]["mean"] > 0


def test_process_has_the_niceness_that_is_promised(begin):
    """DESIGN section 10; asked of the system as soon as the process has said that it lives."""
    process = begin(days=60)
    while process.progress == 0.0 and not process.is_over:
        process.wait(0.1)
    assert os.getpriority(os.PRIO_PROCESS, process.pid) == trial.NICE


@pytest.mark.parametrize(
    ("text", "fault"),
    [(TEXT[: TEXT.index("demand:")], "no_demand"), ("blueprint: 7\n", "refused")],
)
def test_what_cannot_be_tried_has_a_reason(begin, text, fault):
    """A key that the page has words for."""
    process = begin(centre=text)
    assert process.wait(SECONDS_MAX)
    assert (process.result, process.fault) == (None, fault)


def test_stopped_process_is_gone_at_once(begin):
    """It is ended and waited for, so that the next one may begin."""
    process = begin(days=60)
    process.stop()
    assert process.is_over
    assert not os.path.exists(f"/proc/{process.pid}")


def test_process_that_is_killed_has_ended_without_an_answer(begin):
    """By the system's own hand, for instance, when memory is short."""
    process = begin(days=60)
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait(SECONDS_MAX)
    assert (process.result, process.fault) == (None, "ended")


def test_process_ends_with_whoever_began_it(tmp_path):
    """A worker that is killed leaves nobody behind who takes the processor."""
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path / "trial.log")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=supervisor.environment({}),
    )
    assert parent.stdin is not None
    assert parent.stdout is not None
    parent.stdin.write(json.dumps(job(days=60)) + "\n")
    parent.stdin.flush()
    child = os.pidfd_open(int(parent.stdout.readline()))
    parent.kill()
    parent.wait()
    ended, _, _ = select.select([child], [], [], SECONDS_MAX)
    os.close(child)
    parent.stdin.close()
    parent.stdout.close()
    assert ended == [child]
