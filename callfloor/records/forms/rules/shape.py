"""
A form's nodes, read from plain values with everything that is wrong with them.

    name: {en: …}        what it is called
    queues: [billing]    whose script it is
    first: greet         the node that it begins with
    nodes:
      greet:
        say: {en: "Good day, {agent} of {client}."}
        must: true       owed by everybody who comes by; or a list of dispositions that need it
        next: need       none for an end
      need:
        say: {en: …}
        hint: {en: …}    for the agent alone
        choices: [{key: bill, name: {en: …}, next: explain}]
        ask: text        text or number, instead of choices
        weight: 2        what it counts for quality
        fatal: true      whether a miss spoils the whole
        product: duo     the article whose name stands for {product}

Refuses: to guess. A form with a fault is kept as a draft and never published.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

FIELDS = ("agent", "client", "customer", "product")
"""What stands in braces and is filled in."""
ASKS = ("confirm", "choice", "text", "number")
NODES_MAX = 200  # A script of a quarter of an hour has forty.
CHOICES_MAX = 12  # More nobody sees at a glance.
TEXT_CHARACTERS_MAX = 2_000
_KEY = re.compile(r"^[a-z][a-z0-9_]{0,39}$")
_FIELD = re.compile(r"\{([^{}]*)\}")
_FORM_KEYS = {"name", "queues", "first", "nodes"}
_NODE_KEYS = {"say", "hint", "must", "next", "choices", "ask", "weight", "fatal", "product"}
_CHOICE_KEYS = {"key", "name", "next"}

Path = tuple[str | int, ...]
Words = Mapping[str, str]


@dataclass(frozen=True)
class Fault:
    """Something that is wrong, and where."""

    code: str
    path: Path
    what: str = ""
    """The word that is wrong."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One answer, and where it leads."""

    key: str
    names: Words
    next: str | None


@dataclass(frozen=True, kw_only=True)
class Node:
    """One step."""

    key: str
    say: Words
    hint: Words
    ask: str
    choices: tuple[Choice, ...]
    must: bool
    """Whether whoever comes by must say it."""
    needed_for: tuple[str, ...]
    """Dispositions that cannot be given without it."""
    weight: int
    fatal: bool
    product: str
    """The key of an article; empty for none."""
    next: str | None

    def leads_to(self) -> tuple[str | None, ...]:
        """Give where it may lead; None for an end."""
        return tuple(each.next for each in self.choices) if self.choices else (self.next,)


@dataclass(frozen=True, kw_only=True)
class Body:
    """A form, ready to be gone through."""

    names: Words
    queues: tuple[str, ...]
    first: str
    nodes: Mapping[str, Node]


@dataclass(frozen=True, kw_only=True)
class Known:
    """What a form may name."""

    languages: tuple[str, ...]
    """In which every text must be said."""
    queues: frozenset[str]
    dispositions: frozenset[str]


@dataclass
class _Reading:
    faults: list[Fault] = field(default_factory=list)

    def fault(self, code: str, path: Path, what: object = "") -> None:
        self.faults.append(Fault(code, path, str(what)))

    def keys(self, data: Mapping[str, Any], allowed: set[str], path: Path) -> None:
        for key in data:
            if key not in allowed:
                self.fault("unknown_key", (*path, key), key)

    def words(self, data: Any, path: Path, *, is_needed: bool = True) -> Words:
        if data is None and not is_needed:
            return {}
        if isinstance(data, str) and data.strip():
            return {"en": data.strip()}
        if not isinstance(data, Mapping) or not data:
            self.fault("no_text", path)
            return {}
        found = {str(key): str(text).strip() for key, text in data.items() if text}
        for language, text in found.items():
            if len(text) > TEXT_CHARACTERS_MAX:
                self.fault("too_long", (*path, language), language)
        return found


def read(data: Any) -> tuple[Body | None, list[Fault]]:
    """Give a form and what is wrong with its shape; no form if too little is right."""
    reading = _Reading()
    if not isinstance(data, Mapping) or not isinstance(data.get("nodes"), Mapping):
        reading.fault("no_nodes", ())
        return None, reading.faults
    reading.keys(data, _FORM_KEYS, ())
    names = reading.words(data.get("name"), ("name",))
    nodes = {str(key): _node(str(key), each, reading) for key, each in data["nodes"].items()}
    if len(nodes) > NODES_MAX:
        reading.fault("too_many_nodes", ("nodes",), len(nodes))
    first = str(data.get("first") or next(iter(nodes), ""))
    queues = tuple(str(each) for each in _list(data.get("queues"), ("queues",), reading))
    body = Body(names=names, queues=queues, first=first, nodes=nodes)
    reading.faults += _ways(body)
    return (body if nodes else None), reading.faults


def _list(data: Any, path: Path, reading: _Reading) -> list[Any]:
    if data is None:
        return []
    if isinstance(data, list):
        return data
    reading.fault("no_list", path)
    return []


