"""
The keys of subjects: one per customer and person, wrapped by the centre's key, in keys.db.

Everything personal is encrypted under such a key, so that destroying it erases them all at once.
Refuses: to keep an unwrapped key longer than a call, and to make a destroyed key again.
"""

import contextlib
import functools
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import OperationalError, connections, transaction

from callfloor.kernel import quick
from callfloor.kernel.keys import crypt, files
from callfloor.kernel.models import SubjectKey
from callfloor.wire import seal
from callfloor.wire.errors import PeerError

ALIAS = "keys"
PURPOSE = "subject keys"
BATCH = 500  # SQLite takes at least 999 variables in one statement.


@functools.lru_cache(maxsize=4)
def centre(data: Path | None = None) -> files.CentreKeys:
    """Give the centre's keys, read once per process."""
    return files.read(data=data or settings.DATA)


def create(*, subjects: Iterable[str], now: datetime) -> dict[str, bytes]:
    """
    Make a key for each subject that has none and give the keys of all.

    The keys are on the disk when this returns: encrypt with them only afterwards. A subject whose
    key was destroyed gets none.
    """
    names = list(dict.fromkeys(subjects))
    rows = [
        SubjectKey(subject=name, wrapped=_wrap(name, crypt.new_key()), created_at=now)
        for name in names
    ]
    # Another process may have been faster: its row stays, and is what is read back.
    SubjectKey.objects.using(ALIAS).bulk_create(rows, ignore_conflicts=True, batch_size=BATCH)
    return get(subjects=names)


def get(*, subjects: Iterable[str]) -> dict[str, bytes]:
    """Give the keys of those subjects who have one."""
    return unwrapped(wrapped(subjects=subjects))


def wrapped(*, subjects: Iterable[str]) -> dict[str, bytes]:
    """Give the keys of those subjects who have one, closed as they stand on the disk."""
    names = list(dict.fromkeys(subjects))
    sql = f"SELECT subject, wrapped FROM {quick.table(SubjectKey)} WHERE subject IN "
    found: dict[str, bytes] = {}
    for start in range(0, len(names), BATCH):
        batch = names[start : start + BATCH]
        rows = quick.fetch(sql + quick.marks(batch), batch, using=ALIAS)
        found |= {subject: bytes(key) for subject, key in rows if key}
    return found


def unwrapped(closed: Mapping[str, bytes]) -> dict[str, bytes]:
    """Open keys that `wrapped` gave."""
    unwrap = crypt.opener(crypt.derive(centre().private, purpose=PURPOSE))
    return {subject: unwrap(key, subject) for subject, key in closed.items()}


def destroy(*, subject: str, now: datetime) -> None:
    """
    Erase a subject's key for good; what it closed can never be read again.

    The row stays without its key, so that nobody makes a new one for the same subject. The file
    is cleaned when the transaction has ended: `secure_delete` overwrites the page, the checkpoint
    empties the log.
    """
    SubjectKey.objects.using(ALIAS).filter(subject=subject).update(wrapped=b"", destroyed_at=now)
    transaction.on_commit(clean, using=ALIAS)


def blind_index(*, kind: str, value: str) -> str:
    """Give the keyed index by which a value is found without being read."""
    return crypt.blind_index(token_key=centre().token, kind=kind, value=value)


def item_key(wrapped: bytes) -> bytes | None:
    """Open the key of an item as it stands in the journal; None if it is not ours."""
    try:
        return seal.unseal(wrapped, private_key=centre().private)
    except PeerError:
        return None


def item_value(sealed: str, *, key: bytes, item: str) -> Any:
    """Open a sealed value of an item: a caller's dict, typed digits; None if it does not open."""
    try:
        return json.loads(seal.decrypt_field(sealed, key=key, item=item))
    except (PeerError, ValueError):
        return None


def data_key(sealed: bytes) -> bytes | None:
    """Open the data key of a recording, as it stands in its head; None if it is not ours."""
    return item_key(sealed)


def clean() -> None:
    """Empty the log of keys.db, in which a destroyed key may still stand."""
    connection = connections[ALIAS]
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor, contextlib.suppress(OperationalError):
        # A reader may be in the way; the worker's job comes by again.
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _wrap(subject: str, key: bytes) -> bytes:
    wrapping = crypt.derive(centre().private, purpose=PURPOSE)
    return crypt.encrypt(key, key=wrapping, bound=subject)
