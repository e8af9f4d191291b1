"""
What something is called in the language of whoever reads.

Refuses: silence. A name that is missing is shown in another language, or as its key.
"""

from collections.abc import Mapping

from django.utils.translation import get_language

Names = Mapping[str, str]
"""Language to name, as the blueprint gives it."""


def pick(names: Names, *, key: str) -> str:
    """Give the name in the active language, else in English, else in any, else the key."""
    language = get_language() or "en"
    for wanted in (language, language.partition("-")[0], "en", next(iter(names), "")):
        if names.get(wanted):
            return names[wanted]
    return key
