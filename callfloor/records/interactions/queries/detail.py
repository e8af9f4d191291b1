"""One interaction whole: what happened when, why, and what can be heard. Reading it is noted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from callfloor.kernel import access, audit, fields, quick
from callfloor.kernel.access import Someone
from callfloor.kernel.keys import ring
from callfloor.records.interactions.models import (
    AgentWork,
    Explanation,
    Interaction,
    QueueEntry,
    Recording,
    TimelineEntry,
)
from callfloor.records.interactions.queries import rows
from callfloor.records.interactions.queries.lines import LineRow, of_interaction
from callfloor.records.interactions.queries.rows import FACTS, InteractionRow, Names, Wanted

PEOPLE = ("agent", "to_agent", "of")
"""Fields of facts that name a person (in a callback's arrival `of` names an interaction)."""
SUPERVISION = frozenset({"Supervised", "SuperviseOver"})
"""Facts that only those see who may hear into calls themselves."""
TIMELINE_MAX = 2_000  # A caller who presses keys for an hour; more is shown to nobody.


@dataclass(frozen=True, kw_only=True)
class EntryRow:
    """One wait in one queue."""

    entry: int
    queue: str
    queue_name: str
    queued_at: datetime
    ended_at: datetime | None
    outcome: str | None
    outcome_label: str
    waited_seconds: float
    short: bool
    within_goal: bool


@dataclass(frozen=True, kw_only=True)
class WorkRow:
    """One agent's part."""

    agent: str
    agent_name: str
    role: str
    """serves, asked or joins."""
    queue: str | None
    bridged_at: datetime
    ended_at: datetime | None
    finished_at: datetime | None
    talk_seconds: float
    hold_seconds: float
    wrap_seconds: float
    consult_seconds: float
    dial_seconds: float
    ended_by: str
    disposition: str | None
    disposition_name: str


@dataclass(frozen=True, kw_only=True)
class TimelineRow:
    """One fact."""

    seq: int
    at: datetime
    kind: str
    label: str
    data: dict[str, Any]
    """The fact's fields; `agent_name`, `queue_name`, `disposition_name` beside their keys."""
    value: str | None
    """Digits that were typed, in clear."""
    why: dict[str, Any] | None
    """The explain record of an offer, or of nobody being chosen."""


@dataclass(frozen=True, kw_only=True)
class RecordingRow:
    """A recording."""

    id: str
    started_at: datetime
    seconds: float | None
    partial: bool
    missing: bool
    is_readable: bool


@dataclass(frozen=True, kw_only=True)
class InteractionDetail:
    """An interaction with everything that hangs on it."""

    row: InteractionRow
    number: str
    """The caller's, in clear; empty if it was withheld or erased."""
    customer_name: str
    note: str
    flow: str
    flow_version: int
    trunk: str
    recording_refused: bool
    answers: str | None
    """The interaction in which this callback was asked for."""
    dial_outcome: str
    """How dialing ended: answered, busy, no_answer …; empty if nobody dialed."""
    may_listen: bool
    may_note: bool
    entries: tuple[EntryRow, ...]
    work: tuple[WorkRow, ...]
    timeline: tuple[TimelineRow, ...]
    recordings: tuple[RecordingRow, ...]
    lines: tuple[LineRow, ...]
    """How well each was heard; none of a talk of a few seconds."""


def detail(*, person: Someone, interaction_id: str, now: datetime) -> InteractionDetail:
    """
    Give an interaction whole; the reading is noted.

    Raises NotFound for one of a foreign client, Forbidden without the duty.
    """
    interaction = access.require_key(person, "interactions.read", Interaction, interaction_id)
    audit.note(
        by=person.key,
        action="interaction.read",
        about=f"interaction:{interaction.id}",
        client=interaction.client_id,
        now=now,
    )
    subject = f"customer:{interaction.customer_id}"
    key = ring.get(subjects=[subject]).get(subject)
    parts = _Parts(interaction, may_supervise=person.rights.may("floor.supervise"))
    names = rows.Names([interaction], person=person, more=parts.names_wanted())
    return InteractionDetail(
        row=names.row(interaction),
        number=names.number(interaction.customer_id),
        customer_name=names.name(interaction.customer_id),
        note=fields.decrypt(interaction, "note", key=key) or "",
        flow=interaction.flow,
        flow_version=interaction.flow_version,
        trunk=interaction.trunk,
        recording_refused=interaction.recording_refused,
        answers=_answers(person, interaction),
        dial_outcome=interaction.dial_outcome,
        may_listen=may_listen(person, interaction_id=interaction.id),
        may_note=person.rights.may("interactions.note") and key is not None,
        entries=_entries(parts, names),
        work=_work(parts, names),
        timeline=_timeline(parts, names, key=key),
        recordings=_recordings(interaction, is_known=key is not None),
        lines=of_interaction(interaction),
    )


def _answers(person: Someone, interaction: Interaction) -> str | None:
    """Name the interaction in which this callback was asked for, if it exists for the person."""
    asked = interaction.answers
    if not asked or ":" in asked or asked in access.hidden_ids(person, Interaction):
        return None
    return asked


class _Parts:
    """What hangs on an interaction, read before anything is named, so that names come at once."""

    def __init__(self, interaction: Interaction, *, may_supervise: bool) -> None:
        tail, values = "WHERE interaction_id = %s ORDER BY", [interaction.id]
        self.entries = quick.models(QueueEntry, f"{tail} entry", values)
        self.work = quick.models(AgentWork, f"{tail} part", values)
        limited = f"{tail} seq LIMIT {TIMELINE_MAX}"
        found = quick.models(TimelineEntry, limited, values)
        self.facts = [each for each in found if may_supervise or each.kind not in SUPERVISION]
        self.whys = quick.models(Explanation, limited, values)
        if not may_supervise:  # How many lacked a proof is anybody's to know, and who is not.
            for each in self.whys:
                if "unproven" in each.why:
                    each.why = each.why | {"unproven": each.why["unproven"] | {"agents": []}}

    def names_wanted(self) -> Wanted:
        """Give the keys that stand in the parts."""
        data = [each.data for each in self.facts]
        agents = {each.agent_id for each in self.work}
        agents |= {each.get(name) for each in data for name in PEOPLE}
        agents |= {each.why.get("chosen") for each in self.whys}
        agents |= {
            other.get("agent") for each in self.whys for other in each.why.get("runners_up") or ()
        }
        agents |= {each["agent"] for why in self.whys for each in _unproven(why.why)}
        queues = {each.get("queue") for each in data} | {each.queue_id for each in self.whys}
        queues |= {each.queue_id for each in self.entries}
        return Wanted(
            agents=frozenset(filter(None, agents)),
            queues=frozenset(filter(None, queues)),
            dispositions=frozenset((each.client_id, each.disposition) for each in self.work),
        )


def may_listen(person: Someone, *, interaction_id: str) -> bool:
    """Say whether a person may hear an interaction, which must be one of his clients'."""
    if person.rights.may("interactions.listen"):
        return True
    if not person.rights.may("interactions.listen_own"):
        return False
    own = AgentWork.objects.filter(interaction_id=interaction_id, agent_id=person.key)
    return own.exclude(role="asked").exists()  # Who was only asked has not heard the customer.


def _entries(parts: _Parts, names: Names) -> tuple[EntryRow, ...]:
    return tuple(
        EntryRow(
            entry=each.entry,
            queue=each.queue_id,
            queue_name=names.queues.get(each.queue_id, each.queue_id),
            queued_at=each.queued_at,
            ended_at=each.ended_at,
            outcome=each.outcome or None,
            outcome_label=rows.outcome_label(each.outcome),
            waited_seconds=each.waited_seconds,
            short=each.short,
            within_goal=each.within_goal,
        )
        for each in parts.entries
    )


def _work(parts: _Parts, names: Names) -> tuple[WorkRow, ...]:
    return tuple(
        WorkRow(
            agent=each.agent_id,
            agent_name=names.agents.get(each.agent_id, each.agent_id),
            role=each.role,
            queue=each.queue_id,
            bridged_at=each.bridged_at,
            ended_at=each.ended_at,
            finished_at=each.finished_at,
            talk_seconds=each.talk_seconds,
            hold_seconds=each.hold_seconds,
            wrap_seconds=each.wrap_seconds,
            consult_seconds=each.consult_seconds,
            dial_seconds=each.dial_seconds,
            ended_by=each.ended_by,
            disposition=each.disposition or None,
            disposition_name=names.disposition(each),
        )
        for each in parts.work
    )


def _timeline(parts: _Parts, names: Names, *, key: bytes | None) -> tuple[TimelineRow, ...]:
    codes = {each.disposition: names.disposition(each) for each in parts.work if each.disposition}
    words = _Words(names, dispositions=codes)
    by_offer = {each.offer: words.why(each) for each in parts.whys if each.offer}
    shown = [_fact(each, words, by_offer, key=key) for each in parts.facts]
    shown += [_nobody(each, words) for each in parts.whys if not each.offer]
    return tuple(sorted(shown, key=lambda row: row.seq))


class _Words:
    """The names that stand beside keys on a timeline."""

    def __init__(self, names: Names, *, dispositions: Mapping[str, str]) -> None:
        self.agents = names.agents
        self.queues = names.queues
        self.dispositions = dispositions

    def data(self, data: dict[str, Any]) -> dict[str, Any]:
        """Put names beside the keys of a fact."""
        named = dict(data)
        for field in PEOPLE:
            if data.get(field):
                named[f"{field}_name"] = self.agents.get(data[field], data[field])
        if data.get("queue"):
            named["queue_name"] = self.queues.get(data["queue"], data["queue"])
        if data.get("disposition"):
            code = data["disposition"]
            named["disposition_name"] = self.dispositions.get(code, code)
        return named

    def why(self, explanation: Explanation) -> dict[str, Any]:
        """Put names into an explain record."""
        why = dict(explanation.why)
        why["queue"] = explanation.queue_id
        why["queue_name"] = self.queues.get(explanation.queue_id, explanation.queue_id)
        if why.get("chosen"):
            why["chosen_name"] = self.agents.get(why["chosen"], why["chosen"])
        why["runners_up"] = [
            {**other, "name": self.agents.get(other.get("agent"), other.get("agent"))}
            for other in why.get("runners_up") or ()
        ]
        if "unproven" in why:
            named = [
                {**each, "name": self.agents.get(each["agent"], each["agent"])}
                for each in _unproven(why)
            ]
            why["unproven"] = why["unproven"] | {"agents": named}
        return why


def _unproven(why: dict[str, Any]) -> list[dict[str, str]]:
    """Give who was left out for want of a proof, so far as the record names them."""
    found: list[dict[str, str]] = why.get("unproven", {}).get("agents", [])
    return found


def _fact(
    entry: TimelineEntry,
    words: _Words,
    by_offer: dict[str, dict[str, Any]],
    *,
    key: bytes | None,
) -> TimelineRow:
    why = by_offer.get(entry.data.get("offer", "")) if entry.kind == "Ringing" else None
    return TimelineRow(
        seq=entry.seq,
        at=entry.at,
        kind=entry.kind,
        label=str(FACTS.get(entry.kind, entry.kind)),
        data=words.data(entry.data),
        value=fields.decrypt(entry, "value", key=key),
        why=why,
    )


def _nobody(explanation: Explanation, words: _Words) -> TimelineRow:
    return TimelineRow(
        seq=explanation.seq,
        at=explanation.at,
        kind="Explained",
        label=str(FACTS["Explained"]),
        data=words.data({"queue": explanation.queue_id}),
        value=None,
        why=words.why(explanation),
    )


def _recordings(interaction: Interaction, *, is_known: bool) -> tuple[RecordingRow, ...]:
    tail = "WHERE interaction_id = %s ORDER BY started_at, id"
    found = quick.models(Recording, tail, [interaction.id])
    return tuple(
        RecordingRow(
            id=each.id,
            started_at=each.started_at,
            seconds=each.seconds,
            partial=each.partial,
            missing=each.missing,
            is_readable=is_known and bool(each.wrapped_key) and not each.missing,
        )
        for each in found
    )
