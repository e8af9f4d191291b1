"""The connector's reactions: whoever wants to be told of something is written down for it."""

from callfloor.connectors.webhook import deliveries
from callfloor.connectors.webhook.kinds import KINDS
from callfloor.kernel.events import Reaction, on

reactions: tuple[Reaction, ...] = tuple(
    on(kind.event, deliveries.write, wanted=deliveries.is_wanted) for kind in KINDS.values()
)
