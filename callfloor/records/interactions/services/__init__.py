"""
What changes interactions: the projection, the taking over of recordings, the agent's note.

    course        one interaction in memory, and what each fact does to it
    record        facts of a journal become rows, each exactly once
    recordings    files and their keys
    lines         what leaves of the figures of lines
    notes         what the agent writes
    hiding        from whom a contact is hidden
    messages      written contacts and what is written in them
    wishes        what a customer wants remembered from a call
    unreached     what is said to whom nobody has reached
"""

from callfloor.records.interactions.services.notes import (
    CallerErased,
    NoteTooLong,
    NotYet,
    save_note,
)
from callfloor.records.interactions.services.record import Overtaken, Recorded, Recorder
from callfloor.records.interactions.services.recordings import (
    RecordingAudio,
    RecordingGone,
    RecordingNotReady,
    open_recording,
)

__all__ = [
    "CallerErased",
    "NotYet",
    "NoteTooLong",
    "Overtaken",
    "Recorded",
    "Recorder",
    "RecordingAudio",
    "RecordingGone",
    "RecordingNotReady",
    "open_recording",
    "save_note",
]
