"""Cases: calendars and clients that exist, stages that lead from new to closed, times in order."""

from collections.abc import Iterator

from callfloor.blueprint.check.wording import unknown
from callfloor.blueprint.findings import Problem
from callfloor.blueprint.schema import Blueprint
from callfloor.blueprint.schema.cases import CaseRule, Cases
from callfloor.records.cases.rules import kinds

Path = tuple[str, ...]
OWN_STEPS = {"complaint": ("acknowledged", "decided", "appealed")}
"""Stages of a kind to which steps of its own lead; without them the step leads nowhere."""


def problems(blueprint: Blueprint) -> Iterator[Problem]:
    """Find what is wrong with the section of cases."""
    cases = blueprint.cases
    if cases is None:
        return
    yield from _calendars(blueprint, cases)
    for kind, rule in cases.kinds.items():
        path = ("cases", "kinds", kind)
        yield from _stages(kind, rule, path)
        yield from _times(kind, rule, path)
    yield from _mailboxes(blueprint, cases)


def _calendars(blueprint: Blueprint, cases: Cases) -> Iterator[Problem]:
    known, path = blueprint.calendars, ("cases", "calendar")
    yield from unknown(fault="E012", kind="calendar", name=cases.calendar, known=known, path=path)
    for client, calendar in cases.calendars.items():
        place = ("cases", "calendars", client)
        clients = blueprint.clients
        yield from unknown(fault="E010", kind="client", name=client, known=clients, path=place)
        yield from unknown(fault="E012", kind="calendar", name=calendar, known=known, path=place)


def _stages(kind: str, rule: CaseRule, path: Path) -> Iterator[Problem]:
    stages = rule.stages
    if stages is None:
        return
    place = (*path, "stages")
    if stages[:1] != ["new"] or stages[-1:] != ["closed"] or len(set(stages)) < len(stages):
        wrong = f"The stages of `{kind}` do not lead from `new` to `closed`, each once."
        hint = f"Write them as [{', '.join(kinds.KINDS[kind].stages)}]."
        yield Problem(id="E130", path=place, wrong=wrong, hint=hint)
    missing = [each for each in OWN_STEPS.get(kind, ()) if each not in stages]
    if missing:
        wrong = f"The stages of `{kind}` leave out {', '.join(missing)}."
        hint = "A complaint is acknowledged, decided and open to an appeal: name these stages."
        yield Problem(id="E131", path=place, wrong=wrong, hint=hint)


def _times(kind: str, rule: CaseRule, path: Path) -> Iterator[Problem]:
    answer = kinds.targets(kind=kind, goal="answer", said=rule.answer)
    solve = kinds.targets(kind=kind, goal="solve", said=rule.solve)
    for goal, seconds in (("answer", answer), ("solve", solve)):
        for less, more in zip(kinds.PRIORITIES, kinds.PRIORITIES[1:], strict=False):
            if (seconds[more] or 0) > (seconds[less] or float("inf")):
                wrong = f"`{kind}` gives {more} more time than {less}."
                hint = f"Give {more} at most {seconds[less]:.0f} seconds, or {less} more."
                yield Problem(id="E133", path=(*path, goal), wrong=wrong, hint=hint)
    for priority in kinds.PRIORITIES:
        first, whole = answer[priority], solve[priority]
        if first is not None and whole is not None and first > whole:
            wrong = f"At priority {priority} `{kind}` is to be solved before it is answered."
            hint = f"Give `solve` at least the {first:.0f} seconds of `answer`."
            yield Problem(id="E134", path=(*path, "solve"), wrong=wrong, hint=hint)


def _mailboxes(blueprint: Blueprint, cases: Cases) -> Iterator[Problem]:
    for key, box in blueprint.mail.items():
        if cases.kinds and box.kind not in cases.kinds:
            wrong = f"The mailbox `{key}` opens cases of the kind `{box.kind}`, which is not used."
            hint = "Name the kind under `cases.kinds`, or give the mailbox another `kind`."
            yield Problem(id="E132", path=("mail", key, "kind"), wrong=wrong, hint=hint)
