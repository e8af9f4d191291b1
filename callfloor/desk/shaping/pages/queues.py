"""A queue's goal, times, limits and tiers, changed on a page."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from callfloor.desk import centre
from callfloor.desk.shaping import words
from callfloor.desk.shaping.pages import changing
from callfloor.desk.shaping.queue_form import CHOOSE, LEVELS, Form, Tier
from callfloor.records.routing.services import shaping
from callfloor.ui.requests import Request


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Request, key: str) -> HttpResponse:
    """Ask how a queue shall be, show what that changes, and make it so."""
    thing = shaping.Thing(section="queues", key=key)
    changing.require(request, thing)
    plan = centre.plan()
    assert plan is not None, "what may be changed stands in a plan"
    queue = next(each for each in plan.queues if each.key == key)
    form = Form(queue, request.POST.dict() if request.method == "POST" else None)
    place = changing.Place(
        thing=thing,
        name=words.called("queues", key),
        template="desk/queue_change.html",
        here="queues",
        back=reverse("queue", args=[key]),
    )
    context = {
        "choices": [(code, text, code == form.choose) for code, text in CHOOSE.items()],
        "tiers": [_tier(each) for each in form.tiers()],
        "levels": LEVELS,
    }
    return changing.ask(request, place, form, context)


def _tier(tier: Tier) -> dict[str, Any]:
    """Return a tier with every skill of the centre: first those that it needs."""
    needs = dict(tier.needs)
    rows = [
        {"key": key, "name": words.called("skills", key), "level": needs.get(key, 0)}
        for key in centre.section("skills")
    ]
    rows.sort(key=lambda each: (not each["level"], str(each["name"]).casefold()))
    return {
        "tier": tier,
        "needed": [row for row in rows if row["level"]],
        "others": [row for row in rows if not row["level"]],
    }
