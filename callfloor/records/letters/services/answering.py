"""
Whom a machine may answer: once per address and case in a day, and a few times a day at all.

Two machines that answer each other are so stopped, however well each hides that it is one (R29).
Refuses: to write the answer.
"""

from datetime import datetime

from callfloor.kernel.keys import ring
from callfloor.records.letters import rules
from callfloor.records.letters.models import Answered


def claim(*, client: str, address: str, about: str, now: datetime) -> bool:
    """
    Say whether an address may be answered by a machine about a case now, and note that it is.

    Call it in the transaction that writes the answer.
    """
    index = ring.blind_index(kind="answered", value=address.lower())
    since = now - rules.AUTOMATIC_EVERY
    lately = Answered.objects.filter(client_id=client, address=index, at__gt=since)
    if lately.count() >= rules.AUTOMATIC_DAY_MAX or lately.filter(about=about).exists():
        return False
    Answered.objects.update_or_create(
        client_id=client, address=index, about=about, defaults={"at": now}
    )
    return True


def forget(*, now: datetime) -> int:
    """Delete what no longer counts; give how many."""
    return Answered.objects.filter(at__lt=now - rules.AUTOMATIC_EVERY).delete()[0]
