"""
The message catalogs: found texts, filled files, compiled files.

Reads Python and templates with the standard library and Django's own parser, and writes catalogs
with Babel, because gettext's programs are missing on many machines. Texts of scripts are rendered
by templates. Refuses: to guess a translation. A text that has changed is a new text.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.translation.template import templatize

if TYPE_CHECKING:  # Babel is a tenth of a start, and a start compiles nothing as a rule.
    from babel.messages.catalog import Catalog

PACKAGE = Path(__file__).resolve().parent.parent
LOCALE = PACKAGE / "locale"
LANGUAGES = ("es", "fa", "fr", "hu", "ru")
DOMAIN = "django"

# For each function: the places of context, text and plural among its arguments.
CALLS = {
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
QUOTED = r"""u?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
CALL = re.compile(
    rf"(?<![\w.])({'|'.join(sorted(CALLS, key=len, reverse=True))})\(\s*"
    rf"{QUOTED}(?:\s*,\s*{QUOTED})?(?:\s*,\s*{QUOTED})?"
)

Key = tuple[str, str | None]


@dataclass
class Text:
    """A text that somebody reads, and the files that say it."""

    text: str
    context: str | None
    plural: str | None
    files: list[str] = field(default_factory=list)


def found(package: Path = PACKAGE) -> dict[Key, Text]:
    """Return every text of the package, by text and context, in the order of the files."""
    texts: dict[Key, Text] = {}
    for path in sorted(package.rglob("*")):
        name = path.relative_to(package).as_posix()
        for text in _texts_of(path, name):
            known = texts.setdefault((text.text, text.context), text)
            known.plural = known.plural or text.plural
            if name not in known.files:
                known.files.append(name)
    return texts


def _texts_of(path: Path, name: str) -> Iterator[Text]:
    if path.suffix == ".py" and "/tests/" not in f"/{name}" and "/migrations/" not in name:
        yield from in_python(path.read_text(encoding="utf-8"))
    elif path.suffix in (".html", ".txt") and "/templates/" in f"/{name}":
        yield from in_template(path.read_text(encoding="utf-8"))


def in_python(source: str) -> Iterator[Text]:
    """Yield the texts that Python code asks for."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            words = [getattr(argument, "value", None) for argument in node.args]
            yield from _text(name, [word if isinstance(word, str) else None for word in words])


def in_template(source: str) -> Iterator[Text]:
    """Yield the texts that a template asks for."""
    for hit in CALL.finditer(templatize(source)):
        words = [ast.literal_eval(word) if word else None for word in hit.groups()[1:]]
        yield from _text(hit[1], words)


def _text(name: str, words: list[str | None]) -> Iterator[Text]:
    places = CALLS.get(name, (None, None, None))
    context, text, plural = (
        words[place] if place is not None and place < len(words) else None for place in places
    )
    if text is not None:
        yield Text(text, context, plural)


def path_of(language: str, *, locale: Path = LOCALE) -> Path:
    """Return where a language's catalog lies."""
    return locale / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def read(language: str, *, locale: Path = LOCALE) -> Catalog:
    """Return a language's catalog, an empty one if there is none yet."""
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import read_po

    path = path_of(language, locale=locale)
    if not path.exists():
        return Catalog(locale=language, domain=DOMAIN)
    with path.open("rb") as file:
        return read_po(file, locale=language, domain=DOMAIN)


def filled(catalog: Catalog, texts: dict[Key, Text]) -> Catalog:
    """Return a catalog of exactly these texts, with the translations that were there."""
    from babel.messages.catalog import Catalog

    fresh = Catalog(locale=catalog.locale, domain=DOMAIN, fuzzy=False)
    fresh.header_comment = f"# {catalog.locale}: the words of Callfloor."
    fresh.creation_date = catalog.creation_date
    for (text, context), wanted in texts.items():
        old = catalog.get(text, context)
        ids = (text, wanted.plural) if wanted.plural else text
        string = old.string if old and isinstance(old.string, tuple) == bool(wanted.plural) else ""
        places = [(file, None) for file in wanted.files[:3]]
        fresh.add(ids, string or None, locations=places, context=context)  # type: ignore[arg-type]
    return fresh


def write(language: str, catalog: Catalog, *, locale: Path = LOCALE) -> None:
    """Write a language's catalog, the same bytes for the same words."""
    from babel.messages.pofile import write_po

    path = path_of(language, locale=locale)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=100, sort_output=True, omit_header=False)


def gaps(catalog: Catalog, texts: dict[Key, Text]) -> list[str]:
    """Return the texts that a catalog does not say."""
    missing = []
    for text, context in texts:
        message = catalog.get(text, context)
        strings = message.string if message else ""
        whole = all(strings) if isinstance(strings, tuple) else strings
        if not whole or (message and message.fuzzy):
            missing.append(text)
    return missing


def compile_catalog(language: str, *, locale: Path = LOCALE) -> Path:
    """Write the compiled catalog beside its source; a reader never sees half of it."""
    from babel.messages.mofile import write_mo

    path = path_of(language, locale=locale).with_suffix(".mo")
    half = path.with_suffix(f".mo.{os.getpid()}")  # Two processes may find it stale at once.
    with half.open("wb") as file:
        write_mo(file, read(language, locale=locale))
    return half.replace(path)


def stale(*, locale: Path = LOCALE) -> list[str]:
    """Return the languages whose compiled catalog is older than its source."""
    return [
        path.parent.parent.name
        for path in sorted(locale.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))
        if _changed(path.with_suffix(".mo")) < _changed(path)
    ]


def _changed(path: Path) -> float:
    return path.stat().st_mtime if path.exists() else 0.0


def ensure_compiled() -> list[str]:
    """Compile what is stale, and return which languages that were."""
    languages = stale()
    for language in languages:
        compile_catalog(language)
    return languages
