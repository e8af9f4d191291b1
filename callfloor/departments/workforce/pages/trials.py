"""The two pages of the twin: what to try with all that was tried, and one trial."""

import os
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from callfloor.departments.workforce import queries, rules, services
from callfloor.departments.workforce.pages import asking, showing, words
from callfloor.desk import listing as lists
from callfloor.kernel import ids, ports
from callfloor.ui.requests import Request

EVERY_SECONDS = 1  # A trial takes some seconds; whoever waits wants to see it move.
LINES_SHOWN_MAX = 50  # Findings of an uploaded file; with more than these it is another language.
SEED_USUAL = 1
PAGE = "page"
"""What another page has changed; its form leads here."""
FORMS = {"queues": "queue_change", "calendars": "hours_change", "flows": "flow_change"}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def try_change(request: Request) -> HttpResponse:
    """Show what can be tried and what was; a question that is sent is put in line."""
    kind = request.POST.get("kind") or request.GET.get("kind") or "sick"
    kind = kind if kind in (*words.KINDS, PAGE) else "sick"
    wrong: dict[str, Any] = {}
    findings: list[dict[str, Any]] = []
    if request.method == "POST":
        trial_id, wrong, findings = _ask(request, kind)
        if trial_id is not None:
            return redirect("trial", trial_id)
    kind = kind if kind in words.KINDS else "sick"
    return render(request, "workforce/try.html", _asking(request, kind, wrong, findings))


def _ask(request: Request, kind: str) -> tuple[str | None, dict[str, Any], list[dict[str, Any]]]:
    """Put the question in line; give its id, or what is wrong with it."""
    typed = request.POST
    days, seed = typed.get("days", ""), typed.get("seed", "")
    try:
        asked = asking.question(kind, typed, people=typed.getlist("people"))
        other = ""
        if kind == PAGE:  # It comes from another form, which knows nothing of days.
            asked, other = asking.page(typed.get("change", ""))
            days, seed = str(rules.DAYS_USUAL), str(SEED_USUAL)
        if kind == "file":
            asked["name"], other = asking.file(request.FILES.get("file"))
            findings = ports.twin().findings(text=other, file=asked["name"])
            if any(finding["severity"] == "error" for finding in findings):
                return None, {"file": _("The file has errors. Nothing was tried.")}, findings
        trial_id = services.ask(
            person=request.user,
            question=asked,
            other=other,
            days=asking.whole(days, field="days"),
            seed=asking.whole(seed, field="seed"),
            now=timezone.now(),
            chance=os.urandom(ids.CHANCE_BYTES),
        )
    except (asking.Illegible, services.Unanswerable) as error:
        field = "all" if kind == PAGE else error.field
        return None, {field: words.FIELDS[error.field]}, []
    except (services.TooManyWaiting, services.NothingToTry) as error:
        return None, {"all": error.message}, []
    return trial_id, {}, []


def _asking(
    request: Request, kind: str, wrong: dict[str, Any], findings: list[dict[str, Any]]
) -> dict[str, Any]:
    page = queries.trials(person=request.user, page=lists.page_asked(request))
    typed = request.POST
    return {
        "here": "try",
        "now": timezone.now(),
        "kinds": [(key, *said) for key, said in words.KINDS.items()],
        "kind": kind,
        "hint": words.KINDS[kind][1],
        "choices": queries.choices(person=request.user),
        "typed": typed,
        "chosen": typed.getlist("people") if request.method == "POST" else [],
        "days": typed.get("days", str(rules.DAYS_USUAL)),
        "seed": typed.get("seed", str(SEED_USUAL)),
        "wrong": wrong,
        "findings": findings[:LINES_SHOWN_MAX],
        "trials": _listed(page.rows),
        "page": lists.pager(page),
    }


def _listed(rows: tuple[queries.TrialRow, ...]) -> list[dict[str, Any]]:
    language = _language()
    return [
        {
            "row": row,
            "question": words.question(row, language=language),
            "state": words.STATES[row.state][0],
            "tone": words.STATES[row.state][1],
        }
        for row in rows
    ]


@login_required
@require_safe
def trial(request: Request, trial_id: str) -> HttpResponse:
    """Show one trial: how far it is, or both variants side by side."""
    row = queries.trial(person=request.user, trial_id=trial_id)
    context = {
        "here": "try",
        "now": timezone.now(),
        "trial": _listed((row,))[0],
        "progress": round(100 * row.progress),
        "fault": words.FAULTS.get(row.fault, ""),
        "every_seconds": EVERY_SECONDS if row.is_open else None,
        "address": request.build_absolute_uri(request.path),
        **(_result(request, row) if row.state == "DONE" else {}),
    }
    return render(request, "workforce/trial.html", context)


def _result(request: Request, row: queries.TrialRow) -> dict[str, Any]:
    measure = request.GET.get("measure", "")
    measure = measure if measure in rules.MEASURES else "service_level"
    shown = queries.shown(person=request.user, trial_id=row.id, measure=measure)
    assert shown is not None, "what is done has a result"
    language = _language()
    is_merged = row.question["kind"] == "merge"  # One queue then does the work of two.
    tables = showing.tables(shown, measure=measure, language=language)
    load = showing.table(
        "people", _("Load per person"), _("Person"), shown.people,
        measure="occupancy", language=language,
    )  # fmt: skip
    return {
        "shown": shown,
        "measure": measure,
        "measure_name": words.MEASURES[measure],
        "measures": [(key, words.MEASURES[key]) for key in rules.MEASURES],
        "tables": [*tables, *([load] if load.lines else [])],
        "totals": [
            (
                words.MEASURES[pair.key],
                showing.line(pair, language=language),
                shown.currency if pair.key == "cost" else "",
            )
            for pair in shown.totals
        ],
        "is_merged": is_merged,
        "page_url": _page_url(row.question),
        "summary": showing.summary(tables, of="clients" if is_merged else "queues"),
    }


def _page_url(question: dict[str, Any]) -> str:
    """Return where a change was made up; nothing if it was here."""
    if question["kind"] != PAGE:
        return ""
    return reverse(FORMS[question["section"]], args=[question["key"]])


@login_required
@require_POST
def stop(request: Request, trial_id: str) -> HttpResponse:
    """Stop a trial and show it."""
    services.stop(person=request.user, trial_id=trial_id, now=timezone.now())
    return redirect("trial", trial_id)


@login_required
@require_POST
def again(request: Request, trial_id: str) -> HttpResponse:
    """Ask the same question again, and show the new trial."""
    fresh = services.ask_again(
        person=request.user,
        trial_id=trial_id,
        now=timezone.now(),
        chance=os.urandom(ids.CHANCE_BYTES),
    )
    return redirect("trial", fresh)


def _language() -> str:
    return (translation.get_language() or "en").partition("-")[0]
