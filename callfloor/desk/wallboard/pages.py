"""Four numbers and one chart: the frame; the numbers come over the live feed."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from callfloor.desk import states
from callfloor.kernel import access
from callfloor.records.routing import queries as routing
from callfloor.ui.requests import Request


@login_required
def wallboard(request: Request) -> HttpResponse:
    """Show the wallboard, dark unless somebody chose otherwise."""
    access.check(request.user, "wallboard.see")
    centre = routing.centre()
    context = {
        "here": "wallboard",
        "centre": centre.name if centre else "",
        "today": timezone.localdate(),
        "texts": {**states.texts(), **_texts()},
    }
    return render(request, "desk/wallboard.html", context)


def _texts() -> dict[str, str]:
    return {
        "longest": _("longest {time}"),
        "nobody_waits": _("nobody waits"),
        "goal": _("goal {share}"),
        "goal_under": _("goal under {share}"),
        "of_signed_in": _("of {count} signed in"),
        "no_calls_yet": _("no calls yet"),
        "chart": _("Calls today until {time}: {count}."),
    }
