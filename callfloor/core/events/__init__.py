"""
What happens to the floor: every input of the exchange, in one list.

Each is journaled before anything follows from it. Times are not in here: `now` comes beside the
event. No field holds a number, digit, name or text in clear; a field called `sealed` holds what
was encrypted under the item's key and is never looked into.
"""

from callfloor.core.events.agents import (
    AgentSignedIn,
    AgentSignedOut,
    AwayAsked,
    DeviceLost,
    DeviceUp,
    HelpAsked,
    OfferAnswered,
    OfferDeclined,
    ReadyAsked,
    WorkFinished,
    WrapUpExtended,
)
from callfloor.core.events.callers import (
    CallerRecognised,
    ChoiceMade,
    CustomerLeft,
    DigitsEntered,
    ItemArrived,
    ItemRestored,
    MessageEnded,
    PromptEnded,
)
from callfloor.core.events.calls import (
    HangUpAsked,
    HoldAsked,
    KeysAsked,
    LineMeasured,
    MuteAsked,
    RecordingPauseAsked,
    RecordingRefused,
    RecordingResumeAsked,
    ResumeAsked,
    TransferAsked,
)
from callfloor.core.events.floor import (
    ClockSet,
    EmergencyRestored,
    EmergencySet,
    FaultNoticed,
    FloorStarted,
    MediaLost,
    PlanChanged,
    TimePassed,
)
from callfloor.core.events.outward import (
    CallAsked,
    CallbackArrived,
    DialAnswered,
    DialFailed,
    DialRang,
    LineRestored,
    PartyLeft,
)
from callfloor.core.events.parties import (
    ConferenceAsked,
    ConferenceLeft,
    ConsultAsked,
    ConsultEnded,
    SuperviseAsked,
    SuperviseEnded,
    TakeOverAsked,
    TransferCompleted,
)

__all__ = (
    "AgentSignedIn",
    "AgentSignedOut",
    "AwayAsked",
    "CallAsked",
    "CallbackArrived",
    "CallerRecognised",
    "ChoiceMade",
    "ClockSet",
    "ConferenceAsked",
    "ConferenceLeft",
    "ConsultAsked",
    "ConsultEnded",
    "CustomerLeft",
    "DeviceLost",
    "DeviceUp",
    "DialAnswered",
    "DialFailed",
    "DialRang",
    "DigitsEntered",
    "EmergencyRestored",
    "EmergencySet",
    "Event",
    "FaultNoticed",
    "FloorStarted",
    "HangUpAsked",
    "HelpAsked",
    "HoldAsked",
    "ItemArrived",
    "ItemRestored",
    "KeysAsked",
    "LineMeasured",
    "LineRestored",
    "MediaLost",
    "MessageEnded",
    "MuteAsked",
    "OfferAnswered",
    "OfferDeclined",
    "PartyLeft",
    "PlanChanged",
    "PromptEnded",
    "ReadyAsked",
    "RecordingPauseAsked",
    "RecordingRefused",
    "RecordingResumeAsked",
    "ResumeAsked",
    "SuperviseAsked",
    "SuperviseEnded",
    "TakeOverAsked",
    "TimePassed",
    "TransferAsked",
    "TransferCompleted",
    "WorkFinished",
    "WrapUpExtended",
)

Event = (
    TimePassed
    | FloorStarted
    | PlanChanged
    | ClockSet
    | FaultNoticed
    | EmergencySet
    | EmergencyRestored
    | ItemArrived
    | ItemRestored
    | CallerRecognised
    | ChoiceMade
    | DigitsEntered
    | PromptEnded
    | MessageEnded
    | CustomerLeft
    | MediaLost
    | AgentSignedIn
    | AgentSignedOut
    | DeviceUp
    | DeviceLost
    | ReadyAsked
    | AwayAsked
    | HelpAsked
    | OfferAnswered
    | OfferDeclined
    | HoldAsked
    | ResumeAsked
    | MuteAsked
    | KeysAsked
    | LineMeasured
    | TransferAsked
    | CallAsked
    | CallbackArrived
    | DialRang
    | DialAnswered
    | DialFailed
    | PartyLeft
    | LineRestored
    | ConsultAsked
    | ConsultEnded
    | TransferCompleted
    | ConferenceAsked
    | ConferenceLeft
    | SuperviseAsked
    | SuperviseEnded
    | TakeOverAsked
    | RecordingPauseAsked
    | RecordingResumeAsked
    | RecordingRefused
    | HangUpAsked
    | WrapUpExtended
    | WorkFinished
)
