"""
What an article may be, what of it is owed to whom, and how its words are found. Pure.

    words    text to words: case, accents, Arabic and Persian letters, digits, compounds
    stems    words to what their inflected forms share, in six languages
    finding  which words of the index are meant, and which texts come first
"""

from collections.abc import Mapping

KINDS = ("knowledge", "policy", "sop", "script", "product", "canned")
"""knowledge to look up, policy and sop to be acknowledged, the words of scripts, products, and
canned texts that are put into an answer."""
ACKNOWLEDGED = frozenset({"policy", "sop"})
"""Kinds that everybody whom they concern must have read."""
LANGUAGES = ("en", "hu", "es", "ru", "fa", "fr")
TITLE_CHARACTERS_MAX = 200
BODY_CHARACTERS_MAX = 40_000  # Fifteen pages; what is longer nobody reads beside a caller.


def is_owed(*, kind: str, key: str, asked: frozenset[str]) -> bool:
    """
    Say whether somebody must acknowledge an article.

    `asked` are the keys that his duties name. A policy is everybody's; a procedure is owed by
    whoever has a duty that names it.
    """
    return kind == "policy" or (kind in ACKNOWLEDGED and key in asked)


def chosen(found: Mapping[str, str], *, wanted: str) -> str | None:
    """Choose a language of those found: the wanted one, else English, else the first."""
    for language in (wanted, "en"):
        if language in found:
            return language
    return next(iter(found), None)
