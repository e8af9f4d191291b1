"""
What the chat's scripts say: in the language of the visitor, with {names} where values go.

Refuses: to say anything by itself; the scripts choose, this only words it.
"""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _


def widget() -> dict[str, dict[str, str]]:
    """Return what the button on other people's pages says, by language."""
    said = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            said[code] = {
                "open": _("Chat with us"),
                "close": _("Close the chat"),
                "unread": _("New messages: {count}"),
                "direction": "rtl" if translation.get_language_bidi() else "ltr",
            }
    return said


def frame() -> dict[str, str]:
    """Return what the chat itself says."""
    return {**_states(), **_lines(), **_calls()}


def _states() -> dict[str, str]:
    return {
        "arriving": _("Your message has arrived. Somebody will be with you soon."),
        "queue": _("Your message has arrived. You are number {place} in line."),
        "agent": _("You are writing with {client}."),
        "closed": _("This chat has ended. Write again whenever you like."),
        "lost": _("No connection. What you write is sent as soon as it is back."),
        "typing": _("{client} is writing …"),
        "by_mail": _("When you are away, answers go to your e-mail address too."),
    }


def _lines() -> dict[str, str]:
    return {
        "you": _("You"),
        "sending": _("sending …"),
        "sending_file": _("Sending {name} …"),
        "file_failed": _("The file could not be sent. Try again in a moment."),
        "file": _("File {name}, {size} KB"),
        "failed": _("This did not work. Try again in a moment."),
        "mail_kept": _("Thank you. When you are away, answers go to this address too."),
    }


def _calls() -> dict[str, str]:
    return {
        "asking": _("Please allow the microphone."),
        "connecting": _("Connecting …"),
        "flow": _("Connected. Listen to what is said."),
        "waits": _("You are in line. Somebody will be with you."),
        "talking": _("You are talking to an agent."),
        "ended": _("The call has ended. You can go on writing here."),
        "denied": _("Without a microphone nobody can hear you. Allow it in the address bar."),
        "call_failed": _("The call could not be connected. You can go on writing here."),
    }
