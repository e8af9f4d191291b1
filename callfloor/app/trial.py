"""
Trying one change in the twin: the process that a page starts (`app.trials` begins it).

It reads one job from stdin, as JSON:
    centre    the file of the centre as it stands
    question  what is tried, as departments/workforce/rules.py checks it
    other     the other file, if that is what is tried; or a page's edits, as JSON
    days      how many days each variant is played
    seed      another one makes other callers
    now       the instant (ISO 8601) after which the days lie
It says lines of JSON on stdout: {"progress": 0.4}, and last {"result": {…}} or {"fault": "…"}.
The result is the document of `callfloor simulate --json --change`, with the names of its queues
and whose they are. Refuses: a database, the network, and more time or memory than its limits.
"""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, TextIO
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from callfloor.blueprint.schema import Blueprint

NICE = 15  # The worker has 10: records go before what somebody would like to know.
CPU_SECONDS_MAX = 600  # Ten times what anybody waits; what takes longer is a fault of ours.
MEMORY_BYTES_MAX = 2 * 1024**3  # A centre of 600 people takes a quarter of it.

Say = Callable[[dict[str, Any]], None]


class Unanswerable(Exception):
    """The question cannot be answered; `fault` is a key that the page has words for."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


def main() -> None:
    """Do the job that stands on stdin."""
    out = sys.stdout
    sys.stdout = sys.stderr  # What a library may print is none of ours.

    def say(message: dict[str, Any]) -> None:
        print(json.dumps(message, ensure_ascii=False), file=out, flush=True)

    _limit(out)
    try:
        say({"result": result(json.load(sys.stdin), say=say)})
    except Unanswerable as error:
        say({"fault": error.fault})
    except MemoryError:
        say({"fault": "too_large"})


def _limit(out: TextIO) -> None:
    """Hold this process to its limits; at the end of its time it says so and ends."""

    def over(_number: int, _frame: object) -> None:
        print(json.dumps({"fault": "too_long"}), file=out, flush=True)
        sys.exit(1)

    os.setpriority(os.PRIO_PROCESS, 0, NICE)
    signal.signal(signal.SIGXCPU, over)
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS_MAX, CPU_SECONDS_MAX + 5))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES_MAX, MEMORY_BYTES_MAX))


def result(job: dict[str, Any], *, say: Say) -> dict[str, Any]:
    """
    Play both variants, and give what they say.

    Raises Unanswerable.
    """
    from callfloor.blueprint import demand, whatif

    before = _blueprint(job["centre"])
    try:
        days = _days(before, job)
        after = _changed(before, job, day=days[0])
        return _compared(before, after, days=days, seed=job["seed"], say=say)
    except demand.NoDemand as error:
        raise Unanswerable("no_demand") from error
    except whatif.Impossible as error:
        print(error, file=sys.stderr)
        raise Unanswerable("refused") from error


def _blueprint(text: str) -> Blueprint:
    from callfloor.app import manifests
    from callfloor.blueprint.check import check

    manifests.join()
    checked = check(text, file="centre")
    if checked.blueprint is None:
        print(*checked.findings, sep="\n", file=sys.stderr)
        raise Unanswerable("refused")
    return checked.blueprint


def _days(centre: Blueprint, job: dict[str, Any]) -> list[date]:
    """Give the days to play: who is sick is so tomorrow, everything else is tried on many days."""
    from callfloor.blueprint import demand

    zone = ZoneInfo(centre.centre.timezone)
    tomorrow = datetime.fromisoformat(job["now"]).astimezone(zone).date() + timedelta(days=1)
    many = int(job["days"])
    if job["question"]["kind"] == "sick":
        return demand.working_days(centre, first=tomorrow, many=1) * many
    return demand.working_days(centre, first=tomorrow, many=many)


def _changed(centre: Blueprint, job: dict[str, Any], *, day: date) -> Blueprint:
    """Return the centre with the change that is asked for."""
    from callfloor.blueprint import whatif

    asked = job["question"]
    match asked["kind"]:
        case "sick":
            people = asked["people"] or _some_of(centre, asked, day=day, seed=job["seed"])
            return whatif.sick(centre, people=people)
        case "merge":
            return whatif.merge_queues(centre, into=asked["into"], of=asked["merged"])
        case "tier":
            return whatif.add_tier(
                centre,
                queue=asked["queue"],
                after_seconds=asked["after_seconds"],
                requires={asked["skill"]: asked["level"]},
            )
        case "queue":
            values = {key: value for key, value in asked.items() if key not in ("kind", "queue")}
            return whatif.change_queue(centre, queue=asked["queue"], **values)
        case "more":
            return whatif.more_calls(centre, factor=1 + asked["percent"] / 100)
        case "file":
            return _blueprint(job["other"])
        case "page":
            return _edited(centre, job["other"])
    raise AssertionError(f"nobody knows how to try {asked['kind']}")


def _edited(centre: Blueprint, text: str) -> Blueprint:
    """Return the centre as a page would change it: a list of paths with their values."""
    from callfloor.blueprint import changes, whatif
    from callfloor.blueprint.values import MISSING

    edits = {tuple(path): MISSING if value is None else value for path, value in json.loads(text)}
    try:
        return changes.edited(centre, edits)
    except changes.NotPossible as error:
        raise whatif.Impossible(str(error)) from error


def _some_of(centre: Blueprint, asked: dict[str, Any], *, day: date, seed: int) -> list[str]:
    """Draw so many of those who are planned for a day, of a team if it is named."""
    from callfloor.blueprint import demand, whatif

    if centre.demand is None:
        raise demand.NoDemand
    nobody_absent = centre.demand.model_copy(update={"absence_share": 0.0})
    variant = demand.variant(centre.model_copy(update={"demand": nobody_absent}), days=[day])
    planned = variant.people(day, f"{seed}/0").shifts
    here = {agent.key for agent in variant.plan.agents}
    if planned is not None:
        here &= {shift.agent for shift in planned}
    team = asked["team"]
    found = sorted(key for key in here if team is None or centre.people[key].team == team)
    if len(found) < asked["count"]:
        raise whatif.Impossible(f"Only {len(found)} are planned for {day}.")
    return sorted(random.Random(f"{seed}/sick").sample(found, asked["count"]))


def _compared(
    before: Blueprint, after: Blueprint, *, days: list[date], seed: int, say: Say
) -> dict[str, Any]:
    from callfloor.blueprint import demand
    from callfloor.twin import experiment, report

    variants = [demand.variant(each, days=days) for each in (before, after)]

    def progress(done: int, of: int) -> None:
        say({"progress": done / of})

    found = experiment.run_days(variants=variants, days=days, seed=seed, progress=progress)
    first, second = (
        report.Told(days=each, cost_hour=variant.cost_hour)
        for each, variant in zip(found, variants, strict=True)
    )
    return {
        "days": len(days),
        "seed": seed,
        "from": str(days[0]),
        **report.document(told=first),
        "change": report.document(told=second),
        **report.differences(before=first, after=second),
        **_beside(before, after),
    }


def _beside(before: Blueprint, after: Blueprint) -> dict[str, Any]:
    """Give what a page needs to know of the queues: their names, whose they are, the currency."""
    from callfloor.blueprint.texts import texts

    queues = {**after.queues, **before.queues}
    return {
        "names": {key: texts(queue.name) for key, queue in sorted(queues.items())},
        "clients_of": {key: queue.client for key, queue in sorted(queues.items())},
        "currency": before.centre.currency,
    }


if __name__ == "__main__":
    main()
