"""
Who is known outside, found by what they are known by and read one at a time.

    find      lists
    export    lists with names and numbers, as a file
    detail    one customer whole
    labels    what to call customers
    merged    who is one with whom
    known     what the floor may be told
    consents  what customers allow
    merges    the merges there were
    sharing   who it may be
    story     notes and memberships
"""

from callfloor.records.customers.queries.consents import (
    CHANNELS,
    PURPOSES,
    ConsentRow,
    consents_of,
    may,
    refused,
)
from callfloor.records.customers.queries.detail import CustomerDetail, detail, require
from callfloor.records.customers.queries.export import ExportLine, export
from callfloor.records.customers.queries.find import ORDERS, CustomerRow, find, having_number, tags
from callfloor.records.customers.queries.known import Known, known_caller, visitor_token
from callfloor.records.customers.queries.labels import (
    Called,
    IdentityRow,
    called,
    name_of,
    numbers_of,
)
from callfloor.records.customers.queries.merged import heads, together
from callfloor.records.customers.queries.merges import MergeRow, merges_of
from callfloor.records.customers.queries.sharing import Candidate, candidates_of
from callfloor.records.customers.queries.story import (
    MembershipRow,
    NoteRow,
    memberships_of,
    notes_of,
)

__all__ = [
    "CHANNELS",
    "ORDERS",
    "PURPOSES",
    "Called",
    "Candidate",
    "ConsentRow",
    "CustomerDetail",
    "CustomerRow",
    "ExportLine",
    "IdentityRow",
    "Known",
    "MembershipRow",
    "MergeRow",
    "NoteRow",
    "called",
    "candidates_of",
    "consents_of",
    "detail",
    "export",
    "find",
    "having_number",
    "heads",
    "known_caller",
    "may",
    "memberships_of",
    "merges_of",
    "name_of",
    "notes_of",
    "numbers_of",
    "refused",
    "require",
    "tags",
    "together",
    "visitor_token",
]
