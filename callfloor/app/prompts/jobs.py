"""Which prompts a centre needs: its own, Callfloor's, and the numbers, in every language spoken."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from callfloor.blueprint import schema, standard
from callfloor.blueprint.compile import calendar
from callfloor.blueprint.schema import Blueprint

WORDS_A_MINUTE = 155
RECIPE = "1"  # Raise it when the same text would now sound different.


@dataclass(frozen=True, slots=True)
class Job:
    """One prompt in one language."""

    key: str
    language: str
    text: str
    ends_with_tone: bool = False
    """Whether the caller speaks after it."""

    @property
    def name(self) -> str:
        """The file below the prompt folder, without its ending."""
        return f"{self.language}/{self.key}"

    def stamp(self, engine: str) -> str:
        """Return what the sound depends on, as a short hash: the cache's key."""
        tone = "tone" if self.ends_with_tone else ""
        parts = (RECIPE, engine, self.language, str(WORDS_A_MINUTE), self.text, tone)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]


def jobs_of(blueprint: Blueprint) -> list[Job]:
    """Return all prompts that a caller of this centre may hear, each once."""
    languages = sorted({each for client in blueprint.clients.values() for each in client.languages})
    return [job for language in languages for job in _in_language(blueprint, language)]


def _before_messages(blueprint: Blueprint) -> set[str]:
    steps = (step for flow in blueprint.flows.values() for step in flow.steps.values())
    return {step.prompt for step in steps if isinstance(step, schema.Message)}


def _in_language(blueprint: Blueprint, language: schema.Language) -> Iterator[Job]:
    with_tone = _before_messages(blueprint)
    texts = {key: told[language] for key, told in standard.PROMPTS.items()}
    for key, told_here in blueprint.prompts.items():
        texts[key] = told_here.get(language) or texts.get(key, "")
    for key, text in texts.items():
        if text:  # Else another client's prompt, in a language that only this one speaks.
            yield Job(key, language, text, ends_with_tone=key in with_tone)
    for number in range(1, standard.NUMBER_MAX + 1):
        yield Job(f"number_{number}", language, str(number))
    openings = _openings(blueprint)
    if openings:
        for day, told_day in standard.DAYS.items():
            yield Job(f"day_{day}", language, told_day[language])
    for minute in sorted(openings):
        hour, rest = divmod(minute, 60)
        yield Job(f"clock_{hour:02}{rest:02}", language, f"{hour}:{rest:02}")


def _openings(blueprint: Blueprint) -> set[int]:
    """Give the minutes of the day at which a queue may open that calls back by its hours."""
    by_hours = {queue.hours for queue in blueprint.queues.values() if queue.hours is not None}
    plans = [calendar(blueprint, key, years=()) for key in by_hours]
    weekly = {begin for each in plans for _, begin, _ in each.weekly}
    special = {begin for each in plans for _, day in each.exceptions for begin, _ in day}
    return weekly | special
