"""Which prompts a centre needs: its own, Callfloor's, and the numbers, in every language spoken."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from callfloor.blueprint import standard
from callfloor.blueprint.schema import Blueprint, Language

WORDS_A_MINUTE = 155
RECIPE = "1"  # Raise it when the same text would now sound different.


@dataclass(frozen=True, slots=True)
class Job:
    """One prompt in one language."""

    key: str
    language: str
    text: str

    @property
    def name(self) -> str:
        """The file below the prompt folder, without its ending."""
        return f"{self.language}/{self.key}"

    def stamp(self, engine: str) -> str:
        """Return what the sound depends on, as a short hash: the cache's key."""
        parts = (RECIPE, engine, self.language, str(WORDS_A_MINUTE), self.text)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]


def jobs_of(blueprint: Blueprint) -> list[Job]:
    """Return all prompts that a caller of this centre may hear, each once."""
    languages = sorted({each for client in blueprint.clients.values() for each in client.languages})
    return [job for language in languages for job in _in_language(blueprint, language)]


def _in_language(blueprint: Blueprint, language: Language) -> Iterator[Job]:
    texts = {key: told[language] for key, told in standard.PROMPTS.items()}
    for key, told_here in blueprint.prompts.items():
        texts[key] = told_here.get(language) or texts.get(key, "")
    for key, text in texts.items():
        if text:  # Else another client's prompt, in a language that only this one speaks.
            yield Job(key, language, text)
    for number in range(1, standard.NUMBER_MAX + 1):
        yield Job(f"number_{number}", language, str(number))
