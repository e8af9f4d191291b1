"""A row of any list of interactions, and the words for outcomes and facts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from callfloor.kernel import access, quick
from callfloor.kernel.access import Someone
from callfloor.records.customers import queries as customers
from callfloor.records.interactions.models import AgentWork, Interaction
from callfloor.records.people import queries as people
from callfloor.records.routing import queries as routing

OUTCOMES: dict[str, Any] = {
    "answered": _("Answered"),
    "abandoned_in_queue": _("Abandoned in the queue"),
    "left_in_flow": _("Left before the queue"),
    "self_served": _("Served by the menu"),
    "message_left": _("Message left"),
    "callback_asked": _("Callback asked for"),
    "closed_hours": _("Outside of opening hours"),
    "diverted": _("Diverted"),
    "refused_no_capacity": _("Refused: no free line"),
    "lost_by_system": _("Lost by our fault"),
    "not_reached": _("Nobody reached"),
}
DIRECTIONS: dict[str, Any] = {
    "in": _("Call in"),
    "out": _("Call out"),
    "callback": _("Callback"),
    "internal": _("Call between colleagues"),
}

FACTS: dict[str, Any] = {
    "Arrived": _("Arrived"),
    "Branched": _("Way by language"),
    "Bridged": _("Connected"),
    "CallbackGivenUp": _("Not called again"),
    "CallbackHeld": _("The customer calls himself"),
    "CallbackJoined": _("Asked for once more"),
    "CallbackPostponed": _("Called later"),
    "CallbackReturned": _("Waits to be called again"),
    "CallbackWithdrawn": _("Nobody needs to call any more"),
    "Chose": _("Chose in the menu"),
    "Closed": _("Closed"),
    "ConsultAnswered": _("Somebody asked answered"),
    "ConsultOver": _("Question over"),
    "ConsultStarted": _("Somebody is asked"),
    "DialEnded": _("Dialing ended"),
    "Dialing": _("Dialing"),
    "Dequeued": _("Left the queue"),
    "Explained": _("Nobody was free"),
    "FarRang": _("Ringing"),
    "Finished": _("Work finished"),
    "Held": _("On hold"),
    "HoldReminded": _("Hold became long"),
    "Interrupted": _("Interrupted by a fault"),
    "KeysSent": _("Keys sent"),
    "LanguageSet": _("Language set"),
    "LineEnded": _("Call out"),
    "Muted": _("Microphone muted or opened"),
    "NoteBegun": _("Note begun"),
    "NoticeGiven": _("Recording announced"),
    "PartyGone": _("Somebody outside has left"),
    "Queued": _("Waiting in the queue"),
    "Recognised": _("Caller recognized"),
    "RecordingPaused": _("Recording paused"),
    "RecordingResumed": _("Recording goes on"),
    "RecordingStarted": _("Recording started"),
    "RecordingStopped": _("Recording stopped"),
    "Restored": _("Restored after a restart"),
    "RingEnded": _("Ringing ended"),
    "Ringing": _("Ringing"),
    "StepEntered": _("Step of the menu"),
    "SuperviseOver": _("Monitoring ended"),
    "Supervised": _("Monitored by a leader"),
    "TalkEnded": _("Talk ended"),
    "TierOpened": _("More agents may be asked"),
    "Transferred": _("Transferred"),
    "Typed": _("Typed digits"),
    "Unheld": _("Back from hold"),
}


@dataclass(frozen=True, kw_only=True)
class InteractionRow:
    """An interaction in a list."""

    id: str
    client: str
    client_name: str
    channel: str
    called: str
    customer_id: str
    customer_label: str
    language: str
    arrived_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    outcome: str | None
    """None while it goes on."""
    outcome_label: str
    queue: str | None
    queue_name: str
    agent: str | None
    agent_name: str
    disposition: str | None
    disposition_name: str
    wait_seconds: float
    talk_seconds: float
    hold_seconds: float
    wrap_seconds: float
    short: bool
    interrupted: bool
    simulated: bool
    recorded: bool
    direction: str
    """in, out, callback or internal."""
    direction_label: str
    consult_seconds: float
    dial_seconds: float


def outcomes() -> list[tuple[str, str]]:
    """Give the final states with their words, in the order of a call's way."""
    return [(key, str(label)) for key, label in OUTCOMES.items()]


