"""
The files of the repository as the rules see them: read once, parsed once.

Refuses: anything that .gitignore leaves out, so that a rule speaks only of what is kept.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
LEFT_OUT = {"__pycache__", "data", "build", "dist", "node_modules"}
HIDDEN_BUT_KEPT = {".ci", ".gitignore"}
TEXT = {
    ".py",
    ".css",
    ".js",
    ".mjs",
    ".html",
    ".txt",
    ".md",
    ".toml",
    ".yaml",
    ".yml",
    ".po",
    ".sh",
}
TEXT |= {".lock", ".svg", ".json", ".xml", ".in", ""}


@dataclass(frozen=True)
class File:
    """One text file, named by its path from the root."""

    path: str

    @cached_property
    def text(self) -> str:
        """What stands in it."""
        return (ROOT / self.path).read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax tree, for Python."""
        return ast.parse(self.text, filename=self.path)

    @property
    def is_test(self) -> bool:
        """Whether it is there for tests only."""
        return "tests" in Path(self.path).parts or self.path == "conftest.py"


@cache
def all_files() -> tuple[File, ...]:
    """Return every text file of the repository, sorted by path."""
    return tuple(File(str(path.relative_to(ROOT))) for path in sorted(_walk(ROOT)))


def _walk(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        hidden = path.name.startswith(".") and path.name not in HIDDEN_BUT_KEPT
        if hidden or path.name in LEFT_OUT or path.is_symlink():
            continue
        if path.is_dir():
            yield from _walk(path)
        elif path.suffix in TEXT:
            yield path


@cache
def files(*suffixes: str, under: str = "") -> tuple[File, ...]:
    """Return the files with one of these suffixes in a folder."""
    return tuple(
        file
        for file in all_files()
        if Path(file.path).suffix in suffixes and file.path.startswith(under)
    )


def python(under: str = "") -> tuple[File, ...]:
    """Return the Python files in a folder, without migrations, which are written by Django."""
    return tuple(file for file in files(".py", under=under) if "/migrations/" not in file.path)


@cache
def templates() -> tuple[File, ...]:
    """Return the Django templates."""
    return tuple(f for f in files(".html", ".txt", under="callfloor/") if "/templates/" in f.path)


@cache
def nodes(tree: ast.AST) -> tuple[ast.AST, ...]:
    """Return every node of a tree; the rules go over the same trees again and again."""
    return tuple(ast.walk(tree))


def line_of(text: str, offset: int) -> int:
    """Return the line, from 1, of a place in a text."""
    return text.count("\n", 0, offset) + 1


def report(faults: list[str]) -> str:
    """Return faults as a message, one to a line."""
    return "\n" + "\n".join(faults)
