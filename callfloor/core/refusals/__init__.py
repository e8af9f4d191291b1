"""
Which commands mean nothing now, and why: one stable code for each, which the desk translates.

The floor asks before it journals, the exchange asks again before it acts: a command may have
become void on its way. A report from outside (a late key, a prompt of an earlier step) is not a
command; it is simply no longer true, and the module that it is for lets it pass.
"""

from collections.abc import Callable
from typing import Any

from callfloor.core import events, state
from callfloor.core.refusals import common, parties, seats, talks

Check = Callable[[state.State, Any], str | None]

work_of = common.work_of


def refusal(house: state.State, event: events.Event) -> str | None:
    """Give the code why a command means nothing now, or None if it may be carried out."""
    check = CHECKS.get(type(event))
    return check(house, event) if check else None


CHECKS: dict[type[Any], Check] = {
    events.AgentSignedIn: seats.sign_in,
    events.AgentSignedOut: common.seated,
    events.DeviceUp: seats.known,
    events.DeviceLost: seats.known,
    events.ReadyAsked: seats.ready,
    events.AwayAsked: seats.away,
    events.HelpAsked: seats.help_,
    events.OfferAnswered: seats.offer,
    events.OfferDeclined: seats.offer,
    events.HoldAsked: talks.hold,
    events.ResumeAsked: talks.resume,
    events.MuteAsked: common.on_call,
    events.KeysAsked: talks.keys,
    events.TransferAsked: talks.transfer,
    events.HangUpAsked: talks.hang_up,
    events.RecordingPauseAsked: talks.pause,
    events.RecordingResumeAsked: talks.unpause,
    events.RecordingRefused: talks.no_recording,
    events.WrapUpExtended: talks.extend,
    events.WorkFinished: talks.finish,
    events.CallAsked: parties.call,
    events.CallbackArrived: parties.callback,
    events.ConsultAsked: parties.consult,
    events.ConsultEnded: parties.consult_end,
    events.TransferCompleted: parties.consult_use,
    events.ConferenceAsked: parties.consult_use,
    events.ConferenceLeft: parties.conference_leave,
    events.SuperviseAsked: parties.supervise,
    events.SuperviseEnded: parties.supervise_end,
    events.TakeOverAsked: parties.take_over,
    events.EmergencySet: common.emergency,
}
