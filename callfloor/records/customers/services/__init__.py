"""
What changes customers.

    callers      those who call become customers, as the floor's journal tells it
    introducing  somebody who works here says that there is a customer
    meeting      somebody is met by mail, chat or another way, and known or made
    names        a name and the words by which it is found
    changes      what people change
    erasing      the end of what is personal, and legal holds
    identities   what people add to what a customer is known by
    memberships  who belongs to which organisation or household
    merges       two are found to be one, or not
    consents     what a customer allows and forbids
    notes        notes and tags
    importing    what a file of customers says, line by line
    imports      taking it in, once somebody has confirmed it
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
from callfloor.records.customers.services.erasing import (
    HeldByLaw,
    NoReason,
    erase,
    erase_forgotten,
    hold,
    release,
)
from callfloor.records.customers.services.identities import (
    AnothersIdentity,
    SharedBySeveral,
    add_identity,
    remove_identity,
    set_shared,
)
from callfloor.records.customers.services.imports import BYTES_MAX as IMPORT_BYTES_MAX
from callfloor.records.customers.services.imports import (
    NoFile,
    NotWaiting,
    Preview,
    confirm,
    give_up,
    look_at,
    preview,
    take_in,
)
from callfloor.records.customers.services.introducing import NoKind, introduce
from callfloor.records.customers.services.meeting import (
    Learned,
    Meeting,
    NoIdentity,
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
    "IMPORT_BYTES_MAX",
    "KINDS",
    "AlreadyOne",
    "AnothersIdentity",
    "Caller",
    "Callers",
    "CannotBeOne",
    "EmptyNote",
    "ErasedAlready",
    "ExternalIdsDiffer",
    "HeldByLaw",
    "KnownAlready",
    "Learned",
    "Meeting",
    "NoConsent",
    "NoFile",
    "NoIdentity",
    "NoKind",
    "NoReason",
    "NoTag",
    "NoTreatment",
    "NoWhole",
    "NotWaiting",
    "NoteTooLong",
    "NothingToUndo",
    "OvertakenByOther",
    "Preview",
    "SharedBySeveral",
    "WordsTooLong",
    "add_identity",
    "add_note",
    "add_tag",
    "attach",
    "confirm",
    "erase",
    "erase_forgotten",
    "give_up",
    "hold",
    "introduce",
    "join",
    "keep_consent",
    "learn",
    "leave",
    "look_at",
    "meet",
    "merge",
    "of_items",
    "prepare_callers",
    "preview",
    "release",
    "remove_identity",
    "remove_note",
    "remove_tag",
    "rename",
    "set_kind",
    "set_shared",
    "set_treatment",
    "take_in",
    "undo_merge",
    "write_callers",
    "write_consent",
]
