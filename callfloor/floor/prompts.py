"""
Keys of prompts into files below the prompt folder (docs/reference/link.md).

A prompt that is missing in the caller's language is said in the client's first language, and an
alarm tells it once: a caller is never left in silence and a gap is never hidden. Music has no
language and lies in `any/`.

Refuses: to touch the disk on the way of a call. What is there is listed at the start and again
after `refresh`.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

ANY = "any"


class Prompts:
    """The prompt files that exist."""

    def __init__(self, folder: Path, *, alarm: Callable[[str, str], None]) -> None:
        self._folder = folder
        self._alarm = alarm
        self._known: frozenset[str] = frozenset()
        self._missed: set[str] = set()
        self.refresh()

    def refresh(self) -> None:
        """List the folder anew: prompts were added or a plan has changed."""
        found = self._folder.glob("*/*.wav")
        self._known = frozenset(str(path.relative_to(self._folder)) for path in found)
        self._missed.clear()

    def files(self, keys: Iterable[str], *, language: str, default: str) -> list[str]:
        """
        Give the files of some prompts, in order; what exists nowhere is left out and told.

        `default` is the language that is said when `language` has no such prompt.
        """
        chosen = (self._file(key, language, default) for key in keys)
        return [file for file in chosen if file is not None]

    def _file(self, key: str, language: str, default: str) -> str | None:
        name = key.replace(":", "_")
        wanted = f"{language}/{name}.wav"
        for file in (wanted, f"{ANY}/{name}.wav", f"{default}/{name}.wav"):
            if file in self._known:
                if not file.startswith((f"{language}/", f"{ANY}/")):
                    self._tell(wanted)
                return file
        self._tell(wanted)
        return None

    def _tell(self, wanted: str) -> None:
        if wanted not in self._missed:
            self._missed.add(wanted)
            self._alarm("prompt_missing", wanted)
