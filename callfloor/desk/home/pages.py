"""Where a person lands after signing in."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

FIRST_PLACES = (
    ("calls.take", "desk"),
    ("floor.see", "floor"),
    ("interactions.read", "interactions"),
    ("wallboard.see", "wallboard"),
    ("queues.read", "queues"),
)
"""For each permission the place of those who have it; the first that fits."""


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Send each person to the place of the day's work."""
    rights = request.user.rights
    for permission, place in FIRST_PLACES:
        if rights.may(permission):
            return redirect(place)
    return redirect("help")
