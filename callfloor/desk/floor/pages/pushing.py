"""A paragraph of an article for somebody's desk: its leader finds it, one press puts it there."""

import os
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from callfloor.desk.articles import markup, words
from callfloor.desk.articles import pages as articles_pages
from callfloor.kernel import access
from callfloor.records.articles import queries, rules
from callfloor.records.articles.services import pushing
from callfloor.records.people import queries as people
from callfloor.records.people.queries import leading
from callfloor.ui.requests import Request


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def push(request: Request, key: str) -> HttpResponse:
    """Find an article and show its paragraphs; put one onto the desk."""
    leading.require(person=request.user, key=key, permission=leading.LEAD)
    if request.method == "POST":
        return _pushed(request, key)
    asked = request.GET.get("q", "").strip()
    context = {
        "here": "floor",
        "key": key,
        "name": people.names_of(keys=[key]).get(key, key),
        "q": asked,
        "found": articles_pages.found(request, asked) if asked else [],
        "article": _article(request, key),
    }
    return render(request, "desk/push.html", context)


def _pushed(request: Request, key: str) -> HttpResponse:
    number = request.POST.get("number", "")
    if not number.isdecimal() or len(number) > 4:
        raise access.NotFound
    article, language = request.POST.get("article", ""), request.POST.get("language", "")
    pushing.push(
        person=request.user,
        key=key,
        article=article,
        language=language,
        number=int(number),
        now=timezone.now(),
        chance=os.urandom(10),
    )
    messages.success(request, _("The paragraph is on the desk."))
    return redirect("floor_push", key=key)


def _article(request: Request, key: str) -> dict[str, Any] | None:
    """Return the article that was chosen, as its paragraphs in a language."""
    chosen = request.GET.get("article", "")
    if not chosen:
        return None
    article = queries.article(person=request.user, key=chosen, today=timezone.localdate())
    pushing.check_reader(key, article.row.client)
    holding = {row.language: row for row in article.versions if row.state == "approved"}
    wanted = request.GET.get("language", "") or words.language()
    language = rules.chosen(dict.fromkeys(holding, ""), wanted=wanted)
    if language is None:
        raise access.NotFound
    version = holding[language]
    return {
        "key": chosen,
        "title": version.title,
        "language": language,
        "direction": markup.direction(language),
        "paragraphs": list(enumerate(pushing.paragraphs(version.body))),
        "languages": [(each, people.language_name(each)) for each in sorted(holding)],
    }
