"""
What may go wrong on the records side.

    Refusal                    a person asked for what may not be
    ├── access.Forbidden       the duty is missing
    ├── access.NotFound        it does not exist, or belongs to a client of others
    ├── link.FloorAway         the floor cannot be reached
    ├── link.FloorRefused      the floor said no
    └── …                      one beside each service that refuses something

Everything else that goes wrong here is our own fault and an `assert`.
"""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _


class Refusal(Exception):
    """A person may not do this, or not now; nothing has happened."""

    code: ClassVar[str] = "refused"
    """Stable, for the API and for tests."""
    message: ClassVar[Any] = _("This cannot be done.")
    """Lazy text for the person who asked."""

    def __str__(self) -> str:
        """Name the refusal for a log; the text for people is `message`."""
        return self.code
