"""
Descriptions against reality: everybody, and one person with what he did.

Refuses: to work anything out.
"""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from callfloor.departments.human_resources.queries import reality as queries
from callfloor.departments.human_resources.rules import reality as rules
from callfloor.desk import listing as lists
from callfloor.kernel import department
from callfloor.records.people import queries as people
from callfloor.ui import charts, formats
from callfloor.ui.requests import Request

KINDS: dict[str, Any] = {
    "calls_in": gettext_lazy("Calls that come in"),
    "calls_out": gettext_lazy("Calls out"),
    "callbacks": gettext_lazy("Callbacks"),
    "texts": gettext_lazy("Chats and e-mails"),
    "cases": gettext_lazy("Cases"),
    "helping": gettext_lazy("Helping colleagues in their calls"),
}
VERDICTS: dict[str, tuple[Any, str]] = {
    "too_little": (gettext_lazy("Too little to say"), "neutral"),
    "fits": (gettext_lazy("As described"), "good"),
    "perhaps": (gettext_lazy("Perhaps beside it"), "neutral"),
    "beside": (gettext_lazy("Much beside it"), "warn"),
}
AXIS = charts.Scale(low=0.0, high=1.0)


@login_required
@require_safe
def listing(request: Request) -> HttpResponse:
    """Show whose work was beside his description, by name."""
    days, simulated = _asked(request)
    found = queries.compared(
        person=request.user,
        today=timezone.localdate(),
        days=days,
        include_simulated=simulated,
        page=lists.page_asked(request),
    )
    context = {
        **_frame(days, simulated),
        "rows": [_row(each) for each in found.rows],
        "total": found.total,
        "number": found.number,
        "pages": found.pages,
    }
    return render(request, "human_resources/reality.html", context)


@login_required
@require_safe
def detail(request: Request, key: str) -> HttpResponse:
    """Show what one person did, and what of it the description says."""
    days, simulated = _asked(request)
    found = queries.compared_one(
        person=request.user,
        key=key,
        today=timezone.localdate(),
        days=days,
        include_simulated=simulated,
    )
    duties = department.duties()
    context = {
        **_frame(days, simulated),
        "one": _row(found),
        "back": reverse("jobs_reality"),
        "kinds": [
            (KINDS[row.key], row, [str(duties[each][1].name) for each in row.said_by])
            for row in found.found.kinds
        ],
        "languages": [(people.language_name(row.key), row) for row in found.found.languages],
        "unused": [KINDS[kind] for kind in found.found.unused],
    }
    return render(request, "human_resources/reality_one.html", context)


def _asked(request: Request) -> tuple[int, bool]:
    text = request.GET.get("days", "")
    days = int(text) if text in {str(each) for each in queries.DAYS} else queries.DAYS_USUAL
    return days, request.GET.get("simulated") == "1"


def _frame(days: int, simulated: bool) -> dict[str, Any]:
    return {
        "here": "jobs",
        "days": days,
        "choices": queries.DAYS,
        "simulated": simulated,
        "tail": f"?days={days}" + ("&simulated=1" if simulated else ""),
        "days_min": rules.DAYS_MIN,
        "parts_min": rules.PARTS_MIN,
        "flagged": rules.SHARE_FLAGGED,
        "axis": AXIS,
    }


def _row(person: queries.Person) -> dict[str, Any]:
    """Return somebody with his share in words and as a mark."""
    found = person.found
    words, tone = VERDICTS[found.verdict]
    return {
        "person": person,
        "found": found,
        "verdict": words,
        "tone": tone,
        "between": _between(found.beside),
        "drawn": [_drawn(found.beside)],
        "label": _("%(name)s: %(share)s beside the description")
        % {"name": person.name, "share": _between(found.beside)},
    }


def _between(share: rules.Share | None) -> str:
    if share is None:
        return ""
    language = (translation.get_language() or "en").partition("-")[0]
    low, high = (formats.percent(each, language=language) for each in (share.low, share.high))
    return _("%(low)s to %(high)s") % {"low": low, "high": high}


def _drawn(share: rules.Share | None) -> charts.Interval | None:
    if share is None:
        return None
    return charts.Interval(low=share.low, mean=share.mean, high=share.high)
