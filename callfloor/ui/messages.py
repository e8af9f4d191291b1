"""
The command for the message catalogs: python -m callfloor.ui.messages extract|compile|check.

extract brings the catalogs up to the texts, compile writes what programs read, check reports gaps.
"""

import sys
from collections.abc import Sequence

from callfloor.ui import catalogs
from callfloor.ui.catalogs import ensure_compiled

__all__ = ["ensure_compiled", "main"]


def main(arguments: Sequence[str]) -> int:
    """Do what the first argument says; return 1 if something is missing."""
    commands = {"extract": _extract, "compile": _compile, "check": _check}
    if len(arguments) != 1 or arguments[0] not in commands:
        print("usage: python -m callfloor.ui.messages extract|compile|check", file=sys.stderr)
        return 2
    return commands[arguments[0]]()


def _extract() -> int:
    texts = catalogs.found()
    for language in catalogs.LANGUAGES:
        catalog = catalogs.filled(catalogs.read(language), texts)
        catalogs.write(language, catalog)
        print(f"{language}: {len(texts)} texts, {len(catalogs.gaps(catalog, texts))} to translate")
    return 0


def _compile() -> int:
    for language in catalogs.LANGUAGES:
        catalogs.compile_catalog(language)
    return 0


def _check() -> int:
    texts = catalogs.found()
    missing = 0
    for language in catalogs.LANGUAGES:
        for text in catalogs.gaps(catalogs.read(language), texts):
            print(f"{language}: {text!r} is not translated")
            missing += 1
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
