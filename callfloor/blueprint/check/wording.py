"""How a fault with a name is told: what was meant, perhaps, and what there is."""

from collections.abc import Collection, Iterator

from callfloor.blueprint.findings import Problem
from callfloor.blueprint.guess import guess

__all__ = ["guess", "unknown"]


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
