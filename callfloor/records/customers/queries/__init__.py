"""
Who is known outside, found by what they are known by and read one at a time.

    find      lists
    detail    one customer whole
    labels    what to call customers
    merged    who is one with whom
    known     what the floor may be told
"""

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

__all__ = [
    "ORDERS",
    "Called",
    "CustomerDetail",
    "CustomerRow",
    "IdentityRow",
    "Known",
    "called",
    "detail",
    "find",
    "having_number",
    "heads",
    "known_caller",
    "name_of",
    "numbers_of",
    "together",
]
