"""
A file to begin with: a preset in the wanted size and languages, with a word on each part.

What comes out is a whole file that belongs to its author; it names no preset, so that a later
version of Callfloor changes nothing of it. Refuses: to make a centre in which somebody would have
to decide about himself.
"""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from callfloor.blueprint import canonical, organisation, preset
from callfloor.blueprint.check import check
from callfloor.blueprint.schema import Blueprint, Person
from callfloor.blueprint.schema.demand import Demand
from callfloor.blueprint.schema.parts import Language

BUSINESSES: Mapping[str, str] = {
    "service": "six_seats",
    "helpline": "city_helpline",
    "bank": "bank",
    "outsourcer": "outsourcer",
    "everything": "everything",
}
"""What somebody may say that he does, and the preset that he begins with."""

STEM_MAX = 34  # A key has forty characters, and a number of people has at most six digits.
SIZE_MAX = 1_000  # A larger one is grown from there, by people who know it.

COMMENTS: Mapping[str, str] = {
    "centre": "The centre itself. Write its own name and time zone.",
    "sites": "Where people work.",
    "direction": "What it is all for: mission, values, objectives, what drives them, targets.",
    "departments": "Who answers for what; `merges` lets a small centre answer in fewer places.",
    "roles": "Roles of this centre's own; the standard ones are in docs/reference/access.md.",
    "articles": "What people work by.",
    "rules": "Hours of work, and how long what is kept.",
    "demand": "Who calls when and who sits there: `callfloor simulate` tries a change with it.",
    "emergencies": "What a leader can switch on from a page.",
    "clients": "For whom the centre works; their customers' languages, the default first.",
    "calendars": "When it is open.",
    "people": "Everybody by key; names, numbers and passwords are kept in the records.",
    "queues": "Where calls wait, and who may take them.",
    "flows": "What a caller meets; `callfloor try-flow` tries it.",
    "numbers": "Numbers as they are dialed on the trunk.",
    "trunks": "Lines to the outside: add the address of your provider (trunk-and-phones.md).",
    "cases": "What is promised for cases; the rest is as everywhere (docs/howto/cases.md).",
    "prompts": "What is said, in every language of the client.",
}


class CannotBegin(Exception):
    """The wishes do not go together; the text says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What somebody wants to begin with; None for as the preset has it."""

    business: str
    size: int | None = None
    languages: tuple[Language, ...] | None = None
    schema: str | None = None
    """Where editors find the JSON Schema, as seen from the file."""


def make(wishes: Wishes) -> str:
    """
    Return the text of a file that checks clean.

    Raises CannotBegin if there is no such business, or not in this size or language.
    """
    blueprint = _preset(wishes.business)
    blueprint = blueprint.model_copy(update={"demo": None, "probe": None})
    if wishes.languages is not None:
        blueprint = _speaking(blueprint, wishes.business, wishes.languages)
    if wishes.size is not None:
        blueprint = _sized(blueprint, wishes.business, wishes.size)
    text = "\n".join(_lines(blueprint, wishes)) + "\n"
    findings = check(text, file=wishes.business).findings
    assert not findings, f"a file to begin with has findings: {[str(each) for each in findings]}"
    return text


def languages_of(business: str) -> list[Language]:
    """Give the languages in which one may begin with a business, sorted."""
    blueprint = _preset(business)
    if business == "service":
        return sorted(_told(blueprint))
    return sorted({each for client in blueprint.clients.values() for each in client.languages})


def size_of(business: str) -> int:
    """Give the number of people with which a business begins, which is the least too."""
    return len(_preset(business).people)


def _preset(business: str) -> Blueprint:
    if business not in BUSINESSES:
        raise CannotBegin(f"{business} is none of {', '.join(BUSINESSES)}")
    path = preset.PRESETS / f"{BUSINESSES[business]}.yaml"
    text = path.read_text(encoding="utf-8")
    found = check(text, file=str(path), near=preset.PRESETS).blueprint
    assert found is not None, f"{path} has findings"
    return found


# --- Languages ------------------------------------------------------------------------------------


def _told(blueprint: Blueprint) -> set[Language]:
    return set.intersection(*(set(texts) for texts in blueprint.prompts.values()))


def _speaking(blueprint: Blueprint, business: str, languages: tuple[Language, ...]) -> Blueprint:
    known = languages_of(business)
    if not languages or set(languages) - set(known):
        raise CannotBegin(f"{business} begins in {', '.join(known)}; add others in the file")
    if business != "service":
        if set(languages) != set(known):
            raise CannotBegin(f"{business} begins in all of {', '.join(known)}")
        return blueprint
    return _one_queue_speaking(blueprint, languages)


