"""
How dialing, a question to somebody or monitoring went, in the words of a timeline.

Refuses: to be shown alone; each stands beside the fact that it is about.
"""

from django.utils.translation import gettext_lazy as _

ENDINGS = {
    "answered": _("picked up"),
    "busy": _("busy"),
    "no_answer": _("no answer"),
    "declined": _("declined"),
    "wrong_number": _("wrong number"),
    "trunk_down": _("the line is down"),
    "no_media": _("no sound could be agreed on"),
    "given_up": _("given up"),
    "completed": _("customer handed over"),
    "conference": _("all talk together"),
    "ended": _("ended"),
    "left": _("has left"),
    "missed": _("missed"),
    "failed": _("could not be reached"),
    "customer_left": _("the customer has left"),
    "lost": _("connection lost"),
    "taken_over": _("call taken over"),
    "call_over": _("the call is over"),
    "closed": _("the queue is closed"),
    "customer_called": _("the customer called and was answered"),
    "not_allowed": _("this number may not be called"),
    "zone_not_allowed": _("this number may not be called"),
}
"""How dialing, a question to somebody or monitoring ended, by the outcome of its fact."""
MODES = {
    "listen": _("listens"),
    "whisper": _("whispers"),
    "join": _("talks with all"),
}
"""How a leader hears into a call."""
ROLES = {
    "serves": _("served the customer"),
    "asked": _("was asked"),
    "joins": _("joined"),
}
"""What somebody was in a call."""
CHANNELS = {
    "call": _("Call"),
    "chat": _("Chat"),
    "mail": _("E-mail"),
    "case": _("Case"),
}
"""What a contact is."""


def channel(key: str) -> str:
    """Return what a contact is."""
    return str(CHANNELS.get(key, key))


def ending(outcome: str | None) -> str:
    """Return how something ended, empty if there is no word for it."""
    return str(ENDINGS.get(outcome or "", ""))


def mode(key: str | None) -> str:
    """Return how a leader hears into a call."""
    return str(MODES.get(key or "", ""))


def role(key: str) -> str:
    """Return what somebody was in a call."""
    return str(ROLES.get(key, key))
