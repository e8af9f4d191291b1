"""Articles: the list with its search, one article to read and acknowledge, and what is owed."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from callfloor.desk import listing as lists
from callfloor.desk.articles import markup, words
from callfloor.kernel import department
from callfloor.records.articles import queries, rules, services
from callfloor.records.people import queries as people
from callfloor.ui.requests import Request

FOUND_MAX = 20  # Two screens; who has not found it there asks in other words.
SORTERS: tuple[lists.Sorter, ...] = (
    ("name", gettext_lazy("Article"), lambda row: row.name.casefold(), False),
    ("kind", gettext_lazy("Kind"), lambda row: (rules.KINDS.index(row.kind), row.name), False),
    ("client", gettext_lazy("Client"), lambda row: (row.client_name, row.name), False),
    ("owner", gettext_lazy("Answers for it"), lambda row: (row.owner_name, row.name), False),
    ("review", gettext_lazy("Review"), lambda row: (row.review_date, row.name), False),
)


@login_required
def listing(request: Request) -> HttpResponse:
    """Show the articles, or what answers a question."""
    person, today = request.user, timezone.localdate()
    asked, kind = request.GET.get("q", "").strip(), request.GET.get("kind", "")
    kinds = (kind,) if kind in rules.KINDS else ()
    rows, heads = lists.sort_rows(
        queries.articles(person=person, today=today, kinds=kinds),
        asked=request.GET.get("sort", ""),
        sorters=SORTERS,
        otherwise="name",
    )
    context: dict[str, Any] = {
        "here": "articles",
        "rows": [(row, words.KINDS[row.kind], words.ICONS[row.kind]) for row in rows],
        "heads": heads,
        "q": asked,
        "kind": kind,
        "kinds": words.KINDS,
        "owed": queries.owed(person=person, language=words.language()),
        "may_write": person.rights.may("articles.write"),
        "may_approve": person.rights.may("articles.approve"),
        "waiting": sum(bool(row.drafts) for row in rows),
        "overdue": sum(row.is_overdue for row in rows),
    }
    if asked:
        context["found"] = found(request, asked, kinds=kinds)
    return render(request, "desk/articles.html", context)


def found(
    request: Request, asked: str, *, kinds: tuple[str, ...] = (), client: str | None = None
) -> list[dict[str, Any]]:
    """Return what answers a question, in the reader's language first, ready to be shown."""
    mine = words.language()
    rows = queries.search(
        person=request.user,
        text=asked,
        languages=(mine, *(each for each in rules.LANGUAGES if each != mine)),
        today=timezone.localdate(),
        client=client,
        kinds=kinds,
        limit=FOUND_MAX,
    )
    return [
        {
            "row": row,
            "kind": words.KINDS[row.kind],
            "icon": words.ICONS[row.kind],
            "price": words.price(row.fact),
            "direction": markup.direction(row.language),
            "language_name": people.language_name(row.language) if row.language != mine else "",
        }
        for row in rows
    ]


@login_required
def detail(request: Request, key: str) -> HttpResponse:
    """Show one article in a language, its facts, its versions, and who has read it."""
    person, today = request.user, timezone.localdate()
    article = queries.article(person=person, key=key, today=today)
    shown = _shown(request, article)
    may_see_readers = _manages(request) and article.row.kind in rules.ACKNOWLEDGED
    owed = {row.version for row in queries.owed(person=person, language=words.language())}
    context: dict[str, Any] = {
        "here": "articles",
        "now": timezone.now(),
        "row": article.row,
        "kind": words.KINDS[article.row.kind],
        "languages": _languages(article, shown),
        "shown": shown,
        "direction": markup.direction(shown.language) if shown else "",
        "blocks": markup.blocks(shown.body, language=shown.language) if shown else (),
        "title": markup.runs(shown.title, language=shown.language) if shown else (),
        "facts": [(fact, words.price(fact), fact.valid_from > today) for fact in article.facts],
        "versions": [(each, *words.STATES[each.state]) for each in article.versions],
        "names": people.names(person=person),
        "duties": _duties(key),
        "is_owed": shown is not None and shown.id in owed,
        "may_write": person.rights.may("articles.write"),
        "may_approve": person.rights.may("articles.approve"),
        "is_mine": shown is not None and person.key in shown.writers,
        "readers": queries.readers(person=person, key=key) if may_see_readers else (),
        "may_see_readers": may_see_readers,
        "currency": "EUR",
    }
    return render(request, "desk/article.html", context)


def _manages(request: Request) -> bool:
    return any(request.user.rights.may(each) for each in ("articles.write", "articles.approve"))


def _shown(request: Request, article: queries.ArticleDetail) -> queries.VersionRow | None:
    """Return the version that is asked for, else the one that the reader reads best."""
    wanted = request.GET.get("version", "")
    for each in article.versions:
        if each.id == wanted:
            return each
    language = request.GET.get("language", "")
    if language not in rules.LANGUAGES:
        language = words.language()
    holding = {each.language: each for each in article.versions if each.state == "approved"}
    chosen = rules.chosen(dict.fromkeys(holding, ""), wanted=language)
    return holding[chosen] if chosen else next(iter(article.versions), None)


def _languages(
    article: queries.ArticleDetail, shown: queries.VersionRow | None
) -> list[dict[str, Any]]:
    """Return the six languages with what the article has in each."""
    return [
        {
            "key": each,
            "name": people.language_name(each),
            "holding": article.holding(each),
            "draft": article.draft(each),
            "is_shown": shown is not None and shown.language == each,
        }
        for each in rules.LANGUAGES
    ]


def _duties(key: str) -> list[str]:
    """Return the duties that name an article."""
    found = department.duties().values()
    return [str(duty.name) for _place, duty in found if key in duty.articles]


@login_required
@require_POST
def acknowledge(request: Request, version: str) -> HttpResponse:
    """Keep that the reader has read a version."""
    services.acknowledge(person=request.user, version=version, now=timezone.now())
    messages.success(request, _("Noted: you have read it."))
    back = request.POST.get("back", "")
    return redirect(back if back.startswith("/articles") else "articles")
