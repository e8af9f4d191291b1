"""
Written contacts as live screens need them: how far each is, and what a visitor may know of his.

Refuses: to check rights. Whoever asks holds the visitor's token, or the floor says that it is his.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from callfloor.kernel import quick
from callfloor.records.interactions.models import Interaction

BATCH = 500  # SQLite takes at least 999 variables in one statement.


@dataclass(frozen=True, kw_only=True)
class Mark:
    """How far a written contact is."""

    written: int
    """The number of its last message."""
    is_open: bool


@dataclass(frozen=True, kw_only=True)
class ChatRow:
    """One written contact."""

    id: str
    client: str
    channel: str
    called: str
    customer: str
    language: str
    written: int
    is_open: bool


def marks(*, ids: Sequence[str]) -> dict[str, Mark]:
    """Give how far some contacts are, by their primary keys: cheap enough to ask all the time."""
    found: dict[str, Mark] = {}
    for start in range(0, len(ids), BATCH):
        some = list(ids[start : start + BATCH])
        sql = f"SELECT id, written, outcome FROM {quick.table(Interaction)} WHERE id IN "
        for key, written, outcome in quick.fetch(sql + quick.marks(some), some):
            found[key] = Mark(written=written, is_open=not outcome)
    return found


def chat(*, interaction_id: str) -> ChatRow | None:
    """Give one written contact, None if there is none of this id."""
    columns = "id, client_id, channel, called, customer_id, language, written, outcome"
    sql = f"SELECT {columns} FROM {quick.table(Interaction)} WHERE id = %s AND channel <> 'call'"
    for key, client, channel, called, customer, language, written, outcome in quick.fetch(
        sql, [interaction_id]
    ):
        return ChatRow(
            id=key,
            client=client,
            channel=channel,
            called=called,
            customer=customer,
            language=language,
            written=written,
            is_open=not outcome,
        )
    return None
