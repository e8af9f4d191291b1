"""
Looking something up beside a live item: the answer stands where it was asked.

Refuses: texts of other clients than the item's.
"""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from callfloor.desk.articles import markup, pages, words
from callfloor.kernel import access
from callfloor.kernel.access import Someone
from callfloor.records.articles import queries
from callfloor.ui.requests import Request

TEMPLATE = "desk/panel_lookup.html"
FOUND_MAX = 5  # What fits beside a call.


def panel(*, person: Someone, item: str, client: str, customer: str) -> dict[str, Any]:
    """Give the empty search of an item."""
    return {"item": item, "client": client, "q": "", "found": (), "article": None}


@login_required
@require_safe
def lookup(request: Request, item: str) -> HttpResponse:
    """Show what answers a question about an item, or one article of that."""
    client, asked = request.GET.get("client", ""), request.GET.get("q", "").strip()
    access.check(request.user, "articles.read", client=client or None)
    found = pages.found(request, asked, client=client or None) if asked else []
    shown = {
        "item": item,
        "client": client,
        "q": asked,
        "found": found[:FOUND_MAX],
        "article": _article(request),
    }
    return render(request, TEMPLATE, {"panel": shown})


def _article(request: Request) -> dict[str, Any] | None:
    key = request.GET.get("key", "")
    if not key:
        return None
    today = timezone.localdate()
    article = queries.article(person=request.user, key=key, today=today)
    language = request.GET.get("language", "") or words.language()
    shown = article.holding(language) or next(
        (each for each in article.versions if each.state == "approved"), None
    )
    if shown is None:
        return None
    fact = next((each for each in article.facts if each.valid_from <= today), None)
    return {
        "key": key,
        "language": shown.language,
        "direction": markup.direction(shown.language),
        "title": markup.runs(shown.title, language=shown.language),
        "blocks": markup.blocks(shown.body, language=shown.language),
        "body": shown.body,
        "price": words.price(fact),
        "fact": fact,
    }
