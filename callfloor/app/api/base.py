"""
What every part of the API shares: rows, faults, pages, and how a change is asked for.

A change is always a POST, so that each can bear a key of its own and be done once
(`kernel/once.py`). Its answer holds ids and no personal value, because it is kept for a day.
Refuses: rights and rules of its own. Queries and services have them.
"""

import datetime as dt
import functools
import hashlib
import os
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from django.http import HttpResponse
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from callfloor.kernel import once
from callfloor.kernel.errors import Refusal
from callfloor.ui import errors
from callfloor.ui.requests import Request

PAGE_SIZE_MAX = 200  # As many rows as a query gives at once.
PAGES_MAX = 1_000_000  # Beyond it a database's numbers end before its rows do.
WORD_CHARACTERS_MAX = 300
TEXT_CHARACTERS_MAX = 200_000  # A long mail with its whole history.
KEY_HEADER = "Idempotency-Key"
JSON = "application/json; charset=utf-8"

View = TypeVar("View", bound=Callable[..., Any])


class Said(BaseModel):
    """
    What an answer is made of, read from the attributes of a query's rows.

    Pydantic's own model: ninja's looks at each attribute through Python, at five times the cost.
    """

    model_config = ConfigDict(from_attributes=True)


class Fault(Said):
    """Why a request was refused."""

    code: str
    message: str


class Done(Said):
    """It is so now."""

    done: bool = True


class Made(Said):
    """Something is there now that was not there before, or was there already."""

    id: str


def _in_reach(at: dt.datetime) -> dt.datetime:
    """Let pass an instant that can be written in every zone; one without a zone is the centre's."""
    if not 1970 <= at.year < 2200:
        raise ValueError("an instant from 1970 to 2200")
    return timezone.make_aware(at) if timezone.is_naive(at) else at


def _day_in_reach(day: dt.date) -> dt.date:
    if not 1970 <= day.year < 2200:
        raise ValueError("a day from 1970 to 2200")
    return day


NO_NUL = r"^[^\x00]*$"
Word = Annotated[str, Field(max_length=WORD_CHARACTERS_MAX, pattern=NO_NUL)]
"""A key, a name, a line."""
Text = Annotated[str, Field(max_length=TEXT_CHARACTERS_MAX, pattern=NO_NUL)]
"""What somebody has written."""
Instant = Annotated[dt.datetime, AfterValidator(_in_reach)]
Day = Annotated[dt.date, AfterValidator(_day_in_reach)]


class Paged(Schema):
    """Which page of a list is asked for."""

    page: int = Field(1, ge=1, le=PAGES_MAX)
    size: int = Field(50, ge=1, le=PAGE_SIZE_MAX)


STATUSES = (400, 401, 403, 404, 409, 410, 413, 422, 429, 503)
FAULTS: dict[int, type[Fault]] = dict.fromkeys(STATUSES, Fault)
HEADERS = {
    "parameters": [
        {
            "in": "header",
            "name": KEY_HEADER,
            "description": "The same key with the same body is done once, for 24 hours.",
            "required": False,
            "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
        }
    ]
}


def read(router: Router, path: str, answer: Any) -> Callable[[View], View]:
    """Make a function answer what is asked for with GET."""
    return router.get(path, response={200: answer, **FAULTS})


def change(router: Router, path: str, answer: Any = Done) -> Callable[[View], View]:
    """
    Make a function answer a change, which is done once under one key.

    What makes something is answered 201 with its id.
    """
    status = 200 if answer is Done else 201
    made = router.post(path, response={status: answer, **FAULTS}, openapi_extra=HEADERS)

    def join(view: View) -> View:
        made(_once(view, status))
        return view

    return join


def _once(view: Callable[..., Any], status: int) -> Callable[..., Any]:
    @functools.wraps(view)
    def answer(request: Request, *args: Any, **values: Any) -> Any:
        key = request.headers.get(KEY_HEADER)
        if key is None:
            found = view(request, *args, **values)
            return Status(status, Done() if found is None else found)
        kept = once.once(
            owner=owner_of(request),
            key=key,
            asked=b"\n".join((request.get_full_path().encode(), request.body)),
            now=timezone.now(),
            run=lambda: _done(view, status, request, args, values),
        )
        return HttpResponse(kept.body, status=kept.status, content_type=JSON)

    return answer


def _done(
    view: Callable[..., Any], status: int, request: Request, args: Any, values: Any
) -> once.Answer:
    try:
        found = view(request, *args, **values) or Done()
    except Refusal as refusal:
        said = Fault(code=refusal.code, message=str(refusal.message)).model_dump_json()
        owed = errors.status_of(refusal)
        return once.Answer(status=owed, body=said, is_done=False, is_kept=owed < 500)
    return once.Answer(status=status, body=found.model_dump_json(), is_done=True)


def owner_of(request: Request) -> str:
    """Name whose keys these are: a token's are its own."""
    token = getattr(request, "token", None)
    return f"token:{token}" if token else f"person:{request.user.key}"


def written(model: type[Said], found: object) -> HttpResponse:
    """Write a long answer at once; by way of dicts it took a quarter of the request."""
    body = model.model_validate(found).model_dump_json()
    return HttpResponse(body, content_type=JSON)


def own_key(request: Request) -> str:
    """Name this very request, so that what it leads to is kept once; a new name without a key."""
    key = request.headers.get(KEY_HEADER)
    if key is None:
        return os.urandom(16).hex()
    return hashlib.sha256(f"{owner_of(request)} {key}".encode()).hexdigest()[:32]


Check = Callable[[Any, str], Any]


class _Known:
    checks: dict[str, Check] = {}


def place(name: str, check: Check) -> None:
    """
    Say how the object of a place in addresses is looked for, as `case_id`.

    What nobody may know of is answered 404 before a word is said about the rest of a request.
    """
    _Known.checks[name] = check


def check(request: Request, *, interaction_id: str) -> None:
    """Raise what a contact is refused with, for a list that would be empty without it."""
    _Known.checks["interaction_id"](request.user, interaction_id)


def look(request: Request) -> None:
    """Raise what the object of an address is refused with, if it is."""
    match = request.resolver_match
    for name, value in (match.kwargs if match else {}).items():
        if name in _Known.checks:
            _Known.checks[name](request.user, str(value))
