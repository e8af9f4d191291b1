"""
One centre from several files: a preset to begin with, and what is included from beside the file.

Every value keeps the file and the place where it stands. A preset gives way to the file, map by
map; an empty entry takes away what the preset has there. Among the file and what it includes
nothing may stand twice. Refuses: to read anything outside the file's own folder and the presets.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from callfloor.blueprint import read
from callfloor.blueprint.findings import Finding, Problem
from callfloor.blueprint.guess import guess
from callfloor.blueprint.read import Source

PRESETS = Path(__file__).resolve().parents[2] / "blueprints"
INCLUDES_MAX = 50  # A file for each department and each client of a large centre.
NOT_INCLUDED = ("preset", "from_version")
"""Keys that only the first file may have: they speak of the whole."""
_OF_FILES = ("blueprint", "include")
"""Keys that each file may have for itself."""


def keys() -> list[str]:
    """Give the keys of all presets, sorted."""
    names = (path.name for path in PRESETS.glob("*.yaml"))
    return sorted(name.partition(".")[0] for name in names if name.count(".") == 1)


def whole(source: Source, *, near: Path | None) -> Source:
    """
    Lay a file over its preset, together with what it includes.

    `near` is the folder in which included files lie; without it none can be read. Raises
    `read.Unreadable` with what is wrong in any of the files.
    """
    if not {"preset", "include"} & source.values.keys():
        return source
    found = _joined([source, *_Includes(near).of(source)])
    key = found.values.get("preset")
    return found if key is None else _laid(_preset(found, key), found)


# --- Presets --------------------------------------------------------------------------------------


def _preset(source: Source, key: Any) -> Source:
    if not isinstance(key, str) or key not in keys():
        wrong = f"There is no preset `{key}`."
        raise _refused(source, ("preset",), "E005", wrong, guess(str(key), keys()))
    path = PRESETS / f"{key}.yaml"
    found = read.read(path.read_text(encoding="utf-8"), file=str(path))
    assert "preset" not in found.values, f"{path} is not whole by itself"
    return whole(found, near=PRESETS)


def _laid(base: Source, over: Source) -> Source:
    kept: set[read.Path] = set()
    values = _over(base.values, over.values, (), kept)
    below = {
        path: place
        for path, place in base.places.items()
        if any(path[:depth] in kept for depth in range(1, len(path) + 1))
    }
    return Source(
        file=over.file,
        values=values,
        places=below | over.places,
        files=dict.fromkeys(below, base.file)
        | {path: file for path, file in base.files.items() if path in below}
        | dict.fromkeys(over.places, over.file)
        | over.files,
    )


def _over(
    base: dict[str, Any], over: dict[str, Any], path: read.Path, kept: set[read.Path]
) -> dict[str, Any]:
    """Lay one map over another; `kept` is told which values of the lower one are still seen."""
    values: dict[str, Any] = {}
    for key, below in base.items():
        place = (*path, key)
        if key not in over:
            values[key] = below
            kept.add(place)
        elif isinstance(below, dict) and over[key] is None:
            continue  # An empty entry takes it away.
        elif _is_same_kind(below, over[key]):
            values[key] = _over(below, over[key], place, kept)
        else:
            values[key] = over[key]
    return values | {key: value for key, value in over.items() if key not in base}


def _is_same_kind(below: Any, above: Any) -> bool:
    """Say whether two values are maps of one kind; a step that does something else is another."""
    if not isinstance(below, dict) or not isinstance(above, dict):
        return False
    return bool(below.get("do") == above.get("do", below.get("do")))


# --- Included files -------------------------------------------------------------------------------


class _Includes:
    """Reads what a file includes, and what that includes; each file once."""

    def __init__(self, near: Path | None) -> None:
        self._near = near.resolve() if near is not None else None
        self._seen: set[Path] = set()

    def of(self, source: Source) -> Iterator[Source]:
        """Yield what a file includes, in its order, each followed by what it includes itself."""
        names = source.values.get("include")
        if names is None or (isinstance(names, list) and not names):
            return
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            wrong = "`include` is a list of files."
            hint = "Write it as `[people.yaml, flows.yaml]`."
            raise _refused(source, ("include",), "E006", wrong, hint)
        for index, name in enumerate(names):
            found = self._read(source, ("include", str(index)), name)
            yield found
            yield from self.of(found)

    def _read(self, source: Source, place: read.Path, name: str) -> Source:
        path = self._path(source, place, name)
        self._seen.add(path)
        try:
            if path.stat().st_size > read.CHARACTERS_MAX * 4:  # Bytes of UTF-8 for a character.
                raise _refused(source, place, "E004", f"`{name}` is too large.", "Split it.")
            text = path.read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            wrong = f"`{name}` cannot be read: {_reason(error)}."
            hint = "Name a file that lies beside this one, with its ending."
            raise _refused(source, place, "E006", wrong, hint) from error
        found = read.read(text, file=str(Path(source.file).parent / name))
        for key in NOT_INCLUDED:
            if key in found.values:
                wrong = f"`{key}` stands in a file that another includes."
                raise _refused(found, (key,), "E006", wrong, "Write it in the first file only.")
        return found

    def _path(self, source: Source, place: read.Path, name: str) -> Path:
        if self._near is None:
            wrong = "What is included cannot be found from here."
            hint = "Check the file where it lies: `callfloor check FILE`."
            raise _refused(source, place, "E006", wrong, hint)
        path = _real(self._near / name)
        if path is None or not path.is_relative_to(self._near):
            wrong = f"`{name}` does not lie in the folder of this file."
            raise _refused(source, place, "E006", wrong, "Move it beside this file.")
        if path in self._seen or _real(Path(source.file)) == path:
            wrong = f"`{name}` is included a second time."
            hint = "Include each file once; files may not include one another in a circle."
            raise _refused(source, place, "E006", wrong, hint)
        if len(self._seen) >= INCLUDES_MAX:
            wrong = f"More than {INCLUDES_MAX} files are included."
            raise _refused(source, place, "E006", wrong, "Join some of them.")
        return path


def _real(path: Path) -> Path | None:
    try:
        return path.resolve()
    except (OSError, ValueError, RuntimeError):  # A name with a zero byte, a circle of links.
        return None


def _reason(error: Exception) -> str:
    return (error.strerror or "?") if isinstance(error, OSError) else "it is not UTF-8 text"


def _joined(sources: list[Source]) -> Source:
    first, *others = sources
    found = Source(
        file=first.file,
        values=dict(first.values),
        places=dict(first.places),
        files=dict(first.files),
    )
    twice: list[Finding] = []
    for other in others:
        values = {key: value for key, value in other.values.items() if key not in _OF_FILES}
        found.values.update(_with(found, other, found.values, values, (), twice))
        for path, place in other.places.items():
            if path not in found.places:
                found.places[path] = place
                found.files[path] = other.file
    if twice:
        raise read.Unreadable(twice)
    return found


def _with(
    found: Source,
    other: Source,
    into: dict[str, Any],
    values: dict[str, Any],
    path: read.Path,
    twice: list[Finding],
) -> dict[str, Any]:
    """Add a map's entries to another's; what stands in both is told."""
    joined = dict(into)
    for key, value in values.items():
        place = (*path, key)
        if key not in into:
            joined[key] = value
        elif isinstance(into[key], dict) and isinstance(value, dict):
            joined[key] = _with(found, other, into[key], value, place, twice)
        else:
            line = found.places[place][0] + 1
            wrong = f"{key} stands here a second time."
            hint = f"The first is in {found.files.get(place, found.file)}, line {line}; keep one."
            twice.append(other.finding(Problem(id="E003", path=place, wrong=wrong, hint=hint)))
    return joined


def _refused(source: Source, path: read.Path, fault: str, wrong: str, hint: str) -> read.Unreadable:
    problem = Problem(id=fault, path=path, wrong=wrong, hint=hint)
    return read.Unreadable([source.finding(problem)])
