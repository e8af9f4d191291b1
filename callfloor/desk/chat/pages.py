"""
The chat on other people's pages: the script, the page inside its frame, and files.

Nobody signs in; a visitor's token opens his own chat. Refuses: a cookie, and any answer about a
chat without its token.
"""

import functools
import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.staticfiles import finders
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from callfloor.desk.chat import texts, tokens
from callfloor.kernel import access
from callfloor.kernel.errors import Refusal
from callfloor.records.interactions.queries import chats
from callfloor.records.interactions.queries import messages as queries
from callfloor.records.interactions.services import attachments
from callfloor.records.outreach import queries as promises
from callfloor.records.routing import queries as routing
from callfloor.ui.requests import Request
from callfloor.ui.security import POLICY

SCRIPT = "desk/widget.js"
SCRIPT_SECONDS = 300  # A new version reaches every page within five minutes.
KEY_CHARS_MAX = 40
NUMBER_MAX = 2**31 - 1
FORM_BYTES_MAX = 16 * 1024  # What stands around the file in its form.
SANDBOX = "default-src 'none'; sandbox"


class FileMissing(Refusal):
    """The form has no file, or no key for it."""

    code = "chat.file_missing"
    message = _("Choose a file first.")


class ChatEnded(Refusal):
    """Nobody would see the file."""

    code = "chat.ended"
    message = _("This chat has ended. Write first, then send the file again.")


@require_safe
def widget(request: HttpRequest) -> HttpResponse:
    """Send the script that pages of clients load: a button, and a frame when it is pressed."""
    response = HttpResponse(_script(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = f"public, max-age={SCRIPT_SECONDS}"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@functools.cache
def _script() -> str:
    found = finders.find(SCRIPT)
    assert isinstance(found, str), "the widget's script is not there"
    said = json.dumps(texts.widget(), ensure_ascii=True)
    return Path(found).read_text(encoding="utf-8").replace('"%TEXTS%"', said)


@xframe_options_exempt
@require_safe
def frame(request: HttpRequest, key: str) -> HttpResponse:
    """Show the chat of a client, as it stands in the widget's frame."""
    asked = request.GET.get("language", "")
    language = asked if asked in dict(settings.LANGUAGES) else translation.get_language()
    with translation.override(language):
        place = routing.chat_place(key=key)
        context: dict[str, Any] = {"key": key, "place": place, "texts": texts.frame()}
        if place is not None:
            context["number"] = routing.call_number_of(client=place.client, language=language)
            context["calls_back"] = bool(promises.queues_with_slots(client=place.client))
            context["language"] = language
        status = 200 if place is not None else 404
        response = render(request, "desk/chat.html", context, status=status)
    # Ours and whoever may show the widget; everything else of the policy stays.
    framed = f"frame-ancestors 'self' {settings.CHAT_SITES}"
    response["Content-Security-Policy"] = POLICY.replace("frame-ancestors 'none'", framed)
    return response


@require_safe
def try_it(request: HttpRequest, key: str) -> HttpResponse:
    """Show a page that has the widget, for whoever sets it up."""
    if routing.chat_place(key=key) is None:
        raise access.NotFound
    source = request.build_absolute_uri(reverse("chat_widget"))
    line = f'<script src="{source}" data-key="{key}" defer></script>'
    response = render(request, "desk/chat_try.html", {"key": key, "line": line})
    response["Content-Security-Policy"] = f"{POLICY}; frame-src 'self'"
    return response


@csrf_exempt  # The token in the header is what a foreign page has not got.
@require_POST
def send_file(request: HttpRequest) -> HttpResponse:
    """Keep a visitor's file in his chat."""
    item = _mine(request.headers.get("x-chat-token"))
    chat = chats.chat(interaction_id=item)
    if chat is None or not chat.is_open:
        raise ChatEnded
    external, file = _file_of(request)
    written = attachments.keep(
        interaction_id=item,
        direction="in",
        name=file.name or "",
        content=file.read(),
        external=f"web:{external}",
        now=timezone.now(),
    )
    return JsonResponse({"number": written.number})


@require_safe
def file(request: HttpRequest, number: int) -> HttpResponse:
    """Send a file of a visitor's own chat."""
    item = _mine(request.GET.get("token"))
    rows = queries.of_interaction(interaction_id=item, after=number - 1, for_customer=True)
    if not rows or rows[0].number != number:
        raise access.NotFound
    return _sent(attachments.open_file(interaction_id=item, number=number))


def _mine(token: str | None) -> str:
    item = tokens.read(token)
    if item is None or chats.chat(interaction_id=item) is None:
        raise access.NotFound
    return item


def _file_of(request: HttpRequest) -> tuple[str, UploadedFile]:
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > attachments.BYTES_MAX + FORM_BYTES_MAX:
        raise attachments.FileTooBig  # Before it is read.
    file, external = request.FILES.get("file"), request.POST.get("external", "")
    if not isinstance(file, UploadedFile) or not 0 < len(external) <= KEY_CHARS_MAX:
        raise FileMissing
    return external, file


def _sent(found: attachments.Attached) -> HttpResponse:
    """Return a file to be saved; whatever it holds, no browser runs it as a page of ours."""
    response = HttpResponse(found.content, content_type=found.type)
    response["Content-Disposition"] = content_disposition_header(True, found.name)
    response["Content-Security-Policy"] = SANDBOX
    response["Cache-Control"] = "private, no-store"
    return response


# --- the same for agents ---


@login_required
@require_safe
def interaction_file(request: Request, interaction_id: str, number: int) -> HttpResponse:
    """Send a file of an interaction to whoever may read it."""
    queries.messages(person=request.user, interaction_id=interaction_id, after=NUMBER_MAX)
    return _sent(attachments.open_file(interaction_id=interaction_id, number=number))


@login_required
@require_POST
def attach(request: Request, interaction_id: str) -> JsonResponse:
    """Put an agent's file on the disk; his desk sends what is returned as a message."""
    access.check(request.user, "calls.take")
    queries.messages(person=request.user, interaction_id=interaction_id, after=NUMBER_MAX)
    external, file = _file_of(request)
    stored = attachments.store(
        interaction_id=interaction_id,
        name=file.name or "",
        content=file.read(),
        external=f"desk:{external}",
    )
    token = tokens.give_file(interaction_id, name=stored.name, data=stored.data)
    return JsonResponse({"file": token, "name": stored.name})
