"""
Agents' states. The law of this file: it is the ONLY place where an agent's state changes.

Everything that is so by rule stands in TABLE; a pair that is not in it is impossible, and an
attempt at it is a fault of ours. `turn` is the one door: it looks up the table, moves the agent,
and says so. Who calls out is talking from the first digit; reserved is who gives himself to
something that no queue knows, such as a leader who hears into a call.
"""

from callfloor.core import facts, record, state

_agent_changed = record.maker(facts.AgentChanged)

# States, as facts and screens name them.
SIGNED_OUT = "signed_out"
READY = "ready"
AWAY = "away"
RINGING = "ringing"
TALKING = "talking"
WRAP_UP = "wrap_up"
MISSED = "missed"
RESERVED = "reserved"
STATES = (SIGNED_OUT, READY, AWAY, RINGING, TALKING, WRAP_UP, MISSED, RESERVED)

# Signals: what may happen to a state.
SIGN_IN = "sign_in"  # takes the seat, not yet ready
SIGN_IN_READY = "sign_in_ready"  # takes the seat and wants work
SIGN_OUT = "sign_out"  # leaves the seat; nothing is in hand any more
WANT_WORK = "want_work"
WANT_AWAY = "want_away"  # at once
WISH = "wish"  # away, or not any more, after what is in hand
OFFER = "offer"  # something rings
ANSWER = "answer"  # it is taken
RELEASE = "release"  # it rings no more, and he may have the next
RELEASE_TO_WORK = "release_to_work"  # it rings no more, and other work is in hand
GIVE_UP = "give_up"  # it rang out once too often
TALK_END = "talk_end"  # the note is to be written
EXTEND = "extend"  # the note takes longer
FREE = "free"  # nothing is in hand any more
FREE_AWAY = "free_away"  # nothing is in hand any more, and he is not to get the next
WORK_ON = "work_on"  # one of several is done
NOTE_ON = "note_on"  # one of several is done, and of the others only notes are to be written
CALL_OUT = "call_out"  # he calls somebody
RESERVE = "reserve"  # he hears into a call
TAKE_OVER = "take_over"  # he takes the call that he heard into
RECOVER = "recover"  # what was in hand was taken away by a fault of ours
SIGNALS = (
    SIGN_IN, SIGN_IN_READY, SIGN_OUT, WANT_WORK, WANT_AWAY, WISH, OFFER, ANSWER, RELEASE,
    RELEASE_TO_WORK, GIVE_UP, TALK_END, EXTEND, FREE, FREE_AWAY, WORK_ON, NOTE_ON, CALL_OUT,
    RESERVE, TAKE_OVER, RECOVER,
)  # fmt: skip

TABLE: dict[str, dict[str, str]] = {
    SIGNED_OUT: {SIGN_IN: AWAY, SIGN_IN_READY: READY},
    READY: {
        SIGN_OUT: SIGNED_OUT, WANT_AWAY: AWAY, OFFER: RINGING, CALL_OUT: TALKING,
        RESERVE: RESERVED,
    },
    AWAY: {
        SIGN_OUT: SIGNED_OUT, WANT_WORK: READY, WANT_AWAY: AWAY, OFFER: RINGING,
        CALL_OUT: TALKING, RESERVE: RESERVED,
    },
    MISSED: {
        SIGN_OUT: SIGNED_OUT, WANT_WORK: READY, WANT_AWAY: AWAY, CALL_OUT: TALKING,
        RESERVE: RESERVED,
    },
    RINGING: {
        ANSWER: TALKING, RELEASE: READY, RELEASE_TO_WORK: TALKING, NOTE_ON: WRAP_UP,
        GIVE_UP: MISSED, FREE_AWAY: AWAY, WANT_AWAY: AWAY, SIGN_OUT: SIGNED_OUT, RECOVER: READY,
    },
    TALKING: {
        OFFER: RINGING, WISH: TALKING, CALL_OUT: TALKING, TALK_END: WRAP_UP, FREE: READY,
        FREE_AWAY: AWAY, WORK_ON: TALKING, SIGN_OUT: SIGNED_OUT, RECOVER: READY,
    },
    WRAP_UP: {
        WISH: WRAP_UP, EXTEND: WRAP_UP, NOTE_ON: WRAP_UP, FREE: READY, FREE_AWAY: AWAY,
        WORK_ON: TALKING, SIGN_OUT: SIGNED_OUT, RECOVER: READY,
    },
    RESERVED: {
        WISH: RESERVED, FREE: READY, FREE_AWAY: AWAY, TAKE_OVER: TALKING, SIGN_OUT: SIGNED_OUT,
        RECOVER: READY,
    },
}  # fmt: skip

AT_WORK = frozenset({RINGING, TALKING, WRAP_UP})
BUSY = AT_WORK | {RESERVED}
_STAY = frozenset({WISH, EXTEND})  # Said, but neither a new state nor a new beginning of it.


def turn(
    house: state.State,
    agent: state.Agent,
    signal: str,
    *,
    item: state.Item | None = None,
    reason: str | None = None,
    by: str | None = None,
    until: float | None = None,
) -> None:
    """
    Move an agent by a signal, and say so.

    `item` is the work in hand, `reason` why he is away or what he wishes for afterwards.
    """
    row = TABLE[agent.state]
    assert signal in row, f"{signal} cannot happen to an agent who is {agent.state}"
    if signal not in _STAY:
        if agent.state in AT_WORK:
            agent.busy_seconds += house.now - agent.since
        agent.state = row[signal]
        agent.since = house.now
    agent.reason = reason
    agent.by = by
    agent.gen += 1
    house.tell(
        _agent_changed(
            agent=agent.key,
            state=agent.state,
            client=item.client if item else None,
            item=item.id if item else None,
            reason=reason,
            by=by,
            until=until,
        )
    )


def is_seated(agent: state.Agent) -> bool:
    """Say whether the agent has taken a seat."""
    return agent.state != SIGNED_OUT


def diagram() -> str:
    """Draw the table as a Mermaid state diagram, so that the picture cannot lie."""
    lines = ["stateDiagram-v2", f"    [*] --> {SIGNED_OUT}"]
    for before, row in TABLE.items():
        for after in STATES:
            signals = [signal for signal, target in row.items() if target == after]
            if signals:
                lines.append(f"    {before} --> {after}: {', '.join(signals)}")
    return "\n".join(lines) + "\n"
