"""
Languages as skills: who is promised a language is answered by somebody who has it.

A language counts as a skill if the file has a skill named after it, as `hu` or `hungarian`; of the
others nothing is known, because a team may speak them all. Refuses: to judge how well.
"""

from collections.abc import Iterator

from callfloor.blueprint import organisation
from callfloor.blueprint.findings import Problem
from callfloor.blueprint.schema import Blueprint

NAMES = {
    "en": ("en", "english"),
    "hu": ("hu", "hungarian"),
    "es": ("es", "spanish"),
    "ru": ("ru", "russian"),
    "fa": ("fa", "persian"),
    "fr": ("fr", "french"),
}
"""Keys of a skill that mean a language."""


def problems(blueprint: Blueprint) -> Iterator[Problem]:
    """Find languages of a client that are a skill and that none of its agents has."""
    takers = [blueprint.people[key] for key in organisation.takers(blueprint)]
    for key, client in blueprint.clients.items():
        here = [person for person in takers if key in person.clients]
        for index, language in enumerate(client.languages):
            skills = [name for name in NAMES[language] if name in blueprint.skills]
            if skills and not any(name in person.skills for person in here for name in skills):
                wrong = f"Nobody who takes calls of `{key}` has the skill `{skills[0]}`."
                hint = "Give it to an agent of this client, or leave out the language."
                path = ("clients", key, "languages", str(index))
                yield Problem(id="W112", path=path, wrong=wrong, hint=hint)
