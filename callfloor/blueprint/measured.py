"""
What was measured, as a `demand` section, and against the one that a file has.

Refuses: to measure (`twin.calibrate` does), and to call an assumption wrong that the records do
not contradict.
"""

import datetime
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from callfloor.blueprint import demand, hours
from callfloor.blueprint.schema import Blueprint
from callfloor.blueprint.schema import demand as demands
from callfloor.core import facts
from callfloor.twin import backtest as backtests
from callfloor.twin import calibrate, experiment, people, tally

DIGITS = 3
KEPT = {"shifts", "absence_share", "cost_hour", "slowing", "reached_share"}
"""What a section has from the file, so far as it was not measured."""
Rows = Iterable[tuple[float, facts.Fact]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One assumption of a file beside what was measured."""

    what: str
    assumed: float
    measured: calibrate.Fit
    digits: int = 1
    """Digits after the point that matter."""

    @property
    def is_wrong(self) -> bool:
        """Whether the records contradict it."""
        return self.measured.contradicts(self.assumed)


def compared(blueprint: Blueprint, fitted: calibrate.Fitted) -> list[Compared]:
    """Compare what a file assumes with what was measured; nothing if it assumes nothing."""
    return [] if blueprint.demand is None else list(_compared(blueprint.demand, fitted))


def _compared(assumed: demands.Demand, fitted: calibrate.Fitted) -> Iterator[Compared]:
    for key, number in fitted.numbers.items():
        told = assumed.numbers.get(key)
        if told is None:
            continue
        usual = demand.contacts_of(told, fitted.days)
        yield Compared(what=f"{key} contacts a day", assumed=usual, measured=number.contacts_day)
        if number.patience is not None:
            yield Compared(
                what=f"{key} patience, s", assumed=told.patience_seconds, measured=number.patience
            )
    for key, queue in fitted.queues.items():
        work = assumed.queues.get(key) or demands.QueueDemand()
        yield Compared(
            what=f"{key} handling, s", assumed=work.handling_seconds, measured=queue.handling
        )
        if queue.wrap_up is not None:
            yield Compared(
                what=f"{key} wrap-up, s", assumed=work.wrap_up_seconds, measured=queue.wrap_up
            )
    if fitted.slowing is not None:
        yield Compared(
            what="slowing by each in hand",
            assumed=assumed.slowing,
            measured=fitted.slowing,
            digits=2,
        )


# --- the section ----------------------------------------------------------------------------------


def section(
    fitted: calibrate.Fitted, *, like: Blueprint | None = None, forecasts: bool = False
) -> demands.Demand:
    """
    Return what was measured as a section; shifts, absence and cost are those of `like`,
    and the slowing if too few had several contacts in hand.

    To forecast, days differ also by what the measured ones leave unknown of their means.
    """
    kept = (like.demand if like else None) or demands.Demand()
    values: dict[str, Any] = {
        "numbers": {
            key: _number(number, forecasts=forecasts) for key, number in fitted.numbers.items()
        },
        "queues": {key: _queue(key, queue, kept) for key, queue in fitted.queues.items()},
        "miss_share": round(fitted.miss_share, DIGITS),
    }
    if fitted.answer_seconds is not None:
        values["answer_seconds"] = max(round(fitted.answer_seconds.value, DIGITS), 0.001)
    if fitted.slowing is not None:
        values["slowing"] = round(fitted.slowing.value, DIGITS)
    if fitted.reached_share is not None:
        values["reached_share"] = round(fitted.reached_share, DIGITS)
    return demands.Demand.model_validate(
        {
            **kept.model_dump(include=KEPT),
            **values,
        }
    )


def _number(number: calibrate.NumberFit, *, forecasts: bool) -> dict[str, Any]:
    spread = math.hypot(number.day_spread, number.weekday_error if forecasts else 0.0)
    values: dict[str, Any] = {
        "contacts_day": round(number.contacts_day.value, DIGITS),
        "weekdays": {
            hours.WEEKDAYS[weekday]: round(factor, DIGITS)
            for weekday, factor in number.weekdays.items()
        },
        "hours": {
            _half_hour(half): round(share * calibrate.HALF_HOURS, DIGITS)
            for half, share in enumerate(number.half_hours)
            if round(share * calibrate.HALF_HOURS, DIGITS) > 0
        },
        "day_spread": round(min(spread, 5.0), DIGITS),
        "choices": number.choices,
        "repeat_share": round(min(number.repeat_share, 1.0), DIGITS),
    }
    if number.patience is not None:
        values["patience_seconds"] = round(min(number.patience.value, 86_400.0), DIGITS)
    if number.repeat_after_seconds > 0:
        values["repeat_after_seconds"] = round(number.repeat_after_seconds, DIGITS)
    return values


def _half_hour(half: int) -> str:
    begin, end = half * 30, (half + 1) * 30
    return f"{begin // 60:02}:{begin % 60:02}-{end // 60:02}:{end % 60:02}"


def _queue(key: str, queue: calibrate.QueueFit, kept: demands.Demand) -> dict[str, Any]:
    values: dict[str, Any] = {
        "handling_seconds": max(round(queue.handling.value, DIGITS), 0.001),
        "handling_spread": round(min(queue.spread, 5.0), DIGITS),
    }
    if queue.wrap_up is not None:
        values["wrap_up_seconds"] = round(min(queue.wrap_up.value, 3_600.0), DIGITS)
    return values


def text_of(fitted: calibrate.Fitted, *, like: Blueprint | None = None) -> str:
    """Return the section as YAML, for `include` or to be copied into a file."""
    import io

    from ruamel.yaml import YAML

    found = section(fitted, like=like).model_dump(exclude_defaults=True)
    into = io.StringIO()
    yaml = YAML()
    yaml.width = 100
    yaml.dump({"demand": found}, into)
    first, last = fitted.days[0], fitted.days[-1]
    return f"# Measured by `callfloor calibrate` from {first} to {last}.\n{into.getvalue()}"


# --- reality --------------------------------------------------------------------------------------


def backtest(
    blueprint: Blueprint,
    *,
    fitted: calibrate.Fitted,
    rows: Rows,
    zone: ZoneInfo,
    seed: people.Seed,
) -> list[backtests.Judged]:
    """Simulate the recorded days with the measured demand and the file's shifts, and judge."""
    measured = blueprint.model_copy(
        update={"demand": section(fitted, like=blueprint, forecasts=True)}
    )
    variant = demand.variant(measured, days=fitted.days)
    past = past_days(variant, rows=rows, days=fitted.days, zone=zone)
    return backtests.backtest(variant=variant, past=past, seed=seed)


def past_days(
    variant: experiment.Variant, *, rows: Rows, days: Iterable[datetime.date], zone: ZoneInfo
) -> dict[datetime.date, tally.Day]:
    """Return the sums of each recorded day; a contact belongs to the day on which it arrived."""
    wanted = set(days)
    tallies: dict[datetime.date, tally.Tally] = {}
    day_of: dict[str, datetime.date] = {}
    for at, fact in rows:
        item = getattr(fact, "item", None)
        if isinstance(fact, facts.Arrived):
            day_of[fact.item] = datetime.datetime.fromtimestamp(at, zone).date()
        day = day_of.get(item) if item is not None else None
        if day is not None and day in wanted and not isinstance(fact, facts.AgentChanged):
            found = tallies.get(day)
            if found is None:
                found = tallies[day] = tally.Tally(variant.plan)
            found.tell(at, fact)
    return {day: found.close(shifts=[]) for day, found in sorted(tallies.items())}
