"""Opening a case: its number, its first event; and attaching interactions to it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from callfloor.kernel import fields, ids, references
from callfloor.kernel.errors import Refusal
from callfloor.kernel.keys import ring
from callfloor.records.cases.models import Case, CaseCounter, CaseInteraction
from callfloor.records.cases.queries import rows
from callfloor.records.cases.queries.rows import CaseRow
from callfloor.records.cases.rules import kinds, words
from callfloor.records.cases.services.change import Change, changing
from callfloor.records.customers.models import Customer
from callfloor.records.interactions.models import Interaction
from callfloor.records.interactions.services import CallerErased
from callfloor.records.routing import queries as routing

SUBJECT_CHARACTERS_MAX = 200


class OtherClient(Refusal):
    """An interaction of one client is no part of another's case."""

    code = "cases.other_client"
    message = _("This contact belongs to another client.")


def open_case(
    *,
    client: str,
    kind: str,
    customer_id: str | None,
    subject: str,
    origin: str | None,
    by: str | None,
    now: datetime,
    chance: bytes,
    priority: str = "normal",
    language: str = "",
    code: str = "",
    details: str = "",
    known: Mapping[str, str] | None = None,
    about: str | None = None,
    owner: str | None = None,
    team: str | None = None,
    promised_at: datetime | None = None,
    simulated: bool = False,
) -> CaseRow:
    """
    Open a case for a customer whom the caller has checked, and give it with its reference.

    `about` is the person who is complained about: the case does not exist for him. `known` fills
    fields of the kind. Raises CallerErased if nothing of the customer can be kept any more,
    OtherClient for an interaction of another client.
    """
    assert kind in kinds.KINDS, f"no kind {kind}"
    assert priority in kinds.PRIORITIES, f"no priority {priority}"
    assert about is None or about != owner, "nobody owns a complaint about himself"
    assert customer_id is None or _is_of(customer_id, client), "a customer of another client"
    case_id = ids.make(now=now.timestamp(), chance=chance)
    if customer_id is None:
        ring.create(subjects=[f"case:{case_id}"], now=now)
    with transaction.atomic():
        case = Case(
            id=case_id,
            client_id=client,
            reference=_next_reference(now),
            customer_id=customer_id,
            kind=kind,
            language=language,
            origin=origin or "",
            code=code,
            hidden_from_id=about,
            opened_at=now,
            stage=kinds.KINDS[kind].stages[0],
            priority=priority,
            simulated=simulated,
        )
        _name(case, subject, by=by)
        case.save(force_insert=True)
        opening = Change(case, by=by, now=now)
        first: dict[str, Any] = {"kind": kind, "priority": priority, "owner": owner, "team": team}
        if about is not None:
            first["about"] = about
        if promised_at is not None:
            first["promised_at"] = promised_at.timestamp()
        opening.add("opened", first, text=details)
        for field, value in (known or {}).items():
            if value:
                opening.add("filled", {"field": field}, text=value)
        if origin:
            attached(opening, origin)
        opening.settle()
        return rows.build([case])[0]


def attach(*, case_id: str, interaction_id: str, by: str | None, now: datetime) -> None:
    """
    Say that an interaction was about a case; the second time nothing happens.

    For a case and an interaction that the caller has checked. Raises OtherClient.
    """
    with changing(case_id=case_id, by=by, now=now) as change:
        attached(change, interaction_id)


def attached(change: Change, interaction_id: str) -> None:
    """Attach an interaction to a held case, once. Raises OtherClient."""
    interaction = Interaction.objects.filter(id=interaction_id).first()
    if interaction is None:
        return  # A call that the projection has not written yet; `origin` names it all the same.
    if interaction.client_id != change.case.client_id:
        raise OtherClient
    _row, is_new = CaseInteraction.objects.get_or_create(
        case=change.case,
        interaction=interaction,
        defaults={"client_id": change.case.client_id, "attached_at": change.now},
    )
    if is_new:
        change.add("attached", {"interaction": interaction_id})


def _name(case: Case, subject: str, *, by: str | None) -> None:
    key = ring.get(subjects=[case.key_subject]).get(case.key_subject)
    if key is None:
        raise CallerErased
    line = " ".join(subject.split())[:SUBJECT_CHARACTERS_MAX]
    fields.encrypt(case, "subject", words.masked(line) if by else line, key=key)


def _is_of(customer_id: str, client: str) -> bool:
    return Customer.objects.filter(id=customer_id, client_id=client).exists()


def _next_reference(now: datetime) -> str:
    """
    Give the next reference of the year, in the centre's own zone.

    The counter is held until the case is written: a case that is not written leaves no gap.
    """
    year = now.astimezone(ZoneInfo(routing.zone() or "UTC")).year
    CaseCounter.objects.get_or_create(year=year)
    counter = CaseCounter.objects.select_for_update().get(year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return references.reference(year=year, number=counter.last)
