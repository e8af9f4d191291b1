"""
The agents' parts of one interaction: who served the customer, who was asked, and for how long.

A colleague who is asked has a part of his own from the moment he answers; if the customer is
handed over to him, it goes on as the part of the one who serves.
Refuses: to decide who serves whom. The exchange did.
"""

from callfloor.core import facts
from callfloor.records.interactions import events, rules
from callfloor.records.interactions.models import AgentWork
from callfloor.records.interactions.services.steps import Changes, Course, Step

SERVES, ASKED, JOINS = "serves", "asked", "joins"
"""What somebody is in a call: he serves the customer, is asked by who does, or talks with both."""


def dialing(course: Course, step: Step, changes: Changes) -> None:
    """Begin the part of an agent who calls out: it is his work from the first digit."""
    fact: facts.Dialing = step.fact
    if course.interaction.agent_id is None:
        course.interaction.agent_id = fact.agent
    if _talking(course, fact.agent) is None:
        _begin(course, step, changes, agent=fact.agent, role=SERVES)


def bridged(course: Course, step: Step, changes: Changes) -> None:
    """Note that an agent serves the customer, from now on or again."""
    fact: facts.Bridged = step.fact
    interaction = course.interaction
    work = _talking(course, fact.agent)
    if fact.again and work is not None:
        return
    interaction.answered_at = interaction.answered_at or step.at
    interaction.agent_id = fact.agent
    if work is None:
        work = _begin(course, step, changes, agent=fact.agent, role=SERVES)
    work.role = SERVES
    work.queue_id = fact.queue or work.queue_id
    _keep(course, work, changes)


def consult_answered(course: Course, step: Step, changes: Changes) -> None:
    """Begin the part of a colleague who is asked."""
    fact: facts.ConsultAnswered = step.fact
    if fact.to_agent and _talking(course, fact.to_agent) is None:
        _begin(course, step, changes, agent=fact.to_agent, role=ASKED)


def consult_over(course: Course, step: Step, changes: Changes) -> None:
    """Note that who was asked now talks with the customer too."""
    fact: facts.ConsultOver = step.fact
    if fact.outcome != "conference":
        return
    for work in course.work:
        if work.role == ASKED and work.ended_at is None:
            work.role = JOINS
            _keep(course, work, changes)


def talk_ended(course: Course, step: Step, changes: Changes) -> None:
    """Add an agent's seconds to his part and to the sums of the interaction."""
    fact: facts.TalkEnded = step.fact
    interaction = course.interaction
    interaction.talk_seconds += fact.talk_seconds
    interaction.hold_seconds += fact.hold_seconds
    interaction.consult_seconds += fact.consult_seconds
    interaction.dial_seconds += fact.dial_seconds
    work = _open(course, fact.agent)
    if work is not None:
        work.ended_at, work.ended_by = step.at, fact.ended_by
        work.quarter = rules.quarter_of(step.at)
        work.talk_seconds, work.hold_seconds = fact.talk_seconds, fact.hold_seconds
        work.consult_seconds, work.dial_seconds = fact.consult_seconds, fact.dial_seconds
        _keep(course, work, changes)


def finished(course: Course, step: Step, changes: Changes) -> None:
    """End an agent's part with its disposition, and tell others."""
    fact: facts.Finished = step.fact
    interaction = course.interaction
    interaction.wrap_seconds += fact.wrap_seconds
    interaction.disposition = fact.disposition or interaction.disposition
    work = _open(course, fact.agent)
    if work is not None:
        work.finished_at, work.wrap_seconds = step.at, fact.wrap_seconds
        work.disposition = fact.disposition or ""
        _keep(course, work, changes)
    event = events.WorkWrappedUp(
        interaction_id=interaction.id,
        client=interaction.client_id,
        agent=fact.agent,
        queue=fact.queue,
        disposition=fact.disposition,
        finished_at=step.at,
        simulated=interaction.simulated,
    )
    changes.events.append((interaction.id, event))


def _begin(course: Course, step: Step, changes: Changes, *, agent: str, role: str) -> AgentWork:
    interaction = course.interaction
    part = len(course.work) + 1
    interaction.shared = interaction.shared or part > 1
    work = AgentWork(
        id=f"{interaction.id}:{part}",
        interaction_id=interaction.id,
        part=part,
        client_id=interaction.client_id,
        agent_id=agent,
        queue_id=getattr(step.fact, "queue", None) or None,
        bridged_at=step.at,
        role=role,
        simulated=interaction.simulated,
    )
    course.work.append(work)
    _keep(course, work, changes)
    return work


def _open(course: Course, agent: str) -> AgentWork | None:
    parts = (part for part in reversed(course.work) if part.agent_id == agent)
    return next((part for part in parts if part.finished_at is None), None)


def _talking(course: Course, agent: str) -> AgentWork | None:
    work = _open(course, agent)
    return work if work is not None and work.ended_at is None else None


def _keep(course: Course, work: AgentWork, changes: Changes) -> None:
    changes.work[course.interaction.id, work.part] = work