def _node(key: str, data: Any, reading: _Reading) -> Node:
    path: Path = ("nodes", key)
    if not _KEY.match(key):
        reading.fault("bad_key", path, key)
    if not isinstance(data, Mapping):
        reading.fault("no_text", path)
        data = {}
    reading.keys(data, _NODE_KEYS, path)
    given = _list(data.get("choices"), (*path, "choices"), reading)
    choices = tuple(_choice(each, (*path, "choices", n), reading) for n, each in enumerate(given))
    keys = [each.key for each in choices]
    for twice in sorted({each for each in keys if keys.count(each) > 1}):
        reading.fault("choice_twice", (*path, "choices"), twice)
    if len(choices) > CHOICES_MAX:
        reading.fault("too_many_choices", (*path, "choices"), len(choices))
    ask = str(data.get("ask") or ("choice" if choices else "confirm"))
    if ask not in ASKS or (ask == "choice") != bool(choices):
        reading.fault("bad_ask", (*path, "ask"), ask)
    must = data.get("must", False)
    weight = data.get("weight", 1)
    if not isinstance(weight, int) or isinstance(weight, bool) or not 0 <= weight <= 100:
        reading.fault("bad_weight", (*path, "weight"), weight)
        weight = 1
    return Node(
        key=key,
        say=reading.words(data.get("say"), (*path, "say")),
        hint=reading.words(data.get("hint"), (*path, "hint"), is_needed=False),
        ask=ask,
        choices=choices,
        must=must is True,
        needed_for=tuple(str(each) for each in must) if isinstance(must, list) else (),
        weight=weight,
        fatal=bool(data.get("fatal", False)),
        product=str(data.get("product") or ""),
        next=str(data["next"]) if data.get("next") else None,
    )


def _choice(data: Any, path: Path, reading: _Reading) -> Choice:
    if not isinstance(data, Mapping):
        reading.fault("no_text", path)
        data = {}
    reading.keys(data, _CHOICE_KEYS, path)
    key = str(data.get("key") or "")
    if not _KEY.match(key):
        reading.fault("bad_key", (*path, "key"), key)
    names = reading.words(data.get("name"), (*path, "name"))
    return Choice(key=key, names=names, next=str(data["next"]) if data.get("next") else None)


def _ways(body: Body) -> Iterator[Fault]:
    """Find steps that lead nowhere, that nobody reaches, and circles without a way out."""
    if body.first not in body.nodes:
        yield Fault("unknown_node", ("first",), body.first)
        return
    for key, node in body.nodes.items():
        for where, to in _leads(node):
            if to is not None and to not in body.nodes:
                yield Fault("unknown_node", ("nodes", key, *where), to)
    reached = _from(body, body.first)
    for key in body.nodes:
        if key not in reached:
            yield Fault("never_reached", ("nodes", key), key)
        elif None not in _beyond(body, key):
            yield Fault("no_end", ("nodes", key), key)


def _leads(node: Node) -> Iterator[tuple[Path, str | None]]:
    for number, choice in enumerate(node.choices):
        yield ("choices", number, "next"), choice.next
    if not node.choices:
        yield ("next",), node.next


def _from(body: Body, start: str) -> set[str]:
    return {each for each in _beyond(body, start) if each is not None}


def _beyond(body: Body, start: str) -> set[str | None]:
    """Give everything that can be reached from a node, itself too; None for an end."""
    found: set[str | None] = set()
    waiting: list[str | None] = [start]
    while waiting:
        here = waiting.pop()
        if here in found:
            continue
        found.add(here)
        if here is not None and here in body.nodes:
            waiting += body.nodes[here].leads_to()
    return found


def unfit(body: Body, known: Known) -> Iterator[Fault]:
    """Find what a form names that there is not, and texts that a language does not have."""
    for number, queue in enumerate(body.queues):
        if queue not in known.queues:
            yield Fault("unknown_queue", ("queues", number), queue)
    for key, node in body.nodes.items():
        for number, each in enumerate(node.needed_for):
            if each not in known.dispositions:
                yield Fault("unknown_disposition", ("nodes", key, "must", number), each)
        yield from _said(node.say, ("nodes", key, "say"), known)
        for number, choice in enumerate(node.choices):
            yield from _said(choice.names, ("nodes", key, "choices", number, "name"), known)


def _said(texts: Words, path: Path, known: Known) -> Iterator[Fault]:
    for language in known.languages:
        if language not in texts:
            yield Fault("not_said", path, language)
    fields = {language: set(_FIELD.findall(text)) for language, text in texts.items()}
    for language, found in fields.items():
        for name in sorted(found - set(FIELDS)):
            yield Fault("unknown_field", (*path, language), name)
    wanted = set.union(*fields.values()) if fields else set()
    for language, found in fields.items():
        for name in sorted((wanted & set(FIELDS)) - found):
            yield Fault("field_lost", (*path, language), name)


def runs(text: str, values: Mapping[str, str]) -> list[tuple[str, str]]:
    """
    Give a text in runs of kind `text`, `field` and `empty`, with its fields filled in.

    A field without a value keeps its name in braces, so that nobody reads a hole aloud.
    """
    found: list[tuple[str, str]] = []
    at = 0
    for match in _FIELD.finditer(text):
        found.append(("text", text[at : match.start()]))
        value = values.get(match[1], "")
        found.append(("field", value) if value else ("empty", match[1]))
        at = match.end()
    found.append(("text", text[at:]))
    return [(kind, part) for kind, part in found if part]
