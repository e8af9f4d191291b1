"""
The API: what pages show and do, as JSON, for whoever is signed in and for programs with a token.

Each endpoint calls the query or service that the page calls, so that rights are decided in one
place. Statuses stand here and in `ui/errors.py`.

    base       rows, faults, pages, and how a change is asked for
    identity   who asks
    centre     me, people, queues
    contacts   calls, chats, mails: lists, one whole, what was written, writing
    customers  who they are, and what is changed of them
    cases      matters, and the steps of each
    promises   who is to be called, when, and booking it
    knowledge  articles, guides, and how somebody went through one
    reports    the figures of the pages
    hooks      who is told of what happens, and what other systems say
"""

from typing import Any

from django.http import Http404, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from callfloor import __version__
from callfloor.app.api import (
    base,
    cases,
    centre,
    contacts,
    customers,
    hooks,
    knowledge,
    promises,
    reports,
)
from callfloor.app.api.identity import BySession, ByToken, by_whom
from callfloor.kernel import access
from callfloor.kernel.errors import Refusal
from callfloor.ui import errors
from callfloor.ui.requests import Request

FAULT_CHARACTERS_MAX = 300

api = NinjaAPI(
    title="Callfloor",
    version=__version__,
    auth=[ByToken(), BySession()],
    docs_url=None,  # Its page loads scripts from elsewhere, which the policy forbids.
    urls_namespace="api",
)
api.add_decorator(by_whom, mode="view")
for _part in (centre, contacts, customers, cases, promises, knowledge, reports, hooks):
    api.add_router("", _part.router)


@api.exception_handler(Refusal)
def refused(request: Request, refusal: Refusal) -> HttpResponse:
    """Answer a refusal with its code, its words and the status owed."""
    return _fault(request, refusal.code, str(refusal.message), errors.status_of(refusal))


@api.exception_handler(Http404)
def not_found(request: Request, fault: Http404) -> HttpResponse:
    """Answer for what is not there."""
    return refused(request, access.NotFound())


@api.exception_handler(AuthenticationError)
def stranger(request: Request, fault: AuthenticationError) -> HttpResponse:
    """Answer whoever is not signed in, and has no token that holds."""
    message = "Sign in, or send a token that holds."
    answer = _fault(request, "api.unknown", message, 401)
    answer["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(ValidationError)
def misunderstood(request: Request, fault: ValidationError) -> HttpResponse:
    """Answer what cannot be understood, unless it is about what nobody may know of."""
    try:
        base.look(request)
    except Refusal as refusal:
        return refused(request, refusal)
    return _fault(request, "api.invalid", _where(fault.errors), 422)


@api.exception_handler(HttpError)
def unreadable(request: Request, fault: HttpError) -> HttpResponse:
    """Answer a body that is no JSON, and a form that is not ours."""
    if fault.status_code != 400:
        return _fault(request, "api.refused", str(fault), fault.status_code)
    try:
        base.look(request)
    except Refusal as refusal:
        return refused(request, refusal)
    return _fault(request, "api.unreadable", "The body is no JSON that can be read.", 400)


def _where(faults: Any) -> str:
    """Say which fields are wrong and how; not what they held."""
    said = "; ".join(
        f"{'.'.join(str(part) for part in each['loc'])}: {each['msg']}" for each in faults
    )
    return said[:FAULT_CHARACTERS_MAX]


def _fault(request: Request, code: str, message: str, status: int) -> HttpResponse:
    return api.create_response(request, {"code": code, "message": message}, status=status)
