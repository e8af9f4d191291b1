"""
What may be changed of a flow: where each of its ways leads, which keys are pressed, what is said.

Steps are added and removed in the file: a form cannot show what that does to a caller's way.
Refuses: texts of which the callers of other clients hear a word.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from callfloor.kernel.ports import Keys

Edits = dict[Keys, Any]
DIGITS = (*"0123456789", "*", "#")
SINGLE = ("next", "open", "closed", "otherwise")
"""Ways out of a step that have a name."""
LISTS = ("choices", "leave")
"""Keys that lead somewhere."""
TEXT_MAX = 900
"""As the file's own limit: a prompt may last a minute."""


@dataclass(frozen=True, kw_only=True)
class Way:
    """One way out of a step, as the form has it."""

    field: str
    """The name of the select."""
    kind: str
    """next, open, closed, otherwise, language or key."""
    to: str
    digit: str = ""
    name: str = ""
    """What the key means, or the language."""


@dataclass(frozen=True, kw_only=True)
class Words:
    """A prompt in one language."""

    field: str
    language: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Step:
    """A step with what may be changed of it."""

    key: str
    said: Mapping[str, Any]
    ways: tuple[Way, ...]
    prompts: tuple[str, ...]
    """What is said here for the first time in this flow."""


class Form:
    """The flow as it is, or as it was typed."""

    def __init__(
        self,
        key: str,
        said: Mapping[str, Any],
        *,
        prompts: Mapping[str, Mapping[str, str]],
        languages: list[str],
        welcome: Callable[[str], tuple[str, ...]],
        may_reword: Callable[[str], bool],
        typed: Mapping[str, Any] | None,
    ) -> None:
        self._key = key
        self._said = said
        self._prompts = prompts
        self._languages = languages
        self._welcome = welcome
        self._may_reword = may_reword
        self._typed = typed
        self.wrong: dict[str, Any] = {}
        """Nothing can be typed here that is none: what leads nowhere is a finding."""
        self.edits: Edits = dict(self._edits()) if typed is not None else {}

    def steps(self) -> list[Step]:
        """Return every step in the order of the file."""
        told: set[str] = set()
        found = []
        for key, said in self._said["steps"].items():
            prompts = [each for each in self._prompts_of(said) if each not in told]
            told |= set(prompts)
            ways = tuple(self._ways(key, said))
            found.append(Step(key=key, said=said, ways=ways, prompts=tuple(prompts)))
        return found

    def words(self, prompt: str) -> list[Words]:
        """Return what is said, by language."""
        texts = self._prompts.get(prompt, {})
        return [
            Words(
                field=f"text.{prompt}.{language}",
                language=language,
                text=self._typed_or(f"text.{prompt}.{language}", texts.get(language, "")),
            )
            for language in dict.fromkeys([*self._languages, *texts])
        ]

    def is_own(self, prompt: str) -> bool:
        """Say whether the file has a prompt; else it is one of Callfloor's own."""
        return prompt in self._prompts

    def may_reword(self, prompt: str) -> bool:
        """Say whether this reader may change what is said."""
        return self.is_own(prompt) and self._may_reword(prompt)

    def _typed_or(self, field: str, held: str) -> str:
        return str(self._typed[field]) if self._typed and field in self._typed else held

    def _prompts_of(self, said: Mapping[str, Any]) -> list[str]:
        found = [said["prompt"]] if said.get("prompt") else []
        return [*found, *(self._welcome(said["queue"]) if said["do"] == "queue" else ())]

    def _ways(self, step: str, said: Mapping[str, Any]) -> Iterator[Way]:
        for place in SINGLE:
            if said.get(place):
                field = f"to.{step}.{place}"
                yield Way(field=field, kind=place, to=self._typed_or(field, said[place]))
        for language, to in (said.get("ways") or {}).items():
            field = f"to.{step}.ways.{language}"
            yield Way(field=field, kind="language", to=self._typed_or(field, to), name=language)
        for place in LISTS:
            for index, choice in enumerate(said.get(place) or ()):
                field = f"to.{step}.{place}.{index}"
                yield Way(
                    field=field,
                    kind="key",
                    to=self._typed_or(field, choice["next"]),
                    digit=self._typed_or(f"key.{step}.{place}.{index}", choice["key"]),
                    name=choice["name"],
                )

    def _edits(self) -> Iterator[tuple[Keys, Any]]:
        assert self._typed is not None
        for step, said in self._said["steps"].items():
            top = ("flows", self._key, "steps", step)
            for place in SINGLE:
                if said.get(place):
                    to = self._typed_or(f"to.{step}.{place}", said[place])
                    if to != said[place]:
                        yield (*top, place), to
            for language, held_to in (said.get("ways") or {}).items():
                to = self._typed_or(f"to.{step}.ways.{language}", held_to)
                if to != held_to:
                    yield (*top, "ways", language), to
            for place in LISTS:
                held = list(said.get(place) or ())
                wanted = list(self._choices(step, place, held))
                if wanted != held:
                    yield (*top, place), wanted
        yield from self._rewordings()

    def _choices(
        self, step: str, place: str, held: list[Mapping[str, Any]]
    ) -> Iterator[dict[str, Any]]:
        """Yield the keys as they were typed; one without a key is taken out."""
        for index, choice in enumerate(held):
            digit = self._typed_or(f"key.{step}.{place}.{index}", choice["key"])
            to = self._typed_or(f"to.{step}.{place}.{index}", choice["next"])
            if digit:
                yield {**choice, "key": digit, "next": to}

    def _rewordings(self) -> Iterator[tuple[Keys, Any]]:
        for prompt in dict.fromkeys(each for step in self.steps() for each in step.prompts):
            for words in self.words(prompt) if self.may_reword(prompt) else ():
                wanted = " ".join(words.text.split())
                held = self._prompts[prompt].get(words.language, "")
                if wanted != " ".join(held.split()):
                    yield ("prompts", prompt, words.language), wanted or None
