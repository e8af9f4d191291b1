"""
What is said to a customer whom nobody has reached: after the last try he is written to, once.

By mail, if an address of his is known and he has not asked to be left alone; else the contact says
why nobody told him. Refuses: to send; who sends reads what is `to_send`.
"""

from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from callfloor.records.customers import rules
from callfloor.records.customers.models import Identity
from callfloor.records.customers.queries import consents
from callfloor.records.interactions.models import Interaction
from callfloor.records.interactions.services import messages
from callfloor.records.interactions.services.notes import CallerErased
from callfloor.records.routing import queries as routing

NO_ADDRESS = "not_told_no_address"
NOT_WANTED = "not_told_not_wanted"
WRITTEN = _(
    "We wanted to call you back and did not reach you. We will not try again by ourselves. "
    "Call us, or answer this message, and we are there for you."
)
NUMBER = _("Our number is %(number)s.")


def tell(*, interaction_id: str, at: datetime) -> str | None:
    """
    Write to the customer of a callback that was given up; give what became of it.

    That is `to_send`, or the key of what the contact says instead, or None if there is nobody
    any more. Told again it changes nothing.
    """
    found = Interaction.objects.filter(id=interaction_id, simulated=False)
    interaction = found.first()
    if interaction is None:
        return None
    why = _silence(interaction)
    try:
        messages.write(
            interaction_id=interaction_id,
            direction="out" if why is None else "note",
            text=_text(interaction) if why is None else why,
            now=at,
            external="unreached",
            kind="text" if why is None else "event",
            data={"automatic": "callback"} if why is None else None,
            state="to_send" if why is None else "kept",
        )
    except CallerErased:
        return None
    return why or "to_send"


def _silence(interaction: Interaction) -> str | None:
    """Give the key of the reason for which the customer is not written to, if there is one."""
    customer = interaction.customer_id
    known = Identity.objects.filter(customer_id=customer, kind=rules.KIND_ADDRESS)
    if not known.exists():
        return NO_ADDRESS
    if consents.refused(customer_id=customer, purpose="contact", channel="mail"):
        return NOT_WANTED
    return None


def _text(interaction: Interaction) -> str:
    number = routing.call_number_of(client=interaction.client_id, language=interaction.language)
    with translation.override(interaction.language or settings.LANGUAGE_CODE):
        parts = [str(WRITTEN)]
        if number is not None:
            parts.append(str(NUMBER) % {"number": number})
    return "\n\n".join(parts)
