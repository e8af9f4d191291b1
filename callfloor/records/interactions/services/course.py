"""
The course of one interaction: its rows in memory, and how each fact changes them.

No decision is taken here; a fact is written down where people look for it. The same facts give
the same rows, however they are cut into batches.
Refuses: the database. `record` loads and writes.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from callfloor.core import codec, facts
from callfloor.kernel import fields
from callfloor.records.interactions import events, rules
from callfloor.records.interactions.models import (
    Explanation,
    Interaction,
    LineQuality,
    QueueEntry,
    TimelineEntry,
)
from callfloor.records.interactions.services import parts
from callfloor.records.interactions.services.steps import Changes, Course, Step

NOT_SHOWN = {"is", "item", "client", "sealed", "caller"}
"""Fields of a fact that the timeline does without: known from its row, or not for the records."""
SAID_NOW = ("key", "agent")
"""How a customer refuses to be recorded in the call itself; else it was known before."""


def begin(step: Step, *, customer_id: str, simulated: bool) -> Course:
    """Make the course of an item that has just arrived."""
    fact: facts.Arrived = step.fact
    interaction = Interaction(
        id=fact.item,
        client_id=fact.client,
        channel=fact.channel,
        called=fact.called,
        customer_id=customer_id,
        language=fact.language,
        flow=fact.flow,
        flow_version=fact.flow_version,
        trunk=fact.trunk or "",
        arrived_at=step.at,
        simulated=simulated,
        direction=fact.direction,
        answers=fact.of or "",
    )
    return Course(interaction=interaction)


def take(course: Course, step: Step, changes: Changes) -> None:
    """Write one fact down: on the timeline, and wherever else its kind belongs."""
    beside = _BESIDE.get(type(step.fact))
    if beside is not None:
        beside(course, step, changes)
        return
    _timeline(course, step, changes)
    handler = _HANDLERS.get(type(step.fact))
    if handler is not None:
        handler(course, step, changes)
        changes.interactions[course.interaction.id] = course.interaction


def instant(at: float) -> datetime:
    """Turn the floor's seconds into an instant."""
    return datetime.fromtimestamp(at, UTC)


def _timeline(course: Course, step: Step, changes: Changes) -> None:
    plain = codec.to_plain(step.fact)
    entry = TimelineEntry(
        id=f"{changes.source}:{step.seq}",
        interaction_id=course.interaction.id,
        client_id=course.interaction.client_id,
        seq=step.seq,
        at=step.at,
        kind=type(step.fact).__name__,
        data={name: value for name, value in plain.items() if name not in NOT_SHOWN},
    )
    if step.digits is not None and step.key is not None:
        fields.encrypt(entry, "value", step.digits, key=step.key)
    changes.timeline.append(entry)


def _explained(course: Course, step: Step, changes: Changes) -> None:
    fact: facts.Explained = step.fact
    changes.explanations.append(
        Explanation(
            id=f"{changes.source}:{step.seq}",
            interaction_id=course.interaction.id,
            client_id=course.interaction.client_id,
            queue_id=fact.queue,
            seq=step.seq,
            at=step.at,
            offer=fact.offer or "",
            why=fact.why,
        )
    )


def _line_heard(course: Course, step: Step, changes: Changes) -> None:
    fact: facts.LineHeard = step.fact
    changes.lines.append(
        LineQuality(
            id=f"{changes.source}:{step.seq}",
            interaction_id=course.interaction.id,
            client_id=course.interaction.client_id,
            at=step.at,
            agent_id=fact.agent,
            trunk=fact.trunk or "",
            packets=fact.packets,
            lost=fact.lost,
            jitter_ms=fact.jitter_ms,
            mos=fact.mos,
            mos_worst=fact.mos_worst,
            is_bad=fact.mos < rules.MOS_BAD,
        )
    )


def _arrived(course: Course, step: Step, changes: Changes) -> None:
    """Leave a call as `begin` made it; what is written was there before, and has its way now."""
    fact: facts.Arrived = step.fact
    interaction = course.interaction
    interaction.flow, interaction.flow_version = fact.flow, fact.flow_version
    interaction.to_floor = False


def _restored(course: Course, step: Step, changes: Changes) -> None:
    course.interaction.interrupted |= step.fact.interrupted


def _language(course: Course, step: Step, changes: Changes) -> None:
    course.interaction.language = step.fact.language
    changes.languages[course.interaction.id] = step.fact.language


def _notice(course: Course, step: Step, changes: Changes) -> None:
    fact: facts.NoticeGiven = step.fact
    interaction = course.interaction
    interaction.recording_refused |= fact.refused
    if fact.refused and fact.source in SAID_NOW and not interaction.simulated:
        declined = events.RecordingDeclined(
            interaction_id=interaction.id,
            client=interaction.client_id,
            agent=fact.agent,
            at=step.at,
        )
        changes.events.append((interaction.id, declined))


