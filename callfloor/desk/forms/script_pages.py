"""
The script beside a live item: node by node, with names filled in, and what may not be left out.

Each answer is a small form of the fragment itself; the desk puts the answer in its place. Refuses:
to decide what is owed. That is `records.forms.services.check_finish`, whatever this shows.
"""

import os
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from callfloor.desk.articles import markup
from callfloor.desk.forms import words
from callfloor.desk.forms.pages import said_runs
from callfloor.kernel import access
from callfloor.kernel.access import Someone
from callfloor.kernel.errors import Refusal
from callfloor.kernel.names import pick
from callfloor.records.articles import queries as articles
from callfloor.records.forms import queries, services
from callfloor.records.forms.rules import walking
from callfloor.records.interactions import queries as interactions
from callfloor.records.people import queries as people
from callfloor.ui.requests import Request

TEMPLATE = "desk/panel_script.html"
ASKED_MAX = 15  # A second each; the records are later than that only when they are in trouble.


def panel(*, person: Someone, item: str, client: str, customer: str) -> dict[str, Any] | None:
    """Give what the panel shows of an item; nothing if it has no script and no guide."""
    return shown(person, item, client=client)


def shown(person: Someone, item: str, *, client: str, asked: int = 0) -> dict[str, Any] | None:
    """
    Give the runs of an item, and what may be begun.

    A contact that rings may stand in the records a moment later, and its queue after that: it is
    asked for again, so many times.
    """
    contact = queries.contact(person=person, interaction=item)
    is_late = contact is None or contact.queue is None
    if is_late and asked < ASKED_MAX:
        return {"item": item, "client": client, "is_soon": True, "asked": asked + 1}
    if contact is None:
        return None
    runs = queries.runs_of(person=person, interaction=item)
    begun = {each.form for each in runs}
    script = queries.script_of(queue=contact.queue)
    guides = queries.forms_of_client(person=person, client=contact.client, kind="guide")
    waiting = [row for row in guides if row.key not in begun]
    if not runs and script is None and not waiting:
        return None
    filled = _values(person, contact)
    return {
        "item": item,
        "client": contact.client,
        "script": script if script not in begun else None,
        "guides": waiting,
        "runs": [_run(each, filled) for each in runs],
        "reasons": words.REASONS,
    }


def _values(person: Someone, contact: queries.Contact) -> dict[str, str]:
    names = people.client_names(person=person)
    return {
        "agent": people.own_name(person=person),
        "client": names.get(contact.client, contact.client),
        "customer": contact.customer_name,
    }


def _run(run: queries.RunRow, values: dict[str, str]) -> dict[str, Any]:
    owed = set(walking.missing(run.body, run.given, disposition="")) - {run.node}
    return {
        "run": run,
        "name": pick(run.body.names, key=run.form),
        "kind": words.KINDS[run.kind],
        "open": _node(run, run.node, values) if run.node else None,
        "owed": [_node(run, key, values) for key in run.body.nodes if key in owed],
        "said": [(_node(run, each.node, values), each, _told(run, each)) for each in run.answers],
        "steps": len(run.answers),
    }


def _node(run: queries.RunRow, key: str, values: dict[str, str]) -> dict[str, Any]:
    node = run.body.nodes[key]
    language = run.language if run.language in node.say else next(iter(node.say), "en")
    product = _product(node.product, language) if node.product else ""
    return {
        "key": key,
        "language": language,
        "direction": markup.direction(language),
        "is_other": language != run.language,
        "language_name": people.language_name(run.language),
        "runs": said_runs(
            node.say.get(language, key), {**values, "product": product}, language=language
        ),
        "hint": pick(node.hint, key="") if node.hint else "",
        "ask": node.ask,
        "must": node.must or bool(node.needed_for),
        "choices": [(each.key, pick(each.names, key=each.key)) for each in node.choices],
    }


def _product(key: str, language: str) -> str:
    """Return what a product is called in the customer's language."""
    return articles.titles(keys=[key], language=language).get(key, "")


def _told(run: queries.RunRow, answer: queries.AnswerRow) -> str:
    """Return what was answered, in the agent's language."""
    if answer.reason:
        return str(words.REASONS.get(answer.reason, answer.reason))
    names = {each.key: each.names for each in run.body.nodes[answer.node].choices}
    return pick(names.get(answer.choice, {}), key=answer.value)


@login_required
@require_POST
def start(request: Request, item: str) -> HttpResponse:
    """Begin the script of the item's queue, or the guide that was asked for."""
    access.check(request.user, "forms.fill")
    contact = queries.contact(person=request.user, interaction=item)
    told = ""
    form = request.POST.get("form") or queries.script_of(queue=contact.queue if contact else None)
    if contact is not None and form:
        try:
            services.start(
                person=request.user,
                interaction=item,
                form=form,
                language=contact.language,
                now=timezone.now(),
                chance=os.urandom(10),
            )
        except Refusal as refusal:
            told = str(refusal.message)
    return _fragment(request, item, told=told)


@login_required
@require_POST
def answer(request: Request, run: str) -> HttpResponse:
    """Keep an answer, or go back over the last one, and show what follows."""
    told, person, now = "", request.user, timezone.now()
    said = {name: request.POST.get(name, "") for name in ("node", "choice", "value", "reason")}
    try:
        if request.POST.get("do") == "back":
            services.back(person=person, run=run, now=now)
        else:
            services.answer(person=person, run=run, now=now, **said)
    except access.NotFound:
        raise
    except Refusal as refusal:
        told = str(refusal.message)
    item = queries.run(person=person, run_id=run).interaction
    return _fragment(request, item, told=told)


def _fragment(request: Request, item: str, *, told: str) -> HttpResponse:
    client, asked = request.POST.get("client", ""), request.POST.get("asked", "")
    times = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 3 else 0
    context = {"panel": shown(request.user, item, client=client, asked=times), "told": told}
    return render(request, TEMPLATE, context)


@login_required
@require_safe
def run(request: Request, run_id: str) -> HttpResponse:
    """Show a run as it was: the version of that day, each step with its answer and its time."""
    found = queries.run(person=request.user, run_id=run_id)
    context = {
        "here": "interactions",
        "now": timezone.now(),
        "shown": _run(found, {}),
        "names": people.names_of(keys=[each.person for each in found.answers]),
    }
    return render(request, "desk/run.html", context)


def side(*, person: Someone, interaction: interactions.InteractionRow) -> list[dict[str, Any]]:
    """Give the runs of an interaction, for the page that shows it whole."""
    found = queries.runs_of(person=person, interaction=interaction.id)
    return [{"run": each, "name": pick(each.body.names, key=each.form)} for each in found]