def outcome_label(outcome: str) -> str:
    """Give the word for an outcome; of an open interaction that it goes on."""
    return str(OUTCOMES.get(outcome, outcome)) if outcome else str(_("In progress"))


WRITTEN = {"chat": _("Chat"), "mail": _("E-mail"), "case": _("Case")}
"""What is written, by its channel."""


def direction_label(direction: str, *, channel: str = "call") -> str:
    """Give the word for a direction; of what is written, what it is."""
    if channel in WRITTEN:
        return str(WRITTEN[channel])
    return str(DIRECTIONS.get(direction, direction))


def build(found: list[Interaction], *, person: Someone) -> list[InteractionRow]:
    """Turn interactions into rows, with every name they need fetched at once."""
    if not found:
        return []
    names = Names(found, person=person)
    return [names.row(interaction) for interaction in found]


def of_customers(
    customer_ids: Sequence[str], *, person: Someone, size: int
) -> tuple[list[Interaction], int]:
    """Give the latest interactions of customers that were checked, and how many there are."""
    which = f"customer_id IN {quick.marks(customer_ids)}"
    then = f"ORDER BY arrived_at DESC, id DESC LIMIT {size}"
    latest = access.read(person, Interaction, which, customer_ids, then=then)
    if len(latest) < size:
        return latest, len(latest)
    return latest, access.count(person, Interaction, which, customer_ids)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Keys whose names are asked for beside those of a list."""

    agents: frozenset[str] = frozenset()
    queues: frozenset[str] = frozenset()
    dispositions: frozenset[tuple[str, str]] = frozenset()
    """Pairs of client and key."""


NOTHING_MORE = Wanted()


class Names:
    """The words that a list of interactions needs, and some more, each kind read once."""

    def __init__(
        self, found: list[Interaction], *, person: Someone, more: Wanted = NOTHING_MORE
    ) -> None:
        queues = {each.queue_id for each in found if each.queue_id}
        agents = {each.agent_id for each in found if each.agent_id}
        codes = {(each.client_id, each.disposition) for each in found}
        self.clients = people.client_names(person=person)
        self._customers = customers.called(ids=[each.customer_id for each in found])
        self.queues = routing.queue_names_of(keys=queues | more.queues)
        self.agents = people.names_of(keys=agents | more.agents)
        self._dispositions = routing.disposition_names_of(pairs=codes | more.dispositions)

    def number(self, customer_id: str) -> str:
        """Give a customer's first number in clear, empty if there is none to be read."""
        return next(iter(self._customers[customer_id].numbers), "")

    def name(self, customer_id: str) -> str:
        """Give a customer's name in clear, empty if it is not known."""
        return self._customers[customer_id].name

    def disposition(self, each: Interaction | AgentWork) -> str:
        """Give the name of a disposition, its key if it has none."""
        return self._dispositions.get((each.client_id, each.disposition), each.disposition)

    def row(self, each: Interaction) -> InteractionRow:
        """Turn one interaction into its row."""
        return InteractionRow(
            id=each.id,
            client=each.client_id,
            client_name=self.clients.get(each.client_id, each.client_id),
            channel=each.channel,
            called=each.called,
            customer_id=each.customer_id,
            customer_label=self._customers[each.customer_id].label,
            language=each.language,
            arrived_at=each.arrived_at,
            answered_at=each.answered_at,
            ended_at=each.ended_at,
            outcome=each.outcome or None,
            outcome_label=outcome_label(each.outcome),
            queue=each.queue_id,
            queue_name=self.queues.get(each.queue_id or "", each.queue_id or ""),
            agent=each.agent_id,
            agent_name=self.agents.get(each.agent_id or "", each.agent_id or ""),
            disposition=each.disposition or None,
            disposition_name=self.disposition(each),
            wait_seconds=each.wait_seconds,
            talk_seconds=each.talk_seconds,
            hold_seconds=each.hold_seconds,
            wrap_seconds=each.wrap_seconds,
            short=each.short,
            interrupted=each.interrupted,
            simulated=each.simulated,
            recorded=each.recorded,
            direction=each.direction,
            direction_label=direction_label(each.direction, channel=each.channel),
            consult_seconds=each.consult_seconds,
            dial_seconds=each.dial_seconds,
        )
