"""
What people ask of cases.

    rows      a row of any list, and the one way to a case
    find      by reference, of a customer, of an interaction, lists by filter
    contacts  which case a contact was about, for what runs by itself
    known     fields and texts in clear
    tried     what was tried
    files     files of its contacts
    story     one case whole
    asked     for whom a case is to be opened
    first_contact  whether the first contact was enough, by cases
    proposals one cause behind many
    policy    what is promised for a kind
"""

from callfloor.records.cases.queries.asked import Asked, asked_for
from callfloor.records.cases.queries.files import ContactFile
from callfloor.records.cases.queries.find import (
    Filters,
    about,
    case_by_reference,
    counts,
    incidents,
    of_customer,
    of_interaction,
    open_cases_of,
    search,
)
from callfloor.records.cases.queries.first_contact import Enough
from callfloor.records.cases.queries.policy import promise_of, used_kinds
from callfloor.records.cases.queries.proposals import Proposal, alike, deflected, proposals
from callfloor.records.cases.queries.rows import CaseRow
from callfloor.records.cases.queries.story import ClockRow, Entry, FileRow, Story, story

__all__ = [
    "Asked",
    "CaseRow",
    "ClockRow",
    "ContactFile",
    "Enough",
    "Entry",
    "FileRow",
    "Filters",
    "Proposal",
    "Story",
    "about",
    "alike",
    "asked_for",
    "case_by_reference",
    "counts",
    "deflected",
    "incidents",
    "of_customer",
    "of_interaction",
    "open_cases_of",
    "promise_of",
    "proposals",
    "search",
    "story",
    "used_kinds",
]
