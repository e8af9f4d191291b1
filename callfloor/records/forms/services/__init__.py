"""
Writing and publishing forms, going through them, and asking whether a disposition may be given.

    drafting  a form begins, its draft, its check, publication
    running   a run begins, goes on, goes back
    owing     what a disposition still needs
"""

from callfloor.records.forms.services.drafting import (
    Faulty,
    KeyTaken,
    Line,
    NoDraft,
    OwnForm,
    begin,
    check,
    keep_draft,
    publish,
    take_in,
)
from callfloor.records.forms.services.owing import StillOwed, check_finish
from callfloor.records.forms.services.running import (
    NoForm,
    NotThere,
    answer,
    back,
    start,
)

__all__ = [
    "Faulty",
    "KeyTaken",
    "Line",
    "NoDraft",
    "NoForm",
    "NotThere",
    "OwnForm",
    "StillOwed",
    "answer",
    "back",
    "begin",
    "check",
    "check_finish",
    "keep_draft",
    "publish",
    "start",
    "take_in",
]
