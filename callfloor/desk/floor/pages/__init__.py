"""Who does what now: the frame; what moves in it comes over the live feed."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from callfloor.desk import states
from callfloor.desk.interactions import words
from callfloor.desk.softphone import texts
from callfloor.kernel import access
from callfloor.records.interactions import queries as interactions
from callfloor.records.people import queries as people
from callfloor.records.people.queries import leading
from callfloor.records.people.services.notices import CHARACTERS_MAX as MESSAGE_CHARACTERS_MAX
from callfloor.records.routing import queries as routing
from callfloor.ui.requests import Request
from callfloor.ui.templatetags.ui import SPAN_TEXTS


@login_required
def floor(request: Request) -> HttpResponse:
    """Show the floor to those who may see it."""
    access.check(request.user, "floor.see")
    rights = request.user.rights
    context = {
        "here": "floor",
        # Whoever has a team is shown that one; the feed sends no other.
        "teams": [] if rights.team else people.teams(person=request.user),
        "own_team": rights.team,
        "may_lead": rights.may("floor.supervise"),
        "leads": rights.may(leading.LEAD),
        "may_switch": rights.may("emergency.switch"),
        "away_reasons": routing.away_reasons(),
        "message_max": MESSAGE_CHARACTERS_MAX,
        "texts": {**states.texts(), **texts.sound(), **_texts()},
    }
    return render(request, "desk/floor.html", context)


def _texts() -> dict[str, object]:
    return {
        "busy_elsewhere": _("busy for another client"),
        "work_for": _("{what}, {queue}"),
        "channels": {key: words.channel(key) for key in words.CHANNELS},
        "missed_offers": _("{count} offers missed today"),
        "goal_in": _("goal {share} within {time}"),
        "spans": {unit: str(text) for unit, text in SPAN_TEXTS.items()},
        "of_signed_in": _("of {count} signed in"),
        "longest": _("longest {time}"),
        "nobody_waits": _("nobody waits"),
        "held_long": _("customer on hold for {time}"),
        "waits_long": _("longest wait {time}, goal {goal}"),
        "missed": _("missed an offer and is set away"),
        "no_sound": _("has no sound: the headset or the page is gone"),
        "goal_under": _("goal under {share}"),
        "no_calls_yet": _("no calls yet"),
        "asks": _("asks {name}"),
        "conference": _("Conference"),
        "somebody_outside": _("somebody outside"),
        "directions": {
            key: interactions.direction_label(key) for key in ("out", "callback", "internal")
        },
        "modes": {key: words.mode(key) for key in words.MODES},
        "listen_to": _("Listen to {name}"),
        "lead": _("State of {name}, message to {name}"),
        "asks_help": _("asks for help, {time}"),
        "emergency_on": _("on since {since} by {name}, off by itself at {until}"),
        "sent_away_by": _("set away by {name}"),
        "after_work": _("It holds after the work in hand."),
        "team_message": _("Message to the team {name}"),
        "whole_team": _("Message to the team"),
        "taking_seat": _("Turning the sound on …"),
        "you_hear_of": _("hears {name}"),
        "you_hear": _("You hear {name}"),
        "call_is_yours": _("The call is yours now."),
    }
