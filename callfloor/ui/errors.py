"""
From a refusal to what a person sees: the status and the words.

HTTP statuses stand here and in `app/api`, nowhere else. Refuses to swallow a fault of ours: only
`Refusal` is translated, everything else is Django's 500.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from callfloor.kernel.errors import Refusal

STATUSES = {
    "access.not_found": 404,
    "access.forbidden": 403,
    "api.key_used": 422,
    "floor.away": 503,
    "hooks.not_signed": 401,
    "hooks.too_large": 413,
    "interactions.not_yet": 404,  # A foreign item cannot be told from one that is to come.
    "interactions.recording_gone": 410,
    "text.not_yours": 409,
}
MENDABLE = 400
FLOOR_REFUSED = 409


def status_of(refusal: Refusal) -> int:
    """Return the status owed for a refusal; what a person can mend is a 400."""
    if refusal.code in STATUSES:
        return STATUSES[refusal.code]
    return FLOOR_REFUSED if refusal.code.startswith("floor.") else MENDABLE


def page(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Return a refusal as a page, or as JSON to a script."""
    status = status_of(refusal)
    if request.headers.get("accept", "").startswith("application/json"):
        body = {"code": refusal.code, "message": str(refusal.message)}
        return JsonResponse(body, status=status)
    # What is nobody's business says the same whether it exists or not.
    said = "" if status in (403, 404) else str(refusal.message)
    template = "404.html" if status == 404 else "403.html" if status == 403 else "refused.html"
    return render(request, template, {"said": said}, status=status)


def refusals(
    respond: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Turn refusals that a page let through into pages (a middleware)."""

    class Middleware:
        def __call__(self, request: HttpRequest) -> HttpResponse:
            return respond(request)

        def process_exception(self, request: HttpRequest, error: Exception) -> Any:
            return page(request, error) if isinstance(error, Refusal) else None

    return Middleware()


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Show that a request cannot be read."""
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Show that a place is not among the person's duties."""
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Show that there is nothing."""
    return render(request, "404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """Show that something broke on our side."""
    return render(request, "500.html", status=500)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Show that a form came from elsewhere or is too old."""
    return render(request, "400.html", status=403)
