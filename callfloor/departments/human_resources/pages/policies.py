"""The policies: who answers for each, when it is looked at again, and what enforces it now."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy

from callfloor.departments.human_resources.queries import policies as queries
from callfloor.ui.requests import Request

STATES: dict[str, Any] = {
    "standard": gettext_lazy("the standard, for the file says nothing else"),
    "hidden": gettext_lazy("of a client for whom you do not work"),
    "missing": gettext_lazy("nothing in the file is called so"),
}


@login_required
def listing(request: Request) -> HttpResponse:
    """Show the policies, those whose review is overdue first."""
    today = timezone.localdate()
    context = {
        "here": "jobs",
        "rows": queries.policies(person=request.user, today=today),
        "states": STATES,
    }
    return render(request, "human_resources/policies.html", context)
