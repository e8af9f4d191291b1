"""
Trying the tests of a centre's flows: which passed, and which branch nobody walked.

A test file stands beside the blueprint, as `bank.flow.yaml` beside `bank.yaml`; what may stand in
it is told in `docs/howto/test-a-flow.md`. Refuses: to walk a flow itself; `twin.flowtest` does,
with the exchange of production.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from callfloor.blueprint import compile as compiling
from callfloor.blueprint import flowcases, staffed
from callfloor.blueprint.schema import Blueprint
from callfloor.core import plan
from callfloor.twin import branches, flowtest

SPOKEN_CHARACTERS_SECOND = 15  # How fast a voice reads; what a prompt's length is guessed by.
DEAD_QUEUE = "somebody who serves the queue at this hour, or a way out of it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A case that did not go as it was written."""

    file: str
    line: int
    column: int
    case: str
    expected: str
    happened: str
    path: tuple[str, ...]
    """The exits that were walked, as `menu:billing`."""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}"
        walked = " → ".join(self.path) or "nowhere"
        return (
            f"{place}: {self.case}\n"
            f"    expected {self.expected}\n"
            f"    happened {self.happened}\n"
            f"    walked   {walked}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How much of one flow the cases have walked."""

    flow: str
    branches: int
    missing: tuple[str, ...]
    """As `menu:billing`, in the order of the flow."""

    @property
    def share(self) -> float:
        """Give walked branches over all."""
        return 1 - len(self.missing) / self.branches if self.branches else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What came of all cases."""

    cases: int
    failures: tuple[Failure, ...]
    coverage: tuple[Coverage, ...]

    @property
    def share(self) -> float:
        """Give walked branches over all, of all flows together."""
        total = sum(each.branches for each in self.coverage)
        return 1 - sum(len(each.missing) for each in self.coverage) / total if total else 1.0


def try_all(blueprint: Blueprint, files: Mapping[str, str]) -> Report:
    """
    Try every case of some test files, by name and text.

    Raises `flowcases.Unreadable` with all that is wrong with the files, before anything is tried.
    """
    cases = flowcases.read_all(files, blueprint=blueprint)
    floor_plan = _plan(blueprint, cases)
    prompts = _lengths(blueprint)
    failures: list[Failure] = []
    walked: set[branches.Branch] = set()
    for each in cases:
        tried = flowtest.attempt(each.case, floor_plan=floor_plan, prompts=prompts)
        walked.update(tried.walked)
        failures += _failures(each, tried, blueprint, floor_plan)
    return Report(
        cases=len(cases),
        failures=tuple(failures),
        coverage=tuple(_coverage(floor_plan, walked)),
    )


def _plan(blueprint: Blueprint, cases: list[flowcases.Written]) -> plan.FloorPlan:
    years = {each.year for each in cases}
    return compiling.compile_plan(blueprint, years={y + d for y in years for d in (-1, 0, 1)})


def _lengths(blueprint: Blueprint) -> dict[str, float]:
    return {
        key: max(1.0, max(map(len, texts.values()), default=0) / SPOKEN_CHARACTERS_SECOND)
        for key, texts in blueprint.prompts.items()
    }


def _failures(
    written: flowcases.Written,
    tried: flowtest.Tried,
    blueprint: Blueprint,
    floor_plan: plan.FloorPlan,
) -> Iterator[Failure]:
    found = tried.deviation
    if found is None and tried.queue is not None:
        found = _dead(tried.queue, written.case.at, blueprint, floor_plan)
    if found is not None:
        line, column = written.place(found)
        yield Failure(
            file=written.file,
            line=line,
            column=column,
            case=written.name,
            expected=found.expected,
            happened=found.happened,
            path=tuple(str(branch) for branch in tried.walked),
        )


def _dead(
    queue: str, at: float, blueprint: Blueprint, floor_plan: plan.FloorPlan
) -> flowtest.Deviation | None:
    """Find a caller who is left in a queue where nobody will ever come to him."""
    if not staffed.is_dead(queue, at=at, blueprint=blueprint, floor_plan=floor_plan):
        return None
    return flowtest.Deviation(
        move=None,
        about="ends",
        expected=DEAD_QUEUE,
        happened=f"the call waits in queue `{queue}`, where nobody sits",
    )


def _coverage(floor_plan: plan.FloorPlan, walked: set[branches.Branch]) -> Iterator[Coverage]:
    for of in floor_plan.flows:
        every = branches.branches(of, floor_plan.queues)
        missing = tuple(str(branch) for branch in every if branch not in walked)
        yield Coverage(flow=of.key, branches=len(every), missing=missing)
