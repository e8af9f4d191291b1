"""The words of customers: kinds, identities, purposes, channels, how sure something is."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

KINDS = {
    "person": pgettext_lazy("customer", "Person"),
    "organisation": _("Organization"),
    "household": _("Household"),
}
IDENTITIES = {
    "number": _("Number"),
    "address": _("E-mail"),
    "handle": _("Handle"),
    "external": _("Key elsewhere"),
    "visitor": _("Browser"),
}
TYPED = ("number", "address", "handle", "external")
"""What people can write down; a browser makes itself known."""
CONFIDENCES = {
    "seen": pgettext_lazy("identity", "used by the customer"),
    "said": pgettext_lazy("identity", "only said so"),
    "confirmed": pgettext_lazy("identity", "confirmed by a colleague"),
    "imported": pgettext_lazy("identity", "from a file"),
}
PURPOSES = {
    "marketing": _("Advertising"),
    "survey": _("Surveys"),
    "recording": _("Recording"),
    "analytics": _("Analysis"),
    "contact": _("Being contacted"),
}
CHANNELS = {
    "any": _("Any channel"),
    "call": _("Calls"),
    "chat": _("Chats"),
    "mail": _("E-mails"),
    "message": _("Short messages"),
    "post": _("Post"),
}
