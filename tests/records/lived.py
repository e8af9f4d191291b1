"""
A day that the twin has lived, in a journal, on a board and in the records.

The same facts go to all three, as the floor and the worker give them.
"""

import dataclasses
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from callfloor.core import board, codec, plan
from callfloor.floor.journal import Journal, Row
from callfloor.records.people.services import PersonData
from callfloor.records.routing import services as routing
from callfloor.twin import people, run
from callfloor.twin.tests import centre
from tests.records import scenes

AGENTS = 8
HOURS = 2.0


@dataclass(frozen=True)
class Day:
    """What is left of a day."""

    path: Path
    """The journal."""
    view: dict[str, Any]
    """The board's."""
    facts: int
    ends_at: datetime
    """The instant of the last fact."""


def floor_plan(zone: str) -> plan.FloorPlan:
    """Give the twin's centre in a time zone."""
    return dataclasses.replace(centre.floor_plan(agents=AGENTS, calls_out=True), timezone=zone)


def apply(zone: str) -> plan.FloorPlan:
    """Bring the records to it, with a manager and a leader."""
    made = floor_plan(zone)
    keys = [agent.key for agent in made.agents]
    hands = [PersonData(key=key, name=key, roles=("agent",), clients=("acme",)) for key in keys]
    heads = [
        PersonData(key="mara", name="Mara Molnár", roles=("manager",), clients=("acme",)),
        PersonData(key="cili", name="Cili Csonka", roles=("team_leader",), clients=("acme",)),
    ]
    routing.apply_centre(
        plan=made,
        people=[*hands, *heads],
        names=routing.CentreNames(centre="Lived", clients={"acme": {"en": "Acme"}}),
        dispositions=[],
        now=scenes.NOW,
    )
    return made


def live(
    data: Path, *, zone: str, seed: int, start_at: datetime, hours: float = HOURS,
    per_hour: float = 60.0,
) -> Day:  # fmt: skip
    """Live some hours of a busy day, with everything that goes wrong, and record them."""
    made = apply(zone)
    shifts = tuple(
        people.Shift(
            agent=f"a{n:02}",
            begins=300.0 * n,
            ends=hours * 3600 - 200.0 * (n % 4),
            breaks=((1800.0 + 200 * n, 2700.0 + 200 * n, "lunch"),),
        )
        for n in range(AGENTS)
    )
    result = run.day(
        plan=made,
        demand=centre.demand(per_hour=per_hour, shifts=shifts, **centre.BESIDE),
        seed=seed,
        start_at=start_at.timestamp(),
        seconds=hours * 3600,
    )
    told = [(at, body) for _, at, kind, body in result.rows if kind == run.FACT]
    path = data / "journal.db"
    journal = Journal(path)
    journal.write([_row(seq, at, body) for seq, (at, body) in enumerate(told, start=1)], [])
    journal.close()
    shown = board.Board(made)
    for at, body in told:
        shown.apply(body, at)
    scene: Any = SimpleNamespace(path=path)  # All that the projection asks of one.
    scenes.project(scene)
    ends_at = datetime.fromtimestamp(told[-1][0], UTC)
    return Day(path=path, view=shown.snapshot(), facts=len(told), ends_at=ends_at)


def _row(seq: int, at: float, body: Any) -> Row:
    return Row(
        seq=seq,
        at=at,
        epoch=1,
        kind="fact",
        name=type(body).__name__,
        item=getattr(body, "item", None),
        client=getattr(body, "client", None),
        body=codec.dumps(body),
    )
