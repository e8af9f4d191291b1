"""People, and the made-up people of the demo."""

from collections.abc import Iterator

from callfloor.blueprint import hours, organisation
from callfloor.blueprint.check.wording import unknown
from callfloor.blueprint.findings import Problem
from callfloor.blueprint.schema import Blueprint, Demo, Person, Proof


def problems(blueprint: Blueprint) -> Iterator[Problem]:
    """Find names that people have and the file does not, and demo people that do not fit."""
    for key, person in blueprint.people.items():
        yield from _person(blueprint, ("people", key), person)
    if blueprint.demo is not None:
        yield from _demo(blueprint, blueprint.demo)


def _person(blueprint: Blueprint, path: tuple[str, ...], person: Person) -> Iterator[Problem]:
    for index, client in enumerate(person.clients):
        yield from unknown(
            fault="E010",
            kind="client",
            name=client,
            known=blueprint.clients,
            path=(*path, "clients", str(index)),
        )
    yield from unknown(
        fault="E017", kind="team", name=person.team, known=blueprint.teams, path=(*path, "team")
    )
    for skill in person.skills:
        yield from unknown(
            fault="E016",
            kind="skill",
            name=skill,
            known=blueprint.skills,
            path=(*path, "skills", skill),
        )
    for skill, proof in person.proofs.items():
        yield from _proof(blueprint, (*path, "proofs", skill), person, skill, proof)


def _proof(
    blueprint: Blueprint, path: tuple[str, ...], person: Person, skill: str, proof: Proof
) -> Iterator[Problem]:
    if skill not in person.skills:
        wrong = f"`{path[1]}` has a proof of `{skill}`, which is none of his skills."
        hint = "Give the skill with its level under `skills`, or take the proof out."
        yield Problem(id="E135", path=path, wrong=wrong, hint=hint)
    if proof.by == path[1]:
        hint = "Name somebody else, who has seen it."
        wrong = f"`{proof.by}` vouches for himself."
        yield Problem(id="E136", path=(*path, "by"), wrong=wrong, hint=hint)
    yield from unknown(
        fault="E019", kind="person", name=proof.by, known=blueprint.people, path=(*path, "by")
    )
    yield from _days(path, proof)


def _days(path: tuple[str, ...], proof: Proof) -> Iterator[Problem]:
    for place, text in (("on", proof.on), ("until", proof.until)):
        if text is not None and hours.day(text) is None:
            hint = "Write a day that there is, as `2027-03-01`."
            yield Problem(id="E137", path=(*path, place), wrong=f"`{text}` is no day.", hint=hint)
            return
    if proof.until is not None and proof.until < proof.on:
        wrong = f"The proof ends on `{proof.until}`, before `{proof.on}`."
        hint = "Write the last day on which it holds, or leave `until` out."
        yield Problem(id="E137", path=(*path, "until"), wrong=wrong, hint=hint)


def _demo(blueprint: Blueprint, demo: Demo) -> Iterator[Problem]:
    for key in demo.people:
        yield from unknown(
            fault="E019",
            kind="person",
            name=key,
            known=blueprint.people,
            path=("demo", "people", key),
        )
    for key in blueprint.people:
        if key not in demo.people:
            yield Problem(
                id="E070",
                path=("people", key),
                wrong=f"`{key}` has no name in the demo.",
                hint=f"Add `{key}: {{name: …}}` under `demo.people`.",
            )
    takers = organisation.takers(blueprint)
    if not any(each.password for key, each in demo.people.items() if key in takers):
        yield Problem(
            id="E070",
            path=("demo", "people"),
            wrong="No newcomer can take calls in this demo.",
            hint="Give an agent a `password`; he is then a free seat.",
        )
