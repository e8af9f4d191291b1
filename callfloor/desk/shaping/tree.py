"""
A flow as a tree: steps that follow one another in one box, and a branch for each way out.

A step that was drawn before is only named, so that every step stands there once and a circle
ends. Refuses: to walk a flow for a caller; the twin does.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from callfloor.desk.shaping import words
from callfloor.kernel.names import pick
from callfloor.records.people import queries as people

TEXT_MAX = 200  # Of a text in a box; the form has the whole.


@dataclass(kw_only=True)
class Line:
    """A step in a box."""

    key: str
    does: str
    about: str
    """A calendar, a queue, a language: what the step is about."""
    text: str
    """What is said, in the reader's language if there is one."""


@dataclass(kw_only=True)
class Node:
    """A box: steps without a choice between them."""

    label: str
    """Which way leads here; empty for the first."""
    lines: list[Line] = field(default_factory=list)
    again: str = ""
    """The step that was drawn before, if this way leads there."""
    below: list["Node"] = field(default_factory=list)


def of(
    flow: Mapping[str, Any],
    *,
    prompts: Mapping[str, Mapping[str, str]],
    overflow: Callable[[str], str | None],
) -> Node:
    """Give the tree of a flow of the centre's file, from its first step on."""
    return _Drawing(flow["steps"], prompts, overflow).node(str(flow["first"]), "")


class _Drawing:
    def __init__(
        self,
        steps: Mapping[str, Any],
        prompts: Mapping[str, Mapping[str, str]],
        overflow: Callable[[str], str | None],
    ) -> None:
        self._steps = steps
        self._prompts = prompts
        self._overflow = overflow
        self._drawn: set[str] = set()

    def node(self, key: str, label: str) -> Node:
        """Draw from a step on."""
        node = Node(label=label)
        while key not in self._drawn:
            self._drawn.add(key)
            step = self._steps[key]
            node.lines.append(self._line(key, step))
            if "next" not in step:
                node.below = [self.node(to, said) for said, to in self._ways(step)]
                return node
            key = step["next"]
        node.again = key
        return node

    def _line(self, key: str, step: Mapping[str, Any]) -> Line:
        texts = self._prompts.get(step.get("prompt", ""), {})
        text = pick(texts, key="") if texts else ""
        return Line(key=key, does=words.does(step), about=_about(step), text=text[:TEXT_MAX])

    def _ways(self, step: Mapping[str, Any]) -> list[tuple[str, str]]:
        found = [
            (f"{choice['key']} · {choice['name']}", choice["next"])
            for place in ("choices", "leave")
            for choice in step.get(place) or ()
        ]
        found += [
            (words.ways("language", language), to)
            for language, to in (step.get("ways") or {}).items()
        ]
        found += [
            (words.ways(words.kind_of(step, kind)), step[kind])
            for kind in ("open", "closed", "otherwise")
            if step.get(kind)
        ]
        over = self._overflow(step["queue"]) if step["do"] == "queue" else None
        return [*found, *([(words.too_long(), over)] if over in self._steps else [])]


def _about(step: Mapping[str, Any]) -> str:
    if step.get("queue"):
        return words.called("queues", step["queue"])
    if step.get("language"):
        return str(people.language_name(step["language"]))
    return str(step.get("calendar") or "")
