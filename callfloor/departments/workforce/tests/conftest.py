"""The centre that the tests of trials stand in, and a twin that a test can lead."""

import pytest

from callfloor.kernel import ports
from tests.records.fixtures import data, scene

__all__ = ["data", "scene"]

VERSION = "0123456789ab"


@pytest.fixture
def centre(scene):
    """Give the scene's centre with a file of its own."""
    from callfloor.records.routing import services as routing
    from tests.records import scenes

    routing.apply_centre(
        plan=scenes.plan(),
        people=scenes.people(),
        names=scenes.NAMES,
        dispositions=scenes.DISPOSITIONS,
        file=routing.FileData(version=VERSION, body="blueprint: 1"),
        now=scenes.NOW,
    )
    return scene


class Simulation:
    """A simulation that is as far as the test says."""

    def __init__(self, job):
        self.job = job
        self.progress = 0.0
        self.is_over = False
        self.result = None
        self.fault = ""
        self.stopped = False

    def stop(self):
        """End."""
        self.stopped = True


class Twin:
    """A twin at the port: it keeps what was begun."""

    def __init__(self):
        self.begun = []
        self.wrong = []

    def findings(self, *, text, file):
        """Say what the test put in."""
        return self.wrong

    def begin(self, *, job):
        """Begin."""
        self.begun.append(Simulation(job))
        return self.begun[-1]


@pytest.fixture
def twin():
    """Join a twin for one test, and give back whose place it took."""
    before = ports.twin()
    made = Twin()
    ports.join_twin(made)
    yield made
    ports.join_twin(before)
