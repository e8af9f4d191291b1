"""
What changes customers.

    callers      those who call become customers, as the floor's journal tells it
    meeting      somebody is met by mail, chat or another way, and known or made
    names        a name and the words by which it is found
    changes      what people change; erasure
    identities   what people add to what a customer is known by
    memberships  who belongs to which organisation or household
    merges       two are found to be one, or not
    consents     what a customer allows and forbids
    notes        notes and tags
"""

from callfloor.records.customers.services.callers import (
    Caller,
    Callers,
    OvertakenByOther,
    of_items,
    prepare_callers,
    write_callers,
)
from callfloor.records.customers.services.changes import (
    KINDS,
    ErasedAlready,
    NoTreatment,
    erase,
    rename,
    set_kind,
    set_treatment,
)
from callfloor.records.customers.services.consents import (
    NoConsent,
    WordsTooLong,
    keep_consent,
    write_consent,
)
from callfloor.records.customers.services.identities import (
    AnothersIdentity,
    SharedBySeveral,
    add_identity,
    remove_identity,
    set_shared,
)
from callfloor.records.customers.services.meeting import (
    Learned,
    Meeting,
    NoIdentity,
    candidates,
    learn,
    meet,
)
from callfloor.records.customers.services.memberships import NoWhole, join, leave
from callfloor.records.customers.services.merges import (
    AlreadyOne,
    CannotBeOne,
    ExternalIdsDiffer,
    KnownAlready,
    NothingToUndo,
    attach,
    merge,
    undo_merge,
)
from callfloor.records.customers.services.notes import (
    EmptyNote,
    NoTag,
    NoteTooLong,
    add_note,
    add_tag,
    remove_note,
    remove_tag,
)

__all__ = [
    "KINDS",
    "AlreadyOne",
    "AnothersIdentity",
    "Caller",
    "Callers",
    "CannotBeOne",
    "EmptyNote",
    "ErasedAlready",
    "ExternalIdsDiffer",
    "KnownAlready",
    "Learned",
    "Meeting",
    "NoConsent",
    "NoIdentity",
    "NoTag",
    "NoTreatment",
    "NoWhole",
    "NoteTooLong",
    "NothingToUndo",
    "OvertakenByOther",
    "SharedBySeveral",
    "WordsTooLong",
    "add_identity",
    "add_note",
    "add_tag",
    "attach",
    "candidates",
    "erase",
    "join",
    "keep_consent",
    "learn",
    "leave",
    "meet",
    "merge",
    "of_items",
    "prepare_callers",
    "remove_identity",
    "remove_note",
    "remove_tag",
    "rename",
    "set_kind",
    "set_shared",
    "set_treatment",
    "undo_merge",
    "write_callers",
    "write_consent",
]
