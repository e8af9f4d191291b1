"""
What the exchange has decided: the journal's facts, which the worker projects and the feed shows.

A fact is never decided again. Each carries its client, so that a screen or a report can be
limited to one client without looking anything up; facts about an agent carry the client of the
work in hand, or none.
"""

from callfloor.core.facts.agents import (
    AgentChanged,
    DeviceChanged,
    Finished,
    HelpChanged,
)
from callfloor.core.facts.callbacks import (
    CallbackGivenUp,
    CallbackHeld,
    CallbackJoined,
    CallbackReturned,
    CallbackWithdrawn,
)
from callfloor.core.facts.callers import (
    Arrived,
    Branched,
    Chose,
    Closed,
    LanguageSet,
    NoticeGiven,
    Recognised,
    Restored,
    StepEntered,
    Typed,
)
from callfloor.core.facts.calls import (
    Bridged,
    Held,
    HoldReminded,
    KeysSent,
    LineHeard,
    Muted,
    NoteBegun,
    RecordingPaused,
    RecordingResumed,
    RecordingStarted,
    RecordingStopped,
    TalkEnded,
    Transferred,
    Unheld,
)
from callfloor.core.facts.floor import (
    Alarmed,
    EmergencyChanged,
    Interrupted,
    PlanApplied,
)
from callfloor.core.facts.parties import (
    CallbackPostponed,
    ConsultAnswered,
    ConsultOver,
    ConsultStarted,
    DialEnded,
    Dialing,
    FarRang,
    LineEnded,
    PartyGone,
    Supervised,
    SuperviseOver,
)
from callfloor.core.facts.queues import (
    Dequeued,
    Explained,
    Queued,
    RingEnded,
    Ringing,
    TierOpened,
)

__all__ = (
    "AgentChanged",
    "Alarmed",
    "Arrived",
    "Branched",
    "Bridged",
    "CallbackGivenUp",
    "CallbackHeld",
    "CallbackJoined",
    "CallbackPostponed",
    "CallbackReturned",
    "CallbackWithdrawn",
    "Chose",
    "Closed",
    "ConsultAnswered",
    "ConsultOver",
    "ConsultStarted",
    "Dequeued",
    "DeviceChanged",
    "DialEnded",
    "Dialing",
    "EmergencyChanged",
    "Explained",
    "Fact",
    "FarRang",
    "Finished",
    "Held",
    "HelpChanged",
    "HoldReminded",
    "Interrupted",
    "KeysSent",
    "LanguageSet",
    "LineEnded",
    "LineHeard",
    "Muted",
    "NoteBegun",
    "NoticeGiven",
    "PartyGone",
    "PlanApplied",
    "Queued",
    "Recognised",
    "RecordingPaused",
    "RecordingResumed",
    "RecordingStarted",
    "RecordingStopped",
    "Restored",
    "RingEnded",
    "Ringing",
    "StepEntered",
    "SuperviseOver",
    "Supervised",
    "TalkEnded",
    "TierOpened",
    "Transferred",
    "Typed",
    "Unheld",
)

Fact = (
    Arrived
    | Restored
    | Recognised
    | StepEntered
    | Branched
    | Chose
    | Typed
    | NoticeGiven
    | LanguageSet
    | Queued
    | TierOpened
    | Explained
    | Ringing
    | RingEnded
    | Dequeued
    | Bridged
    | Held
    | Unheld
    | Muted
    | KeysSent
    | LineHeard
    | Transferred
    | RecordingStarted
    | RecordingStopped
    | Dialing
    | FarRang
    | DialEnded
    | CallbackPostponed
    | CallbackHeld
    | CallbackReturned
    | CallbackWithdrawn
    | CallbackJoined
    | CallbackGivenUp
    | ConsultStarted
    | ConsultAnswered
    | ConsultOver
    | PartyGone
    | LineEnded
    | Supervised
    | SuperviseOver
    | HoldReminded
    | RecordingPaused
    | RecordingResumed
    | TalkEnded
    | NoteBegun
    | Finished
    | AgentChanged
    | DeviceChanged
    | HelpChanged
    | Interrupted
    | Closed
    | PlanApplied
    | Alarmed
    | EmergencyChanged
)
