"""
Write docs/reference from the code: what happens to the floor, what it decides and does.

Run by `./run docs`; with --check it only says which page is stale. Refuses: prose. What a reader
needs beside the list stands in docs/topics.
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference"
NOTE = "<!-- Written by ./run docs from {source}; edit that file, not this one. -->"

COMMON_FIELDS = {
    "agent": "The agent's id.",
    "called": "The number or address that was used, as in the plan's numbers.",
    "caller": "A keyed token of the caller's number.",
    "channel": "call, chat, mail, case.",
    "client": "The client's key.",
    "count": "How many keys there were.",
    "customer": "The customer's id.",
    "customer_leg": "The id of the customer's leg.",
    "detail": "What a person needs to find the cause; never a caller's data.",
    "digits_max": "How many keys are taken at most.",
    "entry": "Counts the queue entries of the item.",
    "failed": "Whether it could not be done.",
    "flow": "The flow's key.",
    "flow_version": "The version of the flow; the item keeps it.",
    "held_seconds": "How long the customer was on hold, this time.",
    "hold_seconds": "How long the customer was on hold, in all.",
    "interrupted": "Whether its live legs were cut by a stop.",
    "item": "The interaction's id.",
    "label": "What the agent's screen calls the digits, as a key.",
    "language": "A language tag, as `fa`.",
    "leg": "The leg's id.",
    "loop": "Whether it begins again at its end.",
    "message_seconds": "The length of the message that was left.",
    "muted": "True to mute, False to unmute.",
    "name": "Which one, as a key.",
    "offer": "The offer's id.",
    "plan": "The plan that holds from now on.",
    "preferred_agent": "The agent who is asked first.",
    "queue": "The queue's key.",
    "reason": "Why, as a key.",
    "sealed": "What was said or typed, sealed under the item's key.",
    "seconds_max": "When it ends by itself.",
    "short": "Whether the caller left before the stated threshold.",
    "step": "The step's key in its flow.",
    "to_agent": "The colleague's id.",
    "trunk": "The trunk's key; None for a call from a browser.",
    "version": "The version, as it is printed.",
    "waited_seconds": "The time in the queue.",
    "wrap_seconds": "The time from the end of the talk to the disposition.",
}
"""Fields that mean the same wherever they stand, so that one sentence is enough for all."""


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field of a message."""

    name: str
    type: str
    default: str | None
    text: str
    """Its sentence; empty if nobody wrote one."""


@dataclass(frozen=True, kw_only=True)
class Message:
    """One event, action or fact."""

    name: str
    text: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, kw_only=True)
class Page:
    """One generated page and where it comes from."""

    name: str
    title: str
    source: str


PAGES = (
    Page(name="events.md", title="Events", source="callfloor/core/events.py"),
    Page(name="actions.md", title="Actions", source="callfloor/core/actions.py"),
    Page(name="facts.md", title="Facts", source="callfloor/core/facts.py"),
)


def messages_of(source: str) -> list[Message]:
    """Return the dataclasses of a module in the order in which they stand."""
    classes = [node for node in ast.parse(source).body if isinstance(node, ast.ClassDef)]
    return [
        Message(
            name=node.name,
            text=_one_line(ast.get_docstring(node)),
            fields=tuple(_fields_of(node)),
        )
        for node in classes
        if any("dataclass" in ast.unparse(decorator) for decorator in node.decorator_list)
    ]


def _fields_of(node: ast.ClassDef) -> Iterator[Field]:
    for statement, following in zip(node.body, [*node.body[1:], None], strict=True):
        if not isinstance(statement, ast.AnnAssign) or not isinstance(statement.target, ast.Name):
            continue
        name = statement.target.id
        yield Field(
            name=name,
            type=ast.unparse(statement.annotation),
            default=ast.unparse(statement.value) if statement.value else None,
            text=_text_of(following) or COMMON_FIELDS.get(name, ""),
        )


def _text_of(statement: ast.stmt | None) -> str:
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return _one_line(str(statement.value.value))
    return ""


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())


def render(*, page: Page, source: str) -> str:
    """Return a reference page as Markdown."""
    opening = ast.get_docstring(ast.parse(source)) or ""
    parts = [f"# {page.title}", NOTE.format(source=page.source), opening.strip()]
    for message in messages_of(source):
        parts.append(f"## {message.name}")
        parts.append(message.text)
        if message.fields:
            parts.append("\n".join(_row(field) for field in message.fields))
    return "\n\n".join(parts) + "\n"


def _row(field: Field) -> str:
    default = f", else `{field.default}`" if field.default is not None else ""
    return f"- `{field.name}` (`{field.type}`{default}) {field.text}".rstrip()


def _written_pages() -> Iterator[tuple[Path, str]]:
    for page in PAGES:
        source = (ROOT / page.source).read_text(encoding="utf-8")
        yield REFERENCE / page.name, render(page=page, source=source)
    sys.path.insert(0, str(ROOT))  # The schema of a blueprint is no list of dataclasses.
    from callfloor.blueprint import reference

    yield REFERENCE / "blueprint.md", reference.render()


def stale_pages() -> dict[Path, str]:
    """Return the pages that differ from the code, with what they ought to say."""
    stale = {}
    for path, text in _written_pages():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale[path] = text
    return stale


def main(arguments: list[str]) -> int:
    """Write what is stale, or with --check only name it; return the exit status."""
    stale = stale_pages()
    for path, text in stale.items():
        name = path.relative_to(ROOT)
        if "--check" in arguments:
            print(f"{name} is stale: ./run docs")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            print(f"{name} written")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
