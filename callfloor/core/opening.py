"""
When a queue calls back again: for whom it has closed, as an instant and in spoken words.

Refuses: to name a day that is a week away or more; by then nobody knows which Monday was meant.
"""

import datetime

from callfloor.core import calendars, plan, state

LOOK_AHEAD_SECONDS = 7 * 86_400.0  # For a calendar that never changes: it is asked again then.
DAYS_TOLD_MAX = 6


def hours_of(house: state.State, queue: plan.QueuePlan) -> calendars.Calendar | None:
    """Give the calendar by which a queue calls back; None if it always does."""
    return house.lookup.calendars.get(queue.hours) if queue.hours is not None else None


def opens_at(house: state.State, queue: plan.QueuePlan) -> float | None:
    """Give the instant of the wall clock when a queue calls back again; None while it does."""
    calendar = hours_of(house, queue)
    wall = house.now + house.clock_offset
    if calendar is None or calendar.is_open(wall):
        return None
    opens = calendar.next_change(wall)
    return wall + LOOK_AHEAD_SECONDS if opens is None else opens


def words(house: state.State, queue: plan.QueuePlan | None) -> tuple[str, ...]:
    """Give the prompts that tell a caller when he is called back; none while the queue is open."""
    opens = opens_at(house, queue) if queue is not None else None
    if queue is None or opens is None:
        return ()
    calendar = hours_of(house, queue)
    assert calendar is not None, "what closes has hours"
    today = _local(house.now + house.clock_offset, calendar)
    then = _local(opens, calendar)
    days = (then.date() - today.date()).days
    if days > DAYS_TOLD_MAX:
        return ("callback_closed",)
    day = ("today", "tomorrow")[days] if days < 2 else str(then.weekday())
    return ("callback_opens", f"day:{day}", f"clock:{then:%H%M}")


def _local(at: float, calendar: calendars.Calendar) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(at, calendar.zone)
