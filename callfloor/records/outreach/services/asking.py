"""
A customer asks to be called: soon, within some hours, or at a time; from his case or from a chat.

Nobody is signed in. A case's link is signed and its customer is he; whoever comes from a chat is
whose number he gives, as if he had called from it. Refuses: a second call before the first has
been made, more than a few in a day, and a number that no country has.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from callfloor.kernel import access, audit
from callfloor.kernel.errors import Refusal
from callfloor.records.cases.models import Case
from callfloor.records.cases.services import telling
from callfloor.records.cases.services.change import changing
from callfloor.records.customers import rules as numbers
from callfloor.records.customers import services as customers
from callfloor.records.customers.models import Customer
from callfloor.records.customers.queries import labels
from callfloor.records.outreach import rules
from callfloor.records.outreach.models import Appointment
from callfloor.records.outreach.queries.asked import PublicPromise, promise
from callfloor.records.outreach.services import booking
from callfloor.records.routing import queries as routing

DAY = timedelta(days=1)
DAY_MAX = 3  # Asked for, called off and asked for again: twice by mistake, and once in earnest.
NAME_CHARACTERS_MAX = 100
BY_CUSTOMER = "customer"


class AskedAlready(Refusal):
    """A call is promised that has not been made."""

    code = "promises.asked_already"
    message = _("A call is promised already. Call it off first if you want another one.")


class AskedTooOften(Refusal):
    """So many calls in one day are nobody's who wants to be called."""

    code = "promises.asked_too_often"
    message = _("No more calls can be asked for today. Write to us, or try again tomorrow.")


class NotCalled(booking.NoNumber):
    """Nobody can be called at this number, or we do not."""

    code = "promises.not_called"
    message = _("We cannot call this number. Write your own, with its country code.")


