"""Short numbers of the house, and the user names of telephones: each means one thing."""

from collections.abc import Iterator

from callfloor.blueprint.findings import Problem
from callfloor.blueprint.schema import Blueprint

Path = tuple[str, ...]


def problems(blueprint: Blueprint) -> Iterator[Problem]:
    """Find extensions and user names that stand twice."""
    yield from _extensions(blueprint)
    yield from _users(blueprint)


def _extensions(blueprint: Blueprint) -> Iterator[Problem]:
    taken = dict.fromkeys(blueprint.numbers, "a number that callers dial")
    taken |= dict.fromkeys(blueprint.emergency, "a number that is dialed in need")
    for path, extension in _all_extensions(blueprint):
        if extension in taken:
            wrong = f"`{extension}` is {taken[extension]} already."
            hint = "Give another short number of two to six digits."
            yield Problem(id="E034", path=path, wrong=wrong, hint=hint)
        taken.setdefault(extension, f"the extension of `{path[1]}`")


def _all_extensions(blueprint: Blueprint) -> Iterator[tuple[Path, str]]:
    for key, person in blueprint.people.items():
        if person.extension is not None:
            yield ("people", key, "extension"), person.extension
    for key, queue in blueprint.queues.items():
        if queue.extension is not None:
            yield ("queues", key, "extension"), queue.extension


def _users(blueprint: Blueprint) -> Iterator[Problem]:
    owners: dict[str, Path] = {}
    for path, user in _all_users(blueprint):
        owner = owners.setdefault(user, path[:2])
        # One trunk may have one account for both ways; a telephone stands once in a list.
        if owner != path[:2] or (path[0] == "people" and _is_second(blueprint, path, user)):
            wrong = f"`{user}` is the user name of `{owner[1]}` already."
            hint = "Give each telephone and trunk a user name of its own."
            yield Problem(id="E035", path=path, wrong=wrong, hint=hint)


def _is_second(blueprint: Blueprint, path: Path, user: str) -> bool:
    return blueprint.people[path[1]].phones.index(user) != int(path[3])


def _all_users(blueprint: Blueprint) -> Iterator[tuple[Path, str]]:
    for key, trunk in blueprint.trunks.items():
        for name, user in (("digest_user", trunk.digest_user), ("user", trunk.user)):
            if user is not None:
                yield ("trunks", key, name), user
    for key, person in blueprint.people.items():
        for index, user in enumerate(person.phones):
            yield ("people", key, "phones", str(index)), user
