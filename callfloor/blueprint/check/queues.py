"""Queues: their names, their tiers, and whether anybody can serve them."""

from collections.abc import Iterator, Mapping

from callfloor.blueprint import organisation
from callfloor.blueprint.check.wording import unknown
from callfloor.blueprint.findings import Problem
from callfloor.blueprint.schema import Blueprint, Person, Queue, Tier

Path = tuple[str, ...]


def problems(blueprint: Blueprint) -> Iterator[Problem]:
    """Find what is wrong with the queues."""
    takers = [blueprint.people[key] for key in sorted(organisation.takers(blueprint))]
    for key, queue in blueprint.queues.items():
        path = ("queues", key)
        yield from _names(blueprint, path, queue)
        yield from _order(path, queue.tiers)
        yield from _overflow(path, queue)
        yield from _appointments(path, queue)
        if not queue.dispositions:
            wrong = f"An agent could not finish a call of `{key}`."
            hint = "Add `dispositions:` with at least one."
            yield Problem(id="E042", path=path, wrong=wrong, hint=hint)
        served = any(can_serve(person, queue) for person in takers)
        if queue.client in blueprint.clients and not served:
            wrong = f"Nobody can serve `{key}`."
            hint = "Give an agent of this client the skills of one of its tiers."
            yield Problem(id="E041", path=path, wrong=wrong, hint=hint)
        elif served:
            yield from _proven(blueprint, path, queue, takers)


def _names(blueprint: Blueprint, path: Path, queue: Queue) -> Iterator[Problem]:
    yield from unknown(
        fault="E010",
        kind="client",
        name=queue.client,
        known=blueprint.clients,
        path=(*path, "client"),
    )
    yield from unknown(
        fault="E012",
        kind="calendar",
        name=queue.hours,
        known=blueprint.calendars,
        path=(*path, "hours"),
    )
    for index, tier in enumerate(queue.tiers):
        yield from _skills(tier.requires, blueprint.skills, (*path, "tiers", str(index)))
    for index, skill in enumerate(queue.proven):
        yield from unknown(
            fault="E016",
            kind="skill",
            name=skill,
            known=blueprint.skills,
            path=(*path, "proven", str(index)),
        )
    for index, disposition in enumerate(queue.dispositions):
        yield from unknown(
            fault="E018",
            kind="disposition",
            name=disposition,
            known=blueprint.dispositions,
            path=(*path, "dispositions", str(index)),
        )


def _proven(
    blueprint: Blueprint, path: Path, queue: Queue, takers: list[Person]
) -> Iterator[Problem]:
    is_known = all(skill in blueprint.skills for skill in queue.proven)
    if is_known and not any(serves(person, queue) for person in takers):
        told = ", ".join(f"`{skill}`" for skill in queue.proven)
        wrong = f"`{path[1]}` asks for a proof of {told}, and nobody who can serve it has one."
        hint = "Write under `proofs` of an agent who vouches for it, or take `proven` out."
        yield Problem(id="E138", path=(*path, "proven"), wrong=wrong, hint=hint)


def _skills(
    wanted: Mapping[str, int], known: Mapping[str, object], path: Path
) -> Iterator[Problem]:
    for skill in wanted:
        yield from unknown(
            fault="E016", kind="skill", name=skill, known=known, path=(*path, "requires", skill)
        )


def _order(path: Path, tiers: list[Tier]) -> Iterator[Problem]:
    before = None
    for index, tier in enumerate(tiers):
        place = (*path, "tiers", str(index))
        if index == 0 and tier.after_seconds != 0:
            wrong = "The first tier does not begin at 0, so nobody could be given a new call."
            yield Problem(id="E040", path=place, wrong=wrong, hint="Set `after_seconds: 0`.")
        if before is not None and tier.after_seconds <= before:
            wrong = f"This tier opens at {tier.after_seconds:g} s, not after the one before."
            hint = f"Set `after_seconds` to more than {before:g}."
            yield Problem(id="E040", path=place, wrong=wrong, hint=hint)
        before = tier.after_seconds


def _appointments(path: Path, queue: Queue) -> Iterator[Problem]:
    if queue.appointments is None:
        return
    if queue.hours is None:
        wrong = "Appointments are made by the queue's hours, and it has none."
        hint = "Add `hours:` with a calendar."
        yield Problem(id="E028", path=(*path, "appointments"), wrong=wrong, hint=hint)
    if queue.channel != "call":
        wrong = "Appointments are calls, and this queue takes none."
        hint = "Move `appointments:` to a queue of calls."
        yield Problem(id="E028", path=(*path, "appointments"), wrong=wrong, hint=hint)


def _overflow(path: Path, queue: Queue) -> Iterator[Problem]:
    if queue.wait_seconds_max is not None and queue.overflow is None:
        wrong = "After the longest wait nothing is said to follow."
        hint = "Add `overflow:` with a step of the flow."
        yield Problem(id="E027", path=(*path, "wait_seconds_max"), wrong=wrong, hint=hint)
    if queue.overflow is not None and queue.wait_seconds_max is None:
        wrong = "The overflow is never taken."
        hint = "Add `wait_seconds_max:`."
        yield Problem(id="E027", path=(*path, "overflow"), wrong=wrong, hint=hint)


def can_serve(person: Person, queue: Queue) -> bool:
    """Say whether somebody who takes calls has what one of the queue's tiers asks for."""
    return (
        queue.client in person.clients
        and queue.channel in person.capacity
        and any(_has(person, tier) for tier in queue.tiers)
    )


def serves(person: Person, queue: Queue) -> bool:
    """Say whether somebody who can serve a queue has the proofs that it asks for, old ones too."""
    return can_serve(person, queue) and person.proofs.keys() >= set(queue.proven)


def _has(person: Person, tier: Tier) -> bool:
    return all(person.skills.get(skill, 0) >= level for skill, level in tier.requires.items())
