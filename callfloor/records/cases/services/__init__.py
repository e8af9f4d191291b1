"""
What changes cases.

    change       the one door: events appended, columns folded, others told
    held         a case as somebody may hold it, and the refusals that steps share
    opening      a new case, and interactions attached to it
    work         what people do with one
    files        put into a case, and opened
    complaints   acknowledged, decided, appealed, released
    escalation   up, with all that was said and tried
    incidents    one cause, many cases
    customer     what a customer does with his
    watch        warnings, broken promises, absent owners
    promises     what the centre's file says
    telling      what a customer is told
    floor        a case in the line
"""

from callfloor.records.cases.services.change import TextTooLong
from callfloor.records.cases.services.complaints import DecidedBefore
from callfloor.records.cases.services.escalation import AtTheTop
from callfloor.records.cases.services.held import (
    FieldsMissing,
    IsClosed,
    IsOpen,
    NothingWritten,
    NotThisStep,
)
from callfloor.records.cases.services.opening import OtherClient, attach, open_case
from callfloor.records.cases.services.work import CannotHaveIt

__all__ = [
    "AtTheTop",
    "CannotHaveIt",
    "DecidedBefore",
    "FieldsMissing",
    "IsClosed",
    "IsOpen",
    "NotThisStep",
    "NothingWritten",
    "OtherClient",
    "TextTooLong",
    "attach",
    "open_case",
]
