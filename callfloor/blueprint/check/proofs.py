"""
Proofs by the day on which the file is checked: what is over, and what ends soon.

Warnings alone: a file that was good yesterday must start the centre today. Refuses: to look at the
clock; the day comes in, and without one nothing is found.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from callfloor.blueprint import hours, organisation
from callfloor.blueprint.check.queues import serves
from callfloor.blueprint.findings import Problem
from callfloor.blueprint.schema import Blueprint, Person, Proof

SOON = timedelta(days=30)  # So long it takes to hold a course, and to write a test again.


def problems(blueprint: Blueprint, *, today: date) -> Iterator[Problem]:
    """Find proofs that somebody must see to, and queues that are left without one that holds."""
    for key, person in blueprint.people.items():
        for skill, proof in person.proofs.items():
            yield from _ends(("people", key, "proofs", skill, "until"), proof, today)
    takers = [blueprint.people[key] for key in organisation.takers(blueprint)]
    for key, queue in blueprint.queues.items():
        proven = [each for each in takers if serves(each, queue)]
        if proven and not any(_holds(each, queue.proven, today) for each in proven):
            wrong = f"Of those who can serve `{key}` nobody has a proof that holds today."
            hint = "Have somebody prove it again; until then nobody is given what waits there."
            yield Problem(id="W140", path=("queues", key, "proven"), wrong=wrong, hint=hint)


def _ends(path: tuple[str, ...], proof: Proof, today: date) -> Iterator[Problem]:
    last = hours.day(proof.until) if proof.until is not None else None
    is_day = proof.until is not None and proof.until >= proof.on  # Else E137 has said so.
    if last is None or not is_day or last > today + SOON:
        return
    whose = f"`{path[1]}`'s proof of `{path[3]}`"
    wrong = f"{whose} ends on {last}." if last >= today else f"{whose} was over on {last}."
    hint = "Have it proven again, and write the new days."
    yield Problem(id="W139", path=path, wrong=wrong, hint=hint)


def _holds(person: Person, skills: list[str], today: date) -> bool:
    day = today.isoformat()
    proofs = [person.proofs[skill] for skill in skills]
    return all(each.on <= day and (each.until is None or day <= each.until) for each in proofs)
