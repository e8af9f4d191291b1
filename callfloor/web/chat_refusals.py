"""What the public chat does not take, each with what its visitor reads."""

from django.utils.translation import gettext_lazy as _

from callfloor.kernel.errors import Refusal


class ChatRefusal(Refusal):
    """The chat does not take this."""


class UnknownKey(ChatRefusal):
    """The page that shows the widget names no client of this centre."""

    code = "chat.unknown_key"
    message = _("This page's chat is not set up: its key is not known here.")


class NoConsent(ChatRefusal):
    """Nothing is kept of somebody who has not agreed."""

    code = "chat.no_consent"
    message = _("Please agree first that what you write is kept.")


class BadToken(ChatRefusal):
    """This token opens no chat (any more)."""

    code = "chat.bad_token"
    message = _("This chat is not there any more. You can begin a new one.")


class TooFast(ChatRefusal):
    """More than a person types."""

    code = "chat.too_fast"
    message = _("That was very fast. It is sent in a moment.")


class TooManyStarts(ChatRefusal):
    """One address begins chat after chat."""

    code = "chat.too_many"
    message = _("Too many chats were begun from here. Try again in a minute.")


class Malformed(ChatRefusal):
    """No page of ours sends this."""

    code = "malformed"
    message = _("This page is too old for the system. Load it again.")


class TextTooLong(ChatRefusal):
    """More than fits into a chat."""

    code = "chat.too_long"
    message = _("This message is too long for the chat. Shorten it, or send it as a file.")
