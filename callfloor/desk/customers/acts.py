"""
What can be done on a customer's page, each by one form that says `act`.

Refuses: to decide. Each act is one call of a service, which checks the right to it.
"""

import datetime as dt
from collections.abc import Callable

from callfloor.kernel.access import Someone
from callfloor.records.customers import services
from callfloor.ui.requests import Request

Act = Callable[[Request, str, dt.datetime, bytes], None]


def do(request: Request, customer_id: str, *, now: dt.datetime, chance: bytes) -> bool:
    """Do what a form asks for; False if there is no such act. Raises what the service raises."""
    act = ACTS.get(request.POST.get("act", "name"))
    if act is None:
        return False
    act(request, customer_id, now, chance)
    return True


def _text(request: Request, name: str) -> str:
    return request.POST.get(name, "").strip()


def _person(request: Request) -> Someone:
    return request.user


def _name(request: Request, customer_id: str, now: dt.datetime, chance: bytes) -> None:
    services.rename(
        person=_person(request), customer_id=customer_id, name=_text(request, "name"), now=now
    )


def _note(request: Request, customer_id: str, now: dt.datetime, chance: bytes) -> None:
    services.add_note(
        person=_person(request),
        customer_id=customer_id,
        text=request.POST.get("note", ""),
        now=now,
        chance=chance,
    )


def _remove_note(request: Request, customer_id: str, now: dt.datetime, chance: bytes) -> None:
    services.remove_note(person=_person(request), note_id=_text(request, "id"), now=now)


def _tag(request: Request, customer_id: str, now: dt.datetime, chance: bytes) -> None:
    services.add_tag(
        person=_person(request), customer_id=customer_id, tag=_text(request, "tag"), now=now
    )


def _untag(request: Request, customer_id: str, now: dt.datetime, chance: bytes) -> None:
    services.remove_tag(
        person=_person(request), customer_id=customer_id, tag=_text(request, "tag"), now=now
    )


def _consent(request: Request, customer_id: str, now: dt.datetime, chance: bytes) -> None:
    services.write_consent(
        person=_person(request),
        customer_id=customer_id,
        purpose=_text(request, "purpose"),
        channel=_text(request, "channel"),
        given=_text(request, "given") == "1",
        now=now,
        words=_text(request, "words"),
    )


def _treatment(request: Request, customer_id: str, now: dt.datetime, chance: bytes) -> None:
    minutes = _text(request, "priority")
    is_number = minutes.replace(".", "", 1).isdecimal() and minutes.isascii()
    services.set_treatment(
        person=_person(request),
        customer_id=customer_id,
        priority_seconds=float(minutes) * 60 if is_number else (-1.0 if minutes else 0.0),
        preferred_agent=_text(request, "agent") or None,
        now=now,
    )


def _kind(request: Request, customer_id: str, now: dt.datetime, chance: bytes) -> None:
    kind = _text(request, "kind")
    if kind in services.KINDS:
        services.set_kind(person=_person(request), customer_id=customer_id, kind=kind, now=now)


def _identity(request: Request, customer_id: str, now: dt.datetime, chance: bytes) -> None:
    services.add_identity(
        person=_person(request),
        customer_id=customer_id,
        kind=_text(request, "kind"),
        value=_text(request, "value"),
        now=now,
    )


def _remove_identity(request: Request, customer_id: str, now: dt.datetime, chance: bytes) -> None:
    services.remove_identity(person=_person(request), identity_id=_text(request, "id"), now=now)


def _shared(request: Request, customer_id: str, now: dt.datetime, chance: bytes) -> None:
    services.set_shared(
        person=_person(request),
        identity_id=_text(request, "id"),
        shared=_text(request, "shared") == "1",
        now=now,
    )


def _join(request: Request, customer_id: str, now: dt.datetime, chance: bytes) -> None:
    services.join(
        person=_person(request),
        customer_id=customer_id,
        whole_id=_text(request, "whole"),
        role=_text(request, "role"),
        now=now,
        chance=chance,
    )


def _leave(request: Request, customer_id: str, now: dt.datetime, chance: bytes) -> None:
    services.leave(person=_person(request), membership_id=_text(request, "id"), now=now)


def _attach(request: Request, customer_id: str, now: dt.datetime, chance: bytes) -> None:
    services.attach(
        person=_person(request),
        customer_id=customer_id,
        kept_id=_text(request, "kept"),
        why=_text(request, "why") or f"customer:{customer_id}",
        now=now,
        chance=chance,
    )


def _undo(request: Request, customer_id: str, now: dt.datetime, chance: bytes) -> None:
    services.undo_merge(person=_person(request), merge_id=_text(request, "id"), now=now)


ACTS: dict[str, Act] = {
    "name": _name,
    "note": _note,
    "remove_note": _remove_note,
    "tag": _tag,
    "untag": _untag,
    "consent": _consent,
    "treatment": _treatment,
    "kind": _kind,
    "identity": _identity,
    "remove_identity": _remove_identity,
    "shared": _shared,
    "join": _join,
    "leave": _leave,
    "attach": _attach,
    "undo": _undo,
}
