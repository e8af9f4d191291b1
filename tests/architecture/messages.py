"""
The strings that the code asks to have translated, found by reading Python, templates and scripts.

Refuses: gettext's own tools, which a newcomer's machine may not have.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.utils.translation.template import templatize

from tests.architecture import sources

CALLS = {
    "_": (0,),
    "gettext": (0,),
    "gettext_lazy": (0,),
    "gettext_noop": (0,),
    "ngettext": (0, 1),
    "ngettext_lazy": (0, 1),
    "pgettext": (None, 0),
    "pgettext_lazy": (None, 0),
    "npgettext": (None, 0, 1),
    "npgettext_lazy": (None, 0, 1),
}
"""For each function: whether a context comes first (None), and how many forms follow."""

QUOTED = r"""u?((?:"(?:[^"\\]|\\.)*")|(?:'(?:[^'\\]|\\.)*'))"""
CALL = re.compile(
    rf"""(?<![\w.])({"|".join(sorted(CALLS, key=len, reverse=True))})\(\s*
    {QUOTED}(?:\s*,\s*{QUOTED})?(?:\s*,\s*{QUOTED})?""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Message:
    """One text to translate, as gettext keys it."""

    text: str
    context: str | None = None
    plural: str | None = None


def in_python(tree: ast.Module) -> Iterator[Message]:
    """Return the texts that Python code asks for."""
    for node in sources.nodes(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else _name(node.func)
        if name in CALLS:
            words = [_string(argument) for argument in node.args]
            yield from _message(name, words)


def in_template(source: str) -> Iterator[Message]:
    """Return the texts that a template asks for."""
    yield from in_script(templatize(source))


def in_script(source: str) -> Iterator[Message]:
    """Return the texts that a script asks for."""
    for hit in CALL.finditer(source):
        words = [ast.literal_eval(word) if word else None for word in hit.groups()[1:]]
        yield from _message(hit[1], words)


def _message(name: str, words: list[str | None]) -> Iterator[Message]:
    shape = CALLS[name]
    if len(words) < len(shape) or any(word is None for word in words[: len(shape)]):
        return
    context = words[0] if shape[0] is None else None
    forms = words[1 : len(shape)] if shape[0] is None else words[: len(shape)]
    plural = forms[1] if len(forms) > 1 else None
    yield Message(str(forms[0]), context, plural)


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _string(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return None


@cache
def all_messages() -> dict[Message, str]:
    """Return every text of Callfloor with the first file that asks for it."""
    found: dict[Message, str] = {}
    for file in sources.python(under="callfloor/"):
        if not file.is_test:
            for message in in_python(file.tree):
                found.setdefault(message, file.path)
    for file in sources.templates():
        for message in in_template(file.text):
            found.setdefault(message, file.path)
    for file in sources.files(".js", ".mjs", under="callfloor/"):
        for message in in_script(file.text):
            found.setdefault(message, file.path)
    return found
