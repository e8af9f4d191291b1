"""
Whose token a program has brought, what it opens at this moment, and which tokens there are.

A token opens what its duties and its person's duties of today have in common, for the clients that
both have. Refuses: to tell a wrong secret from an expired token, and to read a secret at all.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime

from callfloor.kernel import access, department, fields, quick
from callfloor.kernel.access import Rights, Someone
from callfloor.kernel.duties import PERMISSIONS
from callfloor.kernel.keys import ring
from callfloor.records.people.models import ApiToken, Person
from callfloor.records.people.queries.people import client_names_of, colleagues, names_of

PREFIX = "cfl"  # Tells whoever finds one in a file what it is.
MAKE, REVOKE = "tokens.make", "tokens.revoke"
_TOKEN = re.compile(rf"{PREFIX}_([0-9a-f]{{32}})_([0-9A-Za-z_-]{{43}})", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Bearer:
    """Whoever brought a token."""

    person: Person
    """With the rights that the token leaves him."""
    token: str
    used_at: datetime | None
    """When it was used before."""


@dataclass(frozen=True, kw_only=True)
class TokenRow:
    """A token as a list shows it."""

    id: str
    name: str
    person: str
    person_name: str
    duties: tuple[str, ...]
    """Names of duties, in the order of the departments."""
    lost: int
    """How many of its duties its person has no longer."""
    clients: tuple[str, ...]
    """Names of clients."""
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    used_at: datetime | None
    used_from: str
    is_valid: bool


@dataclass(frozen=True, kw_only=True)
class DutyChoice:
    """A duty that a token may have, with what it opens."""

    key: str
    name: str
    department_name: str
    opens: tuple[str, ...]
    """Names of permissions."""


def written(*, id_: str, secret: str) -> str:
    """Give a token as a program sends it."""
    return f"{PREFIX}_{id_.replace('-', '')}_{secret}"


def digest(secret: str) -> str:
    """Give what is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def bearer(*, text: str, now: datetime) -> Bearer | None:
    """Give whose token this is, with the rights that it has now; None if it opens nothing."""
    found = _TOKEN.fullmatch(text)
    if found is None:
        return None
    bare = found[1]
    id_ = "-".join((bare[:8], bare[8:12], bare[12:16], bare[16:20], bare[20:]))
    row = quick.first(ApiToken, "WHERE id = %s", [id_])
    if row is None or not hmac.compare_digest(row.digest, digest(found[2])):
        return None
    if row.revoked_at is not None or row.expires_at <= now:
        return None
    person = quick.first(Person, "WHERE key = %s", [row.person_id])
    if person is None or not person.is_active:
        return None
    person.rights = limited(person, row)
    return Bearer(person=person, token=row.id, used_at=row.used_at)


def limited(person: Person, token: ApiToken) -> Rights:
    """Give what a token leaves of its person's rights."""
    whole, duties = person.rights, person.duty_keys.intersection(token.duties)
    return Rights(
        person=whole.person,
        clients=whole.clients.intersection(token.clients),
        permissions=department.permissions_of_duties(duties),
        team=whole.team,
    )


def choices(*, person: Person) -> list[DutyChoice]:
    """Give the duties that a person may give to a token: his own that open something."""
    access.check(person, MAKE)
    held = person.duty_keys
    return [
        DutyChoice(
            key=key,
            name=str(duty.name),
            department_name=str(place.name),
            opens=tuple(str(PERMISSIONS[each]) for each in duty.may),
        )
        for key, (place, duty) in department.duties().items()
        if key in held and duty.may
    ]


def tokens(*, person: Someone, now: datetime) -> list[TokenRow]:
    """
    Give a person's own tokens, the latest first, and with the duty those of his colleagues.

    Raises Forbidden without either duty.
    """
    access.check_any(person, MAKE, REVOKE)
    rows = ApiToken.objects.order_by("-made_at", "id").select_related("person")
    if person.rights.may(REVOKE):
        rows = rows.filter(person_id__in=colleagues(person=person) | {person.key})
    else:
        rows = rows.filter(person_id=person.key)
    found = list(rows)
    names = names_of(keys={row.person_id for row in found})
    clients = client_names_of(keys={key for row in found for key in row.clients})
    keys = ring.get(subjects=[row.subject for row in found])
    return [_row(row, names, clients, keys.get(row.subject), now) for row in found]


def _row(
    row: ApiToken, names: dict[str, str], clients: dict[str, str], key: bytes | None, now: datetime
) -> TokenRow:
    held = row.person.duty_keys
    joined = department.duties()
    return TokenRow(
        id=row.id,
        name=row.name,
        person=row.person_id,
        person_name=names.get(row.person_id, row.person_id),
        duties=tuple(str(joined[each][1].name) for each in joined if each in row.duties),
        lost=sum(1 for each in row.duties if each not in held),
        clients=tuple(clients.get(each, each) for each in row.clients),
        made_at=row.made_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        used_at=row.used_at,
        used_from=fields.decrypt(row, "used_from", key=key) or "",
        is_valid=row.revoked_at is None and row.expires_at > now,
    )
