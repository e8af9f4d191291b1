"""
Forms as lists and pages show them.

A published version is read once and kept: it never changes.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Max, Q, QuerySet
from ruamel.yaml import YAML

from callfloor.kernel import access
from callfloor.kernel.access import Someone
from callfloor.kernel.names import pick
from callfloor.records.forms.models import Form, FormQueue, FormVersion
from callfloor.records.forms.rules import shape
from callfloor.records.people import queries as people
from callfloor.records.people.models import Client
from callfloor.records.routing.models import Disposition, Queue

KEPT_MAX = 256  # Versions in use at the same time; each is some ten kilobytes.


@dataclass(frozen=True, kw_only=True)
class VersionRow:
    """A version as it was published."""

    id: str
    number: int
    source: str
    writers: tuple[str, ...]
    published_by: str | None
    published_at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class FormRow:
    """A form and how far it is."""

    key: str
    kind: str
    client: str | None
    client_name: str
    name: str
    number: int | None
    """Of the version that holds; None before the first."""
    published_at: dt.datetime | None
    has_draft: bool
    queues: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class FormDetail:
    """One form with its versions, the last first, and its draft."""

    row: FormRow
    versions: tuple[VersionRow, ...]
    draft: str
    draft_writers: tuple[str, ...]
    draft_at: dt.datetime | None

    def version(self, number: int | None) -> VersionRow | None:
        """Give a version by its number; the last for None."""
        found = (each for each in self.versions if number in (None, each.number))
        return next(found, None)


def within(person: Someone, queryset: QuerySet[Form]) -> QuerySet[Form]:
    """Limit forms to those of the whole centre and of the person's clients."""
    return queryset.filter(Q(client=None) | Q(client_id__in=sorted(person.rights.clients)))


def require(person: Someone, permission: str, key: str) -> Form:
    """
    Give a form.

    Raises NotFound for an unknown or foreign one, Forbidden without the duty.
    """
    row = within(person, Form.objects.filter(key=key, is_active=True)).first()
    if row is None:
        raise access.NotFound
    access.check(person, permission)
    return row


def forms(*, person: Someone, kinds: Iterable[str] = ()) -> list[FormRow]:
    """
    Give the forms that the person may know of, by name.

    Raises Forbidden without the duty.
    """
    access.check(person, "forms.read")
    found = within(person, Form.objects.filter(is_active=True))
    if wanted := sorted(kinds):
        found = found.filter(kind__in=wanted)
    return _rows(person, found)


def forms_of_client(*, person: Someone, client: str, kind: str) -> list[FormRow]:
    """
    Give the published forms of a kind that fit a client's contacts, by name.

    Raises NotFound for a foreign client, Forbidden without the duty to fill forms.
    """
    access.check(person, "forms.fill", client=client)
    of_client = Q(client=None) | Q(client_id=client)
    rows = _rows(person, Form.objects.filter(of_client, kind=kind, is_active=True))
    return [row for row in rows if row.number is not None]


def form(*, person: Someone, key: str) -> FormDetail:
    """
    Give one form.

    Raises NotFound, Forbidden.
    """
    row = require(person, "forms.read", key)
    (made,) = _rows(person, Form.objects.filter(key=key))
    return FormDetail(
        row=made,
        versions=tuple(_version(each) for each in row.versions.order_by("-number")),
        draft=row.draft,
        draft_writers=tuple(row.draft_writers),
        draft_at=row.draft_at,
    )


def script_of(*, queue: str | None) -> str | None:
    """Give the key of a queue's script, None if it has none."""
    found = FormQueue.objects.filter(queue_id=queue or "", form__is_active=True)
    return found.values_list("form_id", flat=True).first()


def body_of(version: FormVersion) -> shape.Body:
    """Give a published version, ready to be gone through."""
    return _body(version.id, version.source)


@lru_cache(maxsize=KEPT_MAX)
def _body(version: str, source: str) -> shape.Body:
    body, faults = shape.read(YAML(typ="safe", pure=True).load(source))
    assert not faults, f"version {version} was published with faults"
    assert body is not None, f"version {version} is no form"
    return body


def known_to(form_client: str | None) -> shape.Known:
    """Give what a form of a client may name; one of the whole centre knows all clients' words."""
    of_client = Q(client_id=form_client) if form_client else Q()
    clients = Client.objects.filter(is_active=True)
    if form_client:
        clients = clients.filter(key=form_client)
    spoken = [each for row in clients.order_by("key") for each in row.languages]
    dispositions = Disposition.objects.filter(of_client, is_active=True)
    queues = Queue.objects.filter(of_client, is_active=True)
    return shape.Known(
        languages=tuple(dict.fromkeys(spoken)),
        queues=frozenset(queues.values_list("key", flat=True)),
        dispositions=frozenset(dispositions.values_list("key", flat=True)),
    )


def _rows(person: Someone, found: QuerySet[Form]) -> list[FormRow]:
    clients = people.client_names(person=person)
    numbered = found.annotate(last=Max("versions__number"), last_at=Max("versions__published_at"))
    queues: dict[str, list[str]] = {}
    for form_key, queue in FormQueue.objects.order_by("queue_id").values_list(
        "form_id", "queue_id"
    ):
        queues.setdefault(form_key, []).append(queue)
    made = [
        FormRow(
            key=row.key,
            kind=row.kind,
            client=row.client_id,
            client_name=clients.get(row.client_id, row.client_id) if row.client_id else "",
            name=pick(row.names, key=row.key),
            number=row.last,
            published_at=row.last_at,
            has_draft=bool(row.draft),
            queues=tuple(queues.get(row.key, ())),
        )
        for row in numbered.order_by("key")
    ]
    return sorted(made, key=lambda row: (row.name.casefold(), row.key))


def _version(row: FormVersion) -> VersionRow:
    return VersionRow(
        id=row.id,
        number=row.number,
        source=row.source,
        writers=tuple(row.writers),
        published_by=row.published_by_id,
        published_at=row.published_at,
    )
