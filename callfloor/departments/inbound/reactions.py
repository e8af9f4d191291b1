"""What follows for customers from how their calls went."""

from callfloor.kernel.events import on
from callfloor.records.interactions.events import CallbackGivenUp, RecordingDeclined
from callfloor.records.interactions.services import unreached, wishes


def remember_refusal(event: RecordingDeclined) -> None:
    """Let the next call know that its customer is not to be recorded."""
    wishes.remember_refusal(interaction_id=event.interaction_id, agent=event.agent, at=event.at)


def tell_unreached(event: CallbackGivenUp) -> None:
    """Write to whom nobody has reached."""
    unreached.tell(interaction_id=event.interaction_id, at=event.at)


REACTIONS = (on(RecordingDeclined, remember_refusal), on(CallbackGivenUp, tell_unreached))
