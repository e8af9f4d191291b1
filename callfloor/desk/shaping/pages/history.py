"""
What was changed in the centre's file, by whom, on pages and by authors.

Refuses: whoever does not work for every client, for all of the centre is in it.
"""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from callfloor.desk import changes
from callfloor.desk.shaping import words
from callfloor.kernel import access
from callfloor.records.people import queries as people
from callfloor.records.people.queries import changing as queries
from callfloor.records.routing import queries as routing
from callfloor.ui.requests import Request

VERSIONS_SHOWN_MAX = 100  # Some months of a busy centre; older ones are in the records.


@login_required
@require_safe
def history(request: Request) -> HttpResponse:
    """Show who has changed the centre, the latest first."""
    if not queries.may_see_changes(person=request.user):
        raise access.Forbidden
    rows = routing.file_history(limit=VERSIONS_SHOWN_MAX)
    names = people.names_of(keys={row.applied_by for row in rows})
    context = {
        "here": "people",
        "now": timezone.now(),
        "rows": [(row, names.get(row.applied_by)) for row in rows],
    }
    return render(request, "desk/centre_history.html", context)


@login_required
@require_safe
def version(request: Request, version: str) -> HttpResponse:
    """Show what one version has changed since the one before."""
    if not queries.may_see_changes(person=request.user):
        raise access.Forbidden
    row = routing.last_of_version(version)
    if row is None:
        raise access.NotFound
    context = {
        "here": "people",
        "now": timezone.now(),
        "row": row,
        "name": people.names_of(keys={row.applied_by}).get(row.applied_by),
        "looked": changes.between(row, said=words.said) if row.parent else None,
    }
    return render(request, "desk/centre_version.html", context)
