"""
What a reader sees of a template, apart from what is translated or comes from variables.

Refuses: rendering. A template is read as it stands, so that no branch is missed.
"""

import re
from html.parser import HTMLParser

from django.template.base import Lexer, Token, TokenType

SEEN_ATTRIBUTES = {"alt", "aria-label", "aria-description", "placeholder", "title"}
SEEN_ATTRIBUTES |= {"aria-placeholder", "aria-roledescription", "aria-valuetext", "data-confirm"}
UNSEEN_ELEMENTS = {"script", "style", "template-source", "code", "kbd"}
BLOCKS = ("blocktranslate", "blocktrans")
UNTRANSLATED = re.compile(r"""\|(?:default|default_if_none|yesno|pluralize):(["'])(.*?)\1""")
OF_AN_ELEMENT = re.compile(r"(?:^|_)(?:class|classes|attributes|style|id)$")
"""Names of blocks that fill in an element's attributes and say nothing."""
LETTER = re.compile(r"[^\W\d_]{2,}")
SILENT = re.compile(r"""&\#?\w+;|[\w:-]+="[^"]*"|\b(?:Callfloor|CSV|SIP)\b""")
"""Entities, attributes that a block brings to its element, names said alike everywhere."""


def untranslated(source: str) -> list[tuple[int, str]]:
    """Return the words that a template says in one language only, with their lines."""
    reader = _Reader(convert_charrefs=False)
    reader.feed(_without_tags(source))
    reader.close()
    return [(line, text) for line, text in reader.seen if LETTER.search(SILENT.sub("", text))]


def _without_tags(source: str) -> str:
    """Return the markup with Django's tags taken out, line by line as before."""
    kept = []
    until = ""
    line = 1
    for token in Lexer(source).tokenize():
        begins = token.lineno or line
        kept.append("\n" * (begins - line))
        line = begins
        if until:
            if token.token_type == TokenType.BLOCK and token.contents == until:
                until = ""
        elif token.token_type == TokenType.TEXT:
            kept.append(token.contents)
            line += token.contents.count("\n")
        elif token.token_type == TokenType.VAR:
            kept.append(_said_by(token))
        elif token.token_type == TokenType.BLOCK:
            until = _end_of(token)
    return "".join(kept)


def _said_by(token: Token) -> str:
    return " ".join(match[2] for match in UNTRANSLATED.finditer(token.contents))


def _end_of(token: Token) -> str:
    name, *rest = token.split_contents()
    if name == "block" and rest and OF_AN_ELEMENT.search(rest[0]):
        return "endblock"
    return f"end{name}" if name in (*BLOCKS, "comment", "verbatim") else ""


class _Reader(HTMLParser):
    """Collects what a reader would see or hear."""

    def __init__(self, *, convert_charrefs: bool) -> None:
        super().__init__(convert_charrefs=convert_charrefs)
        self.seen: list[tuple[int, str]] = []
        self._unseen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._attributes(attrs)
        if tag in UNSEEN_ELEMENTS:
            self._unseen.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._attributes(attrs)

    def handle_endtag(self, tag: str) -> None:
        if self._unseen and self._unseen[-1] == tag:
            self._unseen.pop()

    def handle_data(self, data: str) -> None:
        if not self._unseen and data.strip():
            self.seen.append((self.getpos()[0], data.strip()))

    def _attributes(self, attrs: list[tuple[str, str | None]]) -> None:
        line = self.getpos()[0]
        self.seen += [(line, value) for name, value in attrs if value and name in SEEN_ATTRIBUTES]
