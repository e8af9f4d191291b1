"""Articles and emergencies: who answers for them, and whether they are what they say."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from callfloor.blueprint import hours, schema, standard
from callfloor.blueprint.check import aims
from callfloor.blueprint.check.offices import unknown_role
from callfloor.blueprint.check.wording import guess, unknown
from callfloor.blueprint.findings import Problem
from callfloor.blueprint.schema import Blueprint

Path = tuple[str, ...]


def problems(blueprint: Blueprint) -> Iterator[Problem]:
    """Find what is wrong with articles and emergencies."""
    for key, article in blueprint.articles.items():
        yield from _article(blueprint, ("articles", key), article)
    for key, emergency in blueprint.emergencies.items():
        yield from _emergency(blueprint, ("emergencies", key), emergency)


def _article(blueprint: Blueprint, path: Path, article: schema.Article) -> Iterator[Problem]:
    yield from unknown_role(blueprint, article.owner, (*path, "owner"))
    if hours.day(article.review) is None:
        wrong = f"`{article.review}` is no day."
        hint = "Write a day that there is, as `2027-03-01`."
        yield Problem(id="E097", path=(*path, "review"), wrong=wrong, hint=hint)
    known = aims.objectives(blueprint)
    for index, name in enumerate(article.supports):
        place = (*path, "supports", str(index))
        yield from unknown(fault="E099", kind="objective", name=name, known=known, path=place)
    for index, text in enumerate(article.enforced_by):
        yield from _enforced(blueprint, text, (*path, "enforced_by", str(index)))


def _enforced(blueprint: Blueprint, text: str, path: Path) -> Iterator[Problem]:
    here: Any = blueprint
    for name in text.split("."):
        inside = _inside(here)
        if (here := inside.get(name)) is None:
            wrong = f"`{text}` names nothing in this file."
            known = [key for key, value in inside.items() if value is not None]
            hint = guess(name, known) if known else "Name a value, as `rules.labour.day_hours_max`."
            yield Problem(id="E098", path=path, wrong=wrong, hint=hint)
            return


def _inside(value: Any) -> Mapping[str, Any]:
    if isinstance(value, BaseModel):
        return {name: getattr(value, name) for name in type(value).model_fields}
    if isinstance(value, list):
        return {str(index): each for index, each in enumerate(value)}
    return value if isinstance(value, dict) else {}


def _emergency(blueprint: Blueprint, path: Path, emergency: schema.Emergency) -> Iterator[Problem]:
    for index, name in enumerate(emergency.clients):
        place = (*path, "clients", str(index))
        known = blueprint.clients
        yield from unknown(fault="E010", kind="client", name=name, known=known, path=place)
    said = {*blueprint.prompts, *standard.PROMPTS}
    place = (*path, "prompt")
    yield from unknown(fault="E015", kind="prompt", name=emergency.prompt, known=said, path=place)
    if emergency.prompt in said:
        yield from _languages(blueprint, path, emergency)


def _languages(blueprint: Blueprint, path: Path, emergency: schema.Emergency) -> Iterator[Problem]:
    prompt = emergency.prompt
    told = {*standard.PROMPTS.get(prompt, {}), *blueprint.prompts.get(prompt, {})}
    concerned = emergency.clients or list(blueprint.clients)
    spoken = {
        language: client
        for client in reversed([each for each in concerned if each in blueprint.clients])
        for language in blueprint.clients[client].languages
    }
    for language in sorted(set(spoken) - told):
        wrong = (
            f"`{prompt}` has no text in `{language}`, which callers of `{spoken[language]}` speak."
        )
        hint = f"Add `{language}:` with its text to the prompt."
        yield Problem(id="E037", path=(*path, "prompt"), wrong=wrong, hint=hint)
