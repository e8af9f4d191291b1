"""
Taking a file of customers in: looked at first, confirmed by somebody, then a piece at a time.

While it waits it lies encrypted under a key of its own, which is destroyed at the end. Each line
makes the same customer each time, so that a piece that was cut off is done again.
Refuses: to change anybody who is known already. He is shown, and left as he is.
"""

import dataclasses
import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from callfloor.kernel import access, audit, fields, ids
from callfloor.kernel.access import Someone
from callfloor.kernel.errors import Refusal
from callfloor.kernel.keys import ring
from callfloor.records.customers.models import (
    Customer,
    CustomerNote,
    Identity,
    Import,
    NameWord,
    Tag,
)
from callfloor.records.customers.services import importing, names
from callfloor.records.customers.services.importing import Fault, Line

BYTES_MAX = 5_000_000  # Ten thousand lines of five hundred letters.
CHUNK = 200  # Customers written in one transaction: some 20 ms, as for a batch of facts.
CHUNKS = 1  # Of one round of the worker, which has other work too.
BATCH = 100  # Rows of one statement, below SQLite's limit of variables.
LOOKED_UP = 400  # Values of one question, below the same limit.
KEPT = timedelta(days=1)
"""A file that nobody has confirmed by then is given up."""


class NoFile(Refusal):
    """No text, no known column, or far too long."""

    code = "customers.no_file"
    message = _(
        "This is no CSV file in UTF-8 of at most 5 MB whose first line names a column that is"
        " known here."
    )


class NotWaiting(Refusal):
    """The file was taken in or given up already."""

    code = "customers.not_waiting"
    message = _("This file was taken in or given up already.")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Preview:
    """What would happen with a file, or is happening."""

    id: str
    client: str
    state: str
    """waiting, running, done, given_up."""
    lines: tuple[Line, ...]
    """Those that can be taken in; none any more at the end."""
    faults: tuple[Fault, ...]
    known: tuple[tuple[int, str], ...]
    """Lines of somebody who is known already, and who he is."""
    total: int
    made: int


def look_at(
    *,
    person: Someone,
    client: str,
    content: bytes,
    languages: Sequence[str],
    now: datetime,
    chance: bytes,
) -> str:
    """
    Read a file and keep it until somebody confirms it; give its id. No customer is written.

    Raises NotFound, Forbidden, NoFile.
    """
    access.check(person, "customers.import", client=client)
    if len(content) > BYTES_MAX:
        raise NoFile
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NoFile from None
    reading = importing.read(text, languages=languages)
    if not reading.columns:
        raise NoFile
    known = _known(client, reading.lines)
    fresh = [line for line in reading.lines if line.number not in known]
    row = Import(
        id=ids.make(now=now.timestamp(), chance=chance),
        client_id=client,
        by_id=person.key,
        created_at=now,
        lines=len(fresh),
    )
    body = {
        "lines": [dataclasses.astuple(line) for line in fresh],
        "faults": [dataclasses.astuple(fault) for fault in reading.faults],
        "known": sorted(known.items()),
    }
    key = ring.create(subjects=[row.subject], now=now)[row.subject]
    fields.encrypt(row, "body", json.dumps(body, ensure_ascii=False), key=key)
    with transaction.atomic():
        row.save(force_insert=True)
        _note(person, "customers.import_read", row, now=now, lines=len(fresh))
    return row.id


def preview(*, person: Someone, import_id: str) -> Preview:
    """Give what would happen with a file, or how far it is. Raises NotFound, Forbidden."""
    row = access.require(person, "customers.import", Import.objects.filter(id=import_id))
    body = _body(row)
    return Preview(
        id=row.id,
        client=row.client_id,
        state=row.state,
        lines=_lines(body["lines"]),
        faults=tuple(Fault(number=n, what=w, value=v) for n, w, v in body["faults"]),
        known=tuple((number, id_) for number, id_ in body["known"]),
        total=row.lines,
        made=row.made,
    )


def confirm(*, person: Someone, import_id: str, now: datetime) -> None:
    """Let a file be taken in; the worker does it. Raises NotFound, Forbidden, NotWaiting."""
    row = access.require(person, "customers.import", Import.objects.filter(id=import_id))
    with transaction.atomic():
        if not Import.objects.filter(id=row.id, state="waiting").update(state="running"):
            raise NotWaiting
        _note(person, "customers.imported", row, now=now, lines=row.lines)


def give_up(*, person: Someone, import_id: str, now: datetime) -> None:
    """Throw a file away that nobody has confirmed. Raises NotFound, Forbidden, NotWaiting."""
    row = access.require(person, "customers.import", Import.objects.filter(id=import_id))
    if row.state != "waiting":
        raise NotWaiting
    _end(row, "given_up", now=now)


def take_in(*, now: datetime) -> int:
    """Take in some of what was confirmed, and give how many customers were made."""
    for old in Import.objects.filter(ended_at=None, created_at__lt=now - KEPT, state="waiting"):
        _end(old, "given_up", now=now)
    row = Import.objects.filter(ended_at=None, state="running").order_by("created_at").first()
    if row is None:
        return 0
    body = _body(row)
    begun, made, whole = row.made, 0, len(body["lines"])
    for start in range(begun, min(begun + CHUNKS * CHUNK, whole), CHUNK):
        chunk = _lines(body["lines"][start : start + CHUNK])
        _write(row, chunk, done=start + len(chunk), now=now)
        made += len(chunk)
    if begun + made >= whole:
        _end(row, "done", now=now)
    return made


