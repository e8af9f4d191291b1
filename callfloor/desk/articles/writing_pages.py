"""Writing, approving and retiring articles, and what is said of products."""

import datetime as dt
import os
import re
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from callfloor.desk.articles import words
from callfloor.kernel import access, learning
from callfloor.kernel.errors import Refusal
from callfloor.records.articles import queries, rules, services
from callfloor.records.people import queries as people
from callfloor.ui.requests import Request

KEY = re.compile(r"^[a-z][a-z0-9_]{0,39}$")
FIELDS = ("title", "keywords", "body")
FACTS_ROWS = 8  # Rows of the form; empty ones are left out.


class BadKey(Refusal):
    """A key that cannot stand in a file."""

    code = "articles.bad_key"
    message = _("A key has small letters, digits and _, and begins with a letter.")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: Request) -> HttpResponse:
    """Begin an article: what it is, who answers for it, when it is looked at again."""
    access.check(request.user, "articles.write")
    error = ""
    if request.method == "POST":
        try:
            key = _begin(request)
        except Refusal as refusal:
            if refusal.code.startswith("access."):
                raise
            error = str(refusal.message)
        else:
            return redirect("article_write", key=key, language=words.language())
    context = {
        "here": "articles",
        "error": error,
        "said": request.POST or {"review": _in_a_year().isoformat(), "key": _asked_key(request)},
        "kinds": words.KINDS,
        "clients": people.clients(person=request.user),
        "roles": sorted(people.role_names().items(), key=lambda pair: pair[1].casefold()),
        "unwritten": _unwritten(request),
    }
    return render(request, "desk/article_begin.html", context, status=400 if error else 200)


def _in_a_year() -> dt.date:
    return timezone.localdate() + dt.timedelta(days=365)


def _asked_key(request: Request) -> str:
    key = request.GET.get("key", "")
    return key if KEY.match(key) else ""


def _unwritten(request: Request) -> list[tuple[str, str]]:
    """Return the articles that duties name and that nobody has begun."""
    rows = queries.articles(person=request.user, today=timezone.localdate())
    known = {row.key for row in rows}
    return [(key, str(name)) for key, name in learning.ARTICLES.items() if key not in known]


def _begin(request: Request) -> str:
    key, kind = request.POST.get("key", "").strip(), request.POST.get("kind", "")
    if not KEY.match(key) or kind not in rules.KINDS:
        raise BadKey
    services.begin(
        person=request.user,
        key=key,
        kind=kind,
        client=request.POST.get("client") or None,
        owner=request.POST.get("owner", ""),
        review_date=_day(request.POST.get("review", "")),
    )
    return key


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: Request, key: str, language: str) -> HttpResponse:
    """Write the draft of an article in a language."""
    access.check(request.user, "articles.write")
    article = queries.article(person=request.user, key=key, today=timezone.localdate())
    if language not in rules.LANGUAGES:
        raise access.NotFound
    error = ""
    if request.method == "POST":
        try:
            version = _write(request, key, language)
        except Refusal as refusal:
            if refusal.code.startswith("access."):
                raise
            error = str(refusal.message)
        else:
            messages.success(request, _("The draft is kept. Somebody else approves it."))
            return redirect(f"/articles/{key}?version={version}")
    context = _writing(request, article, language) | {"error": error}
    return render(request, "desk/article_write.html", context, status=400 if error else 200)


def _write(request: Request, key: str, language: str) -> str:
    said = {name: request.POST.get(name, "") for name in FIELDS}
    return services.write(
        person=request.user,
        key=key,
        language=language,
        translates=request.POST.get("translates") or None,
        now=timezone.now(),
        chance=os.urandom(10),
        **said,
    )


def _writing(request: Request, article: queries.ArticleDetail, language: str) -> dict[str, Any]:
    before = article.draft(language) or article.holding(language)
    others = [each for each in article.versions if each.state == "approved"]
    originals = [each for each in others if each.language != language]
    kept = {name: getattr(before, name) if before else "" for name in FIELDS}
    return {
        "here": "articles",
        "row": article.row,
        "language": language,
        "language_name": people.language_name(language),
        "said": request.POST if request.method == "POST" else kept,
        "originals": [(each, people.language_name(each.language)) for each in originals],
        "original": next((each for each in originals if each.language == "en"), None)
        or next(iter(originals), None),
        "title_max": rules.TITLE_CHARACTERS_MAX,
        "body_max": rules.BODY_CHARACTERS_MAX,
    }


@login_required
@require_POST
def decide(request: Request, version: str) -> HttpResponse:
    """Approve, throw away or retire a version."""
    person, now = request.user, timezone.now()
    what, key = request.POST.get("do", ""), request.POST.get("key", "")
    try:
        if what == "approve":
            services.approve(person=person, version=version, now=now)
            messages.success(request, _("Approved. It holds from now on, and is found."))
        elif what == "discard":
            services.discard(person=person, version=version)
            messages.success(request, _("The draft is gone."))
        elif what == "retire":
            services.retire(person=person, version=version, now=now)
            messages.success(request, _("It holds no more, and is found no more."))
        else:
            raise access.NotFound
    except Refusal as refusal:
        if refusal.code.startswith("access."):
            raise
        messages.error(request, str(refusal.message))
    return redirect("article", key=key) if KEY.match(key) else redirect("articles")


@login_required
@require_POST
def review(request: Request, key: str) -> HttpResponse:
    """Say when an article is looked at again."""
    try:
        services.plan_review(
            person=request.user,
            key=key,
            owner=request.POST.get("owner", ""),
            review_date=_day(request.POST.get("review", "")),
            now=timezone.now(),
        )
    except Refusal as refusal:
        if refusal.code.startswith("access."):
            raise
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("The day of the next review is kept."))
    return redirect("article", key=key)


@login_required
@require_POST
def fact(request: Request, key: str) -> HttpResponse:
    """Say what a product costs and is, from a day on."""
    queries.article(person=request.user, key=key, today=timezone.localdate())
    try:
        services.say_fact(person=request.user, key=key, fact=_fact(request), now=timezone.now())
    except Refusal as refusal:
        if refusal.code.startswith("access."):
            raise
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("Kept. Agents find it from that day on."))
    return redirect("article", key=key)


def _fact(request: Request) -> services.FactData:
    valid_from = _day(request.POST.get("valid_from", ""))
    currency = request.POST.get("currency", "").upper()
    if valid_from is None or not re.fullmatch(r"[A-Z]{3}", currency):
        raise services.NotComplete
    language = words.language()
    pairs = zip(request.POST.getlist("name"), request.POST.getlist("value"), strict=False)
    return services.FactData(
        valid_from=valid_from,
        price_minor=_minor(request.POST.get("price", ""), currency),
        currency=currency,
        attributes=tuple(
            services.AttributeData(name={language: name.strip()}, value={language: value.strip()})
            for name, value in pairs
            if name.strip() and value.strip()
        ),
    )


def _minor(text: str, currency: str) -> int | None:
    """Return an amount in the smallest unit; nothing for an empty one."""
    plain = text.strip().replace(",", ".")
    if not plain:
        return None
    places = words.DECIMALS.get(currency, 2)
    match = re.fullmatch(rf"(\d{{1,9}})(?:\.(\d{{1,{max(1, places)}}}))?", plain)
    if match is None or (match[2] and not places):
        raise services.NotComplete
    return int(match[1]) * 10**places + int((match[2] or "0").ljust(places, "0") or 0)
