"""
The floor's refusals as people read them; the codes are those of core/refusals.py and floor/.

Refuses: to hide an unknown code. It is said in general words and logged by whoever asked.
"""

from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _

MESSAGES: dict[str, Any] = {
    "agent_not_there": _("This colleague is not there just now."),
    "already_held": _("The call is on hold already."),
    "already_ready": _("You are ready already."),
    "already_signed_in": _("You have a seat already."),
    "away": _("The telephone system does not answer just now. Try again in a moment."),
    "foreign_client": _("This belongs to another client and cannot be chosen here."),
    "malformed": _("This page is too old for the system. Load it again."),
    "no_device": _("Without sound nobody can be connected to you. Turn the sound on first."),
    "no_extra_left": _("The wrap-up cannot be extended any further."),
    "no_media": _("The sound could not be connected. Try again in a moment."),
    "no_such_number": _("This number is not in use."),
    "no_target": _("Choose where the call shall go."),
    "not_a_call": _("This works with calls only."),
    "not_held": _("The call is not on hold."),
    "not_in_wrap_up": _("There is no wrap-up to extend."),
    "not_signed_in": _("You have no seat. Load the page again to take one."),
    "not_talking": _("There is no call to do this with."),
    "not_yours": _("This call is not yours any more."),
    "nothing_in_hand": _("There is nothing in hand."),
    "offer_gone": _("Too late: the call has moved on."),
    "queue_full": _("This queue is full."),
    "ringing": _("Answer or decline what rings first."),
    "still_talking": _("Hang up first, then finish."),
    "to_yourself": _("You cannot give a call to yourself."),
    "too_many": _("Too many calls at once from here. Try again in a moment."),
    "unknown_agent": _("You have no seat in the plan of this centre."),
    "unknown_queue": _("There is no such queue any more."),
    "unknown_reason": _("This reason is not in use any more."),
    "wrong_channel": _("This queue takes other work than calls."),
}
OTHERWISE = _("The telephone system did not accept this.")


def message(code: str, *, language: str) -> str:
    """Return a refusal in somebody's language."""
    with translation.override(language):
        return str(MESSAGES.get(code.removeprefix("floor."), OTHERWISE))
