"""From a file's text to a blueprint, or to all that is wrong with it."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from callfloor.blueprint import preset, read
from callfloor.blueprint.check import (
    aims,
    calendars,
    cases,
    demand,
    doors,
    flows,
    lines,
    mailboxes,
    offices,
    out,
    owners,
    papers,
    people,
    probe,
    prompts,
    proofs,
    queues,
    shape,
    shifts,
    short,
    tongues,
)
from callfloor.blueprint.findings import Finding, Problem
from callfloor.blueprint.schema import Blueprint


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What became of a file: a blueprint, unless one of the findings is an error."""

    blueprint: Blueprint | None
    findings: tuple[Finding, ...]


def check(text: str, *, file: str, near: Path | None = None, today: date | None = None) -> Checked:
    """
    Read a blueprint's text and find all that is wrong with it, in the order of the file.

    `near` is the folder in which included files lie; without it a file that includes others is
    refused. With the day of `today` what ends soon is found as well, as warnings. The manifests of
    departments must have been joined before.
    """
    try:
        source = preset.whole(read.read(text, file=file), near=near)
    except read.Unreadable as error:
        return Checked(blueprint=None, findings=tuple(error.findings))
    blueprint, problems = shape.parse(source.values)
    if blueprint is not None:
        problems = list(_problems(blueprint))
        if today is not None:
            problems += proofs.problems(blueprint, today=today)
    findings = sorted(
        {source.finding(problem) for problem in problems},
        key=lambda each: (each.file != file, each.file, each.line, each.column, each.id, each.path),
    )
    is_refused = any(finding.severity == "error" for finding in findings)
    return Checked(blueprint=None if is_refused else blueprint, findings=tuple(findings))


PARTS = (
    calendars,
    cases,
    offices,
    owners,
    people,
    queues,
    flows,
    doors,
    lines,
    mailboxes,
    out,
    short,
    probe,
    prompts,
    aims,
    papers,
    demand,
    shifts,
    tongues,
)
"""What is looked at; each part finds its own faults and is silent about those of the others."""


def _problems(blueprint: Blueprint) -> Iterator[Problem]:
    return itertools.chain.from_iterable(part.problems(blueprint) for part in PARTS)
