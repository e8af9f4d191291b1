"""
A form is written as text, checked line by line, and published by somebody else.

What is published never changes; the next version is a new one. Refuses: to publish with a fault.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from callfloor.kernel import access, audit, ids
from callfloor.kernel.access import Someone
from callfloor.kernel.errors import Refusal
from callfloor.records.forms import rules
from callfloor.records.forms.models import Form, FormQueue, FormVersion
from callfloor.records.forms.queries import rows
from callfloor.records.forms.rules import shape

CHARACTERS_MAX = 400_000  # Two hundred nodes in six languages.


class KeyTaken(Refusal):
    """Another form has this key."""

    code = "forms.key_taken"
    message = _("Another form has this key already.")


class NoDraft(Refusal):
    """There is nothing to publish."""

    code = "forms.no_draft"
    message = _("There is no draft of this any more.")


class Faulty(Refusal):
    """The draft has faults."""

    code = "forms.faulty"
    message = _("The draft has faults. Mend them, then publish it.")


class OwnForm(Refusal):
    """Whoever wrote in a form would publish it."""

    code = "forms.own_form"
    message = _("You wrote in this form. Somebody else with the duty publishes it.")


@dataclass(frozen=True, kw_only=True)
class Line:
    """A fault and the line where it is, counted from 1."""

    number: int
    fault: shape.Fault


@transaction.atomic
def begin(*, person: Someone, key: str, kind: str, client: str | None, now: datetime) -> None:
    """
    Begin a form; its text is written with `keep_draft`.

    Raises NotFound for a foreign client, Forbidden, KeyTaken.
    """
    access.check(person, "forms.write", client=client)
    assert kind in rules.KINDS, f"no kind {kind}"
    if Form.objects.filter(key=key).exists():
        raise KeyTaken
    row = Form(key=key, client_id=client, kind=kind, draft_at=now)
    row.save(force_insert=True)


@transaction.atomic
def keep_draft(*, person: Someone, key: str, text: str, now: datetime) -> None:
    """
    Keep the draft of a form's next version, with whatever faults it has.

    Raises NotFound, Forbidden.
    """
    row = rows.require(person, "forms.write", key)
    row.draft = text.replace("\r\n", "\n")[:CHARACTERS_MAX]
    row.draft_writers = sorted({*row.draft_writers, person.key}) if row.draft else []
    row.draft_at = now if row.draft else None
    row.save(update_fields=["draft", "draft_writers", "draft_at"])


def check(*, text: str, client: str | None) -> tuple[shape.Body | None, list[Line]]:
    """Give a form as it would be published, and everything that is wrong with it by line."""
    try:
        data: Any = YAML(typ="rt", pure=True).load(text)
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        fault = shape.Fault("no_yaml", ())
        return None, [Line(number=mark.line + 1 if mark else 1, fault=fault)]
    body, faults = shape.read(data)
    if body is not None:
        faults = [*faults, *shape.unfit(body, rows.known_to(client))]
    lines = [Line(number=_line(data, fault.path), fault=fault) for fault in faults]
    return body, sorted(lines, key=lambda each: (each.number, each.fault.code, each.fault.what))


def _line(data: Any, path: shape.Path) -> int:
    """Give the line on which a path begins, or the nearest thing around it that is there."""
    line = 0
    for step in path:
        try:
            place = data.lc.data.get(step) if hasattr(data, "lc") and data.lc.data else None
            line = place[0] if place else line
            data = data[step]
        except (KeyError, IndexError, TypeError):
            break
    return line + 1


@transaction.atomic
def publish(*, person: Someone, key: str, now: datetime, chance: bytes) -> int:
    """
    Publish the draft as the next version, for all contacts that come from now on.

    Raises NotFound, Forbidden, NoDraft, OwnForm, Faulty.
    """
    row = rows.require(person, "forms.approve", key)
    if not row.draft:
        raise NoDraft
    if person.key in row.draft_writers:
        raise OwnForm
    version = _publish(row, text=row.draft, by=person.key, now=now, chance=chance)
    audit.note(
        by=person.key, action="form.published", about=f"form:{key}", client=row.client_id,
        now=now, detail={"number": version},
    )  # fmt: skip
    return version


def _publish(row: Form, *, text: str, by: str | None, now: datetime, chance: bytes) -> int:
    body, faults = check(text=text, client=row.client_id)
    if body is None or faults:
        raise Faulty
    last = row.versions.order_by("-number").values_list("number", flat=True).first()
    version = FormVersion(
        id=ids.make(now=now.timestamp(), chance=chance),
        form=row,
        number=(last or 0) + 1,
        source=text,
        writers=row.draft_writers,
        published_by_id=by,
        published_at=now,
    )
    version.save(force_insert=True)
    row.names, row.draft, row.draft_writers, row.draft_at = dict(body.names), "", [], None
    row.save(update_fields=["names", "draft", "draft_writers", "draft_at"])
    _take_queues(row, body.queues)
    return version.number


def _take_queues(row: Form, queues: Sequence[str]) -> None:
    """Let a form be the script of these queues, and of no others."""
    FormQueue.objects.filter(form=row).exclude(queue_id__in=queues).delete()
    for queue in queues:
        FormQueue.objects.update_or_create(queue_id=queue, defaults={"form": row})


@transaction.atomic
def take_in(*, key: str, kind: str, client: str | None, text: str, now: datetime) -> None:
    """
    Take in what a centre comes with: a form with its first version, unless it is there already.

    Raises Faulty.
    """
    row, _made = Form.objects.get_or_create(key=key, defaults={"kind": kind, "client_id": client})
    if row.versions.exists():
        return
    chance = f"form:{key}".encode().ljust(ids.CHANCE_BYTES, b"-")[-ids.CHANCE_BYTES :]
    _publish(row, text=text, by=None, now=now, chance=chance)
