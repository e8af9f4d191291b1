"""
What every test here obeys: one kind per module, no silent skips in CI, programs found by name.

Refuses: fixtures of a single room. Those stand in the room's own tests.
"""

import collections
import os
import shutil
import tempfile
from collections.abc import Callable, Generator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).parent
# No test judges time: an example that takes long says how busy the machine is.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")
KINDS = ("pure", "db", "page", "wire", "twin", "journey")
IN_CI = os.environ.get("CALLFLOOR_CI") == "1"

# Rooms whose tests run without Django; naming only these on the command line leaves it unloaded.
ROOMS_WITHOUT_DJANGO = ("core", "wire", "floor", "media", "twin")
SETTINGS = "callfloor.app.settings"

LIVE = [ROOT / "tests" / name for name in ("abuse", "faults", "journeys", "wire")]
"""Whole centres that are driven in real time: one lane of `./run test`, but for the patient."""
PATIENT = {
    *("applying", "chat", "client_wall", "demo", "one_customer", "pages", "programs", "replay"),
    "try",
}
"""Journeys that judge neither sound nor time, but what there is in the end: a lane of their own."""
LONG = ROOT / "tests/records/test_postgresql.py"
LIVE_LANE, PATIENT_LANE = "live", "patient"
ROOMS_NICENESS = 10  # What computes stands back behind what waits for a telephone.

PACKAGES = {
    "baresip": "baresip-core",
    "chromium": "chromium",
    "dovecot": "dovecot-imapd",
    "espeak-ng": "espeak-ng",
    "faketime": "faketime",
    "postgres": "postgresql",
    "kamailio": "kamailio kamailio-tls-modules",
    "linphonec": "linphone-cli",
    "sipp": "sip-tester",
}
"""Debian's package for each program that a test may ask for."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --long, for the counts and durations that an issue names."""
    parser.addoption("--long", action="store_true", help="also run what takes many minutes")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Start Django, if anything that is asked for may need it; test modules import models."""
    if "CALLFLOOR_DATA" not in os.environ or hasattr(config, "workerinput"):
        data = tempfile.TemporaryDirectory(prefix="callfloor-")
        os.environ["CALLFLOOR_DATA"] = data.name  # Keys and databases of tests are not kept.
        config.add_cleanup(data.cleanup)
    needs_django = not all(_is_without_django(arg) for arg in config.args)
    if needs_django and (ROOT / "callfloor/app/settings.py").exists():
        import django

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
        django.setup()


def _is_without_django(argument: str) -> bool:
    path = Path(argument.partition("::")[0]).resolve()
    homes = [ROOT / "callfloor" / room for room in ROOMS_WITHOUT_DJANGO]
    homes.extend(ROOT / "tests" / name for name in ("abuse", "architecture", "fuzz"))
    return any(path.is_relative_to(home) for home in homes)


class KindModule(pytest.Module):
    """A test module that is collected only if it declares exactly one kind."""

    def collect(self) -> list[pytest.Item | pytest.Collector]:
        """Return the module's tests, or fail if nobody can tell what kind they are."""
        marks = getattr(self.obj, "pytestmark", [])
        marks = marks if isinstance(marks, list) else [marks]
        kinds = [mark.name for mark in marks if mark.name in KINDS]
        if len(kinds) != 1:
            raise self.CollectError(
                f"{self.path.relative_to(ROOT)} declares {kinds or 'no kind'}: "
                f"set pytestmark = pytest.mark.<kind> with one of {', '.join(KINDS)}"
            )
        return list(super().collect())


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> pytest.Module:
    """Make every test module declare its kind."""
    module: pytest.Module = KindModule.from_parent(parent, path=module_path)
    return module


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is marked long, unless it is asked for, and put the rest in turn."""
    if not config.getoption("--long"):
        long = [item for item in items if item.get_closest_marker("long")]
        if long:
            config.hook.pytest_deselected(items=long)
            items[:] = [item for item in items if item not in long]
    if hasattr(config, "workerinput"):
        items[:] = in_turn(items)


def lane_of(path: Path) -> str:
    """
    Name what a file's tests run with, one after the other in one process.

    Nothing may run beside its like that drives a centre in real time; patient journeys share the
    centre that one of them has started; another file stays whole, for its fixtures.
    """
    if not any(path.is_relative_to(folder) for folder in LIVE):
        return str(path)
    is_patient = path.parent.name == "journeys" and path.stem.removeprefix("test_") in PATIENT
    return PATIENT_LANE if is_patient else LIVE_LANE


def in_turn(items: list[pytest.Item]) -> list[pytest.Item]:
    """Put what lasts long first, so that the processes come to their ends together."""
    sizes = collections.Counter(item.path for item in items)
    first = [LIVE_LANE, PATIENT_LANE, str(LONG)]

    def rank(item: pytest.Item) -> tuple[int, int]:
        lane = lane_of(item.path)
        if lane in (LIVE_LANE, PATIENT_LANE):  # In the order in which they stand.
            return first.index(lane), 0
        return (first.index(lane) if lane in first else len(first)), -sizes[item.path]

    return sorted(items, key=rank)


class Lanes(LoadScopeScheduling):  # type: ignore[misc]  # It brings no types.
    """What is live goes to one process, one after the other; the rest to whichever is free."""

    def _split_scope(self, nodeid: str) -> str:
        return lane_of(ROOT / nodeid.partition("::")[0])


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Lanes:
    """Run in lanes, if there are several processes."""
    config.option.loadscopereorder = False  # They are in turn already.
    return Lanes(config, log)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Let everything else stand back behind the live lane, where there are two."""
    in_lanes = hasattr(item.config, "workerinput")
    if in_lanes and lane_of(item.path) != LIVE_LANE and os.nice(0) < ROOMS_NICENESS:
        os.nice(ROOMS_NICENESS - os.nice(0))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI, turn a skip into a failure: everything that a test may need is installed there."""
    report = yield
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, but nothing may skip in CI: {_reason(report.longrepr)}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """In CI, turn the skip of a whole module into a failure."""
    report = yield
    if IN_CI and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"skipped, but nothing may skip in CI: {_reason(report.longrepr)}"
    return report


def _reason(longrepr: object) -> str:
    return str(longrepr[2] if isinstance(longrepr, tuple) else longrepr)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """
    Keep the tests' records in a file, as a centre does.

    In memory, threads would share one cache, whose readers fail at once when another one writes.
    """
    from django.db import connections

    folder = Path(os.environ["CALLFLOOR_DATA"])
    for connection in connections.all():
        if connection.vendor == "sqlite":
            values = connection.settings_dict
            values["TEST"]["NAME"] = str(folder / f"test-{connection.alias}.db")
            # No test here pulls the plug; those that do start a centre of their own.
            values["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"


@pytest.fixture(scope="session")
def program() -> Callable[[str], str]:
    """Return a function that gives a program's path, or skips with the command to install it."""

    def find(name: str) -> str:
        path = shutil.which(name)
        if path is None:
            pytest.skip(f"{name} is missing: apt-get install {PACKAGES[name]}")
        return path

    return find
