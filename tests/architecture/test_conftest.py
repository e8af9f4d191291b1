"""The root conftest keeps its word: one kind per module, no skip in CI, long tests on demand."""

import subprocess
from types import SimpleNamespace

import pytest

import conftest
from tests.architecture import sources

pytestmark = pytest.mark.pure
pytest_plugins = ["pytester"]

PLUGINS = ("anyio", "asyncio", "django", "hypothesispytest", "schemathesis")
"""They have no part in this, and take their time to start."""
KIND = "import pytest\npytestmark = pytest.mark.pure\n"
SKIPS = KIND + "def test_it(program, monkeypatch):\n    monkeypatch.setenv('PATH', '')\n"
SKIPS += "    program('sipp')\n"
JOURNEYS = sources.ROOT / "tests/journeys"
LONG = KIND + "@pytest.mark.long\ndef test_long(): pass\ndef test_short(): pass\n"


@pytest.fixture
def house(pytester):
    """A folder with the root conftest and the project's own kinds."""
    pytester.makeconftest((sources.ROOT / "conftest.py").read_text(encoding="utf-8"))
    settings = [
        "markers =",
        *(f"  {mark}" for mark in ("pure", "db", "page", "wire", "twin", "journey", "long")),
    ]
    pytester.makeini("[pytest]\n" + "\n".join(settings))
    return pytester


@pytest.fixture
def run(house, monkeypatch):
    """Return a function that runs pytest in the house, in CI or not."""

    def pytest_in_house(*arguments, ci=""):
        monkeypatch.setenv("CALLFLOOR_CI", ci)
        without = [f"-pno:{name}" for name in PLUGINS]
        return house.runpytest_inprocess("-q", *without, *arguments)

    return pytest_in_house


@pytest.mark.parametrize("source", ["", "import pytest\npytestmark = [pytest.mark.long]\n"])
def test_a_module_without_a_kind_is_not_collected(house, run, source):
    house.makepyfile(test_it=source + "def test_it(): pass")
    result = run()
    result.stdout.fnmatch_lines(["*declares no kind*"])
    assert result.ret != 0


def test_a_module_of_two_kinds_is_not_collected(house, run):
    marks = "import pytest\npytestmark = [pytest.mark.pure, pytest.mark.db]\n"
    house.makepyfile(test_it=marks + "def test_it(): pass")
    assert run().ret != 0


def test_a_missing_program_is_named_with_its_command(house, run):
    house.makepyfile(test_it=SKIPS)
    result = run("-rs")
    result.stdout.fnmatch_lines(["*sipp is missing: apt-get install sip-tester*", "1 skipped*"])


def test_nothing_skips_in_ci(house, run):
    house.makepyfile(test_it=SKIPS)
    result = run(ci="1")
    result.stdout.fnmatch_lines(["*nothing may skip in CI*", "1 failed*"])


def test_no_module_skips_in_ci(house, run):
    house.makepyfile(test_it=KIND + "pytest.importorskip('no_such_module')\ndef test(): pass")
    assert run().ret == pytest.ExitCode.NO_TESTS_COLLECTED
    assert run(ci="1").ret == pytest.ExitCode.INTERRUPTED


def test_long_tests_wait_until_they_are_asked_for(house, run):
    house.makepyfile(test_it=LONG)
    run().stdout.fnmatch_lines(["1 passed, 1 deselected*"])
    run("--long").stdout.fnmatch_lines(["2 passed*"])


@pytest.mark.parametrize("script", ["run", ".ci/run"])
def test_scripts_are_shell(script):
    subprocess.run(["sh", "-n", sources.ROOT / script], check=True)


def test_every_file_with_a_lane_of_its_own_is_there():
    """A journey that is renamed would go back to the live lane without a word."""
    journeys = {path.stem.removeprefix("test_") for path in JOURNEYS.glob("test_*.py")}
    assert journeys >= conftest.PATIENT
    assert conftest.LONG.is_file()


@pytest.mark.parametrize(
    ("path", "lane"),
    [
        (JOURNEYS / "test_together.py", "live"),
        (sources.ROOT / "tests/abuse/test_floods.py", "live"),
        (JOURNEYS / "test_pages.py", "patient"),
        (sources.ROOT / "tests/faults/test_pages.py", "live"),
        (sources.ROOT / "tests/records/test_shaping.py", None),
    ],
)
def test_a_file_has_its_lane(path, lane):
    """What is neither live nor patient is a lane by itself."""
    assert conftest.lane_of(path) == (lane or str(path))


def test_what_lasts_long_comes_first():
    """Live, patient, PostgreSQL, then by how many tests a file has; a file keeps its order."""
    small, big = sources.ROOT / "callfloor/a.py", sources.ROOT / "callfloor/b.py"
    patient, live = JOURNEYS / "test_pages.py", JOURNEYS / "test_together.py"
    given = [small, big, big, conftest.LONG, patient, live]
    items = [SimpleNamespace(path=path, at=at) for at, path in enumerate(given)]
    assert [item.at for item in conftest.in_turn(items)] == [5, 4, 3, 1, 2, 0]
