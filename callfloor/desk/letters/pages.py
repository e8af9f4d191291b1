"""Originals of mails for whoever may read their contact; each opening is noted."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from callfloor.kernel import access
from callfloor.records.letters.queries import originals
from callfloor.records.letters.services import sending
from callfloor.ui.requests import Request
from callfloor.wire.errors import PeerError
from callfloor.wire.mail import read

SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'"
"""What stands in a mail runs nothing, loads nothing and is nobody's page."""
PAGE = '<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer">'


@login_required
@require_safe
def original(request: Request, message_id: str) -> HttpResponse:
    """Give a mail to be saved, byte for byte, also if it could not be read."""
    raw = originals.original(person=request.user, message_id=message_id, now=timezone.now())
    return _apart(raw, kind="application/octet-stream", name=f"{message_id}.eml")


@login_required
@require_safe
def formatted(request: Request, message_id: str) -> HttpResponse:
    """Show a mail as its writer formatted it."""
    raw = originals.original(person=request.user, message_id=message_id, now=timezone.now())
    try:
        html = read.mail(raw).html
    except PeerError as error:
        raise access.NotFound from error
    return _apart(f"{PAGE}{html}".encode(), kind="text/html; charset=utf-8")


@login_required
@require_safe
def file(request: Request, message_id: str, number: int) -> HttpResponse:
    """Give one file of a mail to be saved."""
    raw = originals.original(person=request.user, message_id=message_id, now=timezone.now())
    try:
        found = read.file(raw, number=number)
    except PeerError as error:
        raise access.NotFound from error
    if found is None:
        raise access.NotFound
    head, content = found
    return _apart(content, kind="application/octet-stream", name=head.name or f"file-{number}")


@login_required
@require_POST
def again(request: Request, message_id: str) -> HttpResponse:
    """Send a mail once more of which nobody knows whether it left, or that was given back."""
    interaction = sending.send_again(person=request.user, message_id=message_id, now=timezone.now())
    return redirect("interaction", interaction)


def _apart(content: bytes, *, kind: str, name: str = "") -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    if name:
        response["Content-Disposition"] = str(content_disposition_header(True, name))
    response["Content-Security-Policy"] = SANDBOX
    response["Cache-Control"] = "private, no-store"
    return response
