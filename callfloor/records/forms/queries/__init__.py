"""
Forms, runs and what was seen of them, for whoever may read them.

    rows     lists, one form with its versions, what is wrong with a draft
    running  a run as the agent sees it, and as it was on that day
    stalls   time and drop-off by node
"""

from callfloor.records.forms.queries.rows import (
    FormDetail,
    FormRow,
    VersionRow,
    body_of,
    form,
    forms,
    forms_of_client,
    known_to,
    script_of,
)
from callfloor.records.forms.queries.running import (
    AnswerRow,
    Contact,
    RunRow,
    contact,
    run,
    run_of,
    runs_of,
)
from callfloor.records.forms.queries.stalls import Stalls, stalls

__all__ = [
    "AnswerRow",
    "Contact",
    "FormDetail",
    "FormRow",
    "RunRow",
    "Stalls",
    "VersionRow",
    "body_of",
    "contact",
    "form",
    "forms",
    "forms_of_client",
    "known_to",
    "run",
    "run_of",
    "runs_of",
    "script_of",
    "stalls",
]
