"""
The centre's time zone, in which every page writes its times.

Refuses: a zone of the reader's own. People who work together read the same clock.
"""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

import callfloor.records.routing.queries as queries

Respond = Callable[[HttpRequest], HttpResponse]


def of_centre(respond: Respond) -> Respond:
    """Activate the centre's zone for each request (a middleware)."""

    def answer(request: HttpRequest) -> HttpResponse:
        zone = queries.zone()
        with timezone.override(ZoneInfo(zone) if zone else None):
            return respond(request)

    return answer
