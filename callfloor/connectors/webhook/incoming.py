"""
What another system says: a customer's message, or a matter; signed, once, and never believed more.

A message goes into the customer's open contact at the client's own address for chats, or begins
one; a matter becomes a case in the line. The row of what was heard is written first, under a unique
index: the same five times at once is one contact with one message (R27).
Refuses: anybody without a signature of the last five minutes.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from callfloor.connectors.webhook import keeping, signing
from callfloor.connectors.webhook.models import Heard, Source
from callfloor.kernel import access
from callfloor.kernel.errors import Refusal
from callfloor.records.cases.services import form
from callfloor.records.customers import services as customers
from callfloor.records.interactions.services import chats
from callfloor.records.people import queries as people
from callfloor.records.routing import queries as routing

BODY_BYTES_MAX = 256 * 1024  # A long mail without its files.
KEPT = timedelta(days=30)  # Longer than any sender goes on trying.
TEXT_CHARACTERS_MAX = 50_000
NO_NUL = r"^[^\x00]*$"


class NotSigned(Refusal):
    """The signature is wrong, or too old."""

    code = "hooks.not_signed"
    message = _("The signature is wrong, or older than five minutes.")


class NotUnderstood(Refusal):
    """The body is none of what is taken."""

    code = "hooks.not_understood"
    message = _("This is no message and no case that could be taken.")


class TooLarge(Refusal):
    """The body is larger than any message."""

    code = "hooks.too_large"
    message = _("This is too long to be taken.")


class NoLine(Refusal):
    """The client has no address for chats."""

    code = "hooks.no_line"
    message = _("This client has no address at which messages arrive.")


class _Given(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Sender(_Given):
    """Whose matter it is."""

    kind: Literal["number", "address", "handle", "external"]
    value: str = Field(min_length=1, max_length=254, pattern=NO_NUL)
    name: str = Field("", max_length=200, pattern=NO_NUL)


class Message(_Given):
    """What a customer wrote elsewhere."""

    type: Literal["message"]
    sender: Sender
    text: str = Field(min_length=1, max_length=TEXT_CHARACTERS_MAX, pattern=NO_NUL)
    language: str = Field("", max_length=12, pattern=r"^[A-Za-z-]*$")


class Matter(_Given):
    """What is to be opened as a case."""

    type: Literal["case"]
    kind: Literal["query", "request", "complaint"]
    sender: Sender
    subject: str = Field(min_length=1, max_length=200, pattern=NO_NUL)
    text: str = Field(min_length=1, max_length=TEXT_CHARACTERS_MAX, pattern=NO_NUL)
    language: str = Field("", max_length=12, pattern=r"^[A-Za-z-]*$")


Body = Annotated[Message | Matter, Field(discriminator="type")]
BODY: TypeAdapter[Message | Matter] = TypeAdapter(Body)


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What came of it; the same for the same message, however often it comes."""

    interaction: str = ""
    case: str = ""
    reference: str = ""


def receive(
    *, source: str, given: Mapping[str, str], body: bytes, now: datetime, chance: bytes
) -> Taken:
    """
    Take what another system says.

    `given` are the request's headers in small letters. Raises NotFound for a source that there is
    not, NotSigned, TooLarge, NotUnderstood, NoLine, and what opening a contact or case raises.
    """
    row = Source.objects.filter(id=source, is_on=True).first()
    if row is None:
        raise access.NotFound
    if len(body) > BODY_BYTES_MAX:
        raise TooLarge
    secret = keeping.opened(row.secret, id_=row.id)
    if not signing.is_signed(secret=secret, given=given, body=body, now=now.timestamp()):
        raise NotSigned
    said = _understood(body)
    key = hashlib.sha256(given[signing.ID].encode("utf-8", "surrogateescape")).hexdigest()
    with transaction.atomic():
        heard = _begun(row, key, now=now)
        if heard is None:
            return Taken(**Heard.objects.get(source=row, key=key).answer)
        taken = _take(row, said, key=key, now=now, chance=chance)
        heard.answer = {name: value for name, value in vars(taken).items() if value}
        heard.save(update_fields=["answer"])
        Source.objects.filter(id=row.id).update(heard_at=now)
    return taken


def forget(*, now: datetime) -> int:
    """Delete what was heard long ago; give how much."""
    return Heard.objects.filter(at__lt=now - KEPT).delete()[0]


def _understood(body: bytes) -> Message | Matter:
    try:
        return BODY.validate_json(body)
    except ValidationError as error:
        raise NotUnderstood from error


def _begun(source: Source, key: str, *, now: datetime) -> Heard | None:
    try:
        with transaction.atomic():
            return Heard.objects.create(source=source, key=key, at=now)
    except IntegrityError:
        return None


def _take(
    source: Source, said: Message | Matter, *, key: str, now: datetime, chance: bytes
) -> Taken:
    rights = people.rights_of(key=source.owner_id)
    if rights is None or not rights.sees(source.client_id):
        raise access.NotFound  # Whoever let it speak is not here any more.
    place = routing.first_chat(client=source.client_id)
    language = said.language or (place.language if place is not None else "en")
    met = customers.meet(
        client=source.client_id,
        kind=said.sender.kind,
        value=said.sender.value,
        name=said.sender.name,
        evidence=f"source:{source.id}",
        language=language,
        now=now,
        chance=chance,
    )
    if isinstance(said, Matter):
        row = form.take_in(
            client=source.client_id,
            kind=said.kind,
            customer_id=met.customer_id,
            subject=said.subject,
            text=said.text,
            language=language,
            now=now,
            chance=chance[::-1],
        )
        return Taken(case=row.id, reference=row.reference)
    if place is None:
        raise NoLine
    started = chats.take_in(
        client=source.client_id,
        called=place.called,
        customer_id=met.customer_id,
        text=said.text,
        external=f"in:{key[:40]}",
        language=language,
        now=now,
        chance=chance,
    )
    return Taken(interaction=started.interaction_id)


def schema() -> dict[str, Any]:
    """Give what a body must look like, whole, as documents of the API want it."""
    found = BODY.json_schema(ref_template="#/$defs/{model}")
    return _inlined(found, found.pop("$defs", {}))


def _inlined(value: Any, named: Mapping[str, Any]) -> Any:
    """Put what is named in its place: a document of the API has no room for the names of one."""
    if isinstance(value, dict):
        if "$ref" in value:
            return _inlined(named[value["$ref"].rpartition("/")[2]], named)
        return {key: _inlined(each, named) for key, each in value.items() if key != "discriminator"}
    return [_inlined(each, named) for each in value] if isinstance(value, list) else value


def plain(taken: Taken) -> dict[str, Any]:
    """Give what is answered."""
    return {name: value or None for name, value in vars(taken).items()}
