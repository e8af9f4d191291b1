"""People, and the made-up people of the demo."""

from collections.abc import Iterator

from callfloor.blueprint import organisation
from callfloor.blueprint.check.wording import unknown
from callfloor.blueprint.findings import Problem
from callfloor.blueprint.schema import Blueprint, Demo, Person


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
