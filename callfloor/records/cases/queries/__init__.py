"""
What people ask of cases.

    rows      a row of any list, and the one way to a case
    find      by reference, of a customer, of an interaction, lists by filter
    policy    what is promised for a kind
"""

from callfloor.records.cases.queries.find import (
    Filters,
    case_by_reference,
    counts,
    incidents,
    of_customer,
    of_interaction,
    open_cases_of,
    search,
)
from callfloor.records.cases.queries.policy import promise_of
from callfloor.records.cases.queries.rows import CaseRow

__all__ = [
    "CaseRow",
    "Filters",
    "case_by_reference",
    "counts",
    "incidents",
    "of_customer",
    "of_interaction",
    "open_cases_of",
    "promise_of",
    "search",
]
