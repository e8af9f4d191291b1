"""From what a manager needs to a role: which one fits, and what tailoring it would change."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from callfloor.departments.human_resources import queries, rules
from callfloor.departments.human_resources.pages import jobs
from callfloor.departments.human_resources.queries import words
from callfloor.ui.requests import Request

CRITERIA: dict[str, Any] = {
    "goals": gettext_lazy("Goals"),
    "skills": gettext_lazy("Skills"),
    "environment": gettext_lazy("Place of work"),
    "interaction": gettext_lazy("Time with customers"),
}
ENVIRONMENTS: dict[str, Any] = {
    "inbound": gettext_lazy("Customers call us"),
    "outbound": gettext_lazy("We call customers"),
    "hybrid": gettext_lazy("Both"),
}
INTERACTIONS: dict[str, Any] = {
    "constant": gettext_lazy("Most of the day"),
    "some": gettext_lazy("A part of the day"),
    "none": gettext_lazy("Seldom"),
}
FITS_SHOWN_MAX = 5  # A choice among more is none.


@login_required
def choose(request: Request) -> HttpResponse:
    """Ask what is needed, and show which role fits and what would change in it."""
    answers = _answers(request)
    found = queries.choose(person=request.user, answers=answers, wanted=request.GET.get("role"))
    context = {
        "here": "jobs",
        "answers": answers,
        "departments": [(key, words.department_name(key)) for key in found.departments],
        "competences": [(key, words.competence_name(key)) for key in found.skills],
        "values": found.values,
        "environments": ENVIRONMENTS.items(),
        "interactions": INTERACTIONS.items(),
        "fits": [_fit(fit, found.names) for fit in found.fits[:FITS_SHOWN_MAX]],
        "chosen": found.chosen,
        "tailored": _tailored(found, answers) if found.chosen else None,
    }
    return render(request, "human_resources/choose.html", context)


def _answers(request: Request) -> rules.Answers:
    """Read the form; what it cannot have asked counts as not answered."""
    given = request.GET
    environment, interaction = given.get("environment"), given.get("interaction")
    return rules.Answers(
        goals=tuple(given.getlist("goal")),
        skills=tuple(given.getlist("skill")),
        environment=environment if environment in ENVIRONMENTS else None,
        interaction=interaction if interaction in INTERACTIONS else None,
        values=tuple(given.getlist("value")),
        into=tuple(filter(None, given.getlist("into"))),
        out=tuple(given.getlist("out")),
    )


def _fit(fit: rules.Fit, names: dict[str, str]) -> dict[str, Any]:
    return {
        "key": fit.role,
        "name": names.get(fit.role, fit.role),
        "share": fit.share,
        "points": [(CRITERIA[key], share) for key, share in fit.points.items()],
    }


def _tailored(found: queries.Choice, answers: rules.Answers) -> dict[str, Any]:
    """Return what tailoring changes, with the lines of the file that would do it."""
    assert found.tailored is not None
    assert found.chosen is not None
    assert found.change is not None
    return {
        "name": found.names.get(found.chosen.key, found.chosen.key),
        "duties": [
            (key, words.duty_name(key)) for key in found.tailored.keys if key not in answers.into
        ],
        "out": [(key, words.duty_name(key)) for key in answers.out if key in found.others],
        "into": [(key, words.duty_name(key)) for key in answers.into if key in found.tailored.keys],
        "others": [(key, words.duty_name(key)) for key in found.others if key not in answers.out],
        "change": None if found.change.is_none else jobs.change_words(found.change),
        "apart": [
            (words.duty_name(one), words.duty_name(other))
            for one, other in rules.apart(found.tailored.works)
        ],
        "file": "\n".join(rules.lines_of_file(found.chosen, found.tailored)),
    }
