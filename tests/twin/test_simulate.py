"""`callfloor simulate` says the same for the same, tells programs and people, and ends rightly."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from callfloor.app import cli
from callfloor.blueprint.tests import trials

pytestmark = pytest.mark.twin

ROOT = Path(__file__).resolve().parents[2]
MEASURES = (
    "offered", "answered", "abandoned", "service_level", "asa_seconds", "abandon_rate", "occupancy",
)  # fmt: skip


@pytest.fixture
def file(tmp_path):
    """Write the trial centre into a folder."""
    path = tmp_path / "trial.yaml"
    path.write_text(trials.TEXT, encoding="utf-8")
    return path


def process(*arguments, hash_seed):
    """Run the command as a script does, under a hash seed."""
    return subprocess.run(
        [sys.executable, "-m", "callfloor.app.cli", "simulate", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
        env=os.environ | {"PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)},
    )


@pytest.fixture
def simulate(capsys):
    """Give the command, run in this process."""

    def run(*arguments):
        try:
            status = cli.main(["simulate", *map(str, arguments)])
        except SystemExit as ended:  # argparse ends so.
            status = ended.code
        told = capsys.readouterr()
        return subprocess.CompletedProcess(arguments, status, told.out, told.err)

    return run


class TestJson:
    def test_has_the_same_bytes_under_two_hash_seeds(self, file):
        """Nothing in the document depends on the order of a set."""
        first, second = (
            process(file, "--days", 3, "--seed", 7, "--json", "--sick", "ann", hash_seed=each)
            for each in ("1", "2")
        )
        assert first.returncode == 0, first.stderr
        assert first.stdout == second.stdout

    def test_is_another_with_another_seed(self, file, simulate):
        """Other people come with another seed."""
        first, second = (
            simulate(file, "--days", 1, "--seed", seed, "--json").stdout for seed in (7, 8)
        )
        assert json.loads(first)["queues"] != json.loads(second)["queues"]

    def test_has_the_promised_shape(self, file, simulate):
        """Each measure of each queue is a mean between two bounds; people and the rest are told."""
        done = simulate(file, "--days", 4, "--seed", 1, "--json")
        assert done.stderr == ""  # No progress where nobody watches.
        document = json.loads(done.stdout)
        assert (document["file"], document["days"], document["seed"]) == (str(file), 4, 1)
        assert sorted(document["queues"]) == ["bills", "orders"]
        for queue in document["queues"].values():
            for name in MEASURES:
                assert queue[name]["low"] <= queue[name]["mean"] <= queue[name]["high"]
        assert sorted(document["clients"]) == ["north"]
        assert sorted(document["languages"]) == ["en", "hu"]
        assert document["people"]["ann"]["handled"]["mean"] > 5
        assert document["cost"]["mean"] > 0
        assert "change" not in document

    def test_compares_with_another_file(self, file, simulate):
        """The other file has the same callers; each difference says whether it is clear."""
        other = file.with_name("other.yaml")
        text = trials.TEXT.replace("handling_seconds: 200", "handling_seconds: 300")
        other.write_text(text, encoding="utf-8")
        done = simulate(file, "--days", 12, "--json", "--change", other)
        document = json.loads(done.stdout)
        assert document["change"]["file"] == str(other)
        assert document["difference"]["bills"]["load_hours"]["clear"] is True
        assert document["difference"]["bills"]["load_hours"]["low"] > 0

    def test_finds_no_clear_difference_between_equal_files(self, file, simulate):
        """A file against itself differs in nothing."""
        document = json.loads(simulate(file, "--days", 3, "--json", "--change", file).stdout)
        measures = [each for queue in document["difference"].values() for each in queue.values()]
        assert len(measures) > 15
        assert not any(each["clear"] for each in measures)
        assert {each["mean"] for each in measures} <= {0.0, None}


class TestEnds:
    def test_with_one_for_a_file_with_errors(self, file, simulate):
        """Findings stand on stderr as `check` prints them, and nothing on stdout."""
        file.write_text(trials.TEXT.replace("queue: bills", "queue: bill"), encoding="utf-8")
        done = simulate(file, "--json")
        assert (done.returncode, done.stdout) == (1, "")
        assert "blueprint.E011" in done.stderr

    def test_with_one_for_a_file_that_says_nothing_of_who_calls(self, file, simulate):
        """What is missing is said, with what to do."""
        file.write_text(trials.TEXT[: trials.TEXT.index("demand:")], encoding="utf-8")
        done = simulate(file)
        assert done.returncode == 1
        assert "callfloor calibrate" in done.stderr

    @pytest.mark.parametrize(
        "wrong",
        [
            ("--days", "0"), ("--days", "many"), ("--on", "tomorrow"), ("--sick", "zoe"),
            ("--merge", "bills,bills"), ("--tier", "bills"), ("--sick", "ann", "--tier", "bills:9"),
        ],
    )  # fmt: skip
    def test_with_two_for_a_wrong_use(self, file, wrong, simulate):
        """Nothing is simulated, nothing printed, and the reason is told."""
        done = simulate(file, *wrong)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr

    def test_with_two_for_no_file(self, tmp_path, simulate):
        """A file that is not there is a wrong use."""
        assert simulate(tmp_path / "none.yaml").returncode == 2


class TestPeople:
    def test_read_a_table(self, file, simulate):
        """Without --json there is a table with both variants and what differs."""
        done = simulate(file, "--days", 4, "--merge", "bills,orders")
        assert done.returncode == 0, done.stderr
        for piece in ("with the change:", "no clear difference", "cost per day", "EUR"):
            assert piece in done.stdout

    def test_wait_with_a_count_and_programs_with_lines(self, file, simulate):
        """--progress-json tells each day on stderr."""
        done = simulate(file, "--days", 2, "--json", "--progress-json")
        assert [json.loads(line) for line in done.stderr.splitlines()] == [
            {"done": 1, "of": 2}, {"done": 2, "of": 2},
        ]  # fmt: skip
