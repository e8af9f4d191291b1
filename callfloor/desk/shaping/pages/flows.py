"""Flows: the list, one as a tree with its branches, and its form."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from callfloor.core.plan import FlowPlan, NumberPlan, channel_of
from callfloor.desk import centre
from callfloor.desk.shaping import tree, words
from callfloor.desk.shaping.flow_form import DIGITS, Form, Step, Way
from callfloor.desk.shaping.pages import changing
from callfloor.records.people import queries as people
from callfloor.records.routing.services import shaping
from callfloor.ui.requests import Request

SECTION = "flows"


@login_required
@require_safe
def listing(request: Request) -> HttpResponse:
    """Show the flows that callers of the reader's clients meet."""
    keys = shaping.all_seen(person=request.user, section=SECTION)
    rows = [
        {
            "key": key,
            "version": _plan(key).version,
            "steps": len(_plan(key).steps),
            "numbers": _numbers(request, key),
        }
        for key in keys
    ]
    return render(request, "desk/flows.html", {"here": "queues", "rows": rows})


@login_required
@require_safe
def detail(request: Request, key: str) -> HttpResponse:
    """Show what callers go through, as a tree."""
    thing = shaping.Thing(section=SECTION, key=key)
    shaping.seen(person=request.user, thing=thing)
    said = centre.section(SECTION)[key]
    context = {
        "here": "queues",
        "key": key,
        "version": _plan(key).version,
        "numbers": _numbers(request, key),
        "roots": [tree.of(said, prompts=centre.section("prompts"), overflow=_overflow)],
        "may_change": shaping.what_may_change(person=request.user, thing=thing),
    }
    return render(request, "desk/flow.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Request, key: str) -> HttpResponse:
    """Ask where a flow shall lead and what it says, show what changes, and make it so."""
    thing = shaping.Thing(section=SECTION, key=key)
    changing.require(request, thing)
    said = centre.section(SECTION)[key]
    form = Form(
        key,
        said,
        prompts=centre.section("prompts"),
        languages=_languages(shaping.seen(person=request.user, thing=thing)),
        welcome=_welcome,
        may_reword=lambda prompt: shaping.may_reword(person=request.user, prompt=prompt),
        typed=request.POST.dict() if request.method == "POST" else None,
    )
    place = changing.Place(
        thing=thing,
        name=key,
        template="desk/flow_change.html",
        here="queues",
        back=reverse("flow", args=[key]),
    )
    context = {
        "steps": [_step(form, each) for each in form.steps()],
        "keys": list(said["steps"]),
        "digits": DIGITS,
    }
    return changing.ask(request, place, form, context)


def _step(form: Form, step: Step) -> dict[str, Any]:
    return {
        "key": step.key,
        "does": words.does(step.said),
        "ways": [
            {"way": way, "when": _when(step, way) if way.kind != "key" else ""} for way in step.ways
        ],
        "prompts": [
            {
                "key": prompt,
                "is_own": form.is_own(prompt),
                "may_reword": form.may_reword(prompt),
                "words": [
                    (each, people.language_name(each.language)) for each in form.words(prompt)
                ],
            }
            for prompt in step.prompts
        ],
    }


def _when(step: Step, way: Way) -> str:
    return words.ways(words.kind_of(step.said, way.kind), way.name)


def _plan(key: str) -> FlowPlan:
    plan = centre.plan()
    assert plan is not None, "what is seen stands in a plan"
    return next(each for each in plan.flows if each.key == key)


def _numbers(request: Request, key: str) -> list[dict[str, Any]]:
    """Return the numbers of the reader's clients that lead into a flow."""
    plan = centre.plan()
    assert plan is not None, "what is seen stands in a plan"
    mine = request.user.rights.clients
    return [_number(each) for each in plan.numbers if each.flow == key and each.client in mine]


def _number(number: NumberPlan) -> dict[str, Any]:
    is_call = channel_of(number.number) == "call"
    return {
        "number": number.number,
        "is_call": is_call,
        "language": people.language_name(number.language),
    }


def _languages(clients: frozenset[str]) -> list[str]:
    plan = centre.plan()
    assert plan is not None, "what is seen stands in a plan"
    spoken = [each for client in plan.clients if client.key in clients for each in client.languages]
    return list(dict.fromkeys(spoken))


def _welcome(queue: str) -> tuple[str, ...]:
    return tuple((centre.section("queues").get(queue) or {}).get("welcome") or ())


def _overflow(queue: str) -> str | None:
    found: str | None = (centre.section("queues").get(queue) or {}).get("overflow")
    return found
