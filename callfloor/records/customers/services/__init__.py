"""
What changes customers.

    callers     those who call become customers, as the floor's journal tells it
    meeting     somebody is met by mail, chat or another way, and known or made
    names       a name and the words by which it is found
    changes     what people change; erasure
"""

from callfloor.records.customers.services.callers import (
    Caller,
    Callers,
    OvertakenByOther,
    of_items,
    prepare_callers,
    write_callers,
)
from callfloor.records.customers.services.changes import ErasedAlready, erase, rename
from callfloor.records.customers.services.meeting import (
    Learned,
    Meeting,
    NoIdentity,
    candidates,
    learn,
    meet,
)

__all__ = [
    "Caller",
    "Callers",
    "ErasedAlready",
    "Learned",
    "Meeting",
    "NoIdentity",
    "OvertakenByOther",
    "candidates",
    "erase",
    "learn",
    "meet",
    "of_items",
    "prepare_callers",
    "rename",
    "write_callers",
]
