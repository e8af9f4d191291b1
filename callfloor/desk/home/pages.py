"""Where a person lands after signing in."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect

from callfloor.ui.requests import Request

FIRST_PLACES = (
    ("calls.take", "desk"),
    ("floor.see", "floor"),
    ("interactions.read", "interactions"),
    ("wallboard.see", "wallboard"),
    ("queues.read", "queues"),
    ("organisation.see", "organisation"),
)
"""For each permission the place of those who have it; the first that fits."""


@login_required
def home(request: Request) -> HttpResponse:
    """Send each person to the place of the day's work."""
    rights = request.user.rights
    for permission, place in FIRST_PLACES:
        if rights.may(permission):
            return redirect(place)
    return redirect("help")
