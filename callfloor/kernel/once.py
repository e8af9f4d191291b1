"""
A request that bears a key of its own is done once, however often and from wherever it comes.

The key's row is written before anything else in the transaction that does the work, under a unique
index: of two at the same moment the second waits for the first and gets its answer.
Answers lie encrypted under a key of the centre, for a day.
Refuses: personal values in an answer that is kept; and to know what a request is.
"""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from callfloor.kernel.errors import Refusal
from callfloor.kernel.keys import crypt, ring
from callfloor.kernel.models import OnceAnswer

KEPT = timedelta(hours=24)  # Whoever has not tried again within a day does not mean the same.
KEY_CHARACTERS_MAX = 255  # As the header's draft and its users have it; a UUID has 36.
PURPOSE = "requests with a key"


class KeyUsed(Refusal):
    """The key was used for something else."""

    code = "api.key_used"
    message = _("This key was used before, for another request.")


class NoKey(Refusal):
    """What was given is no key."""

    code = "api.no_key"
    message = _("A key has 1 to 255 printable characters of ASCII.")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a request was answered."""

    status: int
    body: str
    is_done: bool
    """Whether the work stands; what was refused or broke is taken back."""
    is_kept: bool = True
    """Whether the same answer is given again; a fault of ours is tried anew."""


class _TakenBack(Exception):
    """Leads out of a transaction whose work does not count."""


def once(*, owner: str, key: str, asked: bytes, now: datetime, run: Callable[[], Answer]) -> Answer:
    """
    Do what `run` does, or give what it answered under this key before.

    Raises NoKey, and KeyUsed if something else was asked under the key; `asked` is all that makes
    two requests the same.
    """
    if not (0 < len(key) <= KEY_CHARACTERS_MAX and key.isascii() and key.isprintable()):
        raise NoKey
    digest = _digest(asked)
    with transaction.atomic():
        OnceAnswer.objects.filter(owner=owner, key=key, at__lt=now - KEPT).delete()
        row = _begun(owner=owner, key=key, digest=digest, now=now)
        if row is None:
            return _known(owner=owner, key=key, digest=digest)
        answer = _run(run)
        if answer.is_kept:
            row.status, row.body = answer.status, _closed(row, answer.body)
            row.save(update_fields=["status", "body"])
        else:
            row.delete()
    return answer


def forget(*, now: datetime) -> int:
    """Delete answers that nobody asks for any more; give how many."""
    return OnceAnswer.objects.filter(at__lt=now - KEPT).delete()[0]


def _begun(*, owner: str, key: str, digest: str, now: datetime) -> OnceAnswer | None:
    try:
        with transaction.atomic():
            return OnceAnswer.objects.create(owner=owner, key=key, digest=digest, at=now)
    except IntegrityError:
        return None


def _known(*, owner: str, key: str, digest: str) -> Answer:
    row = OnceAnswer.objects.get(owner=owner, key=key)
    if not hmac.compare_digest(row.digest, digest):
        raise KeyUsed
    body = crypt.decrypt(bytes(row.body), key=_key(), bound=_bound(row)).decode()
    return Answer(status=row.status, body=body, is_done=False)


def _run(run: Callable[[], Answer]) -> Answer:
    answer: Answer | None = None
    try:
        with transaction.atomic():
            answer = run()
            if not answer.is_done:
                raise _TakenBack
    except _TakenBack:
        pass
    assert answer is not None
    return answer


def _closed(row: OnceAnswer, body: str) -> bytes:
    return crypt.encrypt(body.encode(), key=_key(), bound=_bound(row))


def _bound(row: OnceAnswer) -> str:
    return f"{row.owner} {row.key}"


def _key() -> bytes:
    return crypt.derive(ring.centre().private, purpose=PURPOSE)


def _digest(asked: bytes) -> str:
    # Keyed, because a number could be found from its digest by trying them all.
    return hmac.digest(_key(), asked, hashlib.sha256).hex()
