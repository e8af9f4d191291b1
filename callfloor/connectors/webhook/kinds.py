"""
What other systems may be told: each kind with its event, the fields that go out, and whose it is.

Fields are named one by one: what an event learns tomorrow stays here until somebody has looked at
it. They hold ids, keys, instants and numbers. Refuses: texts, names, numbers of telephones.
"""

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from callfloor.kernel import ids
from callfloor.records.cases import events as cases
from callfloor.records.customers import events as customers
from callfloor.records.interactions import events as interactions


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of event of which other systems may be told."""

    key: str
    name: Any
    event: type[Any]
    permission: str
    """What whoever wants it told must be allowed to know."""
    at: str
    """The field that says when it was."""
    fields: tuple[str, ...]


_ALL = (
    Kind(
        key="interaction.arrived",
        name=_("A chat, mail or case wants an agent"),
        event=interactions.TextArrived,
        permission="interactions.read",
        at="arrived_at",
        fields=("interaction_id", "channel", "customer"),
    ),
    Kind(
        key="interaction.closed",
        name=_("A contact has ended"),
        event=interactions.InteractionClosed,
        permission="interactions.read",
        at="closed_at",
        fields=("interaction_id", "channel", "outcome", "queue", "agent"),
    ),
    Kind(
        key="work.wrapped_up",
        name=_("An agent has closed his part with a disposition"),
        event=interactions.WorkWrappedUp,
        permission="interactions.read",
        at="finished_at",
        fields=("interaction_id", "agent", "queue", "disposition"),
    ),
    Kind(
        key="message.written",
        name=_("Somebody has written in a contact"),
        event=interactions.MessageWritten,
        permission="interactions.read",
        at="written_at",
        fields=("interaction_id", "channel", "message_id", "number", "direction", "author"),
    ),
    Kind(
        key="case.opened",
        name=_("A case was opened"),
        event=cases.CaseOpened,
        permission="cases.read",
        at="opened_at",
        fields=("case_id", "reference", "kind", "customer", "origin", "code"),
    ),
    Kind(
        key="case.changed",
        name=_("Something happened in a case"),
        event=cases.CaseChanged,
        permission="cases.read",
        at="changed_at",
        fields=("case_id", "reference", "number", "change", "by", "owner", "team", "due_at"),
    ),
    Kind(
        key="case.closed",
        name=_("A case was closed"),
        event=cases.CaseClosed,
        permission="cases.read",
        at="closed_at",
        fields=(
            *("case_id", "reference", "kind", "customer", "owner"),
            *("answered_in_time", "solved_in_time"),
        ),
    ),
    Kind(
        key="customer.merged",
        name=_("Two customers were found to be one"),
        event=customers.CustomersMerged,
        permission="customers.read",
        at="merged_at",
        fields=("customer", "into"),
    ),
    Kind(
        key="customer.unmerged",
        name=_("Two customers who had been merged are two again"),
        event=customers.MergeUndone,
        permission="customers.read",
        at="undone_at",
        fields=("customer", "out_of"),
    ),
    Kind(
        key="customer.consented",
        name=_("A customer has allowed or forbidden something"),
        event=customers.ConsentKept,
        permission="customers.read",
        at="at",
        fields=("customer", "purpose", "channel", "given"),
    ),
    Kind(
        key="customer.erased",
        name=_("A customer's data were erased"),
        event=customers.CustomerErased,
        permission="customers.read",
        at="erased_at",
        fields=("customer",),
    ),
)
KINDS = {kind.key: kind for kind in _ALL}
_OF_EVENT = {kind.event: kind for kind in _ALL}


@dataclass(frozen=True, kw_only=True)
class Message:
    """What one system is told."""

    id: str
    kind: str
    body: str


def kind_of(event: Any) -> Kind:
    """Give the kind of an event that has one."""
    return _OF_EVENT[type(event)]


def message(event: Any) -> Message:
    """
    Write down what is told of an event, the same each time.

    The id is derived from all of the event: a reaction that runs twice tells one thing.
    """
    kind, values = kind_of(event), dataclasses.asdict(event)
    at: datetime = values[kind.at]
    whole = json.dumps(values, sort_keys=True, default=_plain)
    told = {
        "type": kind.key,
        "timestamp": _plain(at),
        "client": values["client"],
        "data": {name: values[name] for name in kind.fields},
    }
    id_ = ids.derive(kind=kind.key, source=whole, at=at.timestamp())
    return Message(id=id_, kind=kind.key, body=json.dumps(told, default=_plain))


def is_simulated(event: Any) -> bool:
    """Say whether the twin made it; nobody outside is told of that."""
    return bool(getattr(event, "simulated", False))


def names() -> Mapping[str, Any]:
    """Give the kinds with their words."""
    return {kind.key: kind.name for kind in _ALL}


def _plain(value: Any) -> str:
    assert isinstance(value, datetime), f"an event has no {type(value).__name__}"
    return value.astimezone(UTC).isoformat()
