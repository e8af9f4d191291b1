"""
Who did, saw, heard or exported what: an append-only log in which each entry seals the one before.

The digest is an HMAC under a key derived from the centre's, so that a chain cannot be mended by
whoever can only write the database. Refuses: personal values in `detail`; keys and numbers only.
"""

import contextlib
import hashlib
import hmac
import json
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction

from callfloor.kernel import access, pages, quick
from callfloor.kernel.access import Someone
from callfloor.kernel.keys import crypt, ring
from callfloor.kernel.models import AuditEntry

PURPOSE = "audit chain"
FIRST = "0" * 64
LOCK = 0x63616C6C  # PostgreSQL's advisory locks are numbers; this one is nobody else's.

_THROUGH: ContextVar[str | None] = ContextVar("audit_through", default=None)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Whether the chain is whole."""

    ok: bool
    entries: int
    broken_at: int | None
    """The first number that does not follow from the one before; None if all do."""


@dataclass(frozen=True, kw_only=True)
class AuditRow:
    """One entry, as it is read."""

    number: int
    at: datetime
    by: str
    action: str
    about: str
    client: str | None
    detail: dict[str, Any]


@contextlib.contextmanager
def through(token: str | None) -> Iterator[None]:
    """Let every entry that is made within say by which token of its person it was done."""
    before = _THROUGH.set(token)
    try:
        yield
    finally:
        _THROUGH.reset(before)


def note(
    *,
    by: str,
    action: str,
    about: str,
    now: datetime,
    client: str | None = None,
    detail: dict[str, Any] | None = None,
) -> int:
    """Append an entry and give its number; it stands or falls with the transaction around it."""
    with transaction.atomic():
        _lock()
        last = quick.first(AuditEntry, "ORDER BY number DESC")
        entry = AuditEntry(
            number=last.number + 1 if last else 1,
            at=now,
            by=by,
            action=action,
            about=about,
            client=client or "",
            detail=_said(detail),
            previous=last.digest if last else FIRST,
        )
        entry.digest = _digest(entry)
        _insert(entry)
    return entry.number


def verify() -> Verdict:
    """Walk the whole chain and say where it breaks, if it does."""
    previous, count = FIRST, 0
    for entry in AuditEntry.objects.order_by("number").iterator(chunk_size=1_000):
        count += 1
        sound = hmac.compare_digest(entry.digest, _digest(entry))
        if entry.number != count or entry.previous != previous or not sound:
            return Verdict(ok=False, entries=count, broken_at=count)
        previous = entry.digest
    return Verdict(ok=True, entries=count, broken_at=None)


def entries(*, person: Someone, page: int = 1, size: int = 50) -> pages.Page[AuditRow]:
    """Give the entries about the person's clients and the whole centre, newest first."""
    access.check(person, "audit.read")
    clients = ["", *sorted(person.rights.clients)]
    rows = AuditEntry.objects.filter(client__in=clients).order_by("-number")
    return pages.cut(rows, page=page, size=size, build=lambda found: [_row(e) for e in found])


def _said(detail: dict[str, Any] | None) -> dict[str, Any]:
    token = _THROUGH.get()
    return {**(detail or {}), "token": token} if token else detail or {}


def _row(entry: AuditEntry) -> AuditRow:
    return AuditRow(
        number=entry.number,
        at=entry.at,
        by=entry.by,
        action=entry.action,
        about=entry.about,
        client=entry.client or None,
        detail=entry.detail,
    )


def _insert(entry: AuditEntry) -> None:
    fields = entry._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = [field.get_db_prep_save(getattr(entry, field.attname), connection) for field in fields]
    sql = f"INSERT INTO {quick.table(AuditEntry)} ({columns}) VALUES {quick.marks(values)}"
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def _digest(entry: AuditEntry) -> str:
    parts = [entry.number, entry.at.astimezone(UTC).isoformat(), entry.by, entry.action]
    parts += [entry.about, entry.client, entry.detail, entry.previous]
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False)
    key = crypt.derive(ring.centre().private, purpose=PURPOSE)
    return hmac.digest(key, text.encode(), hashlib.sha256).hex()


def _lock() -> None:
    # On SQLite the transaction itself is the only writer (transaction_mode IMMEDIATE).
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