def _given_up(course: Course, step: Step, changes: Changes) -> None:
    fact: facts.CallbackGivenUp = step.fact
    interaction = course.interaction
    if not interaction.simulated:
        over = events.CallbackGivenUp(
            interaction_id=interaction.id,
            client=interaction.client_id,
            reason=fact.reason,
            at=step.at,
        )
        changes.events.append((interaction.id, over))


def _queued(course: Course, step: Step, changes: Changes) -> None:
    fact: facts.Queued = step.fact
    course.interaction.queue_id = fact.queue
    course.interaction.shared = course.interaction.shared or fact.entry > 1
    due: float | None = getattr(fact, "due", None)  # Not of a Dequeued whose Queued is missing.
    if due is not None:
        changes.dues[course.interaction.id] = instant(due)
    entry = QueueEntry(
        id=f"{course.interaction.id}:{fact.entry}",
        interaction_id=course.interaction.id,
        entry=fact.entry,
        client_id=course.interaction.client_id,
        queue_id=fact.queue,
        queued_at=step.at,
        quarter=rules.quarter_of(step.at),
        simulated=course.interaction.simulated,
    )
    _keep_entry(course, entry, changes)


def _dequeued(course: Course, step: Step, changes: Changes) -> None:
    fact: facts.Dequeued = step.fact
    entry = course.entries.get(fact.entry)
    if entry is None:  # Its Queued stood in a journal of which only the end is left.
        _queued(course, step, changes)
        entry = course.entries[fact.entry]
    entry.queued_at = instant(fact.queued_at)
    entry.quarter = rules.quarter_of(entry.queued_at)
    entry.ended_at, entry.outcome = step.at, fact.outcome
    entry.waited_seconds = fact.waited_seconds
    entry.short, entry.within_goal = fact.short, fact.within_goal
    course.interaction.wait_seconds += fact.waited_seconds
    _keep_entry(course, entry, changes)


def _dial_ended(course: Course, step: Step, changes: Changes) -> None:
    # A consultation dials too; only the customer's own leg says how the call was reached.
    if course.interaction.answered_at is None:
        course.interaction.dial_outcome = step.fact.outcome


def _recording_started(course: Course, step: Step, changes: Changes) -> None:
    # The twin keeps no sound; its facts only say when there would have been some.
    is_real = not course.interaction.simulated
    course.interaction.recorded = course.interaction.recording_open = is_real


def _interrupted(course: Course, step: Step, changes: Changes) -> None:
    course.interaction.interrupted = True


def _closed(course: Course, step: Step, changes: Changes) -> None:
    fact: facts.Closed = step.fact
    interaction = course.interaction
    interaction.outcome, interaction.ended_at = fact.outcome, step.at
    interaction.queue_id = fact.queue or interaction.queue_id
    interaction.short, interaction.message_seconds = fact.short, fact.message_seconds
    if interaction.channel != "call":
        changes.closed_texts.append(interaction.id)
    event = events.InteractionClosed(
        interaction_id=interaction.id,
        client=interaction.client_id,
        channel=interaction.channel,
        outcome=fact.outcome,
        queue=interaction.queue_id,
        agent=interaction.agent_id,
        closed_at=step.at,
        simulated=interaction.simulated,
    )
    changes.events.append((interaction.id, event))


def _keep_entry(course: Course, entry: QueueEntry, changes: Changes) -> None:
    course.entries[entry.entry] = entry
    changes.entries[course.interaction.id, entry.entry] = entry


_BESIDE: dict[type[Any], Callable[[Course, Step, Changes], None]] = {
    facts.Explained: _explained,
    facts.LineHeard: _line_heard,
}
"""Facts with rows of their own, which the timeline does without."""
_HANDLERS: dict[type[Any], Callable[[Course, Step, Changes], None]] = {
    facts.Arrived: _arrived,
    facts.Restored: _restored,
    facts.LanguageSet: _language,
    facts.NoticeGiven: _notice,
    facts.CallbackGivenUp: _given_up,
    facts.Queued: _queued,
    facts.Dequeued: _dequeued,
    facts.Dialing: parts.dialing,
    facts.DialEnded: _dial_ended,
    facts.Bridged: parts.bridged,
    facts.ConsultAnswered: parts.consult_answered,
    facts.ConsultOver: parts.consult_over,
    facts.TalkEnded: parts.talk_ended,
    facts.Finished: parts.finished,
    facts.RecordingStarted: _recording_started,
    facts.Interrupted: _interrupted,
    facts.Closed: _closed,
}
"""Facts that change more than the timeline."""
