"""
Files that somebody sends with a message: checked by what they are, kept encrypted, opened again.

The file lies under the customer's key like all that is his, so it goes with him. Refuses: to trust
a name or a type that a browser says, and to keep anything in clear.
"""

import hashlib
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from callfloor.kernel import fields
from callfloor.kernel.errors import Refusal
from callfloor.kernel.keys import crypt, ring
from callfloor.records.interactions.models import Interaction, Message
from callfloor.records.interactions.services import messages
from callfloor.records.interactions.services.messages import Written
from callfloor.records.interactions.services.notes import CallerErased
from callfloor.wire import filetype

FOLDER = "attachments"
BYTES_MAX = filetype.FILE_BYTES_MAX
FILES_MAX = 20  # Of one customer in one contact: a claim with its pictures; 200 MB at the most.


class FileTooBig(Refusal):
    """The file is larger than what people send as a picture or a document."""

    code = "messages.file_too_big"
    message = _("This file is too large. Up to 10 MB can be sent.")


class FileNotAllowed(Refusal):
    """The file is of no kind that may be sent."""

    code = "messages.file_not_allowed"
    message = _("Only pictures, PDF files and plain text can be sent.")


class TooManyFiles(Refusal):
    """One customer sends file after file."""

    code = "messages.too_many_files"
    message = _("No more files can be sent here. Send the others by e-mail.")


class FileGone(Refusal):
    """There is no such file, or its key was destroyed."""

    code = "messages.file_gone"
    message = _("This file is not there any more.")


@dataclass(frozen=True, kw_only=True)
class Attached:
    """A file in clear, for whoever may have it."""

    name: str
    type: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Stored:
    """A file that lies on the disk, and no message tells of it yet."""

    name: str
    data: dict[str, Any]


def store(*, interaction_id: str, name: str, content: bytes, external: str) -> Stored:
    """
    Put a file of an interaction on the disk, for a message to come.

    Raises FileTooBig, FileNotAllowed, CallerErased, and Interaction.DoesNotExist.
    """
    if len(content) > BYTES_MAX:
        raise FileTooBig
    kind = filetype.file_type(content)
    if kind is None:
        raise FileNotAllowed
    interaction = Interaction.objects.select_related("customer").get(id=interaction_id)
    subject = interaction.customer.subject
    key = ring.get(subjects=[subject]).get(subject)
    if key is None:
        raise CallerErased
    place = hashlib.sha256(f"{interaction_id}:{external}".encode()).hexdigest()
    _write(place, crypt.encrypt(content, key=key, bound=_bound(place)))
    data = {"file": place, "type": kind, "bytes": len(content)}
    return Stored(name=filetype.file_name(name), data=data)


def keep(
    *,
    interaction_id: str,
    direction: str,
    name: str,
    content: bytes,
    external: str,
    now: datetime,
    author: str | None = None,
    state: str = "kept",
) -> Written:
    """
    Keep a file as a message of an interaction that the caller has checked.

    Raises FileTooBig, FileNotAllowed, TooManyFiles, CallerErased, and Interaction.DoesNotExist.
    """
    there = Message.objects.filter(interaction_id=interaction_id, kind="file", direction="in")
    if direction == "in" and there.count() >= FILES_MAX:
        raise TooManyFiles
    # On the disk before its row: a row without a file would be a lost message.
    stored = store(interaction_id=interaction_id, name=name, content=content, external=external)
    return messages.write(
        interaction_id=interaction_id,
        direction=direction,
        text=stored.name,
        now=now,
        author=author,
        external=external,
        kind="file",
        data=stored.data,
        state=state,
    )


def open_file(*, interaction_id: str, number: int) -> Attached:
    """
    Give the file of a message of an interaction that the caller has checked.

    Raises FileGone.
    """
    found = Message.objects.filter(interaction_id=interaction_id, number=number, kind="file")
    row = found.select_related("interaction__customer").first()
    if row is None:
        raise FileGone
    subject = row.interaction.customer.subject
    key = ring.get(subjects=[subject]).get(subject)
    path = _path(row.data["file"])
    if key is None or not path.is_file():
        raise FileGone
    content = crypt.decrypt(path.read_bytes(), key=key, bound=_bound(row.data["file"]))
    name = fields.decrypt(row, "body", key=key) or ""
    return Attached(name=name, type=row.data["type"], content=content)


def delete_files(*, interaction_ids: list[str]) -> int:
    """Remove the files of interactions from the disk; give how many there were."""
    rows = Message.objects.filter(interaction_id__in=interaction_ids, kind="file")
    paths = [_path(data["file"]) for data in rows.values_list("data", flat=True)]
    there = [path for path in paths if path.is_file()]
    for path in there:
        path.unlink()
    return len(there)


def _bound(place: str) -> str:
    return f"attachment:{place}"


def _path(place: str) -> Path:
    return Path(settings.DATA) / FOLDER / place[:2] / place


def _write(place: str, value: bytes) -> None:
    path = _path(place)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        file.write(value)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
