"""
Who hears whom in a call, as data: rows of a matrix, worked out afresh at every change.

One pure function of an item. It has rooms: the main one, where customer, agents and guests are,
and one for a consultation, where who asks and who is asked are meanwhile. Everybody in a room hears
everybody in it whose mouth is open; a customer on hold is in none and hears music. A leader hears
the room of the agent whom he watches; he is heard by nobody (listen), by that agent alone
(whisper), or by the whole room (join). Every leg of the item is named, so what is not listed is
silent.
"""

from collections.abc import Iterator

from callfloor.core import actions, record, state

_hear = record.maker(actions.Hear)
_mix = record.maker(actions.Mix)

Party = tuple[str, bool]
"""A leg, and whether its mouth is open."""


def mix(item: state.Item, *, gone: str | None = None) -> actions.Mix:
    """
    Give the whole matrix of an item.

    `gone` is the leg of somebody who has just left: it is named, and neither hears nor is heard.
    """
    works = item.works
    if len(works) == 1 and not (item.consult or item.guests or item.watches):
        return _mix(item=item.id, legs=_pair(item, works[0], gone), hears=hears(works[0]))
    rooms = (_main(item), _apart(item))
    for watch in item.watches:
        _enter(watch, rooms)
    rows = [row for room in rooms for row in _everybody(room)]
    rows += [row for watch in item.watches for row in _listen(watch, rooms)]
    legs = _legs(item)
    if gone is not None and gone not in legs:
        legs = (*legs, gone)
    return _mix(item=item.id, legs=legs, hears=tuple(rows))


def hears(work: state.Work) -> tuple[actions.Hear, ...]:
    """Give the rows of customer and agent who are alone with one another."""
    leg, item = work.agent.leg, work.item
    if leg is None or work.kept or not _has_sound(item):
        return ()
    customer = item.leg
    to_agent = _hear(ear=leg, mouth=customer)
    if work.phase == "dialing":  # The far side's own tone or voice, before it answers.
        return (to_agent,)
    if work.on_hold or work.phase != "talking":
        return ()
    if work.muted:
        return (to_agent,)
    return (_hear(ear=customer, mouth=leg), to_agent)


def _has_sound(item: state.Item) -> bool:
    return item.customer_here or (item.dial is not None and item.dial.early)


def _pair(item: state.Item, work: state.Work, gone: str | None) -> tuple[str, ...]:
    """Name customer and agent; an agent who writes his note is on no line."""
    legs = (item.leg,) if _has_sound(item) else ()
    leg = work.agent.leg
    if leg is not None and work.phase in state.LIVE:
        legs = (*legs, leg)
    return legs if gone is None or gone in legs else (*legs, gone)


def _agents(item: state.Item) -> Iterator[state.Work]:
    """Give the parts of everybody on the line who has a device, apart or not."""
    return (work for work in item.works if work.phase in state.LIVE and work.agent.leg is not None)


def _asks(item: state.Item, work: state.Work) -> bool:
    """Say whether an agent is in the room of the consultation: he asked, and was answered."""
    consult = item.consult
    if consult is None:
        return False
    return work is consult.work or (work is consult.by and _is_heard(consult))


def _is_heard(consult: state.Consult) -> bool:
    """Say whether whoever is asked makes a sound: he has answered, or his line sends its own."""
    early = consult.dial is not None and consult.dial.early
    return early or consult.answered_at is not None


def _party(work: state.Work) -> Party:
    assert work.agent.leg is not None, "only agents with a device are in a room"
    return work.agent.leg, not work.muted and not work.kept and work.phase == "talking"


def _main(item: state.Item) -> list[Party]:
    held = any(work.on_hold for work in item.works)
    room: list[Party] = []
    if _has_sound(item) and not held:
        room.append((item.leg, True))
    room += [_party(work) for work in _agents(item) if not _asks(item, work)]
    return room + [(guest.leg, True) for guest in item.guests]


def _apart(item: state.Item) -> list[Party]:
    consult = item.consult
    if consult is None:
        return []
    room = [_party(work) for work in _agents(item) if _asks(item, work)]
    if consult.leg is not None and _is_heard(consult):
        room.append((consult.leg, True))
    return room


def _everybody(room: list[Party]) -> Iterator[actions.Hear]:
    for ear, _ in room:
        for mouth, is_open in room:
            if is_open and mouth != ear:
                yield _hear(ear=ear, mouth=mouth)


def _room_of(watch: state.Watch, rooms: tuple[list[Party], ...]) -> list[Party]:
    """Give the room of the agent who is watched; the main one while he has no device."""
    leg = watch.of.agent.leg
    return next((room for room in rooms if any(each == leg for each, _ in room)), rooms[0])


def _enter(watch: state.Watch, rooms: tuple[list[Party], ...]) -> None:
    """Let a leader who joins be in the room like everybody else."""
    if watch.mode == "join" and watch.leader.leg is not None:
        _room_of(watch, rooms).append((watch.leader.leg, True))


def _listen(watch: state.Watch, rooms: tuple[list[Party], ...]) -> Iterator[actions.Hear]:
    """Let a leader hear a room that does not hear him; who whispers is heard by one."""
    leader, watched = watch.leader.leg, watch.of.agent.leg
    if leader is None or watch.mode == "join":
        return
    for leg, is_open in _room_of(watch, rooms):
        if is_open:
            yield _hear(ear=leader, mouth=leg)
        if watch.mode == "whisper" and leg == watched:
            yield _hear(ear=leg, mouth=leader)


def _legs(item: state.Item) -> tuple[str, ...]:
    consult = item.consult
    legs = [item.leg] if _has_sound(item) else []
    legs += [work.agent.leg for work in _agents(item) if work.agent.leg is not None]
    legs += [guest.leg for guest in item.guests]
    if consult is not None and consult.leg is not None and _is_heard(consult):
        legs.append(consult.leg)
    legs += [watch.leader.leg for watch in item.watches if watch.leader.leg is not None]
    return tuple(legs)
