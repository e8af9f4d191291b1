"""
A description in a language: sections, groups and items, for a page or for paper.

Refuses: the language of the reader's pages. A description is written for who is to be hired.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils import translation

from callfloor.departments.human_resources import rules
from callfloor.departments.human_resources.queries import words
from callfloor.departments.human_resources.rules import Sentence
from callfloor.ui.paper import Line

Questions = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, kw_only=True)
class Item:
    """A sentence as it is read."""

    text: str
    source: str
    proofs: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Group:
    """Items under a heading of their own, or under none."""

    name: str
    items: tuple[Item, ...]


@dataclass(frozen=True, kw_only=True)
class Section:
    """One part of the sheet."""

    key: str
    name: str
    groups: tuple[Group, ...]


def sections(
    sentences: Sequence[Sentence],
    *,
    language: str,
    questions: Questions,
    texts: Sequence[str] | None = None,
) -> list[Section]:
    """Return the sheet in a language; `texts` are those of the day of issue, if they are wanted."""
    with translation.override(language):
        said = texts or [words.say(sentence) for sentence in sentences]
        pairs = list(zip(sentences, said, strict=True))
        return [
            Section(key=key, name=str(words.SECTIONS[key]), groups=tuple(_groups(own, questions)))
            for key in rules.SECTIONS
            if (own := [pair for pair in pairs if pair[0].section == key])
        ]


def _groups(pairs: Sequence[tuple[Sentence, str]], questions: Questions) -> Iterator[Group]:
    """Yield sentences under their headings, in the order in which the headings come first."""
    groups: dict[str, list[Item]] = {}
    for sentence, text in pairs:
        found = groups.setdefault(words.group(sentence), [])
        found.append(item(sentence, text=text, questions=questions))
    yield from (Group(name=name, items=tuple(items)) for name, items in groups.items())


def item(sentence: Sentence, *, text: str, questions: Questions) -> Item:
    """Return a sentence with its source and its proofs, in the language in force."""
    return Item(
        text=text,
        source=words.source(sentence),
        proofs=tuple(words.proof(key, questions=questions) for key in sentence.proofs),
    )


def lines(title: str, lead: str, found: Sequence[Section]) -> Iterator[Line]:
    """Yield the sheet as a paper has it."""
    yield Line(text=title, style="title")
    yield Line(text=lead, style="lead")
    for section in found:
        yield Line(text=section.name, style="heading")
        for group in section.groups:
            if group.name:
                yield Line(text=group.name, style="subheading")
            for each in group.items:
                yield Line(text=each.text, style="item")