def _one_queue_speaking(blueprint: Blueprint, languages: tuple[Language, ...]) -> Blueprint:
    """Give each language a number of its own, and leave out what is said in others."""
    clients = {
        key: client.model_copy(update={"languages": list(languages)})
        for key, client in blueprint.clients.items()
    }
    first, entry = next(iter(blueprint.numbers.items()))
    numbers = {
        str(int(first) + place): entry.model_copy(update={"language": language})
        for place, language in enumerate(languages)
    }
    prompts = {
        key: {language: texts[language] for language in languages if language in texts}
        for key, texts in blueprint.prompts.items()
    }
    return blueprint.model_copy(
        update={
            "clients": clients,
            "numbers": numbers,
            "prompts": prompts,
            "demand": _shared(blueprint.demand, first, list(numbers)),
        }
    )


def _shared(demand: Demand | None, first: str, numbers: list[str]) -> Demand | None:
    """Share the calls of one number among all, evenly."""
    if demand is None or first not in demand.numbers:
        return demand
    whole = demand.numbers[first]
    part = whole.model_copy(update={"contacts_day": round(whole.contacts_day / len(numbers), 1)})
    return demand.model_copy(update={"numbers": dict.fromkeys(numbers, part)})


# --- Size -----------------------------------------------------------------------------------------


def _sized(blueprint: Blueprint, business: str, size: int) -> Blueprint:
    """Add people who take calls, each like one who is there already; demand grows with them."""
    least = len(blueprint.people)
    if not least <= size <= SIZE_MAX:
        raise CannotBegin(f"{business} begins with {least} to {SIZE_MAX} people")
    added = dict(itertools.islice(_more(blueprint), size - least))
    people = blueprint.people | {key: person for key, (_, person) in added.items()}
    alike: dict[str, list[str]] = {}
    for key, (like, _) in added.items():
        alike.setdefault(like, []).append(key)
    demand = _grown(blueprint.demand, alike, factor=size / least)
    return blueprint.model_copy(update={"people": people, "demand": demand})


def _more(blueprint: Blueprint) -> Iterator[tuple[str, tuple[str, Person]]]:
    """Yield keys with the person who is alike and the new one, for ever."""
    above = {team.leader for team in blueprint.teams.values()}
    above |= {entry.head for entry in blueprint.departments.values()}
    takers = sorted(organisation.takers(blueprint) - above)
    able = [key for key in takers if blueprint.people[key].skills] or takers
    taken = set(blueprint.people)
    for like in itertools.cycle(able):
        stem = like.rstrip("0123456789")[:STEM_MAX]
        key = next(f"{stem}{n}" for n in itertools.count(1) if f"{stem}{n}" not in taken)
        taken.add(key)
        yield key, (like, _newcomer(blueprint, like))


def _newcomer(blueprint: Blueprint, like: str) -> Person:
    """Give a person who takes calls as another does, and has no other duty of his."""
    one = blueprint.people[like]
    roles = [role for role in one.roles if _takes(blueprint, like, role)]
    return one.model_copy(update={"roles": roles, "phones": [], "extension": None})


def _takes(blueprint: Blueprint, who: str, role: str) -> bool:
    person = blueprint.people[who].model_copy(update={"roles": [role]})
    return bool(organisation.takers(blueprint.model_copy(update={"people": {who: person}})))


def _grown(
    demand: Demand | None, alike: Mapping[str, list[str]], *, factor: float
) -> Demand | None:
    if demand is None:
        return None
    shifts = [
        shift.model_copy(
            update={
                "people": [
                    *shift.people,
                    *(new for like in shift.people for new in alike.get(like, ())),
                ]
            }
        )
        for shift in demand.shifts
    ]
    numbers = {
        key: entry.model_copy(update={"contacts_day": round(entry.contacts_day * factor, 1)})
        for key, entry in demand.numbers.items()
    }
    return demand.model_copy(update={"shifts": shifts, "numbers": numbers})


# --- Text -----------------------------------------------------------------------------------------


def _lines(blueprint: Blueprint, wishes: Wishes) -> Iterator[str]:
    if wishes.schema is not None:
        yield f"# yaml-language-server: $schema={wishes.schema}"
    yield "# A centre to begin with; change what you like. `callfloor check FILE` tells what is"
    yield "# wrong, with line and column. Every key is explained in docs/reference/blueprint.md."
    for line in canonical.text(blueprint).splitlines():
        key = line.partition(":")[0]
        if line[:1] not in (" ", "") and key in COMMENTS:
            yield ""
            yield f"# {COMMENTS[key]}"
        yield line
