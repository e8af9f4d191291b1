"""
What pages ask of promises.

    slots         which times a queue has, and how many places are left
    appointments  what was promised
    asked         what customers may ask for themselves
"""

from callfloor.records.outreach.queries.appointments import (
    AppointmentRow,
    appointment,
    appointments,
    of_customer,
)
from callfloor.records.outreach.queries.slots import (
    QueueSlots,
    SlotRow,
    queues_with_slots,
    slots_of,
    times_for,
)

__all__ = [
    "AppointmentRow",
    "QueueSlots",
    "SlotRow",
    "appointment",
    "appointments",
    "of_customer",
    "queues_with_slots",
    "slots_of",
    "times_for",
]
