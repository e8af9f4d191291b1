"""The job descriptions: a list, one of them in any language, its PDF, and issuing it."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from callfloor.departments.human_resources import queries, rules, services
from callfloor.departments.human_resources.pages import sheet
from callfloor.departments.human_resources.queries import words
from callfloor.desk import listing as lists
from callfloor.ui import formats
from callfloor.ui import paper as papers
from callfloor.ui.requests import Request

STATES: dict[str, tuple[Any, str]] = {
    "changed": (gettext_lazy("Changed since it was issued"), "warn"),
    "not_issued": (gettext_lazy("Not issued yet"), "neutral"),
    "up_to_date": (gettext_lazy("Up to date"), "good"),
}
ORDER = tuple(STATES)
SORTERS: tuple[lists.Sorter, ...] = (
    ("name", gettext_lazy("Role"), lambda row: _name(row), False),
    ("department", gettext_lazy("Department"), lambda row: (row.department, _name(row)), False),
    ("state", gettext_lazy("State"), lambda row: (ORDER.index(row.state), _name(row)), False),
    ("version", gettext_lazy("Version"), lambda row: (row.version or 0, _name(row)), True),
    ("duties", gettext_lazy("Duties"), lambda row: (row.duties, _name(row)), True),
    ("people", gettext_lazy("People"), lambda row: (row.holders, _name(row)), True),
)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """Which text is asked for."""

    language: str
    is_mirrored: bool
    as_issued: bool
    traces: bool


@login_required
def listing(request: Request) -> HttpResponse:
    """Show every role with the state of its description; what has changed stands first."""
    rows, heads = lists.sort_rows(
        queries.jobs(person=request.user),
        asked=request.GET.get("sort", ""),
        sorters=SORTERS,
        otherwise="state",
    )
    context = {
        "here": "jobs",
        "rows": [(row, *STATES[row.state]) for row in rows],
        "heads": heads,
        "may_compare": request.user.rights.may("reports.agents"),
    }
    return render(request, "human_resources/jobs.html", context)


@login_required
def export(request: Request) -> HttpResponseBase:
    """Return the list as CSV."""
    rows = sorted(queries.jobs(person=request.user), key=lambda row: row.key)
    return lists.as_csv(
        name="jobs",
        heads=[label for _key, label, _value, _is_number in SORTERS],
        rows=[
            (
                row.name,
                row.department,
                STATES[row.state][0],
                row.version or "",
                row.duties,
                row.holders,
            )
            for row in rows
        ],
    )


@login_required
def detail(request: Request, key: str) -> HttpResponse:
    """Show one description, what has changed since it was issued, and whom that concerns."""
    job, shown = queries.job(person=request.user, key=key), asked(request)
    context = {
        "here": "jobs",
        "now": timezone.now(),
        "job": job,
        "shown": shown,
        "title": queries.name_of(key=key, language=shown.language),
        "sections": _sections(job, shown),
        "state": STATES[state_of(job)],
        "change": changed(job),
        "gaps": _gaps(job),
        "languages": settings.LANGUAGES,
        "may_write": request.user.rights.may("jobs.write"),
    }
    return render(request, "human_resources/job.html", context)


@login_required
def paper(request: Request, key: str) -> HttpResponse:
    """Return a description as a PDF."""
    job, shown, now = queries.job(person=request.user, key=key), asked(request), timezone.now()
    title = queries.name_of(key=key, language=shown.language)
    lead = _lead(job, shown)
    body = papers.write(
        title=title,
        lines=sheet.lines(title, lead, _sections(job, shown)),
        foot=f"{title} – {lead}",
        language=shown.language,
        now=now,
    )
    answer = HttpResponse(body, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{key}-{shown.language}.pdf"'
    return answer


@login_required
@require_POST
def issue(request: Request, key: str) -> HttpResponse:
    """Issue a description as it is now."""
    version = services.issue(
        person=request.user,
        key=key,
        now=timezone.now(),
        chance=os.urandom(10),
        place=reverse("job", args=[key]),
    )
    number = formats.number(version, language=words.language())
    messages.success(request, _("Version %(number)s has been issued.") % {"number": number})
    return redirect("job", key)


def asked(request: Request) -> Shown:
    """Return which text a request asks for; else the one of the reader's language."""
    wanted = request.GET.get("language", "")
    language = wanted if wanted in dict(settings.LANGUAGES) else words.language()
    return Shown(
        language=language,
        is_mirrored=bool(get_language_info(language)["bidi"]),
        as_issued=request.GET.get("as") == "issued",
        traces="traces" in request.GET,
    )


def state_of(job: queries.Job) -> str:
    """Return the state of one description."""
    if job.change is None:
        return "not_issued"
    return "up_to_date" if job.change.is_none else "changed"


def changed(job: queries.Job) -> dict[str, Any] | None:
    """Return the changes in the reader's own language; None if there are none to tell."""
    if job.change is None or job.change.is_none:
        return None
    return change_words(job.change)


def change_words(change: rules.Change) -> dict[str, Any]:
    """Return a change as texts in the language in force."""
    return {
        "added": _said(change.added),
        "removed": _said(change.removed),
        "changed": [(words.say(old), words.say(new)) for old, new in change.changed],
    }


def _name(row: queries.JobRow) -> tuple[str, str]:
    """Return by what a role is found in an alphabet; its key where two are called the same."""
    return row.name.casefold(), row.key


def _said(sentences: Iterable[rules.Sentence]) -> list[tuple[str, str]]:
    return [(str(words.SECTIONS[each.section]), words.say(each)) for each in sentences]


def _sections(job: queries.Job, shown: Shown) -> list[sheet.Section]:
    if shown.as_issued and job.issued:
        return sheet.sections(
            job.issued.sentences,
            language=shown.language,
            questions=job.questions,
            texts=job.issued.texts.get(shown.language),
        )
    return sheet.sections(job.sentences, language=shown.language, questions=job.questions)


def _lead(job: queries.Job, shown: Shown) -> str:
    """Return the line under the title, which says what this paper is."""
    with translation.override(shown.language):
        if job.issued is None or not (shown.as_issued or (job.change and job.change.is_none)):
            return _("Job description, draft")
        made = timezone.localtime(job.issued.made_at).date()
        values = {
            "number": formats.number(job.issued.version, language=shown.language),
            "day": formats.day(made, language=shown.language, year=True),
        }
        return _("Job description, version %(number)s of %(day)s") % values


def _gaps(job: queries.Job) -> list[str]:
    """Return what is missing, for whoever can mend it."""
    gaps = [
        _("Nobody has set a target: %(what)s") % {"what": words.measure_name(each)}
        for each in rules.without_target(job.sentences)
    ]
    gaps += [
        _("No question, test or lesson shows it: %(what)s") % {"what": words.say(each)}
        for each in rules.without_proof(job.sentences)
    ]
    gaps += [
        _("One person may not have both: %(one)s / %(other)s")
        % {"one": words.duty_name(one), "other": words.duty_name(other)}
        for one, other in rules.apart(job.role.works)
    ]
    if rules.contradicts_itself(job.role):
        gaps.append(_("The file says otherwise where the work is done than the duties do."))
    return gaps
