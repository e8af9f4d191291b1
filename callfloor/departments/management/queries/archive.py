"""
Everything about one customer in one file (GDPR articles 15 and 20): JSON, messages, sound, files.

It is made in memory and given once; nothing of it is left on a disk. Refuses: what others wrote
about other people, and the names of colleagues, which are theirs.
"""

import html
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils import translation
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from callfloor.departments.management.queries import places
from callfloor.departments.management.queries.places import Place
from callfloor.kernel import access, audit
from callfloor.kernel.access import Someone
from callfloor.kernel.keys import ring
from callfloor.records.customers import queries as customers
from callfloor.records.customers.models import Customer
from callfloor.records.interactions.models import Message, Recording
from callfloor.records.interactions.services import attachments, recordings

FORMAT = "callfloor-person-1"
HIDDEN = {"index", "digest"}
"""Fields that are no data of the person but our way of finding it."""


@dataclass(frozen=True, kw_only=True)
class Archive:
    """A file for one customer."""

    name: str
    content: bytes
    counts: Mapping[str, int]
    """Rows of each table."""


def archive(*, person: Someone, customer_id: str, now: datetime) -> Archive:
    """
    Give everything about a customer and whoever was found to be him, as a zip; it is noted.

    Raises NotFound, Forbidden.
    """
    found = Customer.objects.filter(id=customer_id)
    customer = access.require(person, "customers.answer", found)
    together = customers.together(customer_id=customer.id)
    audit.note(
        by=person.key, action="customer.answered", about=f"customer:{customer.id}", now=now,
        client=customer.client_id, detail={"customers": len(together)},
    )  # fmt: skip
    return _made(together, language=customer.language or "en", now=now)


def _made(together: tuple[str, ...], *, language: str, now: datetime) -> Archive:
    keys = ring.get(subjects=[f"customer:{id_}" for id_ in together])
    content = io.BytesIO()
    counts: dict[str, int] = {}
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        for place in places.places():
            rows = list(_rows(place, together, keys, file))
            counts[place.label] = len(rows)
            if rows:
                text = json.dumps(rows, ensure_ascii=False, indent=1)
                file.writestr(f"data/{place.label}.json", text)
        _add_sound(file, together, keys)
        _add_files(file, together)
        about = {"format": FORMAT, "made_at": now.isoformat(), "customers": together}
        file.writestr("about.json", json.dumps(about | {"rows": counts}, indent=1))
        file.writestr("index.html", _cover(counts, language=language, now=now))
    name = f"person-{together[0]}.zip" if together else "person.zip"
    return Archive(name=name, content=content.getvalue(), counts=counts)


def _rows(
    place: Place, together: tuple[str, ...], keys: Mapping[str, bytes], file: zipfile.ZipFile
) -> Iterator[dict[str, Any]]:
    """Give the rows of a place in clear; what is a file itself goes beside them."""
    rows = place.rows(together).annotate(callfloor_of=models.F(place.way))
    for row in rows.iterator(chunk_size=500):
        key = keys.get(f"customer:{row.callfloor_of}")
        values: dict[str, Any] = {}
        for field in place.model._meta.concrete_fields:
            if field.name in HIDDEN:
                continue
            value = getattr(row, field.attname)
            if field.name in place.sealed:
                value = places.value_of(row, field.name, key=key)
            if isinstance(value, bytes):
                where = f"files/{place.label}/{row.pk}.{field.name}"
                file.writestr(where, value)
                value = where
            values[field.attname] = value if _is_plain(value) else _text(value)
        yield values


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, (str, int, float, bool, dict, list))


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, (date, datetime)) else str(value)


def _add_sound(file: zipfile.ZipFile, together: tuple[str, ...], keys: Mapping[str, bytes]) -> None:
    """Put each recording into the archive as sound that every player plays."""
    found = Recording.objects.filter(interaction__customer_id__in=together)
    for row in found.select_related("interaction__customer").order_by("id"):
        try:
            sound = recordings.sound_of(row)
        except recordings.RecordingGone:
            continue
        name = f"recordings/{row.id}.wav"
        file.writestr(name, sound.read(start=0, length=sound.size), zipfile.ZIP_STORED)
        sound.close()


def _add_files(file: zipfile.ZipFile, together: tuple[str, ...]) -> None:
    """Put the files that were sent in messages into the archive."""
    found = Message.objects.filter(interaction__customer_id__in=together, kind="file")
    for id_, number in found.order_by("id").values_list("interaction_id", "number"):
        try:
            sent = attachments.open_file(interaction_id=id_, number=number)
        except attachments.FileGone:
            continue
        file.writestr(f"files/{id_}/{number}-{sent.name or 'file'}", sent.content)


def _cover(counts: Mapping[str, int], *, language: str, now: datetime) -> str:
    """Write the first page, in the customer's language."""
    with translation.override(language):
        info = get_language_info(translation.get_language() or "en")
        head = _("Everything that is known of you")
        text = _(
            "This file holds all data that this contact center has kept of you, on %(day)s."
            " The folder “data” has one file for each kind; “recordings” has the sound of your"
            " calls; “files” has what was sent."
        ) % {"day": now.date().isoformat()}
        row = "<tr><td><a href='data/{0}.json'>{0}</a></td><td>{1}</td></tr>"
        rows = "".join(row.format(label, count) for label, count in counts.items() if count)
        direction = "rtl" if info["bidi"] else "ltr"
        return (
            f"<!doctype html><html lang='{info['code']}' dir='{direction}'><meta charset='utf-8'>"
            f"<title>{html.escape(head)}</title><h1>{html.escape(head)}</h1>"
            f"<p>{html.escape(text)}</p><table>{rows}</table></html>"
        )
