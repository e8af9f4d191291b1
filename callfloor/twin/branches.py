"""
The branches of a flow: every exit of every step, and which of them a call has walked.

Pure. Coverage is counted in exits and not in steps: a menu of which only one answer was ever
pressed has been visited, and not tested.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from callfloor.core import emergencies, facts, flow, plan

NEXT = "next"
REFUSED = "refused"
NOTHING = "nothing"
"""The caller typed nothing."""
OTHERWISE = "otherwise"
OVERFLOW = "overflow"
STAYS = "stays"
"""The caller waits until somebody is free or he hangs up: the wait itself leads nowhere else."""
ENDS = "ends"


@dataclass(frozen=True, slots=True, order=True)
class Branch:
    """One exit of one step."""

    flow: str
    step: str
    exit: str

    def __str__(self) -> str:
        return f"{self.step}:{self.exit}"


def branches(of: plan.FlowPlan, queues: Iterable[plan.QueuePlan]) -> tuple[Branch, ...]:
    """Give every exit of a flow, in the order in which the flow is written."""
    overflows = {queue.key: queue.overflow for queue in queues}
    keys = {step.key for step in of.steps}
    return tuple(
        Branch(of.key, step.key, name)
        for step in of.steps
        for name in _exits(step, overflows, keys)
    )


def _exits(step: plan.Step, overflows: dict[str, str | None], keys: set[str]) -> Iterator[str]:
    match step:
        case plan.Hours():
            yield from ("open", "closed")
        case plan.ByLanguage():
            yield from (language for language, _ in step.ways)
            yield OTHERWISE
        case plan.Menu():
            yield from (choice.name for choice in step.choices)
            yield OTHERWISE
        case plan.Notice():
            yield NEXT
            if step.refuse_key is not None:
                yield REFUSED
        case plan.Ask():
            yield from ("typed", NOTHING)
        case plan.Enqueue():
            yield STAYS
            yield from (choice.name for choice in step.leave)
            if overflows.get(step.queue) in keys:
                yield OVERFLOW
        case plan.Say() | plan.Speak():
            yield NEXT
        case plan.TakeMessage() | plan.AskCallback() | plan.End():
            yield ENDS


def walked(of: plan.FlowPlan, told: Sequence[Any]) -> tuple[Branch, ...]:
    """Give the exits that one call has taken, in order, from the facts about it."""
    steps = {step.key: step for step in of.steps}
    found: list[Branch] = []
    at: plan.Step | None = None
    since: list[Any] = []
    for fact in told:
        if isinstance(fact, facts.StepEntered) and fact.step.startswith(emergencies.MARK):
            continue  # Heard in between; it is no step of the flow.
        if isinstance(fact, facts.StepEntered):
            if at is not None:
                found += [Branch(of.key, at.key, _taken(at, since, fact.step))]
            at, since = steps[fact.step], []
        else:
            since.append(fact)
    if at is not None:
        found += [Branch(of.key, at.key, name) for name in _last(at, since)]
    return tuple(found)


def _taken(step: plan.Step, since: list[Any], following: str) -> str:
    """Name the exit by which a step was left for another."""
    match step:
        case plan.Hours():
            return "open" if following == step.open else "closed"
        case plan.ByLanguage():
            (branched,) = (fact for fact in since if isinstance(fact, facts.Branched))
            return OTHERWISE if branched.otherwise else branched.language
        case plan.Menu():
            return next((fact.choice for fact in since if _is_choice(fact)), OTHERWISE)
        case plan.Enqueue():
            return next((fact.choice for fact in since if _is_choice(fact)), OVERFLOW)
        case plan.Notice():
            given = [fact for fact in since if isinstance(fact, facts.NoticeGiven)]
            return REFUSED if given and given[-1].refused else NEXT
        case plan.Ask():
            return "typed" if any(isinstance(fact, facts.Typed) for fact in since) else NOTHING
    return NEXT


def _is_choice(fact: Any) -> bool:
    return isinstance(fact, facts.Chose) and fact.choice not in (None, flow.REFUSED)


def _last(step: plan.Step, since: list[Any]) -> Iterator[str]:
    """Name the exit of the step at which the call stayed or ended, if it came to one."""
    match step:
        case plan.Enqueue() if any(isinstance(fact, facts.Queued) for fact in since):
            yield STAYS
        case plan.TakeMessage() | plan.AskCallback() | plan.End():
            if any(_is_own_end(fact) for fact in since):
                yield ENDS


def _is_own_end(fact: Any) -> bool:
    return isinstance(fact, facts.Closed) and fact.outcome not in (
        "left_in_flow",
        "abandoned_in_queue",
    )
