"""
Reading a blueprint's YAML into plain values, keeping the place of each.

Scalars stay text, so that `012` or `no` mean what the author sees; the schema turns them into
numbers. Refuses: to know what the values mean, and to read what could blow up in memory.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from callfloor.blueprint import quick
from callfloor.blueprint.findings import Finding, Problem, severity_of

if TYPE_CHECKING:  # Few files need the library, and it takes 0.1 s to load.
    from ruamel.yaml import nodes

CHARACTERS_MAX = 4_000_000  # A centre of 10,000 people is about 1.5 million characters.
VALUES_MAX = 200_000  # Aliases of aliases multiply: a page of text could mean a billion values.

DEPTH_MAX = 20  # The deepest place of the schema is a third of that.

Path = tuple[str, ...]


class Unreadable(Exception):
    """The file is no blueprint at all; `findings` say why."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(*(str(finding) for finding in findings))
        self.findings = findings


@dataclass(frozen=True, slots=True)
class Source:
    """A file's values and where they stand."""

    file: str
    values: Any
    """Dicts, lists, texts and None."""
    places: dict[Path, tuple[int, int]]
    """Path to line and column, both counted from 0."""
    files: dict[Path, str] = field(default_factory=dict)
    """The file of each path that stands in another one."""

    def finding(self, problem: Problem) -> Finding:
        """Return the problem with its place; of a missing value, the place of what lacks it."""
        path = problem.path
        while path not in self.places:
            path = path[:-1]
        line, column = self.places[path]
        return _finding(
            file=self.files.get(path, self.file),
            fault=problem.id,
            place=(line, column),
            path=problem.path,
            wrong=problem.wrong,
            hint=problem.hint,
        )


def read(text: str, *, file: str) -> Source:
    """
    Turn a blueprint's text into values with places.

    Raises Unreadable if it is not YAML, too large, or has a key twice.
    """
    if len(text) > CHARACTERS_MAX:
        raise _unreadable(
            file, "E004", (0, 0), f"{len(text)} characters are too many.", "Split the centre."
        )
    if (found := quick.read(text, values_max=VALUES_MAX, depth_max=DEPTH_MAX)) is not None:
        return Source(file=file, values=found[0], places=found[1])
    return read_slowly(text, file=file)


def read_slowly(text: str, *, file: str) -> Source:
    """Do what `read` does, for whatever YAML there is; some ten times as slow."""
    walk = _Walk(file=file)
    values = walk.value(_compose(text, file=file), ())
    if walk.findings:
        raise Unreadable(walk.findings)
    return Source(file=file, values=values, places=walk.places)


def _compose(text: str, *, file: str) -> "nodes.MappingNode":
    from ruamel.yaml import YAML, nodes
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        node = YAML(typ="safe", pure=True).compose(text)  # type: ignore[no-untyped-call]
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = (mark.line, mark.column) if mark else (0, 0)
        raise _unreadable(
            file, "E001", place, _sentence(error.problem), "Check indents, colons and quotes."
        ) from error
    except RecursionError as error:
        raise _too_deep(file, (0, 0)) from error
    except (YAMLError, ValueError) as error:  # ValueError: a character that YAML does not allow.
        raise _unreadable(
            file, "E001", (0, 0), _sentence(str(error)), "Save the file as UTF-8 text."
        ) from error
    if not isinstance(node, nodes.MappingNode):
        place = (node.start_mark.line, node.start_mark.column) if node else (0, 0)
        raise _unreadable(
            file, "E001", place, "A blueprint is a mapping of keys.", "Begin with `blueprint: 1`."
        )
    return node


class _Walk:
    """One walk over the nodes of a file."""

    def __init__(self, *, file: str) -> None:
        self.file = file
        self.places: dict[Path, tuple[int, int]] = {}
        self.findings: list[Finding] = []
        self._count = 0

    def value(self, node: "nodes.Node", path: Path) -> Any:
        from ruamel.yaml import nodes

        self._count += 1
        place = (node.start_mark.line, node.start_mark.column)
        if self._count > VALUES_MAX:
            raise _unreadable(
                self.file, "E004", place, "There are too many values.", "Use fewer aliases."
            )
        if len(path) > DEPTH_MAX:
            raise _too_deep(self.file, place)
        self.places.setdefault(path, place)
        if isinstance(node, nodes.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, nodes.SequenceNode):
            return [self.value(each, (*path, str(index))) for index, each in enumerate(node.value)]
        return None if node.tag == "tag:yaml.org,2002:null" else str(node.value)

    def _mapping(self, node: "nodes.MappingNode", path: Path) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            place = (key_node.start_mark.line, key_node.start_mark.column)
            if key in values:
                self._twice(key, place, (*path, key))
                continue
            # What an author looks for is the key; the value may begin a line below.
            self.places[(*path, key)] = place
            values[key] = self.value(value_node, (*path, key))
        return values

    def _twice(self, key: str, place: tuple[int, int], path: Path) -> None:
        first = self.places[path][0] + 1
        finding = _finding(
            file=self.file,
            fault="E003",
            place=place,
            path=path,
            wrong=f"{key} stands here a second time.",
            hint=f"The first is in line {first}; keep one of them.",
        )
        self.findings.append(finding)


def _too_deep(file: str, place: tuple[int, int]) -> Unreadable:
    wrong = "Values stand in values too deeply."
    return _unreadable(file, "E004", place, wrong, "Use fewer brackets.")


def _unreadable(file: str, fault: str, place: tuple[int, int], wrong: str, hint: str) -> Unreadable:
    return Unreadable(
        [_finding(file=file, fault=fault, place=place, path=(), wrong=wrong, hint=hint)]
    )


def _finding(
    *,
    file: str,
    fault: str,
    place: tuple[int, int],
    path: Path,
    wrong: str,
    hint: str,
) -> Finding:
    return Finding(
        id=f"blueprint.{fault}",
        file=file,
        line=place[0] + 1,
        column=place[1] + 1,
        path=".".join(path),
        wrong=wrong,
        hint=hint,
        severity=severity_of(fault),
    )


def _sentence(text: str | None) -> str:
    plain = " ".join((text or "this is not YAML").split())
    return f"{plain[:1].upper()}{plain[1:]}."