class NotAgreed(Refusal):
    """Nobody is called who has not said that he wants it."""

    code = "promises.not_agreed"
    message = _("Say that you agree to be called at this number.")


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a customer has chosen."""

    kind: str
    """soon, window, time."""
    queue: str
    begins_at: datetime | None
    """Of a window or a time."""
    number: str
    about: str
    agrees: bool


def for_case(*, reference: str, wish: Wish, now: datetime, chance: bytes) -> PublicPromise:
    """
    Promise the customer of a case a call about it; he reads it there, and in his mail.

    For a link that was checked. Without a number he is called at his own. Raises NotFound,
    AskedAlready, AskedTooOften, NotAgreed, and what `booking.take_place` raises.
    """
    case = Case.objects.filter(reference=reference).exclude(customer=None).first()
    if case is None:
        raise access.NotFound
    number = _number(wish) if wish.number.strip() else _own_number(case)
    with changing(case_id=case.id, by=None, now=now) as change:  # Two tabs ask one by one.
        customer = Customer.objects.get(id=case.customer_id)
        row = _promised(
            customer,
            wish,
            number=number,
            about=" · ".join(filter(None, (reference, wish.about.strip()))),
            origin=f"case:{case.id}",
            preferred=case.owner_id,
            now=now,
            chance=chance,
        )
        telling.tell(change, "call_promised", now=now, text=_when(row, language=case.language))
    return promise(row)


def for_visitor(
    *,
    client: str,
    key: str,
    name: str,
    wish: Wish,
    language: str,
    now: datetime,
    chance: bytes,
) -> PublicPromise:
    """
    Promise whoever came to a client's chat a call at the number that he gives.

    `key` is that of the chat's page. Raises AskedAlready, AskedTooOften, NotAgreed, and what
    `booking.take_place` raises.
    """
    number = _number(wish)
    with transaction.atomic():
        met = customers.meet(
            client=client,
            kind=numbers.KIND_NUMBER,
            value=number,
            evidence=f"chat:{key}",
            language=language,
            now=now,
            chance=chance,
            name=name.strip()[:NAME_CHARACTERS_MAX],
        )
        # Held until the end: two tabs that ask at once get one call.
        customer = Customer.objects.select_for_update().get(id=met.customer_id)
        row = _promised(
            customer,
            wish,
            number=number,
            about=wish.about,
            origin=f"chat:{key}",
            preferred=None,
            now=now,
            chance=chance[::-1],
        )
    return promise(row)


def call_off(*, reference: str, appointment_id: str, now: datetime) -> None:
    """
    Call off what was promised about a case, for its customer; too late it stays.

    For a link that was checked. Raises NotFound for what was not asked for there, NotOpen.
    """
    case = Case.objects.filter(reference=reference).first()
    mine = Appointment.objects.filter(id=appointment_id, origin=f"case:{case.id}" if case else "-")
    row = mine.first()
    if case is None or row is None:
        raise access.NotFound
    with changing(case_id=case.id, by=None, now=now) as change:
        if not mine.filter(state="booked").update(state="cancelled", settled_at=now):
            raise booking.NotOpen
        _note("appointment.cancelled", row, now=now)
        telling.tell(change, "call_cancelled", now=now, text=_when(row, language=case.language))


def _promised(
    customer: Customer,
    wish: Wish,
    *,
    number: str,
    about: str,
    origin: str,
    preferred: str | None,
    now: datetime,
    chance: bytes,
) -> Appointment:
    if not wish.agrees:
        raise NotAgreed
    if wish.kind not in (rules.SOON, rules.WINDOW, rules.TIME):
        raise booking.NoSuchSlot
    begins_at = now if wish.kind == rules.SOON else wish.begins_at
    if begins_at is None:
        raise booking.NoSuchSlot
    _check_pace(customer, origin, now=now)
    takes = preferred and booking.takes_calls(preferred, customer.client_id)
    made = booking.take_place(
        customer=customer,
        queue=wish.queue,
        begins_at=begins_at,
        now=now,
        chance=chance,
        number=number,
        preferred=preferred if takes else None,
        about=about[: booking.ABOUT_CHARACTERS_MAX],
        by=None,
        kind=wish.kind,
        origin=origin,
    )
    row = Appointment.objects.get(id=made)
    _note("appointment.booked", row, now=now)
    return row


def _check_pace(customer: Customer, origin: str, *, now: datetime) -> None:
    """
    Count what was asked for in this case; in chats, with this number.

    Whoever gives a number in a chat learns nothing of what its owner has asked for elsewhere.
    """
    asked_for = Appointment.objects.filter(booked_by=None)
    if origin.startswith("case:"):
        asked = asked_for.filter(origin=origin)
    else:
        asked = asked_for.filter(customer=customer, origin__startswith="chat:")
    if asked.filter(state__in=rules.OPEN).exists():
        raise AskedAlready
    if asked.filter(booked_at__gt=now - DAY).count() >= DAY_MAX:
        raise AskedTooOften


def _number(wish: Wish) -> str:
    found = numbers.dialable(wish.number)
    if found is None:
        raise NotCalled
    return found


def _own_number(case: Case) -> str:
    """Give the number of a case's customer that would be called."""
    assert case.customer_id is not None, "a case without a customer calls nobody"
    known = (numbers.dialable(each) for each in labels.numbers_of(customer_id=case.customer_id))
    found = next(filter(None, known), None)
    if found is None:
        raise NotCalled
    return found


def _note(action: str, row: Appointment, *, now: datetime) -> None:
    audit.note(
        by=BY_CUSTOMER,
        action=action,
        about=f"customer:{row.customer_id}",
        client=row.client_id,
        now=now,
        detail={"appointment": row.id, "queue": row.queue_id},
    )


def _when(row: Appointment, *, language: str) -> str:
    """Say when somebody is called, in the centre's own time."""
    zone = ZoneInfo(routing.zone() or "UTC")
    begins, ends = row.begins_at.astimezone(zone), row.ends_at.astimezone(zone)
    with translation.override(language or None):
        day = date_format(ends if row.kind == rules.SOON else begins, "DATE_FORMAT")
        if row.kind == rules.SOON:
            by = {"day": day, "time": f"{ends:%H:%M}"}
            return str(_("As soon as somebody is free, by %(time)s on %(day)s.")) % by
        return f"{day}, {begins:%H:%M}–{ends:%H:%M}"
