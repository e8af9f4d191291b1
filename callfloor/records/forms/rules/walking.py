"""
The way through a form, and what of it a disposition needs.

Two kinds of sentences are owed: those that everybody must hear who comes by, and those without
which a disposition is not true (a sale without its terms). The first are owed on the way that the
answers took; the second whatever way was taken. `cannot say` with a reason is an answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from callfloor.records.forms.rules.shape import Body


@dataclass(frozen=True, kw_only=True)
class Given:
    """What was answered at a node."""

    choice: str = ""
    reason: str = ""


def next_of(body: Body, node: str, choice: str) -> str | None:
    """Give the node that follows; None at an end."""
    here = body.nodes[node]
    if not here.choices:
        return here.next
    return next((each.next for each in here.choices if each.key == choice), None)


def may_choose(body: Body, node: str, choice: str) -> bool:
    """Say whether a node has this choice; one without choices has none."""
    here = body.nodes[node]
    return choice in {each.key for each in here.choices} if here.choices else choice == ""


def way(body: Body, answers: Mapping[str, Given]) -> list[str]:
    """Give the nodes by which the answers lead, up to a choice that nobody has made."""
    found: list[str] = []
    here: str | None = body.first
    while here is not None and here not in found:
        found.append(here)
        node, given = body.nodes[here], answers.get(here)
        if node.choices and (given is None or not given.choice):
            break
        here = next_of(body, here, given.choice if given else "")
    return found


def missing(body: Body, answers: Mapping[str, Given], *, disposition: str) -> list[str]:
    """Give the nodes that are owed for a disposition and were not answered, in the form's order."""
    passed = set(way(body, answers))
    return [
        key
        for key, node in body.nodes.items()
        if (disposition in node.needed_for or (node.must and key in passed)) and key not in answers
    ]
