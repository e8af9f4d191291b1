"""What kinds, states and prices of articles are called."""

from typing import Any

from django.utils.translation import get_language, gettext_lazy, pgettext_lazy

from callfloor.records.articles.queries import FactRow
from callfloor.ui import formats

KINDS: dict[str, Any] = {
    "knowledge": gettext_lazy("Knowledge"),
    "policy": gettext_lazy("Policy"),
    "sop": gettext_lazy("Procedure"),
    "script": gettext_lazy("Words of scripts"),
    "product": gettext_lazy("Product"),
    "canned": gettext_lazy("Ready answer"),
}
STATES: dict[str, tuple[Any, str]] = {
    "approved": (pgettext_lazy("version", "Holds"), "good"),
    "draft": (gettext_lazy("Draft"), "warn"),
    "retired": (gettext_lazy("Retired"), "neutral"),
}
ICONS = {
    "knowledge": "book",
    "policy": "flag",
    "sop": "list",
    "script": "chat",
    "product": "target",
    "canned": "send",
}
DECIMALS = {"JPY": 0, "KRW": 0, "HUF": 2, "IRR": 2, "KWD": 3, "BHD": 3}
"""Digits after the point where there are not two (ISO 4217)."""


def language() -> str:
    """Return the language that the reader reads."""
    return (get_language() or "en").partition("-")[0]


def price(fact: FactRow | None) -> str:
    """Return a price as the reader's language writes it; nothing if there is none."""
    if fact is None or fact.price_minor is None:
        return ""
    places = DECIMALS.get(fact.currency, 2)
    amount = fact.price_minor / 10**places
    return f"{formats.number(amount, language=language(), places=places)} {fact.currency}"
