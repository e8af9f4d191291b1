"""How a fault with a name is told: what was meant, perhaps, and what there is."""

import difflib
from collections.abc import Collection, Iterator

from callfloor.blueprint.findings import Problem

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


def unknown(
    *,
    fault: str,
    kind: str,
    name: str | None,
    known: Collection[str],
    path: tuple[str, ...],
) -> Iterator[Problem]:
    """Give a problem if a name is used that nothing has; an empty name is nobody's."""
    if name is None or name in known:
        return
    wrong = f"There is no {kind} `{name}`."
    yield Problem(id=fault, path=path, wrong=wrong, hint=guess(name, known))
