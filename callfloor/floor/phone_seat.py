"""
What is known of one agent's telephones: his leg, what rings, what is up.

Refuses: to do anything; `phones` and `phone_calls` do.
"""

from dataclasses import dataclass, field

from callfloor.core import actions
from callfloor.floor.phone_line import PhoneTalk
from callfloor.floor.ringing import Ringing
from callfloor.wire.sip.refer import Progress


@dataclass(slots=True, eq=False)
class Move:
    """A transfer to somebody outside: he is asked first, and given the call when he answers."""

    item: str
    line: PhoneTalk
    progress: Progress | None
    """Whom to tell how it goes, if he wants to know."""

    def tell(self, status: int) -> None:
        """Tell whoever asked for it."""
        if self.progress is not None:
            self.line.tell(self.progress.tell(status))


@dataclass(slots=True, eq=False)
class Seat:
    """One agent who has telephones."""

    agent: str
    leg: str
    """His leg for the exchange, as long as his telephone is his device."""
    ringing: Ringing | None = None
    offer: str | None = None
    """What rings; None if the desk took it, or the desk called."""
    lines: list[PhoneTalk] = field(default_factory=list)
    asking: PhoneTalk | None = None
    """The second dialog, in which he asks somebody while the first is held."""
    move: Move | None = None
    sdp: str = ""
    """Our description, as the media made it."""
    mix: actions.Mix | None = None
    """Who hears whom, said again when the leg is there."""
    won_at: float = 0.0
    has_slipped: bool = False
    patient_until: float = 0.0
    """So long a browser that fell silent may come back before his telephone takes its place."""
    is_deaf: bool = False
    """Whether nothing answered when it rang: it counts again when it registers again."""
