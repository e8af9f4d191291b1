"""
A leader's word to the floor about somebody of his team: away, back to work, I come.

The floor decides whether it means anything now; who said it stands in the audit.
Refuses: anybody who is not of the leader's own team and clients; he does not exist for him.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from callfloor.core.events import AwayAsked, HelpAsked, ReadyAsked
from callfloor.kernel import audit, ports
from callfloor.kernel.access import Someone
from callfloor.records.people.queries import leading

LEAD = leading.LEAD


def send_away(*, person: Someone, key: str, reason: str, now: datetime) -> None:
    """
    Set somebody away, at once or after what he has in hand, for a reason of the plan.

    Raises NotFound, Forbidden, FloorAway and FloorRefused.
    """
    event = AwayAsked(agent=key, reason=reason, by=person.key)
    _command(person, key, event, action="agent.away", detail={"reason": reason}, now=now)


def call_back(*, person: Someone, key: str, now: datetime) -> None:
    """
    Call somebody back to work, or let him go on after what he has in hand.

    Raises NotFound, Forbidden, FloorAway and FloorRefused.
    """
    event = ReadyAsked(agent=key, by=person.key)
    _command(person, key, event, action="agent.ready", detail={}, now=now)


def come(*, person: Someone, key: str, now: datetime) -> None:
    """
    Say to somebody who asks for help that one comes.

    Raises NotFound, Forbidden, FloorAway and FloorRefused.
    """
    event = HelpAsked(agent=key, on=False, by=person.key)
    _command(person, key, event, action="agent.helped", detail={}, now=now)


def _command(
    person: Someone, key: str, event: Any, *, action: str, detail: dict[str, Any], now: datetime
) -> None:
    leading.require(person=person, key=key, permission=LEAD)
    ports.floor().command(by=person.key, event=event)  # Before the note: no network inside of it.
    with transaction.atomic():
        audit.note(by=person.key, action=action, about=f"person:{key}", now=now, detail=detail)
