"""
Who is known outside, found by what they are known by and read one at a time.

    find      lists
    detail    one customer whole
    labels    what to call customers
    merged    who is one with whom
    known     what the floor may be told
    consents  what customers allow
    merges    the merges there were
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
from callfloor.records.customers.queries.detail import CustomerDetail, detail
from callfloor.records.customers.queries.find import ORDERS, CustomerRow, find, having_number
from callfloor.records.customers.queries.known import Known, known_caller
from callfloor.records.customers.queries.labels import (
    Called,
    IdentityRow,
    called,
    name_of,
    numbers_of,
)
from callfloor.records.customers.queries.merged import heads, together
from callfloor.records.customers.queries.merges import MergeRow, merges_of
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
    "ConsentRow",
    "CustomerDetail",
    "CustomerRow",
    "IdentityRow",
    "Known",
    "MembershipRow",
    "MergeRow",
    "NoteRow",
    "called",
    "consents_of",
    "detail",
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
    "together",
]