def _end(row: Import, state: str, *, now: datetime) -> None:
    Import.objects.filter(id=row.id).update(state=state, ended_at=now, body=None)
    ring.destroy(subject=row.subject, now=now)


def _body(row: Import) -> dict[str, Any]:
    key = ring.get(subjects=[row.subject]).get(row.subject)
    text = fields.decrypt(row, "body", key=key)
    body: dict[str, Any] = json.loads(text) if text else {"lines": [], "faults": [], "known": []}
    return body


def _lines(kept: Sequence[Any]) -> tuple[Line, ...]:
    return tuple(
        Line(
            number=number,
            name=name,
            kind=kind,
            language=language,
            tags=tuple(tags),
            note=note,
            identities=tuple((each[0], each[1]) for each in identities),
        )
        for number, name, kind, language, tags, note, identities in kept
    )


def _known(client: str, lines: Iterable[Line]) -> dict[int, str]:
    """Give the lines of those who are known already, and who each is."""
    places = {
        (kind, ring.blind_index(kind=kind, value=form)): line.number
        for line in lines
        for kind, value in line.identities
        for form in importing.rules.forms(kind=kind, value=value)
    }
    indexes = [index for _kind, index in places]
    known: dict[int, str] = {}
    for start in range(0, len(indexes), LOOKED_UP):
        some = indexes[start : start + LOOKED_UP]
        found = Identity.objects.filter(
            client_id=client, index__in=some, simulated=False, shared=False
        )
        for kind, index, id_ in found.values_list("kind", "index", "customer_id"):
            if (kind, index) in places:
                known[places[kind, index]] = id_
    return known


def _write(row: Import, lines: Sequence[Line], *, done: int, now: datetime) -> None:
    """Write some lines, once or again; whoever has become known since is left as he is."""
    known = _known(row.client_id, lines)
    fresh = [line for line in lines if line.number not in known]
    customers = [_customer(row, line) for line in fresh]
    keys = ring.create(subjects=[each.subject for each in customers], now=now)
    words: list[NameWord] = []
    for customer, line in zip(customers, fresh, strict=True):
        fields.encrypt(customer, "name", line.name, key=keys[customer.subject])
        words += names.words(customer, line.name)
    pairs = list(zip(customers, fresh, strict=True))
    identities = [
        _identity(customer, kind, value, evidence=f"import:{row.id}", key=keys[customer.subject])
        for customer, line in pairs
        for kind, value in line.identities
    ]
    tags = [_tag(row, each, tag, now=now) for each, line in pairs for tag in line.tags]
    notes = [_note_of(row, c, line, key=keys[c.subject]) for c, line in pairs if line.note]
    written: tuple[tuple[type[Model], list[Any]], ...] = (
        (Customer, customers),
        (Identity, identities),
        (NameWord, words),
        (Tag, tags),
        (CustomerNote, notes),
    )
    with transaction.atomic():
        for model, rows in written:
            model._default_manager.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
        Import.objects.filter(id=row.id).update(made=done)


def _tag(row: Import, customer: Customer, tag: str, *, now: datetime) -> Tag:
    return Tag(
        customer=customer, client_id=row.client_id, tag=tag, added_at=now, added_by_id=row.by_id
    )


def _customer(row: Import, line: Line) -> Customer:
    at = row.created_at
    return Customer(
        id=ids.derive(kind="customer", source=f"{row.id}:{line.number}", at=at.timestamp()),
        client_id=row.client_id,
        kind=line.kind,
        language=line.language,
        first_seen_at=at,
        last_seen_at=at,
    )


def _identity(customer: Customer, kind: str, value: str, *, evidence: str, key: bytes) -> Identity:
    index = ring.blind_index(kind=kind, value=value)
    at = customer.first_seen_at
    identity = Identity(
        id=ids.derive(kind="identity", source=f"{customer.id}:{index}", at=at.timestamp()),
        client_id=customer.client_id,
        customer=customer,
        kind=kind,
        index=index,
        evidence=evidence,
        confidence="imported",
        added_at=at,
    )
    fields.encrypt(identity, "value", value, key=key)
    return identity


def _note_of(row: Import, customer: Customer, line: Line, *, key: bytes) -> CustomerNote:
    at = row.created_at
    note = CustomerNote(
        id=ids.derive(kind="note", source=customer.id, at=at.timestamp()),
        client_id=row.client_id,
        customer=customer,
        at=at,
        author_id=row.by_id,
    )
    fields.encrypt(note, "text", line.note, key=key)
    return note


def _note(person: Someone, action: str, row: Import, *, now: datetime, lines: int) -> None:
    audit.note(
        by=person.key, action=action, about=f"import:{row.id}", client=row.client_id, now=now,
        detail={"lines": lines},
    )  # fmt: skip
