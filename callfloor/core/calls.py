"""
Who hears whom in a call, as data: rows of a matrix, worked out afresh at every change.

Pure functions; `talks` decides when.
"""

from callfloor.core import actions, record, state

_hear = record.maker(actions.Hear)
_mix = record.maker(actions.Mix)


def hears(work: state.Work) -> tuple[actions.Hear, ...]:
    """Give the rows of a talk: both ways, unless one is silent by hold, loss or mute."""
    leg = work.agent.leg
    if leg is None or work.on_hold or work.kept or work.phase != "talking":
        return ()
    customer = work.item.leg
    to_agent = _hear(ear=leg, mouth=customer)
    if work.muted:
        return (to_agent,)
    return (_hear(ear=customer, mouth=leg), to_agent)


def mix(work: state.Work) -> actions.Mix:
    """Give the whole matrix of a talk; during a hold the customer's ear is left to the music."""
    item = work.item
    legs = (item.leg,) if item.customer_here else ()
    if work.agent.leg is not None:
        legs = (*legs, work.agent.leg)
    return _mix(item=item.id, legs=legs, hears=hears(work))


def parted(work: state.Work, *, leg: str | None = None) -> actions.Mix:
    """Give the matrix that leaves an agent's leg alone with itself."""
    gone = leg or work.agent.leg
    return _mix(item=work.item.id, legs=(gone,) if gone else (), hears=())
