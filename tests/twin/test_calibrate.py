"""`callfloor calibrate`: what was recorded becomes a demand, and a wrong assumption is named."""

import datetime
import sqlite3
from contextlib import closing
from zoneinfo import ZoneInfo

import pytest

from callfloor.app import cli
from callfloor.blueprint import demand
from callfloor.blueprint.check import check
from callfloor.blueprint.tests import trials
from callfloor.core import codec
from callfloor.floor.journal import Journal, Row
from callfloor.twin import experiment, run

pytestmark = pytest.mark.twin

MONDAY = datetime.date(2027, 1, 11)
DAYS = [MONDAY + datetime.timedelta(days=n) for n in range(4)]  # Two whole ones, two edges.


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """Write four days of the trial centre as a floor's journal."""
    folder = tmp_path_factory.mktemp("recorded")
    blueprint = trials.blueprint(("absence_share: 0.2", "absence_share: 0.5"))
    variant = demand.variant(blueprint, days=DAYS)
    journal = Journal(folder / "journal.db")
    seq = 0
    for epoch, day in enumerate(DAYS, start=1):
        begin, end = experiment.bounds(day, zone=ZoneInfo("Europe/Budapest"))
        made = run.day(
            plan=variant.plan,
            demand=variant.people(day, f"real/{day}"),
            seed=f"real/{day}",
            start_at=begin,
            seconds=end - begin,
            epoch=epoch,
        )
        rows = [
            Row(seq=seq + place, at=at, epoch=epoch, kind=kind, name=type(body).__name__,
                body=codec.dumps(body))
            for place, at, kind, body in made.rows
        ]  # fmt: skip
        seq += len(rows)
        journal.write(rows, [])
    journal.close()
    return folder


@pytest.fixture
def file(tmp_path):
    """Write the trial centre, whose patience at 900 is assumed to be ten minutes."""
    path = tmp_path / "trial.yaml"
    text = trials.TEXT.replace("patience_seconds: 90", "patience_seconds: 600")
    path.write_text(text, encoding="utf-8")
    return path


def line_of(text, begin):
    """Give the line that begins so."""
    (found,) = [
        line for line in text.splitlines() if line.startswith(begin) and "CTED" in line.upper()
    ]
    return found


def test_a_wrong_patience_is_contradicted_and_a_right_handling_is_not(recorded, file, capsys):
    assert cli.main(["calibrate", "--data", str(recorded), "--against", str(file)]) == 0
    told = capsys.readouterr().out
    assert "measured on 2 days, 2027-01-12 to 2027-01-13" in told
    assert "CONTRADICTED" in line_of(told, "900 patience")
    assert "not contradicted" in line_of(told, "orders handling")


def test_what_is_written_is_a_demand_that_can_be_simulated(recorded, file, tmp_path, capsys):
    """The section takes the place of the file's own; the whole still checks and simulates."""
    out = tmp_path / "demand.yaml"
    words = ["calibrate", "--data", str(recorded), "--against", str(file), "-o", str(out)]
    assert cli.main(words) == 0
    written = out.read_text(encoding="utf-8")
    measured = tmp_path / "measured.yaml"
    measured.write_text(trials.TEXT[: trials.TEXT.index("demand:")] + written, encoding="utf-8")
    found = check(measured.read_text(encoding="utf-8"), file="measured.yaml")
    assert found.blueprint is not None, found.findings
    number = found.blueprint.demand.numbers["900"]
    assert number.contacts_day == pytest.approx(240, rel=0.2)
    assert number.patience_seconds == pytest.approx(90, rel=0.35)
    assert found.blueprint.demand.queues["orders"].handling_seconds == pytest.approx(400, rel=0.2)
    assert len(found.blueprint.demand.shifts) == 3
    capsys.readouterr()
    assert cli.main(["simulate", str(measured), "--days", "1"]) == 0


def test_reality_is_judged_by_a_backtest(recorded, file, capsys):
    words = ["calibrate", "--data", str(recorded), "--against", str(file), "--backtest"]
    assert cli.main(words) == 0
    told = capsys.readouterr().out
    assert "backtest of service_level: " in told
    assert "of 2 days" in told


def test_nothing_to_measure_is_a_wrong_use(tmp_path, capsys):
    """No folder, an empty journal, and a backtest against nothing."""
    assert cli.main(["calibrate", "--data", str(tmp_path)]) == 2
    Journal(tmp_path / "journal.db").close()
    assert cli.main(["calibrate", "--data", str(tmp_path)]) == 2
    assert cli.main(["calibrate", "--data", str(tmp_path), "--backtest"]) == 2
    assert capsys.readouterr().out == ""
    with closing(sqlite3.connect(tmp_path / "journal.db")) as journal:
        assert journal.execute("SELECT count(*) FROM journal").fetchone() == (0,)
