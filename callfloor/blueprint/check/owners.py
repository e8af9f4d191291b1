"""Who does what: every duty has somebody, what must be apart is, and nobody judges himself."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from callfloor.blueprint import organisation
from callfloor.blueprint.findings import Problem
from callfloor.blueprint.schema import Blueprint
from callfloor.kernel import department
from callfloor.kernel.organisation import Organisation

Path = tuple[str, ...]
Holders = Mapping[str, list[str]]


def problems(blueprint: Blueprint) -> Iterator[Problem]:
    """
    Find duties without anybody, and people with duties that must be apart.

    A file without departments says nothing about who answers for what, so nothing is asked of it.
    """
    found = organisation.of(blueprint)
    if blueprint.departments or blueprint.roles:
        yield from _apart(blueprint, found)
    if not blueprint.departments:
        return
    holders = _holders(found)
    for duty, claims in organisation.answering(blueprint).items():
        if (known := department.duty(duty)) is None:
            continue
        if not holders.get(duty):
            yield _unowned(blueprint, duty, claims[0])
        elif known[1].decides is not None and len(holders[duty]) < 2:
            yield _alone(duty, holders[duty][0], claims[0].path)


def _holders(found: Organisation) -> Holders:
    duties = {part.key: part.duties for part in found.parts}
    holders: dict[str, list[str]] = defaultdict(list)
    for person, roles in found.holders.items():
        for duty in {each for role in roles for each in duties.get(role, ())}:
            holders[duty].append(person)
    return holders


def _unowned(blueprint: Blueprint, duty: str, claim: organisation.Claim) -> Problem:
    roles = [part.key for part in organisation.of(blueprint).parts if duty in part.duties]
    wrong = f"`{claim.department}` answers for `{duty}`, and nobody does it."
    hint = "Give it to a role that somebody has, or name it under `without:`."
    if roles:
        hint = f"Give somebody the role `{roles[0]}`, or name the duty under `without:`."
    return Problem(id="E087", path=claim.path, wrong=wrong, hint=hint)


def _alone(duty: str, person: str, path: Path) -> Problem:
    wrong = f"Only `{person}` may decide in `{duty}`, and nobody may decide for himself."
    hint = "Give a second person a role with this duty."
    return Problem(id="E089", path=path, wrong=wrong, hint=hint)


def _apart(blueprint: Blueprint, found: Organisation) -> Iterator[Problem]:
    apart = {
        key: known.apart_from for key, (_, known) in department.duties().items() if known.apart_from
    }
    pairs: dict[tuple[str, ...], tuple[str, str] | None] = {}
    for person, roles in found.holders.items():
        if roles not in pairs:
            pairs[roles] = _pair(set(found.duties_of(person)), apart)
        if (pair := pairs[roles]) is not None:
            wrong = f"`{person}` has `{pair[0]}` and `{pair[1]}`, which one person may not have."
            hint = "Give one of the two to somebody else."
            yield Problem(id="E088", path=("people", person, "roles"), wrong=wrong, hint=hint)


def _pair(duties: set[str], apart: Mapping[str, tuple[str, ...]]) -> tuple[str, str] | None:
    for duty in sorted(duties):
        for other in apart.get(duty, ()):
            if other in duties:
                return duty, other
    return None
