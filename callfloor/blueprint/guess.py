"""
What was probably meant by a name that nothing has, as a sentence.

Refuses: to know what the names are of.
"""

import difflib
from collections.abc import Collection

NAMES_SHOWN_MAX = 8  # More would hide the hint in a list.


def guess(name: str, known: Collection[str]) -> str:
    """Return a sentence that helps to find the right name."""
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    if close:
        return f"Did you mean `{close[0]}`?"
    if not known:
        return "The file has none yet; add it."
    shown = ", ".join(f"`{each}`" for each in sorted(known)[:NAMES_SHOWN_MAX])
    more = ", …" if len(known) > NAMES_SHOWN_MAX else ""
    return f"There are {shown}{more}."
