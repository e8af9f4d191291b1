"""
How often reality lies inside what the twin says of a day, after calibration on other days.

Days of a centre are made with one seed and taken for reality: on the first of them the figures are
measured, as `callfloor calibrate` does, and each of the others is forecast from these. At least
85 % of them lie inside their 90 % interval.
"""

from __future__ import annotations

import datetime
import json
import platform
import sys
import time
from pathlib import Path
from zoneinfo import ZoneInfo

from callfloor.app import manifests
from callfloor.blueprint import demand, measured
from callfloor.blueprint.check import check
from callfloor.blueprint.schema import Blueprint
from callfloor.core import facts
from callfloor.twin import backtest, calibrate, experiment, run

FILE = Path(__file__).resolve().parents[1] / "blueprints" / "six_seats.yaml"
FIRST = datetime.date(2027, 1, 11)
LEARNT, JUDGED = 20, 40
"""Working days that the figures are measured on, and that are forecast."""


def made(variant: experiment.Variant, day: datetime.date) -> list[tuple[float, facts.Fact]]:
    """Make a day that is taken for reality."""
    begin, end = experiment.bounds(day, zone=ZoneInfo(variant.plan.timezone))
    rows = run.day(
        plan=variant.plan,
        demand=variant.people(day, f"reality/{day}"),
        seed=f"reality/{day}",
        start_at=begin,
        seconds=end - begin,
    ).rows
    return [(at, body) for _, at, kind, body in rows if kind == run.FACT]


def main() -> None:
    """Print the figures as JSON."""
    manifests.join()
    blueprint = check(FILE.read_text(encoding="utf-8"), file=str(FILE)).blueprint
    assert isinstance(blueprint, Blueprint), f"{FILE} has a fault"
    started = time.process_time()
    days = [
        day
        for day in demand.working_days(blueprint, first=FIRST, many=3 * (LEARNT + JUDGED))
        if day.weekday() < 5
    ][: LEARNT + JUDGED]
    variant = demand.variant(blueprint, days=days)
    zone = ZoneInfo(variant.plan.timezone)
    rows = {day: made(variant, day) for day in days}
    fitted = calibrate.fit(
        rows=[row for day in days[:LEARNT] for row in rows[day]], days=days[:LEARNT], zone=zone
    )
    section = measured.section(fitted, like=blueprint, forecasts=True)
    forecast = blueprint.model_copy(update={"demand": section})
    past = measured.past_days(
        variant,
        rows=[row for day in days[LEARNT:] for row in rows[day]],
        days=days[LEARNT:],
        zone=zone,
    )
    judged = backtest.backtest(
        variant=demand.variant(forecast, days=days), past=past, seed="forecast"
    )
    report = {
        "bench": "backtest",
        "days_learnt": LEARNT,
        "days_judged": len(past),
        "interval": backtest.LEVEL,
        "inside": {name: round(share, 3) for name, share in backtest.coverage(judged).items()},
        "targets": {"inside": backtest.WANTED},
        "seconds": round(time.process_time() - started, 1),
        "python": platform.python_version(),
    }
    json.dump(report, sys.stdout, indent=None if "--json" in sys.argv else 2)
    print()


if __name__ == "__main__":
    main()
