"""
Somebody who works here, or a program in his name, says that there is a customer.

Refuses: a visitor's secret, which only his own browser knows.
"""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from callfloor.kernel import access, audit
from callfloor.kernel.access import Someone
from callfloor.kernel.errors import Refusal
from callfloor.records.customers import rules
from callfloor.records.customers.services import meeting
from callfloor.records.customers.services.meeting import Meeting

KINDS = (rules.KIND_NUMBER, rules.KIND_ADDRESS, rules.KIND_HANDLE, rules.KIND_EXTERNAL)


class NoKind(Refusal):
    """Nobody is known by this kind."""

    code = "customers.no_kind"
    message = _("A customer is known by a number, an address, a handle or an external id.")


def introduce(
    *,
    person: Someone,
    client: str,
    kind: str,
    value: str,
    name: str,
    language: str,
    now: datetime,
    chance: bytes,
) -> Meeting:
    """
    Give the customer of a client who has this identity, or make him; the same one each time.

    A name and a language are those of a new customer only. Raises NotFound for a foreign client,
    Forbidden, NoKind, NoIdentity.
    """
    access.check(person, "customers.write", client=client)
    if kind not in KINDS:
        raise NoKind
    met = meeting.meet(
        client=client,
        kind=kind,
        value=value,
        evidence=f"person:{person.key}",
        language=language,
        now=now,
        chance=chance,
        name=name,
    )
    detail = {"kind": kind, "new": met.is_new}
    about = f"customer:{met.customer_id}"
    audit.note(
        by=person.key, action="customer.introduced", about=about, client=client, now=now,
        detail=detail,
    )  # fmt: skip
    return met
