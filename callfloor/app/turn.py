"""
The relay for browsers whose network lets no audio through: who is signed in may know of it.

Refuses: strangers. The relay's password is worth money to whoever finds it.
"""

import json
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import JsonResponse

from callfloor.ui.requests import Request


@login_required
def ice_servers(request: Request) -> JsonResponse:
    """Give the browser's `iceServers`; none if no relay is named."""
    return JsonResponse({"iceServers": servers()})


def servers() -> list[dict[str, Any]]:
    """Return what a browser's RTCPeerConnection takes."""
    if not settings.TURN_URL:
        return []
    try:
        known = json.loads(settings.PASSWORDS_FILE.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []  # The start has proved it; without it the browser tries the direct way.
    password = known.get(settings.TURN_USER)
    if not password:
        return []
    return [{"urls": [settings.TURN_URL], "username": settings.TURN_USER, "credential": password}]
