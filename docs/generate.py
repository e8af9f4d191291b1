"""
Write docs/reference from the code: messages, the floor plan, agents' states, permissions, keys.

Run by `./run docs`; with --check it only says which page is stale. Refuses: prose. What a reader
needs beside the list stands in docs/topics.
"""

import argparse
import ast
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from callfloor.app import cli, manifests
from callfloor.blueprint import reference as blueprint_reference
from callfloor.core import presence
from callfloor.kernel import reference as kernel_reference

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference"
NOTE = "<!-- Written by ./run docs from {source}; edit that file, not this one. -->"

COMMON_FIELDS = {
    "agent": "The agent's id.",
    "called": "The number or address that was used, as in the plan's numbers.",
    "caller": "A keyed token of the caller's number.",
    "calendar": "The calendar's key.",
    "channel": "call, chat, mail, case.",
    "client": "The client's key.",
    "count": "How many keys there were.",
    "customer": "The customer's id.",
    "customer_leg": "The id of the customer's leg.",
    "detail": "What a person needs to find the cause; never a caller's data.",
    "digits_max": "How many keys are taken at most.",
    "emergency": "Whether it is an emergency number, which no gate of ours may stop.",
    "entry": "Counts the queue entries of the item.",
    "failed": "Whether it could not be done.",
    "flow": "The flow's key.",
    "flow_version": "The version of the flow; the item keeps it.",
    "held_seconds": "How long the customer was on hold, this time.",
    "hold_seconds": "How long the customer was on hold, in all.",
    "interrupted": "Whether its live legs were cut by a stop.",
    "item": "The interaction's id.",
    "key": "Its name within the plan.",
    "label": "What the agent's screen calls the digits, as a key.",
    "language": "A language tag, as `fa`.",
    "leg": "The leg's id.",
    "loop": "Whether it begins again at its end.",
    "message_seconds": "The length of the message that was left.",
    "muted": "True to mute, False to unmute.",
    "name": "Which one, as a key.",
    "next": "The step that follows.",
    "of": "The agent whose call it is.",
    "offer": "The offer's id.",
    "plan": "The plan that holds from now on.",
    "preferred_agent": "The agent who is asked first.",
    "prompt": "The prompt's key.",
    "queue": "The queue's key.",
    "reason": "Why, as a key.",
    "sealed": "What was said or typed, sealed under the item's key.",
    "seconds_max": "When it ends by itself.",
    "short": "Whether the caller left before the stated threshold.",
    "step": "The step's key in its flow.",
    "to_agent": "The colleague's id.",
    "trunk": "The trunk's key; None for a call from a browser.",
    "version": "The version, as it is printed.",
    "tries": "How often it is asked.",
    "wait_seconds": "How long it waits for an answer.",
    "waited_seconds": "The time in the queue.",
    "zone": "The plan's zone of the number; None if no zone has its prefix.",
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


def messages_page(*, title: str, path: str) -> str:
    """Return the page of a module of messages."""
    source = source_of(path)
    opening = ast.get_docstring(ast.parse(source)) or ""
    parts = [f"# {title}", NOTE.format(source=path), opening.strip()]
    for message in messages_of(source):
        parts.append(f"## {message.name}")
        parts.append(message.text)
        if message.fields:
            parts.append("\n".join(_row(field) for field in message.fields))
    return "\n\n".join(parts) + "\n"


def _row(field: Field) -> str:
    default = f", else `{field.default}`" if field.default is not None else ""
    return f"- `{field.name}` (`{field.type}`{default}) {field.text}".rstrip()


def states_page() -> str:
    """Return the page of agents' states, drawn from the table that the exchange obeys."""
    arrows = [
        f"    {state} --> {following}: {signal}"
        for state, row in presence.TABLE.items()
        for signal, following in row.items()
    ]
    diagram = "\n".join(["```mermaid", "stateDiagram-v2", "    [*] --> signed_out", *arrows, "```"])
    path = "callfloor/core/presence.py"
    opening = ast.get_docstring(ast.parse(source_of(path))) or ""
    return "\n\n".join(["# Agents' states", NOTE.format(source=path), opening, diagram]) + "\n"


def source_of(path: str) -> str:
    """Return the source of a module, or of a package: its opening first, then its modules."""
    found = ROOT / path
    files = sorted(found.glob("*.py")) if found.is_dir() else [found]
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def cli_page() -> str:
    """Return the page of the command line; argparse's own help differs between Pythons."""
    top = cli.parser()
    parts = ["# The command line", NOTE.format(source="callfloor/app/cli.py")]
    parts += [f"```text\n{top.description}\n\n{top.epilog}\n```"]
    for action in top._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, command in action.choices.items():
                rows = [_option(part) for part in command._actions if part.dest != "help"]
                parts += [f"## callfloor {name}", command.description or "", "\n".join(rows)]
    return "\n\n".join(parts) + "\n"


def _option(action: argparse.Action) -> str:
    name = " ".join(action.option_strings) or action.dest.upper()
    value = f" {action.dest.upper()}" if action.option_strings and action.nargs != 0 else ""
    return f"- `{name}{value}` {action.help or ''}".rstrip()


API = "callfloor/app/api"
WAYS = {"read": "GET", "get": "GET", "change": "POST", "post": "POST"}


def api_page() -> str:
    """Return the page of the API: each address with what it is for, and what webhooks tell."""
    parts = ["# The API", NOTE.format(source=API), API_OPENING]
    for file in sorted((ROOT / API).glob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        rows = [row for node in tree.body for row in _endpoint(node)]
        if rows:
            parts += [f"## {file.stem.capitalize()}", _one_line(ast.get_docstring(tree))]
            parts.append("\n".join(rows))
    parts += ["## What webhooks tell", "\n".join(_hook_rows())]
    return "\n\n".join(parts) + "\n"


API_OPENING = (
    "Every address stands below `/api`; `/api/openapi.json` describes each in full."
    " [The API](../howto/api.md) tells how to ask."
)


def _endpoint(node: ast.stmt) -> Iterator[str]:
    if not isinstance(node, ast.FunctionDef):
        return
    for each in node.decorator_list:
        if not isinstance(each, ast.Call) or not isinstance(each.func, ast.Attribute):
            continue
        paths = [str(part.value) for part in each.args if isinstance(part, ast.Constant)]
        if each.func.attr in WAYS and paths:
            text = (ast.get_docstring(node) or "").partition("\n\n")[0]
            yield f"- `{WAYS[each.func.attr]} {paths[0]}` {_one_line(text)}"


def _hook_rows() -> Iterator[str]:
    from callfloor.connectors.webhook.kinds import KINDS  # It needs the manifests' settings.

    for kind in KINDS.values():
        fields = ", ".join(f"`{name}`" for name in kind.fields)
        yield f"- `{kind.key}` {kind.name}: {fields}. Needs `{kind.permission}`."


MESSAGES = {
    "Events": "callfloor/core/events",
    "Actions": "callfloor/core/actions.py",
    "Facts": "callfloor/core/facts",
    "The floor plan": "callfloor/core/plan.py",
}

PAGES: dict[str, Callable[[], str]] = {
    "events.md": partial(messages_page, title="Events", path=MESSAGES["Events"]),
    "actions.md": partial(messages_page, title="Actions", path=MESSAGES["Actions"]),
    "facts.md": partial(messages_page, title="Facts", path=MESSAGES["Facts"]),
    "plan.md": partial(messages_page, title="The floor plan", path=MESSAGES["The floor plan"]),
    "states.md": states_page,
    "cli.md": cli_page,
    "api.md": api_page,
    "access.md": kernel_reference.access,
    "kpis.md": kernel_reference.kpis,
    "competences.md": kernel_reference.competences,
    "blueprint.md": blueprint_reference.render,
    "blueprint.schema.json": blueprint_reference.json_schema,
}
"""Each page of the reference that is written by the code, and how."""


def stale_pages() -> dict[Path, str]:
    """Return the pages that differ from the code, with what they ought to say."""
    manifests.join()
    stale = {}
    for name, render in PAGES.items():
        path = REFERENCE / name
        text = render()
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
