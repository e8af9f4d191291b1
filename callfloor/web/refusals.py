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
    "already_paused": _("The recording is paused already."),
    "already_ready": _("You are ready already."),
    "already_signed_in": _("You have a seat already."),
    "away": _("The telephone system does not answer just now. Try again in a moment."),
    "bad_number": _("This is no number that can be dialed. Write it with its country code."),
    "busy": _("You have a call in hand. End it first."),
    "calls_out_not_allowed": _("Calls to numbers outside are not among your duties."),
    "consulting": _("First decide about whoever you ask: hand over, all together, or go back."),
    "cost_limit": _("The day's budget for calls out of this client is used up."),
    "foreign_client": _("This belongs to another client and cannot be chosen here."),
    "in_conference": _("Others talk with the customer too. Leave the conference instead."),
    "item_exists": _("This call is there already."),
    "malformed": _("This page is too old for the system. Load it again."),
    "no_customer": _("There is no customer in this call."),
    "no_device": _("Without sound nobody can be connected to you. Turn the sound on first."),
    "no_extra_left": _("The wrap-up cannot be extended any further."),
    "no_media": _("The sound could not be connected. Try again in a moment."),
    "no_queue": _("The call's own queue is gone, so it cannot be given to one colleague."),
    "no_such_number": _("This number is not in use."),
    "no_target": _("Choose where the call shall go."),
    "no_trunk": _("There is no free line to the outside for this client just now."),
    "not_a_call": _("This works with calls only."),
    "not_answered": _("Nobody has answered yet."),
    "not_consulting": _("Nobody is asked just now."),
    "not_for_you": _("This does not exist, or not for you."),
    "not_held": _("The call is not on hold."),
    "not_in_conference": _("Nobody would talk on. Hang up instead."),
    "not_in_wrap_up": _("There is no wrap-up to extend."),
    "not_paused": _("The recording is not paused."),
    "not_recorded": _("This call is not recorded."),
    "not_serving": _("Only who serves the customer can do this."),
    "not_signed_in": _("You have no seat. Load the page again to take one."),
    "not_supervising": _("You do not hear into this call."),
    "not_talking": _("There is no call to do this with."),
    "not_yours": _("This call is not yours any more."),
    "nothing_changes": _("It is so already."),
    "nothing_in_hand": _("There is nothing in hand."),
    "offer_gone": _("Too late: the call has moved on."),
    "queue_full": _("This queue is full."),
    "ringing": _("Answer or decline what rings first."),
    "still_talking": _("Hang up first, then finish."),
    "to_yourself": _("You cannot give a call to yourself."),
    "toll_limit": _("This client's minutes for calls out of this hour are used up."),
    "too_many": _("Too many calls at once from here. Try again in a moment."),
    "too_many_calls": _("Too many calls out at once for this client. Try again in a moment."),
    "unknown_agent": _("You have no seat in the plan of this center."),
    "unknown_emergency": _("This is not prepared any more."),
    "unknown_mode": _("This way of hearing into a call is not known."),
    "unknown_queue": _("There is no such queue any more."),
    "unknown_reason": _("This reason is not in use any more."),
    "wrong_channel": _("This queue takes other work than calls."),
    "zone_not_allowed": _("Numbers of this country or kind may not be called for this client."),
}
OTHERWISE = _("The telephone system did not accept this.")


def message(code: str, *, language: str, otherwise: Any = None) -> str:
    """Return a refusal in somebody's language; one that is not the floor's says its own."""
    known = MESSAGES.get(code.removeprefix("floor."), OTHERWISE)
    if otherwise is not None and not code.startswith("floor."):
        known = otherwise
    with translation.override(language):
        return str(known)
