"""
What the demo's customers and agents write, by language; what has no texts of its own is English.

Refuses: to draw lots; who writes has his own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

FILE = Path(__file__).parent / "knowledge" / "written.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What is written in one language."""

    chats: Sequence[Sequence[str]]
    """A customer's messages, one after each answer."""
    mails: Sequence[Sequence[str]]
    """Subject and text."""
    answers: Sequence[str]
    """An agent's, one after the other."""
    letter: str
    """An agent's answer to a mail."""
    goodbye: str
    thanks: str


def words() -> Mapping[str, Words]:
    """Give all of them by language."""
    found: dict[str, Any] = YAML(typ="safe", pure=True).load(FILE.read_text(encoding="utf-8"))
    return {language: Words(**said) for language, said in found.items()}


def of(words_: Mapping[str, Words], language: str) -> Words:
    """Give those of a language."""
    return words_.get(language.partition("-")[0], words_["en"])
