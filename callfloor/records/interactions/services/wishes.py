"""
What a customer wishes in a call and the next call has to know: that he is not to be recorded.

Refuses: to allow anything in his name. Only a refusal is taken from a key or a word in passing.
"""

import contextlib
from datetime import datetime

from callfloor.records.customers.queries import consents
from callfloor.records.customers.services import changes
from callfloor.records.customers.services import consents as keeping
from callfloor.records.interactions.models import Interaction


def remember_refusal(*, interaction_id: str, agent: str | None, at: datetime) -> None:
    """
    Keep that the customer of a call does not want to be recorded, with the call as its evidence.

    The same refusal is kept once. Of who was erased meanwhile nothing is kept.
    """
    found = Interaction.objects.filter(id=interaction_id, simulated=False)
    interaction = found.only("customer_id").first()
    if interaction is None:
        return
    with contextlib.suppress(changes.ErasedAlready):
        keeping.keep_consent(
            customer_id=interaction.customer_id,
            purpose=consents.PURPOSE_RECORDING,
            channel="call",
            given=False,
            at=at,
            evidence=f"call:{interaction_id}",
            now=at,
            by=agent,
        )
