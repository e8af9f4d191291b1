"""
The files that came and went in the contacts of a case, beside those that were put into it.

Refuses: to open a file. Each is asked for where it lies, by whoever may read its contact.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from callfloor.kernel import fields
from callfloor.kernel.keys import ring
from callfloor.records.interactions.models import Message

SHOWN_MAX = 200  # Two hundred lines are looked through by nobody; the contacts have the rest.


@dataclass(frozen=True, kw_only=True)
class ContactFile:
    """A file that a message of a contact is, or that its mail carried."""

    interaction: str
    message: str
    number: int
    """Of the message in its contact, or of the file in its mail."""
    in_mail: bool
    """Whether it lies in the original of a mail that came."""
    name: str
    """Empty if it has none, or cannot be read any more."""
    kind: str
    """Its media type."""
    size_bytes: int | None
    is_ours: bool
    """Whether somebody who works here has sent it."""
    at: datetime


def of_contacts(*, interaction_ids: Iterable[str]) -> list[ContactFile]:
    """Give the files of interactions that the caller has checked, in the order of time."""
    contacts = list(interaction_ids)
    if not contacts:
        return []
    wanted = Message.objects.filter(interaction_id__in=contacts)
    with_files = wanted.filter(kind="file") | wanted.filter(data__has_key="mail")
    found = list(
        with_files.select_related("interaction__customer").order_by("at", "id")[:SHOWN_MAX]
    )
    keys = ring.get(subjects=sorted({row.interaction.customer.subject for row in found}))
    return [file for row in found for file in _files(row, keys)]


def _files(row: Message, keys: Mapping[str, bytes]) -> Iterator[ContactFile]:
    if row.kind == "file":
        name = fields.decrypt(row, "body", key=keys.get(row.interaction.customer.subject)) or ""
        size = row.data["bytes"]
        yield _file(row, number=row.number, name=name, kind=row.data["type"], size=size)
    for each in row.data.get("mail", {}).get("files", ()):
        size = each.get("size")
        yield _file(row, number=each["number"], name="", kind=each["type"], size=size, in_mail=True)


def _file(
    row: Message, *, number: int, name: str, kind: str, size: int | None, in_mail: bool = False
) -> ContactFile:
    return ContactFile(
        interaction=row.interaction_id,
        message=row.id,
        number=number,
        in_mail=in_mail,
        name=name,
        kind=kind,
        size_bytes=size,
        is_ours=row.direction != "in",
        at=row.at,
    )
